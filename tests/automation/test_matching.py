"""Which rules hold for what happened: each move counts once, nothing holds for what we wrote or what did not change."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.automation.change import ObjectChange
from bot.domain.automation.matching import matches
from bot.domain.automation.placeholders import filled, value_of
from bot.domain.automation.portal_object import ObjectRef
from tests.automation.making import NOW, change, cmp, rule

X, Y = "CONTRACT", "NEW"
ABOVE = {"when": cmp("opportunity", "ge", 100)}


def count(made: ObjectChange, **changed: Any) -> int:
    """Return how often a rule holds for a change."""
    return len(matches([rule(**changed)], made))


@pytest.mark.parametrize(
    ("expected", "made"),
    [
        (1, change({"stageId": Y}, {"stageId": X}, X)),
        (1, change({"stageId": Y}, {"stageId": X})),
        (0, change({"stageId": X}, {"stageId": X, "title": "b"})),
        (0, change({"stageId": X}, {"stageId": Y}, Y)),
        (2, change({"stageId": Y}, {"stageId": X}, X, Y, X)),
        (1, change({"stageId": X}, {"stageId": X}, Y, X)),
        (1, change({"stageId": Y}, {"stageId": Y}, X, Y)),
        (1, change({"stageId": Y}, {"stageId": X}, Y)),
        (0, change(None, {"stageId": X})),
        (1, change(None, {"stageId": X}, X)),
        (1, change(None, {"stageId": X}, what="added")),
        (1, change(None, {"stageId": X}, Y, X, what="added")),
        (0, change({"stageId": Y}, {"stageId": X}, X, is_own=True)),
        (0, change({"stageId": X}, {}, what="deleted")),
    ],
    ids=[
        "moved", "moved, with no history", "touched while there", "left", "there and back and there",
        "left and back between two looks", "through it", "history ends before the last move",
        "first seen there", "first seen as it moves", "made there", "made elsewhere, then moved",
        "what we wrote", "deleted there",
    ],
)  # fmt: skip
def test_came_to_a_stage(expected: int, made: ObjectChange) -> None:
    """Coming to a stage counts each time, standing there never."""
    assert expected == count(made)


@pytest.mark.parametrize(
    ("expected", "made"),
    [
        (1, change({"opportunity": 50}, {"opportunity": 200})),
        (0, change({"opportunity": 150}, {"opportunity": 200})),
        (0, change({"opportunity": 200}, {"opportunity": 50})),
        (1, change({"opportunity": 50, "stageId": Y}, {"opportunity": 200, "stageId": Y}, X, Y)),
        (1, change(None, {"opportunity": 200, "stageId": Y}, what="added")),
        (0, change(None, {"opportunity": 200, "stageId": Y}, Y)),
        (0, change({"stageId": Y}, {"opportunity": 200, "stageId": Y})),
        (0, change({"opportunity": "a"}, {"opportunity": "200"})),
    ],
    ids=[
        "passed",
        "above before",
        "fell",
        "passed beside two moves",
        "made above",
        "first seen above",
        "not looked at before",
        "a text",
    ],
)
def test_came_above_a_sum(expected: int, made: ObjectChange) -> None:
    """A condition without “changed” holds when it comes true, once a change, however many moves were in it."""
    assert expected == count(made, **ABOVE)


def test_changed_fields() -> None:
    """“Changed” is about old and new values; a new object has changed in nothing but where it stands."""
    owner = {"when": cmp("assignedById", "changed")}
    assert 1 == count(change({"assignedById": 1}, {"assignedById": 2}), **owner)
    assert 0 == count(change({"assignedById": 1, "a": 1}, {"assignedById": 1, "a": 2}), **owner)
    assert 0 == count(change(None, {"assignedById": 1}, what="added"), **owner)
    both = {"op": "and", "args": [cmp("stageId", "changed"), cmp("opportunity", "ge", 100)]}
    assert 2 == count(change({"stageId": Y}, {"stageId": Y, "opportunity": 200}, X, Y), when=both)


def test_other_events_and_objects() -> None:
    """Added and deleted are looked for by themselves; other kinds and types are none of a rule's."""
    assert 1 == count(change(None, {"stageId": X}, what="added"), event="added", when=None)
    assert 0 == count(change({"a": 1}, {"a": 2}), event="added", when=None)
    assert 1 == count(change({"stageId": X}, None, what="deleted"), event="deleted", do=[{"do": "tell_request"}])
    assert 0 == count(change({"stageId": Y}, None, what="deleted"), event="deleted", do=[{"do": "tell_request"}])
    moved = change({"stageId": Y}, {"stageId": X}, X, ref=ObjectRef("smart_process", 1, 171))
    assert [0, 1, 0] == [
        count(moved),
        count(moved, object={"kind": "smart_process", "type_id": 171}),
        count(moved, object={"kind": "smart_process", "type_id": 172}),
    ]


def test_what_is_seen_again_is_the_same() -> None:
    """A later look that tells a move again names it alike; each move has a name of its own, within a second too."""
    first = matches([rule()], change({"stageId": Y}, {"stageId": X}, X, Y, X))
    again = matches([rule()], change(None, {"stageId": X, "title": "b"}, X, Y, X))
    assert [each.occurrence for each in first] == [each.occurrence for each in again]
    assert 2 == len({each.occurrence for each in first})
    at_once = change({"stageId": Y}, {"stageId": X}, X, Y, X)
    at_once = change(
        {"stageId": Y}, {"stageId": X}, moves=tuple(type(at_once.moves[0])(e.stage, NOW) for e in at_once.moves)
    )
    assert 2 == len({each.occurrence for each in matches([rule()], at_once)})


def test_the_same_change_twice_and_another_like_it() -> None:
    """What is no move goes by the portal's own instant: read twice it is one, done again it is another."""
    one = change({"opportunity": 50}, {"opportunity": 200, "updatedTime": "2026-07-13T09:00:00+03:00"})
    later = change(
        {"opportunity": 50},
        {"opportunity": 200, "updatedTime": "2026-07-13T10:00:00+03:00"},
        at=NOW + timedelta(hours=1),
    )
    reread = change(one.before, one.after, at=NOW + timedelta(minutes=5))
    [a], [b], [c] = (matches([rule(**ABOVE)], each) for each in (one, reread, later))
    assert (a.occurrence == b.occurrence, a.occurrence == c.occurrence) == (True, False)


def test_matches_come_in_the_order_of_the_moves() -> None:
    """Of two rules the one whose stage was reached first is first, whatever their keys."""
    rules = [rule(key="later"), rule(key="sooner", when=cmp("stageId", "eq", Y))]
    found = matches(rules, change({"stageId": "A"}, {"stageId": X}, Y, X))
    assert ["sooner", "later"] == [each.rule.key for each in found]
    assert [Y, X] == [each.values["stageId"] for each in found]
    assert 4711 == found[0].values["id"]


def test_values_are_put_in_as_they_are() -> None:
    """A value is no template: places in it stay letters, and line breaks and control characters go."""
    values = {"title": "{opportunity} [b]x[/b]\n\x00<i>", "opportunity": 1250.0, "none": None, "tags": ["a", 2]}
    assert "Call {opportunity} [b]x[/b] <i>!" == filled("Call {title}!", values)
    assert ("1250", "", "a, 2") == tuple(filled(f"{{{each}}}", values) for each in ("opportunity", "none", "tags"))
    assert 1250.0 == value_of("{opportunity}", values)
    assert "1250 RUB" == value_of("{opportunity} RUB", values)
    assert (True, 5) == (value_of(True, values), value_of(5, values))
    assert "{not a place} {}" == filled("{not a place} {}", values)
