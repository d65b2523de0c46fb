"""One setting, several secrets: the first makes, each is recognised, and a single one stays what it was."""

import hashlib
import hmac

import pytest

from bot.derived import Derived, secrets_in
from bot.domain.approvals.refusals import UnknownRequest
from bot.ids import short
from bot.services.approvals.seals import Seals

OLD, NEW = "o" * 40, "n" * 40


@pytest.mark.parametrize(
    ("setting", "secrets"),
    [
        (OLD, (OLD,)),
        ("", ("",)),
        (f"{NEW},{OLD}", (NEW, OLD)),
        (f" {NEW} , {OLD} ", (NEW, OLD)),
        (f"{NEW} {OLD}", (NEW, OLD)),
        (f"{NEW}\n{OLD}\n", (NEW, OLD)),
        (f"{NEW}, a pass phrase of several, no less, I say", (NEW, "a pass phrase of several, no less, I say")),
        ("a pass phrase of several words is one secret, no", ("a pass phrase of several words is one secret, no",)),
        (f"{NEW},", (NEW,)),
        (f"{NEW}, a pass phrase of several words is one", (NEW, "a pass phrase of several words is one")),
        ("a pass phrase of several words is one secret", ("a pass phrase of several words is one secret",)),
    ],
)
def test_secrets_of_a_setting(setting: str, secrets: tuple[str, ...]) -> None:
    """A comma or white space parts secrets that are long enough; each is recognised, and so is the whole text."""
    found = secrets_in(setting)
    assert found[0] == secrets[0]
    assert {*secrets, setting} <= set(found)


def test_an_older_secret_that_looks_like_two() -> None:
    """A single secret of an earlier version that comes apart by this rule is still recognised."""
    older = f"{'a' * 40},{'b' * 40}"
    made = hmac.new(older.encode(), b"purpose", hashlib.sha256).digest()
    assert made in Derived(older).of("purpose")


def test_first_makes_each_recognises() -> None:
    """What was made with a former secret is recognised behind a new one, and only there; purposes are apart."""
    (made,) = Derived(OLD).texts("purpose")
    both = Derived(f"{NEW}, {OLD}")
    assert Derived(NEW).texts("purpose")[0] == both.texts("purpose")[0] != made
    assert both.recognises("purpose", made)
    assert not both.recognises("another", made)
    assert not Derived(NEW).recognises("purpose", made)
    assert not both.recognises("purpose", "\ud800")


def test_a_key_is_found_by_its_id() -> None:
    """What left the house under a former secret names its key; another purpose, or another secret, has other ids."""
    ((name, key),) = Derived(OLD).named("sessions").items()
    both = Derived(f"{NEW}, {OLD}").named("sessions")
    assert (key, Derived(NEW).of("sessions")[0]) == (both[name], next(iter(both.values())))
    assert name not in {*Derived(NEW).named("sessions"), *Derived(OLD).named("api keys")}
    assert name not in key.hex()


def test_buttons_under_a_former_secret() -> None:
    """A card that was sent under the former secret can be decided on as long as that secret is there."""
    made = Seals(OLD).of(1, "approve", 2, "telegram", "3")
    both = Seals(f"{NEW}, {OLD}")
    assert both.is_genuine(made, 1, "approve", 2, "telegram", "3")
    assert not both.is_genuine(made, 1, "approve", 2, "telegram", "4")
    assert not Seals(NEW).is_genuine(made, 1, "approve", 2, "telegram", "3")
    assert both.of(1, "approve", 2, "telegram", "3") == Seals(NEW).of(1, "approve", 2, "telegram", "3")


@pytest.mark.parametrize(
    ("named", "what", "round_", "channel", "account"),
    [
        (short(2), "a", 0, "telegram", "3"),
        (short(1), "r", 0, "telegram", "3"),
        (short(1), "a", 1, "telegram", "3"),
        (short(1), "a", 0, "bitrix24", "3"),
        (short(1), "a", 0, "telegram", "4"),
        ("", "a", 0, "telegram", "3"),
        ("не наше", "a", 0, "telegram", "3"),
    ],
)
def test_a_button_opens_for_whom_it_was_made(named: str, what: str, round_: int, channel: str, account: str) -> None:
    """E37: with another seat, action, round, channel or account it is answered like an unknown request."""
    seals = Seals(OLD)
    seal = seals.of(1, "a", 0, "telegram", "3")
    assert seals.opened(short(1), seal, "a", 0, "telegram", "3") == 1
    with pytest.raises(UnknownRequest):
        seals.opened(named, seal, what, round_, channel, account)
