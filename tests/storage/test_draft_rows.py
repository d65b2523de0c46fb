"""A template's draft is written by one at a time; examples are kept until they are dropped."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approvals.drafts import TemplateDraft, TemplateExample
from bot.ports import Conflict
from storage import Database
from tests.storage.given import NOW, given, person

FIRST = TemplateDraft(1, "contract", '{"титул": "Договор"}', 2, 1, NOW, 10)
EXAMPLE = TemplateExample(1, "contract", 7, 10, '{"amount": 1}', NOW, "[]", NOW, 10)


async def _put(storage: Database, before: TemplateDraft | None, after: TemplateDraft) -> None:
    async with storage.unit_of_work() as unit:
        unit.template_drafts.put(before, after)
        assert after == await unit.template_drafts.get(1, "contract")
        await unit.commit()


async def test_one_writes_at_a_time(storage: Database) -> None:
    """Of two who changed the same draft the second has a conflict, whether it was there before or not."""
    await given(storage, person(10))
    await _put(storage, None, FIRST)
    with pytest.raises(Conflict):
        await _put(storage, None, replace(FIRST, document="[]"))
    second = replace(FIRST, document="", version=2, changed_at=NOW + timedelta(hours=1))
    await _put(storage, FIRST, second)
    with pytest.raises(Conflict):
        await _put(storage, FIRST, replace(FIRST, version=2))
    unit = storage.unit_of_work()
    assert {"contract": second} == await unit.template_drafts.of_portal(1)
    assert (False, None) == (second.is_open, await unit.template_drafts.get(2, "contract"))


async def test_examples(storage: Database) -> None:
    """They are read oldest first, tell what came of them last, and go."""
    await given(storage, person(10))
    for change in ("add_example", "put_example", "drop_example"):
        async with storage.unit_of_work() as unit:
            getattr(unit.template_drafts, change)(replace(EXAMPLE, seen="[1]" if change == "put_example" else "[]"))
            await unit.commit()
        found = await storage.unit_of_work().template_drafts.examples(1, "contract")
        seen = {"add_example": ["[]"], "put_example": ["[1]"], "drop_example": []}
        assert seen[change] == [each.seen for each in found]
