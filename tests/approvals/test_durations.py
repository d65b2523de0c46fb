"""Lengths on the clock: what each unit counts, at the edges of working hours and where clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.approvals.durations import BadWorkingHours, Reckoning, WorkingHours
from tests.approvals.playing import Game, moment, route, stage, track, user

MOSCOW = Reckoning(ZoneInfo("Europe/Moscow"))
BERLIN = Reckoning(ZoneInfo("Europe/Berlin"))


def local(reckoning: Reckoning, text: str) -> datetime:
    """Return an instant by the clock of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=reckoning.zone).astimezone(UTC)


def after(start: str, length: str, reckoning: Reckoning = MOSCOW) -> str:
    """Return what the clock shows a length later."""
    at = reckoning.after(local(reckoning, moment(start) if "T" not in start else start), length)
    return at.astimezone(reckoning.zone).strftime("%a %H:%M").lower()


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("fri 17:50", "1wd", "mon 17:50"),  # E42
        ("sat 12:00", "1wd", "tue 09:00"),
        ("tue 18:00", "1wd", "wed 18:00"),
        ("tue 09:00", "1wd", "wed 09:00"),
        ("tue 08:59", "1wd", "wed 09:00"),
        ("tue 18:01", "1wd", "thu 09:00"),
        ("mon 10:00", "5wd", "mon 10:00"),
        ("mon 09:00", "9wh", "mon 18:00"),
        ("mon 09:00", "10wh", "tue 10:00"),
        ("tue 18:00", "1wh", "wed 10:00"),
        ("fri 17:30", "1wh", "mon 09:30"),
        ("sat 12:00", "9wh", "mon 18:00"),
        ("mon 10:00", "8wh", "mon 18:00"),
        ("fri 23:00", "90m", "sat 00:30"),
        ("fri 10:00", "2d", "sun 10:00"),
        ("fri 10:00", "48h", "sun 10:00"),
    ],
)
def test_units(start: str, length: str, end: str) -> None:
    """E42: working units count working hours, both ends of which are inside; days and hours count all of time."""
    assert end == after(start, length)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-03-28T02:30", "1d", "sun 03:30"),
        ("2026-03-28T02:30", "24h", "sun 03:30"),
        ("2026-03-28T12:00", "1d", "sun 12:00"),
        ("2026-03-28T12:00", "24h", "sun 13:00"),
        ("2026-10-24T02:30", "1d", "sun 02:30"),
        ("2026-10-24T12:00", "24h", "sun 11:00"),
    ],
)
def test_clocks_change(start: str, length: str, end: str) -> None:
    """E43: a day keeps the time of day, an hour is an hour; a time that does not exist moves on by the gap."""
    assert end == after(start, length, BERLIN)


def test_first_of_two() -> None:
    """Of a time that happens twice it is the first."""
    at = BERLIN.after(local(BERLIN, "2026-10-24T02:30"), "1d")
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) == at


def test_days_off() -> None:
    """Days off are no working days, and the week may have others."""
    week = WorkingHours(frozenset({6, 7}), time(10), time(12), frozenset({date(2026, 1, 10)}))
    reckoning = Reckoning(ZoneInfo("Europe/Moscow"), week)
    assert ("sun 10:00", "sat 10:00") == (
        after("mon 10:00", "1wh", reckoning)[:4] + "10:00",
        after("mon 10:00", "1wd", reckoning),
    )
    assert "sun 11:00" == after("mon 10:00", "1wh", reckoning)


@pytest.mark.parametrize(
    ("end", "length", "begin"),
    [
        ("mon 17:50", "4h", "mon 13:50"),
        ("mon 10:00", "2wh", "fri 17:00"),
        ("mon 10:00", "1wd", "fri 10:00"),
        ("tue 09:00", "9wh", "mon 09:00"),
        ("mon 10:00", "3d", "fri 10:00"),
        ("mon 10:00", "30m", "mon 09:30"),
    ],
)
def test_back(end: str, length: str, begin: str) -> None:
    """What comes before a deadline is counted back by the same units."""
    at = MOSCOW.before(local(MOSCOW, moment(f"+1 {end}")), length)
    assert begin == at.astimezone(MOSCOW.zone).strftime("%a %H:%M").lower()


def reminded(at: str, after: str, *before: str) -> list[str]:
    """Return when people are reminded of a deadline, as weekday and time."""
    deadline = {"after": after, "remind_before": list(before)}
    line = Game(route(stage(track(user(1)), deadline=deadline)), at=at).start()
    return [datetime.fromisoformat(each).strftime("%a %H:%M").lower() for each in line["remind"]]


def test_reminders_sleep_at_night() -> None:
    """E42: one outside working hours moves to the next opening, and is dropped if that is not before the deadline."""
    assert ["mon 13:50"] == reminded("fri 17:50", "1wd", "4h")
    assert ["tue 09:00"] == reminded("10:00", "1wd", "4h")
    assert [] == reminded("09:00", "1wd", "4h")
    assert [] == reminded("fri 17:00", "20h", "30m")


def test_reminders_of_one_morning() -> None:
    """Each reminder moves by itself, so several may come to one instant; they are told in their order."""
    assert ["tue 09:00", "tue 09:00"] == reminded("10:00", "1wd", "4h", "1h")
    assert ["tue 09:00", "tue 15:00"] == reminded("16:00", "1wd", "1h", "9h")


def test_reminders_still_to_come() -> None:
    """Those that have been are not listed; a longer deadline has reminders of its own."""
    deadline = {
        "after": "1wd", "remind_before": ["2h", "1h"], "escalate": [{"to": user(2), "extend": "1wd"}],
    }  # fmt: skip
    game = Game(route(stage(track(user(1)), deadline=deadline)), at="17:00").begun()
    assert 2 == len(game.line["remind"])
    assert 1 == len(game.tick("tue 15:00")["remind"])
    assert ["07T15:00", "07T16:00"] == [each[8:16] for each in game.tick("tue 17:00")["remind"]]


@pytest.mark.parametrize(
    "form",
    [
        [], {"days": []}, {"days": [0]}, {"days": [True]}, {"days": "1-5"}, {"from": "9:00"}, {"to": "24:00"},
        {"from": "18:00", "to": "09:00"}, {"off": ["01.01.2026"]}, {"off": [1]}, {"off": 1},
    ],
)  # fmt: skip
def test_impossible_hours(form: object) -> None:
    """Hours that cannot be are refused with a sentence."""
    with pytest.raises(BadWorkingHours, match="working_hours"):
        WorkingHours.read(form)
