"""Secrets of a webhook: whichever a receiver has, for a day after it was replaced messages are signed with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.automation.webhook import FORMER_FOR, MOST_FORMER, Detail, Webhook

NOW = datetime(2026, 7, 13, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def hook(secret: str = "a") -> Webhook:
    """Return a hook with a secret."""
    return Webhook(1, 1, "payroll", "https://hooks.example.com/a", frozenset(), Detail.IDS, secret, NOW, 1)


def test_two_rotations_in_a_minute_lose_no_receiver() -> None:
    """The first secret, which receivers have, the one between, and the newest: each of the former ones for its day."""
    twice = hook().rotated("b", NOW).rotated("c", NOW + MINUTE)
    assert ("c", "b", "a") == twice.keys(NOW + MINUTE)
    assert ("c", "b") == twice.keys(NOW + FORMER_FOR)
    assert ("c",) == twice.keys(NOW + FORMER_FOR + MINUTE)
    assert ("d", "c") == twice.rotated("d", NOW + FORMER_FOR + MINUTE).keys(NOW + FORMER_FOR + MINUTE)


def test_a_former_secret_of_before_has_the_time_that_it_had() -> None:
    """A row that names one secret and its end, and no end beside it."""
    kept = replace(hook("b"), former="a", former_until=NOW + MINUTE)
    assert (("b", "a"), ("b",)) == (kept.keys(NOW), kept.keys(NOW + MINUTE))
    after = kept.rotated("c", NOW)
    assert (("c", "b", "a"), ("c", "b")) == (after.keys(NOW), after.keys(NOW + MINUTE))


def test_there_are_never_many() -> None:
    """However often somebody presses, and where the present one cannot be opened there is none to keep."""
    pressed = hook()
    for number in range(MOST_FORMER + 5):
        pressed = pressed.rotated(str(number), NOW)
    assert MOST_FORMER + 1 == len(pressed.keys(NOW))
    assert ("b",) == hook("").rotated("b", NOW).keys(NOW)
