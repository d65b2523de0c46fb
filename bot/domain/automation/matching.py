"""Which rules hold for what happened to an object. Pure: the same change and rules, the same matches.

A change that was seen once may have been several moves: each stage that the object came to is a step of its own, with
all other fields as they are now; what else changed counts in the last step alone, for when it changed nobody knows.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from bot.domain.approvals.condition import comparisons, holds
from bot.domain.approvals.values import canonical
from bot.domain.automation.change import ObjectChange
from bot.domain.automation.comparing import BESIDE
from bot.domain.automation.rule import AutomationRule, RuleObject, stage_field

_WHEN_CHANGED = ("updatedTime", "changedDate")


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that holds for one step of a change."""

    rule: AutomationRule
    change: ObjectChange
    values: Mapping[str, Any]
    """The object's fields as they were in that step, its number as `id` among them."""
    occurrence: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Step:
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    stage: str
    """The stage that was come to in it; "" where it is no move."""
    at: datetime
    is_creation: bool = False
    again: int = 0
    """How many moves to that stage in that second went before: portals tell seconds."""
    number: int = 0
    """The portal's number of the move, where it is known."""


def concerns(watched: RuleObject, change: ObjectChange) -> bool:
    """Say whether a rule looks at objects of this kind."""
    return (watched.kind, watched.type_id) == (change.ref.kind, change.ref.type_id)


def matches(rules: Iterable[AutomationRule], change: ObjectChange) -> tuple[Match, ...]:
    """Return what follows from a change by which rules, oldest move first; nothing from what we wrote ourselves."""
    if change.is_own:
        return ()
    mine = [each for each in rules if concerns(each.object, change)]
    steps = tuple(_told_apart(_steps(change))) if change.what != "deleted" else ()
    found = [match for each in mine for match in _matches(each, change, steps)]
    return tuple(sorted(found, key=lambda each: each.at))


def _matches(rule: AutomationRule, change: ObjectChange, steps: Iterable[_Step]) -> Iterator[Match]:
    match rule.event, change.what:
        case "added", "added":
            if rule.when is None or holds(rule.when, change.after, {}):
                yield _match(rule, change, change.after, "added", change.at)
        case "deleted", "deleted":
            if rule.when is None or (change.before and holds(rule.when, change.before, change.before)):
                yield _match(rule, change, change.before, "deleted", change.at)
        case "changed", "added" | "changed":
            for step in steps:
                if _comes_true(rule, step):
                    yield _match(rule, change, step.after, _occurrence(rule, change, step), step.at)


def _match(
    rule: AutomationRule, change: ObjectChange, values: Mapping[str, Any], occurrence: str, at: datetime
) -> Match:
    return Match(rule, change, {**values, "id": change.ref.number}, occurrence, at)


def _comes_true(rule: AutomationRule, step: _Step) -> bool:
    """Say whether a rule about changes holds for a step.

    A condition without “changed” holds when it comes true: a deal that stays above a sum does not pass it again. With
    no condition every change of what is there counts, and its creation is none; with “changed” a new object has come
    to its first stage, and nothing else of it has changed.
    """
    if rule.when is None:
        return not step.is_creation and _what_counts(step.before) != _what_counts(step.after)
    if any(each.test == "changed" for each in comparisons(rule.when)):
        before = {**step.after, rule.stage_field: None} if step.is_creation else step.before
        return holds(rule.when, step.after, before)
    return holds(rule.when, step.after, step.before) and not holds(rule.when, step.before, step.before)


def _what_counts(fields: Mapping[str, Any]) -> Any:
    return canonical({name: value for name, value in fields.items() if name not in BESIDE})


def _steps(change: ObjectChange) -> Iterator[_Step]:
    """Yield the steps of which a change is made."""
    field = stage_field(change.ref.kind)
    after = dict(change.after)
    was = change.before.get(field)
    reached = [(each.stage, each.at, each.number) for each in change.moves]
    counted = {number for number, each in enumerate(change.moves) if each.is_counted}
    present = after.get(field)
    is_known = bool(reached) or field in change.before
    if present is not None and is_known and (reached[-1][0] if reached else was) != present:
        reached.append((str(present), _moved_at(change), 0))
    if change.what == "added":
        yield from _of_creation(change, field, reached)
        return
    # What was not seen before, of a field or of the whole, nobody knows: it counts as what it is now.
    rest = {**after, **change.before}
    for number, (stage, at, known_as) in enumerate(reached):
        is_last = number == len(reached) - 1
        if number in counted:
            if is_last and _what_counts({**rest, field: None}) != _what_counts({**after, field: None}):
                yield _Step({**rest, field: present}, after, "", change.at)  # what else changed since
            was = stage
            continue
        before = {**(rest if is_last else after), field: was}
        yield _Step(before, {**after, field: present if is_last else stage}, stage, at, number=known_as)
        was = stage
    if not reached and change.before:
        yield _Step(rest, after, "", change.at)


def _told_apart(steps: Iterable[_Step]) -> Iterator[_Step]:
    """Yield the steps, of moves to one stage in one second the later ones with their number."""
    seen: dict[tuple[str, int], int] = {}
    for each in steps:
        place = each.stage, int(each.at.timestamp())
        seen[place] = seen.get(place, -1) + 1
        yield replace(each, again=seen[place])


def _of_creation(change: ObjectChange, field: str, reached: list[tuple[str, datetime, int]]) -> Iterator[_Step]:
    """Yield the steps of a new object: coming to its first stage is one, with every other field as it is."""
    first = reached[0][0] if reached else change.after.get(field)
    at = reached[0][1] if reached else change.at
    was: Any = None
    created = {**change.after, field: first}
    yield _Step({}, created, str(first or ""), at, is_creation=True, number=reached[0][2] if reached else 0)
    was = first
    for stage, moved_at, known_as in reached[1:]:
        yield _Step({**change.after, field: was}, {**change.after, field: stage}, stage, moved_at, number=known_as)
        was = stage


def _occurrence(rule: AutomationRule, change: ObjectChange, step: _Step) -> str:
    """Name the step, so that whoever sees it again names it alike.

    A move is named by its stage and instant, and by the portal's number where that is known. What is no move by its
    instant on the portal and the values that the rule looks at: with the object's other fields it may be read twice.
    """
    looks_at_stage = rule.when is None or rule.stage_field in {each.field for each in comparisons(rule.when)}
    if step.stage and looks_at_stage and step.number:
        return f"{step.stage}@{int(step.at.timestamp())}/{step.number}"
    if step.stage and looks_at_stage:
        return f"{step.stage}@{int(step.at.timestamp())}" + (f"#{step.again}" if step.again else "")
    named = sorted({each.field for each in comparisons(rule.when)}) or sorted(change.changed)
    told = repr([(name, canonical(step.before.get(name)), canonical(step.after.get(name))) for name in named])
    when = next((str(change.after[each]) for each in _WHEN_CHANGED if change.after.get(each)), change.at.isoformat())
    return sha256(f"{when}|{told}".encode()).hexdigest()[:24]


def _moved_at(change: ObjectChange) -> datetime:
    """Return when an object came to where it is, as the portal tells it."""
    try:
        told = datetime.fromisoformat(str(change.after.get("movedTime")))
    except ValueError:
        return change.at
    return told if told.tzinfo is not None else change.at
