"""Whose time a decision takes: planned hours alone, without absences and breaks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.planning.roster import RosterBook
from bot.domain.planning.schedule import Assignment, PlannedBreak, Scope
from bot.services.approvals.approvals_counted import WorkingTime
from tests.unit.domain.plans import fixed

WHO, MOSCOW = 7, ZoneInfo("Europe/Moscow")
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of July 2026 in Moscow; the 13th is a Monday."""
    return datetime(2026, 7, day, hour, minute, tzinfo=MOSCOW).astimezone(UTC)


def counted(*absences: Absence, pause: PlannedBreak | None = None, since: date = date(2020, 1, 1)) -> WorkingTime:
    """Return what counts for somebody who works from nine to six on weekdays."""
    schedule = fixed(pause=pause or PlannedBreak())
    book = RosterBook(ProductionCalendar(), (Assignment(1, 1, Scope.PERSON, WHO, since, schedule),))
    return WorkingTime({WHO: book.of(WHO, "Europe/Moscow")}, Reckoning(MOSCOW), {WHO: absences})


def away(first: int, last: int, between: tuple[int, int] | None = None) -> Absence:
    """Return days away, or hours of the first of them."""
    hours = [at(first, each) for each in between] if between else [None, None]
    return Absence(1, 1, WHO, AbsenceKind.VACATION, date(2026, 7, first), date(2026, 7, last), *hours)


def test_days_and_hours_away_are_not_counted() -> None:
    """From Monday noon to Thursday noon, away Tuesday and Wednesday, and an hour on Thursday: six hours and two."""
    assert HOUR * 9 * 3 == counted()(WHO, at(13, 12), at(16, 12))
    assert HOUR * 9 == counted(away(14, 15))(WHO, at(13, 12), at(16, 12))
    assert HOUR * 8 == counted(away(14, 15), away(16, 16, (10, 11)))(WHO, at(13, 12), at(16, 12))
    assert HOUR * 8 == counted(away(16, 16, (10, 11)), away(14, 15), away(15, 15))(WHO, at(13, 12), at(16, 12))
    assert timedelta() == counted(away(13, 16))(WHO, at(13, 12), at(16, 12))


def test_a_break_is_not_counted() -> None:
    """One with a time is left out where it lies; one without is spread over the shift; a paid one counts."""
    lunch = PlannedBreak(HOUR, time(13))
    assert HOUR * 5 == counted(pause=lunch)(WHO, at(13, 12), at(13, 18))
    assert HOUR * 3 == counted(pause=lunch)(WHO, at(13, 14), at(13, 17))
    assert HOUR * 8 == counted(pause=PlannedBreak(HOUR))(WHO, at(13, 8), at(13, 20))
    assert HOUR * 4 == counted(pause=PlannedBreak(HOUR))(WHO, at(13, 9), at(13, 13, 30))


def test_days_before_a_schedule_are_counted_by_the_usual_hours() -> None:
    """A schedule that began on Wednesday leaves Monday and Tuesday to the portal's hours."""
    assert HOUR * 9 * 2 + HOUR * 3 == counted(since=date(2026, 7, 15))(WHO, at(13, 9), at(15, 12))


def test_nobodys_plan_is_the_portals_hours() -> None:
    """Whoever has no roster works as the portal does, and is away all the same."""
    usual = WorkingTime({}, Reckoning(MOSCOW), {WHO: [away(14, 14)]})
    assert HOUR * 9 + HOUR * 2 == usual(WHO, at(13, 9), at(15, 11))
