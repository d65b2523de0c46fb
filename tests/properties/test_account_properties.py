"""What holds for every account, whatever the log, the plan, the calendar and the zone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.planning.calendar import CalendarDay, ProductionCalendar
from bot.domain.planning.roster import Roster, RosterBook
from bot.domain.planning.schedule import Assignment, Hours, PlannedBreak, Schedule, ScheduleKind, Scope
from bot.domain.reports.account import Account
from bot.domain.reports.counting import account
from bot.domain.reports.stretch import split_at_midnight, total
from bot.domain.workday.correction import Wish
from bot.domain.workday.planner import Planner
from bot.domain.workday.punch_log import Punch, PunchKind, derive
from tests.properties.strategies import BEGIN, PATIENT, ZONES, days, instant, logs, wishes
from tests.properties.test_workday_properties import CHANGES
from tests.unit.domain.logs import applied

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TIMES = st.integers(0, 47).map(lambda number: time(number // 2, number % 2 * 30))
AWAY = st.sampled_from(AbsenceKind)
NO_PAUSE = PlannedBreak()


@st.composite
def pauses(draw: st.DrawFn) -> PlannedBreak:
    """Draw a planned break."""
    length = draw(st.sampled_from([0, 15, 30, 60, 90]))
    start = draw(st.none() | TIMES)
    return PlannedBreak(length * MINUTE, start, draw(st.booleans()), draw(st.booleans()))


@st.composite
def rosters(draw: st.DrawFn, pause: PlannedBreak | None = None, begin: datetime = BEGIN) -> Roster:
    """Draw a plan of any kind, with a holiday somewhere in the time that logs are made of."""
    hours = st.none() | st.builds(Hours, TIMES, TIMES)
    kind = draw(st.sampled_from(ScheduleKind))
    length = 7 if kind is ScheduleKind.FIXED else draw(st.integers(1, 5))
    schedule = Schedule(
        kind,
        tuple(draw(st.lists(hours, min_size=length, max_size=length))),
        anchor=begin.date() - DAY,
        pause=draw(pauses()) if pause is None else pause,
        grace=draw(st.sampled_from([0, 5, 30])) * MINUTE,
    )
    holiday = begin.date() + DAY * draw(st.integers(-1, 3))
    calendar = ProductionCalendar("RU", {holiday: CalendarDay(holiday, True, False, True)})
    assignment = Assignment(1, 1, Scope.PORTAL, 0, date(2000, 1, 1), schedule)
    return RosterBook(calendar, [assignment]).of(7, draw(st.sampled_from(ZONES)))


@st.composite
def leaves(draw: st.DrawFn) -> Absence:
    """Draw an absence of days or of hours."""
    day = BEGIN.date() + DAY * draw(st.integers(-1, 4))
    if draw(st.booleans()):
        return Absence(1, 1, 7, draw(AWAY), day, day + DAY * draw(st.integers(0, 2)))
    start = instant(draw(st.integers(0, 3600)))
    return Absence(1, 1, 7, draw(AWAY), day, day, start, start + MINUTE * draw(st.integers(1, 600)))


OVERTIMES = st.dictionaries(
    st.integers(-1, 4).map(lambda number: BEGIN.date() + DAY * number), st.integers(0, 600).map(lambda n: n * MINUTE)
)


def counted(
    roster: Roster,
    log: Sequence[Punch],
    first: int = -2,
    last: int = 5,
    absences: Sequence[Absence] = (),
    overtimes: dict[date, timedelta] | None = None,
    begin: datetime = BEGIN,
) -> Account:
    """Count the days around a log, numbered from the one it begins on."""
    sessions = derive(log)
    period = (begin.date() + DAY * first, begin.date() + DAY * last)
    return account(roster, sessions, absences, overtimes or {}, *period, begin + 3700 * MINUTE)


def totals(found: Account) -> list[tuple[object, ...]]:
    """Return what is shown of an account: everything but the ids of marks."""
    return [
        (
            each.day, each.worked, each.on_break, each.norm, each.plan, each.late, each.early, each.night,
            each.holiday, each.off_day, each.over, each.overtime, each.flags,
        )
        for each in found.days
    ]  # fmt: skip


@PATIENT
@given(rosters(), logs(), st.lists(leaves(), max_size=3), OVERTIMES, st.integers(-2, 4))
def test_any_split_of_a_period_gives_the_same_days(
    roster: Roster, log: list[Punch], absences: list[Absence], overtimes: dict[date, timedelta], cut: int
) -> None:
    """Two parts counted apart are the days of the whole, and so add up to it."""
    whole = counted(roster, log, absences=absences, overtimes=overtimes)
    one = counted(roster, log, -2, cut, absences, overtimes)
    other = counted(roster, log, cut + 1, 5, absences, overtimes)
    assert whole.days == one.days + other.days
    assert whole.worked == one.worked + other.worked
    assert whole.part(one.first, one.last) == one


@PATIENT
@given(rosters(), logs(), st.randoms(use_true_random=False))
def test_order_and_repetition_of_the_log_do_not_matter(roster: Roster, log: list[Punch], random: object) -> None:
    """Whatever arrives twice or late, the account is the same."""
    told = [*log, *random.choices(log, k=len(log))] if log else []  # type: ignore[attr-defined]
    random.shuffle(told)  # type: ignore[attr-defined]
    assert counted(roster, told) == counted(roster, log)


@PATIENT
@given(rosters(), logs())
def test_no_instant_is_counted_twice(roster: Roster, log: list[Punch]) -> None:
    """Stretches of work lie apart and inside their sessions; divided at midnight they add up to what was worked."""
    found = counted(roster, log)
    stretches = sorted((part for each in found.days for part in each.stretches), key=lambda each: each.start)
    assert all(one.end <= two.start for one, two in pairwise(stretches))
    assert all(each.start < each.end for each in stretches)
    sessions = {each.id: each for day in found.days for each in day.sessions}
    for each in stretches:
        own = sessions[each.session_id]
        assert own.started_at <= each.start
        assert own.ended_at is None or each.end <= own.ended_at
    shares = found.split().values()
    assert sum((each.worked for each in shares), timedelta()) == found.worked
    assert sum((each.night for each in shares), timedelta()) == found.night
    assert all(each.worked <= timedelta(hours=25) for each in shares)


@PATIENT
@given(rosters(NO_PAUSE), logs())
def test_worked_is_what_the_log_says(roster: Roster, log: list[Punch]) -> None:
    """Without a rule of planned breaks the account agrees with `hours` to the second."""
    found, until = counted(roster, log), BEGIN + 3700 * MINUTE
    sessions = derive(log)
    assert sessions == [each for day in found.days for each in day.sessions]
    assert all(each.work_date == day.day for day in found.days for each in day.sessions)
    assert found.worked == sum((each.worked(until) for each in sessions), timedelta())
    assert found.on_break == sum((each.on_break(until) for each in sessions), timedelta())


@PATIENT
@given(st.sampled_from(CHANGES), st.data())
def test_night_and_holiday_are_those_minutes_of_the_work(change: datetime, data: st.DataObject) -> None:
    """Counted minute by minute by the local dial, also on the nights when clocks change."""
    begin = change - timedelta(hours=20)
    log = [replace(each, at=each.at - BEGIN + begin) for each in data.draw(logs(longest=6))]
    roster = data.draw(rosters(begin=begin))
    found = counted(roster, log, begin=begin)
    night = holiday = 0
    for each in (part for day in found.days for part in day.stretches):
        zone = ZoneInfo(each.zone)
        for number in range(each.length // MINUTE):
            local = (each.start + number * MINUTE).astimezone(zone)
            night += local.hour >= 22 or local.hour < 6
            holiday += roster.calendar.is_holiday(local.date())
    assert (found.night, found.holiday) == (night * MINUTE, holiday * MINUTE)
    assert all(each.night <= each.worked and each.holiday <= each.worked for each in found.days)


@PATIENT
@given(rosters(), logs(), st.lists(leaves(), max_size=2), OVERTIMES)
def test_hours_of_one_kind_are_not_hours_of_another(
    roster: Roster, log: list[Punch], absences: list[Absence], overtimes: dict[date, timedelta]
) -> None:
    """Holiday, day off and over plan are apart, together no more than was worked; nothing is negative.

    A rota's norm of a date can be, for the shifts that an absence takes are on other dates than the calendar's.
    """
    found = counted(roster, log, absences=absences, overtimes=overtimes)
    assert found.norm is None or found.norm >= timedelta()
    assert found.holiday + found.off_day + found.over <= found.worked
    for each in found.days:
        lengths = (
            each.worked, each.on_break, each.plan, each.late, each.early, each.night, each.holiday, each.off_day,
            each.over, each.overtime,
        )  # fmt: skip
        assert min(lengths) >= timedelta()
        assert each.norm >= timedelta() or each.kind is ScheduleKind.ROTA
        assert each.overtime <= min(each.over, overtimes.get(each.day, timedelta()))
        length = each.shift.ends_at - each.shift.starts_at if each.shift else timedelta()
        assert each.late + each.early <= length
        assert each.plan <= length
        assert total(each.special) == each.holiday + each.off_day
        for day, part in split_at_midnight(each.special):
            assert roster.calendar.is_holiday(day) or roster.shift(day, part.zone) is None


@PATIENT
@given(rosters(), st.lists(leaves(), max_size=4))
def test_absences_only_take_off(roster: Roster, absences: list[Absence]) -> None:
    """Each one more leaves no more of the norm, in whatever order they are given."""
    norms = [counted(roster, [], absences=absences[:count]).norm for count in range(len(absences) + 1)]
    assert all(one >= two for one, two in pairwise(each or timedelta() for each in norms))
    assert norms[-1] == counted(roster, [], absences=absences[::-1]).norm


@PATIENT
@given(rosters(), days(), wishes())
def test_a_correction_and_its_reversal_give_back_the_same_account(roster: Roster, log: list[Punch], wish: Wish) -> None:
    """Voiding what a correction added and telling again what it voided leaves the hours as they were."""
    now = BEGIN + 3700 * MINUTE
    zone = log[0].zone if log else "Europe/Moscow"
    try:
        plan = Planner(log, zone, now).plan(wish)
    except Refusal:
        assume(False)
    after = applied(log, plan, now)
    added = after[len(log) :]
    known = {each.id: each for each in after}
    voids = [
        Punch(1000 + number, PunchKind.VOID, each.at, now, zone, target=each.id)
        for number, each in enumerate(added)
        if each.kind is not PunchKind.VOID
    ]
    told = [
        replace(known[each.target], id=2000 + number)
        for number, each in enumerate(added)
        if each.kind is PunchKind.VOID and each.target is not None
    ]
    assert totals(counted(roster, [*after, *voids, *told])) == totals(counted(roster, log))
