"""The desks: the services that a conversation about past time, or about days away, asks for together."""

from dataclasses import dataclass

from bot.services.approvals.approvals import Approvals
from bot.services.approvals.seals import Seals
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.services.people.people import People
from bot.services.workday.corrections import Corrections
from bot.services.workday.timesheets import Timesheets


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
