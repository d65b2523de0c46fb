"""Requests about a deal or a task: what happens to it on the portal is said in them, and ends them where it must."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.dispatch.turn import Occasion
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.comparing import Look
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import BINDING, Hint
from bot.domain.people.employee import Identity
from bot.services.automation.looking import Looking
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.people import Company, Person

DEAL, TASK = ObjectRef("deal", 4711), ObjectRef("task", 7)
SUM: dict[str, Any] = {"key": "amount", "title": {"ru": "Сумма", "en": "Amount"}, "type": "money", "required": True}
FIELDS: dict[str, Any] = {
    "id": 4711, "title": "Кофе", "stageId": "NEW", "stageSemanticId": "P", "opportunity": 400_000.0,
    "assignedById": 1, "updatedBy": 1, "movedBy": 1,
}  # fmt: skip
REWORK = {"rework": {"max_rounds": 2}, "policy": {"watch": ["amount"], "on_change": "rework"}}


def field(kind: str) -> dict[str, Any]:
    """Return the field of a form that names an object."""
    return {"key": kind, "title": {"ru": "Сделка" if kind == "deal" else "Задача"}, "type": kind, "required": True}


async def asks(company: Company, anna: Person, kind: str = "deal", **more: Any) -> None:
    """Let Anna ask about an object by hand; it is looked at for the first time."""
    form = template(stage("head", [HEAD], track={"actions": ["approve", "reject"]}), **more)
    await with_template(company, {**form, "form": [field(kind), SUM]})
    await anna.says("/request")
    await anna.presses("Поездка")
    await anna.says("4711" if kind == "deal" else "7")
    await anna.says("400000")
    await anna.presses("Отправить")


async def looks(company: Company, fields: Mapping[str, Any] | None, ref: ObjectRef = DEAL) -> None:
    """Let the object be looked at, as it is now."""
    async with company.storage.unit_of_work() as uow:
        uow.objects.note(Hint(company.portal.id, str(ref)))
        await uow.commit()
    now = company.clock.now()
    hint = Hint(company.portal.id, str(ref), revision=10)
    await company.undertaking(
        lambda services: services.get(Looking).saw(company.portal.id, hint, Look(ref, fields, now), now), Occasion(now)
    )
    await company.settle()


async def the_request(company: Company) -> RoutedRequest:
    """Return the only request."""
    async with company.storage.unit_of_work() as uow:
        (found,) = await uow.routed.of_portal(company.portal.id, 5)
        return found


async def told_of(company: Company) -> set[str]:
    """Return what is to be looked at."""
    found = await company.storage.hints.next(company.portal.id, 50, rest=-10)
    return {each.ref for each in found}


async def test_what_is_asked_about_is_watched(company: Company, anna: Person, sergey: Person) -> None:
    """As long as the request is open; its object is looked at, and the portal is asked to tell of it."""
    await asks(company, anna)
    assert DEAL == (await the_request(company)).about
    assert BINDING in await told_of(company)
    unit = company.storage.unit_of_work()
    assert {DEAL} == await unit.routed.objects(company.portal.id)
    assert 1 == len(await unit.routed.open_of_object(company.portal.id, DEAL))
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    unit = company.storage.unit_of_work()
    assert (frozenset(), []) == (
        await unit.routed.objects(company.portal.id),
        list(await unit.routed.open_of_object(company.portal.id, DEAL)),
    )


async def test_e49_the_same_value(company: Company, anna: Person, sergey: Person) -> None:
    """Written in another way, or saved again: nothing."""
    await asks(company, anna, **REWORK)
    await looks(company, FIELDS)
    seen = list(sergey.shown)
    await looks(company, {**FIELDS, "opportunity": 400_000, "updatedTime": "later", "updatedBy": 9})
    assert (0, "pending", seen) == (
        (await the_request(company)).round,
        (await the_request(company)).state,
        list(sergey.shown),
    )


async def test_e50_the_amount_changes(company: Company, anna: Person, sergey: Person) -> None:
    """Old and new are told, what was asked goes back, and whoever asked may send it again."""
    await asks(company, anna, **REWORK)
    await looks(company, FIELDS)
    await looks(company, {**FIELDS, "opportunity": 700_000.0})
    request = await the_request(company)
    assert ("rework", 1, 700_000.0) == (request.state, request.round, request.running.subject["amount"])
    assert any("Изменилось на портале: Сумма: 400\u00a0000 → 700\u00a0000" in each for each in sergey.shown)
    assert any("Прежние ответы больше не считаются." in each for each in anna.shown)


async def test_e18_the_subject_changes(company: Company, anna: Person, sergey: Person) -> None:
    """Where that sends nothing back, those who decide are told, and decide on what is now."""
    await asks(company, anna)
    await looks(company, FIELDS)
    await looks(company, {**FIELDS, "opportunity": 500_000})
    request = await the_request(company)
    assert ("pending", 0, 500_000) == (request.state, request.round, request.running.subject["amount"])
    assert any("400\u00a0000 → 500\u00a0000" in each for each in sergey.shown)
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    assert "approved" == (await the_request(company)).state


async def test_who_changed_it_decides_nothing(company: Company, anna: Person, sergey: Person) -> None:
    """A lead who writes the amount on the portal has a hand in it."""
    async with company.storage.unit_of_work() as uow:
        lead = await sergey.employee()
        if lead.identity("bitrix24") is None:
            uow.employees.link(lead, Identity("bitrix24", company.portal.key, "4343", "4343"))
            await uow.commit()
    account = ((await sergey.employee()).identity("bitrix24") or Identity("", "", "4343", "")).account
    await asks(company, anna)
    await looks(company, FIELDS)
    await looks(company, {**FIELDS, "opportunity": 500_000, "updatedBy": int(account)})
    assert int(account) in (await the_request(company)).running.authors


async def test_a_value_of_ones_own_stays(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever wrote another amount than the deal has, meant it."""
    await asks(company, anna)
    await looks(company, {**FIELDS, "opportunity": 300_000})
    await looks(company, {**FIELDS, "opportunity": 350_000})
    assert 400_000 == (await the_request(company)).running.subject["amount"]


@pytest.mark.parametrize("fields", [None, {**FIELDS, "stageId": "WON", "stageSemanticId": "S"}])
async def test_e52_the_deal_is_gone(
    company: Company, anna: Person, sergey: Person, fields: dict[str, Any] | None
) -> None:
    """Deleted or closed: over, as it happened once, however often it is told."""
    await asks(company, anna)
    await looks(company, FIELDS)
    for _ in range(2):
        await looks(company, fields)
    request = await the_request(company)
    assert "withdrawn" == request.state
    assert ["outside gone"] == [each.what for each in request.record if each.what.startswith("outside")]
    assert any("предмета заявки больше нет или он закрыт" in each for each in sergey.shown)


async def test_what_was_closed_before(company: Company, anna: Person, sergey: Person) -> None:
    """Asked about when it was closed already: that ends nothing."""
    await asks(company, anna)
    closed = {**FIELDS, "stageId": "WON", "stageSemanticId": "S"}
    await looks(company, closed)
    await looks(company, {**closed, "title": "Кофе и чай"})
    assert "pending" == (await the_request(company)).state


@pytest.mark.parametrize(
    ("was", "now", "state"),
    [("4", "5", "approved"), ("4", "3", "rejected"), ("3", "5", "withdrawn"), ("2", "3", "pending")],
)
async def test_e19_a_task_is_accepted_on_the_portal(
    company: Company, anna: Person, sergey: Person, was: str, now: str, state: str
) -> None:
    """What waits for its author is decided there; one that is completed leaves nothing to decide."""
    await asks(company, anna, "task")
    task = {"id": "7", "title": "Склад", "responsibleId": "1", "changedBy": "1"}
    await looks(company, {**task, "status": was}, TASK)
    await looks(company, {**task, "status": now}, TASK)
    assert state == (await the_request(company)).state
