"""The desk: the services that a correction needs, asked for together."""

from dataclasses import dataclass

from bot.services.approvals import Approvals
from bot.services.corrections import Corrections
from bot.services.people import People
from bot.services.seals import Seals
from bot.services.timesheets import Timesheets


@dataclass(frozen=True, slots=True)
class Desk:
    """What a conversation about past time works with."""

    corrections: Corrections
    approvals: Approvals
    timesheets: Timesheets
    people: People
    seals: Seals
