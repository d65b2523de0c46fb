"""What happened to an object of a portal between two looks, by the rules of what a portal tells and what it keeps."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.comparing import Look, compare, needs_history
from bot.domain.automation.matching import matches
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import Actor, FamilyWatch, Sighting
from tests.automation.making import rule

NOW = datetime(2026, 7, 13, 9, 0, tzinfo=UTC)
DEAL, TASK = ObjectRef("deal", 12), ObjectRef("task", 7)
WATCH = FamilyWatch(1, "deal", 10, 100, NOW)
FIELDS: dict[str, Any] = {
    "id": 12,
    "title": "Boxes",
    "stageId": "NEW",
    "opportunity": 100,
    "assignedById": 3,
    "createdBy": 2,
    "updatedBy": 2,
    "movedBy": 2,
    "movedTime": "2026-07-13T09:00:00+03:00",
    "updatedTime": "2026-07-13T09:00:00+03:00",
    "comments": "a book",
}
NONE: frozenset[str] = frozenset()


def seen(last_move: int = 101, **changed: Any) -> Sighting:
    """Return how the deal was."""
    found = compare(Look(DEAL, {**FIELDS, **changed}, NOW, [Move("NEW", NOW, last_move)]), 1, None, WATCH, NONE)
    assert found.sighting is not None
    return found.sighting


def now(actor: Actor = Actor.PERSON, moves: Any = (), **changed: Any) -> Look:
    """Return how the deal is."""
    return Look(DEAL, {**FIELDS, **changed}, NOW, moves, actor)


def happened(look: Look, before: Sighting | None, *, watched: frozenset[str] = NONE) -> ObjectChange | None:
    """Return what happened to it."""
    return compare(look, 1, before, WATCH, watched).change


def test_what_is_not_different_is_no_change() -> None:
    """The same value, written in another way, and times at which nothing changed."""
    same = now(opportunity=100.0, updatedTime="later", updatedBy=9, lastActivityTime="later", comments="another book")
    assert None is happened(same, seen())


def test_a_new_object() -> None:
    """One with a number above what was there when the watch began was added; so every stage it came to counts."""
    moves = [Move("NEW", NOW, 101), Move("CONTRACT", NOW, 102)]
    change = happened(now(stageId="CONTRACT", moves=moves), None)
    assert change is not None
    assert ("added", {}, "2", {"2"}) == (change.what, change.before, change.by, change.authors)
    assert ["NEW", "CONTRACT"] == [each.stage for each in change.moves]


def test_an_old_object_that_was_never_seen() -> None:
    """It was there before; only moves since the watch began count."""
    old = ObjectRef("deal", 4)
    look = Look(old, {**FIELDS, "id": 4}, NOW, [Move("NEW", NOW, 90), Move("CONTRACT", NOW, 103)])
    change = compare(look, 1, None, WATCH, NONE).change
    assert change is not None
    assert ("changed", ["CONTRACT"]) == (change.what, [each.stage for each in change.moves])


def test_two_moves_between_two_looks_are_two() -> None:
    """There and back again is no difference of fields, and two moves all the same."""
    moves = [Move("NEW", NOW, 101), Move("CONTRACT", NOW, 105), Move("NEW", NOW, 106)]
    change = happened(now(movedTime="later", movedBy=5, moves=moves), seen())
    assert change is not None
    assert (["CONTRACT", "NEW"], "5", {"5"}) == ([each.stage for each in change.moves], change.by, change.authors)
    again = compare(now(movedTime="later", moves=moves), 1, seen(106, movedTime="later"), WATCH, NONE)
    assert None is again.change


def test_a_move_that_the_history_does_not_have() -> None:
    """The stage is another one: that is one move."""
    change = happened(now(stageId="WON", movedBy=5, updatedBy=6), seen())
    assert change is not None
    assert (["WON"], "5", {"5", "6"}) == ([each.stage for each in change.moves], change.by, change.authors)


def test_who_changed_it() -> None:
    """Not moved: who changed it last. A robot: who is responsible, and nobody is an author."""
    change = happened(now(opportunity=200, movedBy=5, updatedBy=6), seen())
    assert change is not None
    assert ("6", {"6"}, {"opportunity"}) == (change.by, change.authors, change.changed - {"movedBy", "updatedBy"})
    robot = happened(now(Actor.ROBOT, stageId="WON", movedBy=5, updatedBy=6), seen())
    assert robot is not None
    assert ("3", frozenset()) == (robot.by, robot.authors)
    nobody = happened(now(opportunity=200, updatedBy=0), seen())
    assert nobody is not None
    assert "3" == nobody.by


def test_fields_that_matter_are_kept() -> None:
    """A field that a rule names is compared; one that it names only now is taken to be as it was."""
    watched = frozenset({"ufCrmSum"})
    first = compare(now(ufCrmSum=1), 1, seen(), WATCH, watched)
    assert (None, 1) == (first.change, first.sighting and first.sighting.fields["ufCrmSum"])
    change = happened(now(ufCrmSum=2), first.sighting, watched=watched)
    assert change is not None
    assert {"ufCrmSum"} == change.changed
    gone = happened(now(), first.sighting, watched=watched)
    assert gone is not None
    assert ({"ufCrmSum"}, None) == (gone.changed, gone.after.get("ufCrmSum"))


def test_one_that_is_gone() -> None:
    """Deleted or forbidden: what it was is told, and it is kept no more."""
    found = compare(Look(DEAL, None, NOW), 1, seen(), WATCH, NONE)
    assert found.change is not None
    assert ("deleted", "Boxes", {}) == (found.change.what, found.change.before["title"], found.change.after)
    assert None is found.sighting


def test_a_task() -> None:
    """Its state is a field like others; it has no history of stages."""
    watch = FamilyWatch(1, "task", 0, 0, NOW)
    fields = {"id": "7", "title": "Pack", "status": "2", "responsibleId": "3", "createdBy": "2", "changedBy": "2"}
    first = compare(Look(TASK, fields, NOW), 1, None, watch, NONE)
    assert first.change is not None
    assert ("added", "2", ()) == (first.change.what, first.change.by, first.change.moves)
    done = {**fields, "status": "5", "changedBy": "3", "changedDate": "later"}
    change = compare(Look(TASK, done, NOW + timedelta(hours=1)), 1, first.sighting, watch, NONE).change
    assert change is not None
    assert ({"status", "changedBy"}, "3", {"3"}) == (change.changed, change.by, change.authors)


def test_when_the_history_is_asked() -> None:
    """Only where it may have moved, and there is something to count from."""
    later = {**FIELDS, "updatedTime": "later"}
    assert not needs_history(later, DEAL, seen(), WATCH)
    assert not needs_history({**later, "opportunity": 7}, DEAL, seen(), WATCH)
    assert needs_history(FIELDS, DEAL, seen(), WATCH)  # the last that happened to it may be a move there and back
    assert needs_history({**FIELDS, "movedTime": "later"}, DEAL, seen(), WATCH)
    assert needs_history(FIELDS, DEAL, None, WATCH)
    assert not needs_history(FIELDS, DEAL, None, None)
    assert not needs_history({"status": "2"}, TASK, None, WATCH)


def test_a_move_that_the_history_has_later() -> None:
    """What was made up from another stage is the same move when the history shows it; what comes after it counts."""
    first = compare(now(stageId="WON", movedTime="then"), 1, seen(), WATCH, NONE)
    assert first.sighting is not None
    late = [Move("WON", NOW, 102)]
    look = now(stageId="WON", movedTime="then", updatedTime="later", moves=late)
    again = compare(look, 1, first.sighting, WATCH, NONE)
    assert (None, 102) == (again.change, again.sighting and again.sighting.last_move)


def test_what_only_tells_of_a_change_is_none() -> None:
    """A rule without a condition does not hold for another time or person of the last change alone."""
    before: dict[str, Any] = {"title": "a", "updatedTime": "a", "updatedBy": 2}
    after: dict[str, Any] = {"title": "a", "updatedTime": "b", "updatedBy": 3}
    change = ObjectChange(ObjectRef("deal", 4711), "changed", before, after, NOW)
    assert () == matches([rule(when=None)], change)
    assert 1 == len(matches([rule(when=None)], replace(change, after={**after, "title": "b"})))


def test_several_moves_that_the_history_has_later() -> None:
    """Each move counts once for a rule without a condition: the one that was seen at its end when it was seen."""
    every = rule(when=None, do=[{"do": "tell_request"}])
    first = compare(now(stageId="WON", movedTime="2026-07-13T12:00:00+03:00"), 1, seen(), WATCH, NONE)
    assert first.change is not None
    held = [each.occurrence for each in matches([every], first.change)]
    assert 1 == len(held)
    at = datetime(2026, 7, 13, 9, 0, tzinfo=UTC)
    late = [Move("SENT", at - timedelta(minutes=5), 102), Move("WON", at, 103)]
    second = compare(
        now(stageId="WON", movedTime="2026-07-13T12:00:00+03:00", moves=late), 1, first.sighting, WATCH, NONE
    )
    assert second.change is not None
    assert ["SENT"] == [_stage(each.values) for each in matches([every], second.change)]
    third = compare(
        now(stageId="NEW", movedTime="2026-07-13T12:30:00+03:00", moves=[*late, Move("NEW", NOW, 104)]),
        1, first.sighting, WATCH, NONE,
    )  # fmt: skip
    assert third.change is not None
    assert ["NEW", "SENT"] == sorted(_stage(each.values) for each in matches([every], third.change))


def test_there_and_back_within_the_second_of_the_last_look() -> None:
    """Where the history had the move to the stage it was seen at, both moves count, though no time tells them apart."""
    moves = [Move("WON", NOW, 105), Move("NEW", NOW, 106)]
    change = happened(now(moves=moves), seen())
    assert change is not None
    assert [("WON", False), ("NEW", False)] == [(each.stage, each.is_counted) for each in change.moves]
    before_the_watch = compare(now(), 1, None, replace(WATCH, last_id=50), NONE).sighting
    change = happened(now(moves=moves), before_the_watch)
    assert change is not None
    assert [("WON", False), ("NEW", False)] == [(each.stage, each.is_counted) for each in change.moves]


def test_of_moves_that_come_piece_by_piece_none_counts_again() -> None:
    """What was seen ahead of the history stays so until that has it, also where it shows an earlier one first."""
    then = "2026-07-13T12:00:00+03:00"
    first = compare(now(stageId="WON", movedTime=then), 1, seen(), WATCH, NONE).sighting
    assert first is not None
    assert first.is_ahead
    sent, won = Move("SENT", NOW - timedelta(minutes=5), 102), Move("WON", NOW, 103)
    second = compare(now(stageId="WON", movedTime=then, moves=[sent]), 1, first, WATCH, NONE).sighting
    assert second is not None
    third = compare(now(stageId="WON", movedTime=then, moves=[won]), 1, second, WATCH, NONE)
    assert (None, False) == (third.change, third.sighting and third.sighting.is_ahead)


def test_a_move_between_the_object_and_its_history() -> None:
    """It was read at its stage, and the history shows it moved on: that counts in the next look, and once."""
    then = "2026-07-13T12:00:00+03:00"
    won, sent = Move("WON", NOW, 105), Move("SENT", NOW, 106)
    first = compare(now(stageId="WON", movedTime=then, moves=[won, sent]), 1, seen(), WATCH, NONE)
    assert first.change is not None
    assert first.sighting is not None
    assert ([won], 105, False) == ([*first.change.moves], first.sighting.last_move, first.sighting.is_ahead)
    second = compare(now(stageId="SENT", movedTime=then, moves=[sent]), 1, first.sighting, WATCH, NONE)
    assert second.change is not None
    assert [sent] == [*second.change.moves]


def _stage(values: Any) -> str:
    return str(values["stageId"])
