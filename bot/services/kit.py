"""The services of one unit of work, made when a handler asks for them by type."""

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from bot.ports import Storage, UnitOfWork
from bot.services.accounts import Accounts
from bot.services.approvals import Approvals
from bot.services.around import Arounds
from bot.services.breaks import Breaks
from bot.services.calendars import Calendars
from bot.services.closings import Closings
from bot.services.corrections import Corrections
from bot.services.delays import Delays
from bot.services.deliveries import Deliveries
from bot.services.departments import Departments
from bot.services.desk import Desk, LeaveDesk
from bot.services.digests import Digests
from bot.services.feeds import Feeds
from bot.services.forgotten import Forgotten
from bot.services.gaps import Gaps
from bot.services.greetings import Greetings
from bot.services.histories import Histories
from bot.services.leave_wishes import LeaveWishes
from bot.services.leaves import Leaves
from bot.services.linking import Linking
from bot.services.messengers import Messengers
from bot.services.options import Options
from bot.services.overtimes import OvertimeDesk
from bot.services.people import People
from bot.services.period_news import PeriodNews
from bot.services.personal_data import PersonalData
from bot.services.personnel import Personnel
from bot.services.presences import Presences
from bot.services.reporting import Reporting
from bot.services.rosters import Rosters
from bot.services.rounds import Rounds
from bot.services.schedules import Schedules
from bot.services.seals import Seals
from bot.services.sheets import Sheets
from bot.services.time_clock import TimeClock
from bot.services.timers import Timers
from bot.services.timesheets import Timesheets
from bot.services.watch import Watch

_Service = TypeVar("_Service")


class Kit:
    """Supplies services that share one unit of work."""

    def __init__(self, uow: UnitOfWork, storage: Storage, messengers: Messengers, seals: Seals) -> None:
        """Build on `uow`."""
        self.uow = uow
        self.storage = storage
        self.messengers = messengers
        self.seals = seals
        self._made: dict[type, object] = {}

    def get(self, kind: type[_Service]) -> _Service:
        """Return the service of that type; KeyError for a type that is none."""
        if kind not in self._made:
            self._made[kind] = _FACTORIES[kind](self)
        return cast("_Service", self._made[kind])


_FACTORIES: Mapping[type, Callable[[Kit], object]] = {
    TimeClock: lambda kit: TimeClock(kit.uow),
    Rosters: lambda kit: Rosters(kit.uow),
    Calendars: lambda kit: Calendars(kit.uow),
    Forgotten: lambda kit: Forgotten(kit.uow),
    Breaks: lambda kit: Breaks(kit.uow),
    Timers: lambda kit: Timers(kit.uow),
    Rounds: lambda kit: Rounds(kit.uow),
    Watch: lambda kit: Watch(kit.uow),
    Timesheets: lambda kit: Timesheets(kit.uow),
    People: lambda kit: People(kit.uow),
    Presences: lambda kit: Presences(kit.uow),
    Personnel: lambda kit: Personnel(kit.uow),
    Options: lambda kit: Options(kit.uow),
    Departments: lambda kit: Departments(kit.uow),
    Schedules: lambda kit: Schedules(kit.uow),
    Feeds: lambda kit: Feeds(kit.uow),
    Linking: lambda kit: Linking(kit.uow, kit.storage, kit.seals),
    Delays: lambda kit: Delays(kit.uow),
    Deliveries: lambda kit: Deliveries(kit.uow),
    Messengers: lambda kit: kit.messengers,
    Corrections: lambda kit: Corrections(kit.uow),
    Accounts: lambda kit: Accounts(kit.uow),
    Approvals: lambda kit: Approvals(kit.uow),
    Gaps: lambda kit: Gaps(kit.uow),
    Digests: lambda kit: Digests(kit.uow),
    Closings: lambda kit: Closings(kit.uow),
    PeriodNews: lambda kit: PeriodNews(kit.uow),
    Histories: lambda kit: Histories(kit.uow),
    PersonalData: lambda kit: PersonalData(kit.uow),
    OvertimeDesk: lambda kit: OvertimeDesk(kit.uow),
    Greetings: lambda kit: Greetings(kit.uow),
    Leaves: lambda kit: Leaves(kit.uow),
    Arounds: lambda kit: Arounds(kit.uow),
    LeaveWishes: lambda kit: LeaveWishes(kit.uow),
    Seals: lambda kit: kit.seals,
    Sheets: lambda kit: Sheets(kit.uow),
    Reporting: lambda kit: Reporting(
        kit.get(Accounts), kit.get(People), kit.get(Departments), kit.get(Sheets), kit.get(Gaps)
    ),
    LeaveDesk: lambda kit: LeaveDesk(
        kit.get(LeaveWishes), kit.get(Leaves), kit.get(Approvals), kit.get(People), kit.get(Seals)
    ),
    Desk: lambda kit: Desk(
        kit.get(Corrections),
        kit.get(Approvals),
        kit.get(Timesheets),
        kit.get(People),
        kit.get(Seals),
        kit.get(Leaves),
    ),
}
SERVICES: tuple[type, ...] = tuple(_FACTORIES)
"""What a handler can ask for by type."""
