"""Which fields of a request follow an object of the portal: those that hold what was taken from it, and no others."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from bot.domain.approvals.read_fields import amount_field, title_key
from bot.domain.approvals.route import FormField
from bot.domain.approvals.values import same
from bot.domain.automation.change import ObjectChange
from bot.domain.automation.placeholders import value_of

Source = Mapping[str, Any]
"""What the fields of a request were filled with: by key a value, or a text with places for the object's fields."""
_CLOSED: Final = frozenset({"S", "F"})
_COMPLETED, _AWAITS = "5", "4"
Fate = Literal["gone", "approved", "rejected"]


def of_form(form: Iterable[FormField]) -> Source:
    """Return what a form that names an object is offered of it: its title, and its amount."""
    fields = list(form)
    named = next((each for each in fields if each.type in {"deal", "task"}), None)
    money = amount_field(fields)
    told = {} if named is None else {title_key(named): "{title}"}
    return told if money is None else {**told, money.key: "{opportunity}"}


def moved(subject: Mapping[str, Any], sources: Iterable[Source], change: ObjectChange) -> dict[str, Any]:
    """Return the fields of a request that are another now, because the object is.

    What somebody wrote in another way than the object had it is theirs, and stays (E49: the same value is no change).
    """
    if not change.before:
        return {}
    found: dict[str, Any] = {}
    for source in sources:
        for key, text in source.items():
            before, after = value_of(text, change.before), value_of(text, change.after)
            if key in subject and same(subject[key], before) and not same(before, after) and after is not None:
                found[key] = after
    return found


def fate(change: ObjectChange) -> Fate | None:
    """Return what a change of an object means for requests about it: its end, or a decision on the portal itself.

    A task that waits for its author's word is accepted or sent back there (E19). What is deleted or closed ends what
    was asked about it (E52); what was closed before it was asked about does not.
    """
    if change.what == "deleted":
        return "gone"
    if change.ref.kind == "task":
        was, now = (str(each.get("status", "")) for each in (change.before, change.after))
        if was == _AWAITS and now in {"2", "3"}:
            return "rejected"
        if was in {"", _COMPLETED} or now != _COMPLETED:
            return None
        return "approved" if was == _AWAITS else "gone"
    was, now = (str(each.get("stageSemanticId", "")) for each in (change.before, change.after))
    return "gone" if was and was not in _CLOSED and now in _CLOSED else None
