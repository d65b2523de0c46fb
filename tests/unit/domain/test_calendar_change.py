"""What an administrator wants of the calendar: only days that become other are changed."""

from datetime import date

import pytest

from bot.domain.planning.calendar import CONFIRMED, COUNTRY, NotADayOff, ProductionCalendar
from bot.domain.planning.calendar_change import CalendarChange, ChangeKind

RUSSIA = ProductionCalendar()


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        (ChangeKind.WORKING, date(2026, 5, 2), [(date(2026, 5, 2), False, False)]),
        (ChangeKind.WORKING, date(2026, 5, 5), []),
        (ChangeKind.OFF, date(2026, 5, 5), [(date(2026, 5, 5), True, False)]),
        (ChangeKind.OFF, date(2026, 5, 9), []),
        (ChangeKind.SHORT, date(2026, 12, 30), [(date(2026, 12, 30), False, True)]),
        (ChangeKind.SHORT, date(2026, 4, 30), []),
    ],
)
def test_what_is_so_already_is_no_change(kind: ChangeKind, day: date, expected: list[tuple[date, bool, bool]]) -> None:
    """A weekend becomes a workday; a workday stays one."""
    days = CalendarChange(kind, day).days(RUSSIA)
    assert expected == [(each.day, each.is_off, each.is_short) for each in days]


def test_a_short_day_made_working_is_still_short_before_a_holiday() -> None:
    """The law shortens the eve of 1 May whatever the administrator calls it."""
    assert [] == CalendarChange(ChangeKind.WORKING, date(2026, 4, 30)).days(RUSSIA)


def test_a_move_changes_two_days() -> None:
    """2 May is worked, 4 May is free; moved back, both are as the country has them."""
    there = CalendarChange(ChangeKind.MOVE, date(2026, 5, 2), date(2026, 5, 4)).days(RUSSIA)
    assert [(date(2026, 5, 2), False), (date(2026, 5, 4), True)] == [(each.day, each.is_off) for each in there]
    moved = RUSSIA.with_changes(there)
    back = CalendarChange(ChangeKind.MOVE, date(2026, 5, 4), date(2026, 5, 2)).days(moved)
    assert [COUNTRY, COUNTRY] == [each.source for each in back]


def test_a_move_from_a_workday_is_refused() -> None:
    """There is no day off to give elsewhere."""
    with pytest.raises(NotADayOff):
        CalendarChange(ChangeKind.MOVE, date(2026, 5, 5), date(2026, 5, 6)).days(RUSSIA)


def test_a_year_is_vouched_for_by_its_first_day() -> None:
    """The day itself stays what it is."""
    (day,) = CalendarChange(ChangeKind.YEAR, date(2028, 6, 1)).days(RUSSIA)
    assert (date(2028, 1, 1), CONFIRMED, True, True) == (day.day, day.source, day.is_off, day.is_holiday)


def test_the_audit_reads_like_the_wish() -> None:
    """Days and kind, no words of a person."""
    assert "off 2026-05-05" == str(CalendarChange(ChangeKind.OFF, date(2026, 5, 5)))
    move = CalendarChange(ChangeKind.MOVE, date(2026, 5, 2), date(2026, 5, 4))
    assert "move 2026-05-02 -> 2026-05-04" == str(move)
