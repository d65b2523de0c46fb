"""Statistics of approvals for whoever leads people: of a period, and who holds what now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.statistics import ApprovalStatistics, Holding, holdings, statistics
from bot.domain.leave.absence import Absence
from bot.domain.leave.away import WORKING, pause_of
from bot.domain.leave.portal_absence import as_absences
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import ScheduleKind, Shift
from bot.domain.portal import Portal
from bot.domain.rights import Right, check, within
from bot.services.approvals.structure import hours_of
from bot.services.approvals.templates import Templates
from bot.services.people.departments import Departments
from bot.services.planning.calendars import Calendars
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
    """Counts the working time of people: by their own plan, and by the portal's hours where somebody has none.

    What they were away for is none of it, nor are planned breaks that are not paid.
    """

    def __init__(
        self, rosters: Mapping[int, Roster], usual: Reckoning, absences: Mapping[int, Sequence[Absence]] | None = None
    ) -> None:
        """Count by these rosters, else by the usual hours; `absences`: approved, or told by the portal."""
        self._rosters, self._usual = rosters, usual
        self._absences = absences or {}

    def __call__(self, person_id: int, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants."""
        roster = self._rosters.get(person_id)
        zone = self._usual.zone if roster is None else ZoneInfo(roster.zone)
        spans = _present(start, end, [_away(each, zone) for each in self._absences.get(person_id, ())])
        count = self._usual.between if roster is None else partial(self._by_plan, roster)
        return sum((count(begin, stop) for begin, stop in spans), timedelta())

    def _by_plan(self, roster: Roster, start: datetime, end: datetime) -> timedelta:
        """Count the shifts of days that have one, and the usual hours of days without a schedule of hours."""
        zone = ZoneInfo(roster.zone)
        first, last = (each.astimezone(zone).date() for each in (start, end))
        days = [first + _DAY * number for number in range(-1, (last - first).days + 1)]
        counted = timedelta()
        for planned, run in groupby(days, key=lambda day: roster.schedule(day).kind in _OF_HOURS):
            of_run = list(run)
            if planned:
                shifts = (shift for day in of_run if (shift := roster.shift(day)) is not None)
                counted += sum((_within(shift, start, end) for shift in shifts), timedelta())
                continue
            begin, stop = (_first_of(day, zone) for day in (of_run[0], of_run[-1] + _DAY))
            if (begin := max(begin, start)) < (stop := min(stop, end)):
                counted += self._usual.between(begin, stop)
        return counted


def _within(shift: Shift, start: datetime, end: datetime) -> timedelta:
    """Return the planned work of a shift between two instants; a break without a time of its own is spread over it."""
    length = _overlap(start, end, shift.starts_at, shift.ends_at)
    if not length or shift.pause.is_paid or not shift.pause.length:
        return length
    pause = pause_of(shift)
    if pause is not None:
        return length - _overlap(max(start, shift.starts_at), min(end, shift.ends_at), *pause)
    return length * (shift.norm / (shift.ends_at - shift.starts_at))


def _overlap(start: datetime, end: datetime, begin: datetime, stop: datetime) -> timedelta:
    return max(min(end, stop) - max(start, begin), timedelta())


def _present(
    start: datetime, end: datetime, away: Iterable[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is left of a span without those in which somebody was away."""
    for begin, stop in sorted(away):
        if stop <= start or begin >= end:
            continue
        if start < begin:
            yield start, begin
        start = max(start, stop)
    if start < end:
        yield start, end


def _away(absence: Absence, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if absence.start is not None and absence.end is not None:
        return absence.start, absence.end
    return _first_of(absence.first, zone), _first_of(absence.last + _DAY, zone)


def _first_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


class ApprovalsCounted(UnitService):
    """Reads the statistics of approvals."""

    async def of(
        self,
        portal: Portal,
        reader: Employee,
        first: date,
        last: date,
        now: datetime,
        *,
        template: str = "",
        department: Department | None = None,
    ) -> ApprovalNumbers:
        """Return the numbers of days, both included, for the people whose hours the reader may see.

        Of a single kind of requests where `template` names it; of those who work in a department today, and in those
        below it, where one is given.
        """
        check(reader, Right.SEE_HOURS)
        everybody = await self._uow.employees.of_portal(portal.id)
        seen = {each.id: each for each in within(reader, Right.SEE_HOURS, everybody)}
        if department is not None:
            there = await Departments(self._uow).members(portal, department, reader.today(now))
            seen = {each.id: each for each in there if each.id in seen}
        zone = ZoneInfo(reader.zone)
        since, until = (datetime.combine(day, time(), zone) for day in (first, last + _DAY))
        requests = await self._uow.routed.between(portal.id, since, max(until, now + _DAY))
        if template:
            requests = [each for each in requests if each.template == template]
        calendar = await Calendars(self._uow).of(portal)
        book = await Rosters(self._uow).book(portal, first - _LONGEST, last + _DAY)
        rosters = {each.id: book.of(each.id, each.zone) for each in everybody}
        own = await self._uow.absences.between(portal.id, first - _LONGEST, last + _DAY)
        told = await self._uow.portal_absences.between(portal.id, since - _LONGEST, max(until, now))
        away = {
            each.id: [
                *(one for one in own.get(each.id, ()) if one.kind not in WORKING),
                *as_absences(told.get(each.id, ()), each.zone),
            ]
            for each in everybody
        }
        working = WorkingTime(rosters, Reckoning(ZoneInfo(portal.zone), hours_of(calendar)), away)
        people = frozenset(seen)
        newest: dict[str, int] = {}
        for each in requests:
            newest[each.template] = max(newest.get(each.template, 0), each.template_version)
        templates = {}
        for key, version in newest.items():
            found = await Templates(self._uow).version(portal, key, version)
            if found is not None:
                templates[key] = found
        numbers = statistics(requests, since, until, people, working)
        return ApprovalNumbers(numbers, holdings((each for each in requests if each.is_open), people), seen, templates)
