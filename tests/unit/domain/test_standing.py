"""How hours stand against a norm: what is in it, what is outside it, and from when on it means something."""

from datetime import date, timedelta

import pytest

from bot.domain.planning.schedule import Schedule
from bot.domain.reports.account import Account
from bot.domain.reports.standing import apart_of, balance_by, balance_of, target_of
from tests.unit.domain.plans import counted, fixed, flexible, h, roster, rota

WEDNESDAY = date(2026, 7, 15)
TOLD = [
    mark
    for day in (13, 14, 15, 16)
    for mark in (
        f"in 2026-07-{day} 09:00",
        f"break 2026-07-{day} 13:00",
        f"back 2026-07-{day} 14:00",
        f"out 2026-07-{day} 18:30",
    )
]


def week(*schedules: Schedule | tuple[date, Schedule]) -> Account:
    """Return the week of 13 to 19 July, with eight and a half hours on each of its first four days."""
    return counted(roster(*schedules), *TOLD, first="2026-07-13", last="2026-07-19")


def test_a_schedule_set_in_the_middle_of_a_week() -> None:
    """Worked is what is held against the norm and what is outside it; they add up (case 80)."""
    account = week((WEDNESDAY, fixed()))
    assert (h("34"), h("17"), h("24"), -h("7")) == (
        account.worked,
        apart_of(account),
        target_of(account),
        balance_of(account),
    )
    assert account.worked == apart_of(account) + target_of(account) + balance_of(account)


@pytest.mark.parametrize("schedules", [[fixed()], [flexible()], [rota(date(2026, 7, 13), "9:00-18:00", "")], []])
def test_nothing_is_outside_where_there_was_a_schedule_throughout_or_none(schedules: list[Schedule]) -> None:
    """Nor where nothing is held against anything."""
    assert timedelta() == apart_of(week(*schedules))


def test_a_rota_set_in_the_middle_of_a_week() -> None:
    """What was worked before is not held against its shifts either."""
    account = week((WEDNESDAY, rota(WEDNESDAY, "9:00-18:00", "", "")))
    assert account.worked == apart_of(account) + target_of(account) + balance_of(account)


@pytest.mark.parametrize(
    ("today", "balance"),
    [
        ("2026-07-13", None),
        ("2026-07-14", "0:30"),
        ("2026-07-17", "2"),
        ("2026-07-18", "-6"),
        ("2026-07-20", "-6"),
    ],
)
def test_the_balance_is_that_of_the_days_that_are_over(today: str, balance: str | None) -> None:
    """On the first day there is none yet; a week later it is that of the whole."""
    wanted = None if balance is None else -h(balance[1:]) if balance.startswith("-") else h(balance)
    assert wanted == balance_by(week(fixed()), date.fromisoformat(today))


def test_flexible_hours_have_a_balance_once_they_are_over() -> None:
    """Nobody owes hours by Wednesday who may work them on Sunday."""
    account = week(flexible())
    assert balance_by(account, date(2026, 7, 17)) is None
    assert -h("6") == balance_by(account, date(2026, 7, 20))
