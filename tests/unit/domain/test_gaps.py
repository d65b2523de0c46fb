"""What is not right in somebody's days."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.reports.account import Account
from bot.domain.reports.gaps import GapKind, gaps_of
from bot.domain.workday.punch_log import AUTO, Punch, PunchKind, derive
from tests.unit.domain.logs import at, punches
from tests.unit.domain.plans import counted, fixed, roster

LATER = at("2026-07-30 12:00")
HOUR = timedelta(hours=1)


def kinds(account: Account, limit: timedelta | None = HOUR) -> list[tuple[GapKind, int]]:
    """Return what is not right, with the day of the month."""
    return [(gap.kind, gap.day.day.day) for gap in gaps_of(account, lambda _: limit, LATER)]


def day(number: int, *lunch: str) -> list[str]:
    """Return the marks of a day of July 2026 from 9 to 18."""
    times = [("in", "09:00"), *zip(("break", "back"), lunch, strict=False), ("out", "18:00")]
    return [f"{kind} 2026-07-{number:02d} {when}" for kind, when in times]


def test_days_as_they_should_be_have_no_gaps() -> None:
    """Work as planned, a weekend, and a day still to come."""
    account = counted(roster(fixed()), *day(13, "13:00", "14:00"), first="2026-07-11", last="2026-07-13")
    assert [] == kinds(account)


def test_a_planned_day_without_marks() -> None:
    """Case 28: it is a gap once the shift is over, and nothing more is said of it."""
    assert [(GapKind.MISSING, 14)] == kinds(counted(roster(fixed()), first="2026-07-14"))
    assert [] == kinds(counted(roster(fixed()), first="2026-07-14", now="2026-07-14 12:00"))


def test_a_break_over_the_limit() -> None:
    """Case 12: five minutes longer than the schedule's limit; less is none; without a schedule there is no limit."""
    long = counted(roster(fixed()), *day(13, "13:00", "14:06"), first="2026-07-13")
    [gap] = gaps_of(long, lambda _: HOUR, LATER)
    assert (GapKind.LONG_BREAK, HOUR) == (gap.kind, gap.limit)
    assert gap.pause is not None
    assert timedelta(minutes=66) == gap.pause.length(LATER)
    assert [] == kinds(counted(roster(fixed()), *day(13, "13:00", "14:05"), first="2026-07-13"))
    assert [] == kinds(long, None)


def test_a_day_without_its_break() -> None:
    """A break was planned, the day was long, none was taken (art. 108)."""
    assert [(GapKind.NO_BREAK, 13)] == kinds(counted(roster(fixed()), *day(13), first="2026-07-13"))


def test_an_end_that_nobody_confirmed() -> None:
    """Closed by the service: that is told, and not its missing break as well."""
    log = punches("in 2026-07-13 09:00")
    log.append(Punch(2, PunchKind.OUT, at("2026-07-13 18:00"), LATER, "Europe/Moscow", mark=AUTO))
    [session] = derive(log)
    account = counted(roster(fixed()), first="2026-07-13")
    bare = account.days[0]
    shown = replace(account, days=(replace(bare, sessions=(session,), flags=frozenset()),))
    [gap] = gaps_of(shown, lambda _: HOUR, LATER)
    assert (GapKind.UNCONFIRMED, session) == (gap.kind, gap.session)


def test_a_date_that_waits_has_nothing_else() -> None:
    """What is being mended is not asked about again (case 32)."""
    waiting = counted(roster(fixed()), first="2026-07-14", pending=[date(2026, 7, 14)])
    assert [(GapKind.PENDING, 14)] == kinds(waiting)
