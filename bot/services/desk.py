"""The desks: the services that a conversation about past time, or about days away, asks for together."""

from dataclasses import dataclass

from bot.services.approvals import Approvals
from bot.services.corrections import Corrections
from bot.services.leave_wishes import LeaveWishes
from bot.services.leaves import Leaves
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
    leaves: Leaves


@dataclass(frozen=True, slots=True)
class LeaveDesk:
    """What a conversation about days away works with."""

    wishes: LeaveWishes
    leaves: Leaves
    approvals: Approvals
    people: People
    seals: Seals
