"""Statistics of approvals for whoever leads people: of a period, and who holds what now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.statistics import ApprovalStatistics, Holding, holdings, statistics
from bot.domain.people.employee import Employee
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import ScheduleKind
from bot.domain.portal import Portal
from bot.domain.rights import Right, check, within
from bot.services.approvals.structure import Structures
from bot.services.approvals.templates import Templates
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)
_OF_HOURS = frozenset({ScheduleKind.FIXED, ScheduleKind.ROTA})
"""Schedules that say from when until when."""
_LONGEST = timedelta(days=366)
"""No request lasts longer."""


@dataclass(frozen=True, slots=True)
class ApprovalNumbers:
    """The statistics that a reader sees, with the people who are named in them."""

    told: ApprovalStatistics
    held: Sequence[Holding]
    people: dict[int, Employee]
    templates: dict[str, ApprovalTemplate]
    """The newest version that is named in them."""


class WorkingTime:
    """Counts the working time of people: by their own plan, and by the portal's hours where somebody has none."""

    def __init__(self, rosters: dict[int, Roster], usual: Reckoning) -> None:
        """Count by these rosters, else by the usual hours."""
        self._rosters, self._usual = rosters, usual

    def __call__(self, person_id: int, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants."""
        roster = self._rosters.get(person_id)
        if roster is None:
            return self._usual.between(start, end)
        first, last = (each.astimezone(ZoneInfo(roster.zone)).date() for each in (start, end))
        days = [first + _DAY * number for number in range(-1, (last - first).days + 1)]
        if all(roster.schedule(day).kind not in _OF_HOURS for day in days):
            return self._usual.between(start, end)
        shifts = [shift for day in days if (shift := roster.shift(day)) is not None]
        return sum(
            (max(min(end, each.ends_at) - max(start, each.starts_at), timedelta()) for each in shifts), timedelta()
        )


class ApprovalsCounted(UnitService):
    """Reads the statistics of approvals."""

    async def of(self, portal: Portal, reader: Employee, first: date, last: date, now: datetime) -> ApprovalNumbers:
        """Return the numbers of days, both included, for the people whose hours the reader may see."""
        check(reader, Right.SEE_HOURS)
        everybody = await self._uow.employees.of_portal(portal.id)
        seen = {each.id: each for each in within(reader, Right.SEE_HOURS, everybody)}
        zone = ZoneInfo(reader.zone)
        since, until = (datetime.combine(day, time(), zone) for day in (first, last + _DAY))
        requests = await self._uow.routed.between(portal.id, since, max(until, now + _DAY))
        structure = await Structures(self._uow).of(portal, now)
        book = await Rosters(self._uow).book(portal, first - _LONGEST, last + _DAY)
        rosters = {each.id: book.of(each.id, each.zone) for each in everybody}
        working = WorkingTime(rosters, Reckoning(ZoneInfo(portal.zone), structure.hours))
        people = frozenset(seen)
        newest = {each.template: each.template_version for each in requests}
        templates = {}
        for key, version in newest.items():
            found = await Templates(self._uow).version(portal, key, version)
            if found is not None:
                templates[key] = found
        told = statistics(requests, since, until, people, working)
        return ApprovalNumbers(told, holdings((each for each in requests if each.is_open), people), seen, templates)
