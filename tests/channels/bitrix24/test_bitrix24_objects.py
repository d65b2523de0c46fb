"""Deals as requests name them: read natively, in time, and not asked for again where nobody gave us the right."""

from typing import Any

import pytest

from bot.channels.bitrix24.objects import NOT_ALLOWED_FOR, Objects
from bot.ports import PortalObject
from tests.channels.bitrix24.doubles import scripted

ITEM: dict[str, Any] = {
    "id": 4711, "title": " Поставка\n кофе ", "opportunity": 400000.0, "currencyId": "RUB", "assignedById": 3,
    "createdBy": 3, "updatedBy": 7, "movedBy": 0, "observers": [9, "12"], "stageId": "NEW",
}  # fmt: skip


async def test_a_deal() -> None:
    """By the universal method: its title in one line, a whole sum, and everybody who has to do with it."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [{"result": {"item": ITEM}}]
        found = await Objects(client, "portal").read("deal", 4711)
        people = frozenset({"3", "7", "9", "12"})
        assert found == PortalObject("deal", 4711, "Поставка кофе", 400_000, "RUB", people, "3")
        assert portal.asked == [("crm.item.get", {"entityTypeId": 2, "id": 4711})]


@pytest.mark.parametrize(
    ("amount", "read", "currency"),
    [(0, None, ""), (None, None, ""), ("12", None, ""), (True, None, ""), (-5, None, ""), (1250.5, 1250.5, "RUB")],
)
async def test_amounts(amount: Any, read: float | None, currency: str) -> None:
    """What is no sum above nothing is none."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [{"result": {"item": {**ITEM, "opportunity": amount}}}]
        found = await Objects(client, "portal").read("deal", 4711)
        assert found is not None
        assert (found.amount, found.currency) == (read, currency)


@pytest.mark.parametrize(
    "answer",
    [
        {"result": {"item": {**ITEM, "id": 1}}},
        {"result": []},
        (400, {"error": "NOT_FOUND"}),
        (400, {"error": "ACCESS_DENIED"}),
        (200, "<html>"),
    ],
)
async def test_what_is_not_there(answer: Any) -> None:
    """Another object, none, a refusal, a page of HTML: nothing is read, and nothing falls."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [answer]
        assert await Objects(client, "portal").read("deal", 4711) is None


async def test_without_the_right() -> None:
    """A portal whose webhook has no `crm` is not asked for each request, but is asked again later."""
    now = [0.0]
    async with scripted() as (portal, client, _, _):
        objects = Objects(client, "portal", monotonic=lambda: now[0])
        portal.answers = [(403, {"error": "insufficient_scope"}), {"result": {"item": ITEM}}]
        assert await objects.read("deal", 4711) is None
        assert await objects.read("deal", 4711) is None
        assert len(portal.asked) == 1
        now[0] = NOT_ALLOWED_FOR
        assert await objects.read("deal", 4711) is not None
