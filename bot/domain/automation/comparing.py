"""An object as it is beside what we saw of it last: what happened to it meanwhile. One pure function.

A portal's events tell that something happened, never what; several are told of at once, some of none. So everything is
found by comparing: fields by their values, moves between stages by the portal's history, each of which counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.domain.approvals.values import same
from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import Actor, Family, FamilyWatch, Sighting

_OF_CRM: Final = frozenset(
    {
        "title", "stageId", "categoryId", "stageSemanticId", "opportunity", "currencyId", "companyId", "contactId",
        "assignedById", "createdBy", "updatedBy", "movedBy", "createdTime", "updatedTime", "movedTime",
    }
)  # fmt: skip
_OF_TASK: Final = frozenset(
    {
        "title", "status", "priority", "deadline", "responsibleId", "groupId", "stageId", "createdBy", "changedBy",
        "closedBy", "createdDate", "changedDate", "closedDate",
    }
)  # fmt: skip
BESIDE: Final = frozenset(
    {
        "updatedBy", "updatedTime", "movedBy", "movedTime", "changedBy", "changedDate", "lastActivityBy",
        "lastActivityTime", "lastCommunicationTime", "previousStageId", "activityDate", "viewedDate",
    }
)  # fmt: skip
"""Fields that tell of a change and are none."""
_NOBODY: Final = frozenset({"", "0"})


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at an object brought."""

    ref: ObjectRef
    fields: Mapping[str, Any] | None
    """None where it is gone, or none of ours to read any more."""
    at: datetime
    moves: Sequence[Move] = ()
    """Its moves behind the last one that was counted, oldest first."""
    actor: Actor = Actor.UNKNOWN


@dataclass(frozen=True, slots=True)
class Compared:
    """What happened, and what is kept of the object from now on; None for nothing."""

    change: ObjectChange | None
    sighting: Sighting | None


def needs_history(fields: Mapping[str, Any], ref: ObjectRef, seen: Sighting | None, watch: FamilyWatch | None) -> bool:
    """Whether the portal's history is to be asked what happened to an object between two looks."""
    if ref.kind == "task" or "stageId" not in fields or (seen is None and watch is None):
        return False
    # There and back within the second in which it was seen last is no difference.
    is_latest = fields.get("movedTime") == fields.get("updatedTime")
    return (
        seen is None or is_latest or any(fields.get(each) != seen.fields.get(each) for each in ("stageId", "movedTime"))
    )


def listed_fields(family: Family, watched: frozenset[str]) -> frozenset[str]:
    """Return the fields by which a list of what changed tells whether an object is as it was seen."""
    usual = ("title", "status", "responsibleId") if family == "task" else ("title", "stageId", "opportunity")
    return watched.union(usual) - {"id"}


def is_as_seen(listed: Mapping[str, Any], seen: Sighting) -> bool:
    """Whether an object in a list of what changed is as it was when we last looked."""
    return all(same(value, seen.fields.get(name)) for name, value in listed.items())


def counted_up_to(seen: Sighting | None, watch: FamilyWatch | None) -> int:
    """Return the number of the last move that is counted already."""
    return max(seen.last_move if seen else 0, watch.last_move if watch else 0)


def compare(
    look: Look, portal_id: int, seen: Sighting | None, watch: FamilyWatch | None, watched: frozenset[str]
) -> Compared:
    """Return what happened to an object between two looks; `watched` are fields that matter beside the usual ones."""
    if look.fields is None:
        before = {} if seen is None else seen.fields
        return Compared(ObjectChange(look.ref, "deleted", before, {}, look.at), None)
    after = look.fields
    kept = (_OF_TASK if look.ref.kind == "task" else _OF_CRM) | watched
    base = counted_up_to(seen, watch)
    shown = _up_to_the_object(look.moves, after)
    moves = tuple(each for each in shown if each.number > base)
    is_ahead = seen is not None and seen.is_ahead
    if seen is not None and is_ahead:
        moves = _with_counted(moves, seen, after)
        is_ahead = not any(each.is_counted for each in moves)
        moves = () if len(moves) == 1 and not is_ahead else moves
    last = max((each.number for each in shown), default=0)
    sighting = Sighting(
        portal_id, look.ref, {name: after[name] for name in sorted(kept & after.keys())}, max(base, last)
    )
    is_new = seen is None and watch is not None and look.ref.number > watch.last_id
    # What was not kept of it is taken to be as it was.
    before = {} if seen is None else {**after, **seen.fields}
    names = _different(before, after) if seen is not None else frozenset()
    if not moves and (is_new or "stageId" in names) and look.ref.kind != "task" and after.get("stageId"):
        moves = (Move(str(after["stageId"]), look.at),)  # the history does not have it yet, or keeps none
        is_ahead = True
    elif moves:
        is_ahead = moves[-1].stage != after.get("stageId")
    sighting = replace(sighting, is_ahead=is_ahead)
    if seen is not None and not names and not moves:
        return Compared(None, sighting)
    change = ObjectChange(
        look.ref,
        "added" if is_new else "changed",
        before,
        after,
        look.at,
        moves,
        _by(look, after, is_moved=bool(moves)),
        _authors(look, after, is_moved=bool(moves), is_changed=bool(names) or seen is None),
    )
    return Compared(change, sighting)


def _up_to_the_object(moves: Sequence[Move], after: Mapping[str, Any]) -> Sequence[Move]:
    """Leave out what the history shows behind the object's last move: it was made after the object was read.

    The portal tells of it as well, so it counts in the next look.
    """
    stage, moved = after.get("stageId"), after.get("movedTime")
    if not moves or moves[-1].stage == stage:
        return moves
    there = [place for place, each in enumerate(moves, 1) if each.stage == stage and _is_at(each, moved)]
    return moves[: there[-1]] if there else moves


def _with_counted(moves: tuple[Move, ...], seen: Sighting, after: Mapping[str, Any]) -> tuple[Move, ...]:
    """Mark the move that the history shows only now and that counted when the object was seen at its end.

    It is the last one where the object has not moved since, else the one of that instant. Others that come as late as
    it have not counted, and what came after it neither.
    """
    there = [number for number, each in enumerate(moves) if each.stage == seen.fields.get("stageId")]
    moved = seen.fields.get("movedTime")
    if not there or moved is None:
        return moves
    if after.get("movedTime") == moved:
        found = there[-1] if there[-1] == len(moves) - 1 else None
    else:
        found = next((each for each in there if _is_at(moves[each], moved)), None)
    if found is None:
        return moves
    return tuple(replace(each, is_counted=number == found) for number, each in enumerate(moves))


def _is_at(move: Move, told: Any) -> bool:
    try:
        at = datetime.fromisoformat(str(told))
    except ValueError:
        return False
    return at.tzinfo is not None and abs((move.at - at).total_seconds()) < 1


def _different(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    names = (before.keys() | after.keys()) - BESIDE
    return frozenset(each for each in names if not same(before.get(each), after.get(each)))


def _by(look: Look, after: Mapping[str, Any], *, is_moved: bool) -> str:
    """Return the account of whoever did it; for a robot, whoever is responsible."""
    responsible = ("assignedById", "responsibleId")
    if look.actor is Actor.ROBOT:
        return _first(after, *responsible)
    movers = ("movedBy",) if is_moved else ()
    return _first(after, *movers, "updatedBy", "changedBy", *responsible)


def _authors(look: Look, after: Mapping[str, Any], *, is_moved: bool, is_changed: bool) -> frozenset[str]:
    if look.actor is Actor.ROBOT:
        return frozenset()
    names = [*(["movedBy"] if is_moved else []), *(["updatedBy", "changedBy"] if is_changed else [])]
    return frozenset(_account(after.get(each)) for each in names) - {""}


def _first(after: Mapping[str, Any], *names: str) -> str:
    return next(filter(None, (_account(after.get(each)) for each in names)), "")


def _account(value: Any) -> str:
    found = "" if value is None or isinstance(value, bool) else str(value)
    return "" if found in _NOBODY else found
