"""Matters ⇄ rows: what was written before matters had types is read as it is, and written the same, byte for byte."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.domain.approvals.matter import (
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    LimitPassed,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.changing import LeaveChange
from bot.domain.leave.wish import LeaveWish
from bot.domain.reports.limits import LimitKind
from bot.domain.workday.correction import Mark, Plan, Span, Subject
from bot.domain.workday.punch_log import PunchKind
from storage.matters import read_matter, write_matter

MOSCOW = ZoneInfo("Europe/Moscow")


def at(hour: int, minute: int = 0, second: int = 0, micro: int = 0) -> datetime:
    """Return an instant of 15 July 2026."""
    return datetime(2026, 7, 15, hour, minute, second, micro, tzinfo=UTC)


# Kind, subject key and payload as they stand in rows that former versions wrote, and what they mean.
ROWS: dict[str, tuple[str, str, str, Matter]] = {
    "a correction": (
        "correction",
        "correction:check_out:9",
        (
            '{"subject":"check_out","zone":"Europe/Moscow","voids":[101,102],'
            '"adds":[["out",1784129400.0],["break",1784109600.123457]],'
            '"before":[[1784095200.0,null,[[1784109600.0,null]]]],'
            '"after":[[1784095200.0,1784129400.0,[[1784109600.0,1784112000.0],[1784116862.0,1784117100.0]]]],'
            '"shift":5400.0,"target":"check_out:9"}'
        ),
        CorrectionMatter(
            Plan(
                Subject.CHECK_OUT,
                "Europe/Moscow",
                (101, 102),
                (Mark(PunchKind.OUT, at(15, 30)), Mark(PunchKind.BREAK_START, at(10, 0, 0, 123457))),
                (Span(at(6), None, ((at(10), None),)),),
                (Span(at(6), at(15, 30), ((at(10), at(10, 40)), (at(12, 1, 2), at(12, 5)))),),
                timedelta(minutes=90),
                "check_out:9",
            )
        ),
    ),
    "a removal": (
        "correction",
        "correction:day:2026-07-15",
        (
            '{"subject":"removal","zone":"Asia/Yekaterinburg","voids":[7],"adds":[],'
            '"before":[[1784095200.0,1784127600.0,[]]],"after":[],"shift":null,"target":"day:2026-07-15"}'
        ),
        CorrectionMatter(
            Plan(Subject.REMOVAL, "Asia/Yekaterinburg", (7,), (), (Span(at(6), at(15)),), (), None, "day:2026-07-15")
        ),
    ),
    "days away": (
        "leave",
        "leave:2026-07-01:2026-07-14",
        '{"kind":"vacation","first":"2026-07-01","last":"2026-07-14"}',
        LeaveMatter(LeaveWish(AbsenceKind.VACATION, date(2026, 7, 1), date(2026, 7, 14))),
    ),
    "hours away": (
        "leave",
        "leave:2026-07-03:2026-07-03:0900-1330",
        (
            '{"kind":"day_off","first":"2026-07-03","last":"2026-07-03","start":"2026-07-03T09:00:00+03:00",'
            '"end":"2026-07-03T13:30:00+03:00","zone":"Europe/Moscow"}'
        ),
        LeaveMatter(
            LeaveWish.of_hours(
                AbsenceKind.DAY_OFF,
                datetime(2026, 7, 3, 9, tzinfo=MOSCOW),
                datetime(2026, 7, 3, 13, 30, tzinfo=MOSCOW),
                "Europe/Moscow",
            )
        ),
    ),
    "hours away in UTC": (
        "leave",
        "leave:2026-07-03:2026-07-03:0900-1330",
        (
            '{"kind":"other","first":"2026-07-03","last":"2026-07-03","start":"2026-07-03T09:00:00+00:00",'
            '"end":"2026-07-03T13:30:00+00:00","zone":"UTC"}'
        ),
        LeaveMatter(
            LeaveWish.of_hours(
                AbsenceKind.OTHER,
                datetime(2026, 7, 3, 9, tzinfo=UTC),
                datetime(2026, 7, 3, 13, 30, tzinfo=UTC),
                "UTC",
            )
        ),
    ),
    "other days of a leave": (
        "leave_change",
        "leave_change:7301234567890123456",
        (
            '{"absence_id":"7301234567890123456","kind":"vacation","days":[["2026-07-13","2026-07-24"],'
            '["2026-07-13","2026-07-15"],["2026-08-03","2026-08-11"]]}'
        ),
        LeaveChangeMatter(
            LeaveChange(
                7301234567890123456,
                AbsenceKind.VACATION,
                (date(2026, 7, 13), date(2026, 7, 24)),
                ((date(2026, 7, 13), date(2026, 7, 15)), (date(2026, 8, 3), date(2026, 8, 11))),
            )
        ),
    ),
    "a leave cancelled": (
        "leave_change",
        "leave_change:5",
        '{"absence_id":"5","kind":"day_off","days":[["2026-07-20","2026-07-20"]]}',
        LeaveChangeMatter(LeaveChange(5, AbsenceKind.DAY_OFF, (date(2026, 7, 20), date(2026, 7, 20)))),
    ),
    "overtime": (
        "overtime",
        "overtime:2026-07-15",
        (
            '{"day":"2026-07-15","seconds":7200,"over":10800,"worked":39600,"is_planned":true,'
            '"limits":[["two_days",18000,14400],["year",435600,432000]]}'
        ),
        OvertimeMatter(
            date(2026, 7, 15),
            timedelta(hours=2),
            timedelta(hours=3),
            timedelta(hours=11),
            limits=(
                LimitPassed(LimitKind.TWO_DAYS, timedelta(hours=5), timedelta(hours=4)),
                LimitPassed(LimitKind.YEAR, timedelta(hours=121), timedelta(hours=120)),
            ),
        ),
    ),
    "a closed period": (
        "reopen",
        "reopen:7123456789012345678",
        '{"closing_id":7123456789012345678,"first":"2026-06-01","last":"2026-06-30"}',
        ReopenMatter(7123456789012345678, date(2026, 6, 1), date(2026, 6, 30)),
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_former_form_is_read(row: str) -> None:
    """The two columns mean what they meant, and the matter is known by the key that stands beside them."""
    kind, key, payload, matter = ROWS[row]
    read = read_matter(kind, payload)
    assert (matter, key) == (read, read.key)


@pytest.mark.parametrize("row", ROWS)
def test_a_matter_is_written_in_the_former_form(row: str) -> None:
    """The columns stay what they were: an earlier version reads them, and no row has to be changed."""
    kind, _, payload, matter = ROWS[row]
    assert (kind, payload) == write_matter(matter)
    assert (kind, payload) == write_matter(read_matter(kind, payload))


def test_overtime_of_the_first_version_tells_no_more_than_it_knew() -> None:
    """At first only the day and the length were kept; what was not asked about is none."""
    known = read_matter("overtime", '{"day":"2026-07-15","seconds":5400}')
    assert OvertimeMatter(date(2026, 7, 15), timedelta(minutes=90)) == known


def test_every_matter_has_a_form() -> None:
    """A kind of matter without a form in the rows is one that cannot be asked for."""
    assert set(get_args(Matter)) == {type(matter) for *_, matter in ROWS.values()}


@pytest.mark.parametrize(("kind", "payload"), [("errand", "{}"), ("leave", '{"day":"2026-07-15"}'), ("reopen", "[]")])
def test_what_is_no_matter_is_not_taken_for_one(kind: str, payload: str) -> None:
    """An unknown kind, or a payload of another kind, is said to be wrong where it is read."""
    with pytest.raises((ValidationError, KeyError)):
        read_matter(kind, payload)
