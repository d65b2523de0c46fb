"""Brought into a group chat, the bot says there what it is for; hours are told in private alone."""

from typing import Any, cast

import pytest

from tests.people import Company, Person

GROUP = "chat77"


@pytest.fixture
def channel() -> str:
    """Groups are the portal's: in Telegram the bot is spoken with in private."""
    return "bitrix24"


async def test_brought_into_a_group(company: Company, anna: Person) -> None:
    """Two sentences in the group, no buttons, and nothing in the private chat."""
    group = Person(company, 0, "bitrix24", GROUP, "Продажи")
    company.people["bitrix24", GROUP] = group
    told = {"eventId": 4711, "type": "ONIMBOTV2JOINCHAT", "date": company.clock.now().isoformat()}
    data = cast("dict[str, Any]", company._bitrix24(anna))
    data |= {"dialogId": GROUP, "chat": {"id": 77, "dialogId": GROUP, "type": "chat"}}
    for _ in range(2):  # delivered twice, it is told once
        await company.deliver("bitrix24", {**told, "data": data})
    await company.settle()
    [said] = group.shown
    assert "Я веду рабочее время и согласования" in said
    assert [] == group.buttons
    assert [] == anna.shown
