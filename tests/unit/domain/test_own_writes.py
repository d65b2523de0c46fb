"""What an errand of ours had written is ours; what somebody did besides, or afterwards, is not."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.own_writes import is_own, marks_of
from bot.domain.automation.portal_object import ObjectRef

NOW = datetime(2026, 7, 13, 9, 0, tzinfo=UTC)
DEAL, TASK = ObjectRef("deal", 12), ObjectRef("task", 7)


def errand(kind: ErrandKind, ref: ObjectRef = DEAL, **fields: Any) -> Errand:
    """Return an errand that was done."""
    form = {"object": str(ref), "fields": fields}
    return Errand(1, 1, kind, form, "key", "rule:a:1", NOW, state=ErrandState.DONE, result={"object": str(ref)})


def change(before: dict[str, Any], after: dict[str, Any], *moves: str, ref: ObjectRef = DEAL) -> ObjectChange:
    """Return a change."""
    told = tuple(Move(stage, NOW, number) for number, stage in enumerate(moves, 1))
    return ObjectChange(ref, "changed", before, after, NOW, told)


MOVED = change({"stageId": "NEW", "stageSemanticId": "P"}, {"stageId": "WON", "stageSemanticId": "S"}, "WON")


@pytest.mark.parametrize(
    ("happened", "errands", "ours"),
    [
        (MOVED, [errand(ErrandKind.CRM_UPDATE, stageId="WON")], True),
        (MOVED, [], False),
        (MOVED, [errand(ErrandKind.CRM_UPDATE, stageId="LOSE")], False),
        (MOVED, [errand(ErrandKind.CRM_UPDATE, ObjectRef("deal", 13), stageId="WON")], False),
        (MOVED, [errand(ErrandKind.TIMELINE_COMMENT)], False),
        (
            change({"stageId": "NEW", "title": "a"}, {"stageId": "WON", "title": "b"}, "WON"),
            [errand(ErrandKind.CRM_UPDATE, stageId="WON")],
            False,
        ),
        (change({"stageId": "NEW"}, {"stageId": "WON"}, "EXECUTING", "WON"),
         [errand(ErrandKind.CRM_UPDATE, stageId="WON")], False),
        (change({"stageId": "WON"}, {"stageId": "WON"}, "NEW", "WON"), [errand(ErrandKind.CRM_UPDATE, stageId="WON")],
         False),
        (change({"opportunity": 1.0}, {"opportunity": 7.0}), [errand(ErrandKind.CRM_UPDATE, opportunity="7")], True),
        (change({"opportunity": 1.0}, {"opportunity": 8.0}), [errand(ErrandKind.CRM_UPDATE, opportunity="7")], False),
        (
            change({"status": "2"}, {"status": "5", "closedDate": "now", "closedBy": "1"}, ref=TASK),
            [errand(ErrandKind.TASK_COMPLETE, TASK)],
            True,
        ),
        (
            change({"responsibleId": "2"}, {"responsibleId": "3"}, ref=TASK),
            [errand(ErrandKind.TASK_UPDATE, TASK, RESPONSIBLE_ID=3)],
            True,
        ),
        (ObjectChange(DEAL, "added", {}, {"title": "a"}, NOW), [errand(ErrandKind.CRM_ADD)], True),
        (
            ObjectChange(DEAL, "added", {}, {"title": "a"}, NOW, (Move("NEW", NOW, 1), Move("WON", NOW, 2))),
            [errand(ErrandKind.CRM_ADD)],
            False,
        ),
        (ObjectChange(DEAL, "deleted", {"title": "a"}, {}, NOW), [errand(ErrandKind.CRM_ADD)], False),
    ],
)  # fmt: skip
def test_whose_it_is(happened: ObjectChange, errands: list[Errand], *, ours: bool) -> None:
    """By the object, the fields and the values; each move has to be one that we made."""
    assert ours == is_own(happened, errands)
    kept = [replace(each, form={"object": each.form["object"], "wrote": marks_of(each)}) for each in errands]
    assert ours == is_own(happened, kept)  # as they are kept, without the values
