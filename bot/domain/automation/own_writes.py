"""Whether what happened to an object is what an errand of ours had written: from that no rule follows.

A portal tells of our own writes as it does of others'. What somebody changed besides is theirs, and counts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from bot.domain.automation.change import ObjectChange
from bot.domain.automation.comparing import BESIDE
from bot.domain.automation.errand import Errand, ErrandKind

_MAKES: Final = frozenset({ErrandKind.CRM_ADD, ErrandKind.TASK_ADD})
_STATES: Final[Mapping[ErrandKind, tuple[str, ...]]] = {
    ErrandKind.TASK_COMPLETE: ("4", "5"),
    ErrandKind.TASK_APPROVE: ("5",),
    ErrandKind.TASK_DISAPPROVE: ("2", "3"),
}
_FOLLOWS: Final = frozenset(
    {"stageSemanticId", "categoryId", "closed", "closedate", "closedDate", "closedBy", "opened", "isManualOpportunity"}
)
"""Fields that the portal changes by itself with others."""
_DATES: Final = frozenset({"deadline", "startDatePlan", "endDatePlan"})
"""Written in one way and told in another."""


def own_of(errands: Iterable[Errand], name: str) -> list[Errand]:
    """Return the errands that made or wrote the object of that stored name, or may have."""
    return [each for each in errands if name in (each.result.get("object"), each.form.get("object"))]


def is_own(change: ObjectChange, errands: Iterable[Errand]) -> bool:
    """Say whether a change is what these errands wrote, and nothing else."""
    mine = own_of(errands, str(change.ref))
    if change.what == "deleted" or not mine:
        return False
    if change.what == "added":
        return len(change.moves) <= 1 and any(each.kind in _MAKES for each in mine)
    names = change.changed - BESIDE - _FOLLOWS
    if not names and not change.moves:
        return False
    wrote = [(each, _wrote(each)) for each in mine]
    if not all(_is_written(each, change.after.get(each), wrote) for each in names):
        return False
    stages = [(each, marks["stageId"]) for each, marks in wrote if "stageId" in marks]
    for move in change.moves:
        ours = next((each for each in stages if mark_of(each[0], move.stage) in each[1]), None)
        if ours is None:
            return False
        stages.remove(ours)
    return True


def marks_of(errand: Errand) -> dict[str, list[str]]:
    """Return by what the values are known again that an errand writes, when the values themselves are not kept."""
    return {name: [mark_of(errand, each) for each in values] for name, values in _writes(errand).items()}


def mark_of(errand: Errand, value: Any) -> str:
    """Return by what a value is known again; of each errand another, so that they tell nothing together."""
    return sha256(f"{errand.id}|{_plain(value)}".encode()).hexdigest()[:16]


def _wrote(errand: Errand) -> Mapping[str, Sequence[str]]:
    kept = errand.form.get("wrote")
    return kept if isinstance(kept, Mapping) else marks_of(errand)


def _writes(errand: Errand) -> dict[str, list[Any]]:
    if errand.kind in _STATES:
        return {"status": list(_STATES[errand.kind])}
    fields = errand.form.get("fields")
    named = fields if isinstance(fields, Mapping) else {}
    if errand.kind is ErrandKind.TASK_UPDATE:
        return {_camel(str(name)): [value] for name, value in named.items()}
    return {str(name): [value] for name, value in named.items()} if errand.kind is ErrandKind.CRM_UPDATE else {}


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name.lower())


def _is_written(name: str, value: Any, wrote: Iterable[tuple[Errand, Mapping[str, Sequence[str]]]]) -> bool:
    return any(name in marks and (name in _DATES or mark_of(errand, value) in marks[name]) for errand, marks in wrote)


def _plain(value: Any) -> str:
    """Return a value in one way of writing, for a portal has its own for numbers and flags."""
    if isinstance(value, list | tuple):
        return ",".join(map(_plain, value))
    try:
        return f"{float(value):.4f}"
    except (TypeError, ValueError):
        return "" if value is None else str(value).strip()
