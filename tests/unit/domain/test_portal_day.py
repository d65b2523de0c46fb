"""The portal's day and ours: what is to be done there, what is marked here, and what can only be said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.workday.portal_day import OwnDay, PortalDay, Standing, changed_dates, own_day
from bot.domain.workday.portal_marks import Difference, PortalMark, marks_between, remembered
from bot.domain.workday.portal_steps import Step, Unsaid, next_step, unsaid
from bot.domain.workday.punch_log import DayState, Punch, PunchKind, derive

ZONE = "Europe/Moscow"
MSK = timedelta(hours=3)
OPENED, PAUSED, CLOSED, EXPIRED = Standing
OFF, WORK, BREAK = DayState.OFF, DayState.WORK, DayState.BREAK
IN, OUT, REST, BACK = PunchKind.IN, PunchKind.OUT, PunchKind.BREAK_START, PunchKind.BREAK_END
NONE = PortalDay(CLOSED)


def at(clock: str, day: int = 20) -> datetime:
    """Return a Moscow time of 20 August, or of another day."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 8, day, hour, minute, tzinfo=UTC) - MSK


def there(standing: Standing, start: str = "09:00", finish: str = "", leaks: int = 0, day: int = 20) -> PortalDay:
    """Return a day of the portal; `leaks` in minutes."""
    end = at(finish, day) if finish else None
    return PortalDay(standing, at(start, day), end, timedelta(minutes=leaks), offset=MSK)


def here(state: DayState, was: DayState, start: str = "09:00", end: str = "", since: str = "", day: int = 20) -> OwnDay:
    """Return a day of ours."""
    begun = at(start, day) if start else None
    last = at(since or end or start or "12:00", day)
    return OwnDay(state, ZONE, begun, at(end, day) if end else None, last, 1 if start else 0, was)


NOON = at("12:00")


@pytest.mark.parametrize(
    ("own", "theirs", "step"),
    [
        # no day yet
        (here(WORK, OFF, "12:00"), NONE, Step("open", OPENED)),
        (here(WORK, OFF, "09:00"), NONE, Step("open", OPENED, at("09:00"))),
        (here(BREAK, WORK, "12:00"), NONE, Step("open", OPENED)),
        (here(OFF, WORK, "09:00", "11:00"), NONE, None),
        # it runs there
        (here(WORK, OFF), there(OPENED), None),
        (here(BREAK, WORK, since="12:00"), there(OPENED), Step("pause", PAUSED)),
        (here(BREAK, BREAK), there(OPENED), None),
        (here(OFF, WORK, end="12:00"), there(OPENED), Step("close", CLOSED)),
        (here(OFF, WORK, end="11:00"), there(OPENED), Step("close", CLOSED, at("11:00"))),
        (here(OFF, OFF, end="11:00"), there(OPENED), None),
        (here(OFF, WORK, "", since="10:00"), there(OPENED), Step("close", CLOSED)),
        (here(OFF, WORK, "", since="08:00"), there(OPENED), None),
        # a break there
        (here(WORK, BREAK, since="12:00"), there(PAUSED), Step("open", OPENED)),
        (here(WORK, OFF), there(PAUSED), None),
        (here(BREAK, WORK), there(PAUSED), None),
        (here(OFF, BREAK, end="12:00"), there(PAUSED), Step("close", CLOSED)),
        (here(OFF, BREAK, end="11:00"), there(PAUSED), Step("open", OPENED)),
        # closed today
        (here(WORK, OFF, since="11:30"), there(CLOSED, finish="11:00"), Step("open", OPENED)),
        (here(WORK, OFF, since="10:00"), there(CLOSED, finish="11:00"), None),
        (here(OFF, WORK, end="11:00"), there(CLOSED, finish="11:00"), None),
        (here(OFF, OFF, end="11:30"), there(CLOSED, finish="11:00"), Step("close", CLOSED, at("11:30"))),
        # left open on a former date
        (here(WORK, OFF, "12:00"), there(EXPIRED, day=19), None),
        (here(OFF, WORK, end="18:00", day=19), there(EXPIRED, day=19), Step("close", CLOSED, at("18:00", 19))),
        (here(WORK, OFF, "22:00", day=19), there(EXPIRED, "22:00", day=19), None),
        (here(WORK, OFF, "22:00", day=19), NONE, None),
    ],
)
def test_the_next_step(own: OwnDay, theirs: PortalDay, step: Step | None) -> None:
    """From each state, by what changed here: what is asked for next, at noon."""
    assert step == next_step(own, theirs, NOON)


def test_expired_by_a_former_end() -> None:
    """What was left open yesterday is closed with its own end, and only then is today's opened (case 78)."""
    own = replace(here(WORK, OFF, "12:00"), earlier=((at("09:00", 19), at("18:00", 19)),))
    assert Step("close", CLOSED, at("18:00", 19)) == next_step(own, there(EXPIRED, day=19), NOON)
    assert Step("open", OPENED) == next_step(own, there(CLOSED, finish="18:00", day=19), NOON)
    assert [Unsaid.EXPIRED] == unsaid(here(WORK, OFF, "12:00"), there(EXPIRED, day=19), NOON)


def test_over_midnight() -> None:
    """A shift over midnight ends there with its date, and that is said."""
    own = OwnDay(OFF, ZONE, at("22:00", 19), at("06:00"), at("06:00"), 1, WORK)
    midnight = at("00:00") - timedelta(seconds=1)
    assert Step("close", CLOSED, midnight) == next_step(own, there(EXPIRED, "22:00", day=19), at("06:00"))
    ended = replace(there(CLOSED, "22:00", day=19), finish=midnight)
    assert next_step(own, ended, at("06:00")) is None
    assert [Unsaid.OVER_MIDNIGHT] == unsaid(own, ended, at("06:00"))
    assert [Unsaid.OVER_MIDNIGHT] == unsaid(here(BREAK, WORK, "22:00", day=19), there(EXPIRED, "22:00", day=19), NOON)


@pytest.mark.parametrize(
    ("own", "theirs", "said"),
    [
        (here(WORK, OFF), there(OPENED), []),
        (replace(here(WORK, OFF), stretches=2), there(OPENED), [Unsaid.SEVERAL]),
        (here(WORK, WORK, "08:00"), there(OPENED), [Unsaid.START]),
        (here(WORK, OFF, "08:00"), there(OPENED), []),
        (here(OFF, OFF, end="17:00", day=19), there(CLOSED, finish="18:00", day=19), [Unsaid.END]),
    ],
)
def test_what_is_said(own: OwnDay, theirs: PortalDay, said: list[Unsaid]) -> None:
    """What stays different, because there is no place for it."""
    assert said == unsaid(own, theirs, NOON)


def seen(
    before: PortalDay | None, after: PortalDay, *, looked: str = "11:59", rest: str = ""
) -> list[tuple[str, PunchKind, str]]:
    """Return what was done between a look and noon: mark, stated mark or difference, by Moscow time."""
    since = at(rest) if rest else None
    found = marks_between(before, at(looked), after, NOON, resting_since=since)
    assert len({each.event for each in found}) == len(found)
    again = marks_between(before, at(looked), after, NOON, resting_since=since)
    assert found == again
    return [(_sort(each), each.kind, f"{each.at + MSK:%H:%M}") for each in found]


def _sort(found: PortalMark | Difference) -> str:
    if isinstance(found, Difference):
        return "differs"
    return "stated" if found.is_stated else "mark"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (NONE, there(OPENED, "12:00"), [("mark", IN, "12:00")]),
        (NONE, there(OPENED, "09:00"), [("stated", IN, "09:00")]),
        (there(CLOSED, finish="18:00", day=19), there(OPENED, "12:00"), [("mark", IN, "12:00")]),
        (NONE, there(PAUSED, "11:59"), [("mark", IN, "11:59"), ("mark", REST, "12:00")]),
        (there(OPENED), there(OPENED), []),
        (there(OPENED), there(PAUSED), [("mark", REST, "12:00")]),
        (there(PAUSED), there(PAUSED, leaks=4), []),
        (there(OPENED), there(OPENED, leaks=1), [("mark", REST, "11:59"), ("mark", BACK, "12:00")]),
        (there(OPENED), there(CLOSED, finish="12:00"), [("mark", OUT, "12:00")]),
        (there(OPENED), there(CLOSED, finish="11:00"), [("stated", OUT, "11:00")]),
        (there(PAUSED), there(CLOSED, finish="12:00", leaks=20), [("mark", OUT, "12:00")]),
        (there(CLOSED, finish="11:00"), there(OPENED, leaks=60), [("mark", IN, "12:00")]),
        (there(CLOSED, finish="11:00"), there(CLOSED, finish="10:00"), [("differs", OUT, "10:00")]),
        (there(OPENED), there(OPENED, "08:00"), [("differs", IN, "08:00")]),
        (there(OPENED, day=19), there(EXPIRED, day=19), []),
    ],
)
def test_what_is_marked(before: PortalDay, after: PortalDay, found: list[tuple[str, PunchKind, str]]) -> None:
    """What the portal's button did within the last minute, each with a name that stays."""
    assert found == seen(before, after)


def test_one_start() -> None:
    """Opened there at 8:55, checked in here at 9: nothing is opened again; the start is the earlier (case 77)."""
    opened = there(OPENED, "08:55")
    assert next_step(here(WORK, OFF), opened, at("09:00")) is None
    found = marks_between(NONE, at("08:54"), opened, at("09:00"))
    assert [(IN, at("08:55"))] == [(each.kind, each.at) for each in found]


def test_a_break_is_as_long_as_there() -> None:
    """The end of a break follows from its length, whenever it is seen; never before the last look."""
    assert [("mark", BACK, "11:50")] == seen(there(PAUSED), there(OPENED, leaks=20), looked="11:40", rest="11:30")
    assert [("mark", BACK, "11:59")] == seen(there(PAUSED), there(OPENED, leaks=20), rest="11:30")
    assert [("mark", BACK, "12:00")] == seen(there(PAUSED), there(OPENED, leaks=20))


@pytest.mark.parametrize(
    ("before", "after", "looked", "found"),
    [
        (there(OPENED), there(OPENED, leaks=30), "11:29", [("mark", REST, "11:30"), ("mark", BACK, "12:00")]),
        (there(OPENED), there(OPENED, leaks=45), "11:59", [("differs", BACK, "12:00")]),
        (
            there(OPENED),
            there(CLOSED, finish="12:00", leaks=45),
            "11:59",
            [("differs", BACK, "12:00"), ("mark", OUT, "12:00")],
        ),
        (NONE, there(OPENED, "09:00", leaks=45), "11:59", [("stated", IN, "09:00"), ("differs", BACK, "12:00")]),
        (there(CLOSED, finish="11:00"), there(CLOSED, finish="11:00", leaks=45), "11:59", [("differs", BACK, "11:00")]),
        (
            there(CLOSED, finish="11:00"),
            there(CLOSED, finish="12:00", leaks=20),
            "11:59",
            [("differs", OUT, "12:00"), ("differs", BACK, "12:00")],
        ),
        (
            there(CLOSED, finish="11:00"),
            there(CLOSED, finish="12:00", leaks=58),
            "11:57",
            [("mark", IN, "11:58"), ("mark", OUT, "12:00")],
        ),
        (there(CLOSED, finish="11:00"), there(OPENED, leaks=20), "11:59", [("mark", IN, "11:59")]),
        (
            there(CLOSED, finish="11:00"),
            there(OPENED, leaks=90),
            "11:59",
            [("mark", IN, "12:00"), ("differs", BACK, "12:00")],
        ),
    ],
)
def test_a_break_that_no_button_made(
    before: PortalDay, after: PortalDay, looked: str, found: list[tuple[str, PunchKind, str]]
) -> None:
    """Breaks that have grown by more than fits since the last look were written there: nothing is marked."""
    assert found == seen(before, after, looked=looked)


def test_back_and_gone_between_two_looks() -> None:
    """Of a day that was closed, the sum tells whether that was in the break, or after it."""
    closed = there(CLOSED, finish="12:00", leaks=20)
    back_and_gone = [("mark", BACK, "11:30"), ("mark", OUT, "12:00")]
    assert back_and_gone == seen(there(PAUSED), closed, looked="11:20", rest="11:10")
    in_the_break = there(CLOSED, finish="12:00", leaks=50)
    assert [("mark", OUT, "12:00")] == seen(there(PAUSED), in_the_break, looked="11:20", rest="11:10")


def test_in_a_break_the_sum_is_not_believed() -> None:
    """Whether a running break counts is not documented: what is kept is the sum before it."""
    assert timedelta(minutes=5) == remembered(there(OPENED, leaks=5), there(PAUSED, leaks=9)).leaks
    assert timedelta(minutes=9) == remembered(there(PAUSED, leaks=5), there(OPENED, leaks=9)).leaks


def test_a_first_look_brings_no_history() -> None:
    """Of who was never looked at only a day that runs counts."""
    assert [] == marks_between(None, NOON, there(CLOSED, finish="11:00"), NOON)
    assert [True] == [each.is_stated for each in marks_between(None, NOON, there(OPENED), NOON) if each.kind is IN]  # type: ignore[union-attr]


def test_what_is_found_a_day_late_is_asked_about() -> None:
    """Nobody's hours change by what was pressed so long ago."""
    found = marks_between(NONE, at("08:00"), there(CLOSED, finish="18:00"), at("12:00", 21))
    assert all(isinstance(each, PortalMark) and each.is_stated for each in found)


def _log(*marks: tuple[PunchKind, str]) -> list[Punch]:
    return [Punch(number, kind, at(clock), at(clock), ZONE) for number, (kind, clock) in enumerate(marks, 1)]


def test_our_day() -> None:
    """Several stretches are one day; what was taken back counts from when it was."""
    log = _log((IN, "09:00"), (OUT, "10:00"), (IN, "11:00"))
    own = own_day(log, derive(log), ZONE, NOON)
    assert (WORK, at("09:00"), None, at("11:00"), 2) == (own.state, own.start, own.end, own.since, own.stretches)
    log.append(Punch(9, PunchKind.VOID, at("11:00"), at("11:03"), ZONE, target=3))
    own = own_day(log, derive(log), ZONE, NOON)
    assert (OFF, at("10:00"), at("11:03"), 1) == (own.state, own.end, own.since, own.stretches)
    assert own == OwnDay.of_form(own.to_form())


def test_a_stretch_of_no_length() -> None:
    """Come and gone within a second is no stretch, and is told all the same."""
    log = _log((IN, "09:00"), (OUT, "09:00"))
    own = own_day(log, derive(log), ZONE, NOON)
    assert (OFF, None, at("09:00")) == (own.state, own.start, own.since)


def test_former_dates_that_changed() -> None:
    """A date that is over and has another beginning or end than before is told; one that was only just ended is not."""
    yesterday = (at("09:00", 19), at("18:00", 19))
    before = replace(here(WORK, OFF), earlier=(yesterday,))
    moved = replace(before, earlier=((at("09:00", 19), at("17:00", 19)),))
    assert [at("09:00", 19).date()] == changed_dates(before, moved)
    assert [] == changed_dates(before, before) == changed_dates(None, moved)
    assert [] == changed_dates(here(WORK, OFF, day=19), replace(here(WORK, OFF), earlier=(yesterday,)))


def test_a_day_is_stored_whole() -> None:
    """What is read back is what was kept."""
    day = there(CLOSED, finish="18:00", leaks=42)
    assert day == PortalDay.of_form(day.to_form())
    assert at("23:59") + timedelta(seconds=59) == day.last_moment
