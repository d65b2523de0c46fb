"""A form that names a deal: what the portal tells of it is said as read, to whom it concerns, and never assumed."""

from typing import Any

import pytest

from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.portal_object import ObjectKind
from bot.domain.people.employee import Identity
from bot.ports import PortalObject
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.people import Company, Person

DEAL: dict[str, Any] = {"key": "deal", "title": {"ru": "Сделка", "en": "Deal"}, "type": "deal", "required": True}
SUM: dict[str, Any] = {"key": "amount", "title": {"ru": "Сумма", "en": "Amount"}, "type": "money", "required": True}
SHARE: dict[str, Any] = {
    "key": "percent", "title": {"ru": "Скидка, %", "en": "Discount, %"}, "type": "number", "required": True,
}  # fmt: skip


class Crm:
    """What the portal tells of deals: nothing of those that are not there."""

    def __init__(self, *deals: PortalObject) -> None:
        """Keep these."""
        self.deals = {each.number: each for each in deals}
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, realm: str, kind: ObjectKind, number: int) -> PortalObject | None:
        """Tell of one."""
        self.asked.append((f"{realm} {kind}", number))
        return self.deals.get(number)


@pytest.fixture
async def crm(company: Company, anna: Person) -> Crm:
    """Anna is responsible for the deal 4711, and nobody of the company for 4712."""
    employee = await anna.employee()
    here = Identity("bitrix24", company.portal.key, "4242", "4242")
    if employee.identity("bitrix24") is None:
        async with company.storage.unit_of_work() as uow:
            uow.employees.link(employee, here)
            await uow.commit()
    account = (employee.identity("bitrix24") or here).account
    crm = Crm(
        PortalObject("deal", 4711, "Поставка кофе", 400_000, "RUB", frozenset({account})),
        PortalObject("deal", 4712, "Чужая сделка", 900_000, "RUB", frozenset({"99999"})),
    )
    company.messengers.look_up = crm
    discount = template(stage("head", [HEAD], track={"actions": ["approve", "reject", "return"]}),
                        rework={"max_rounds": 2})  # fmt: skip
    discount["route"]["title"] = {"ru": "Скидка", "en": "Discount"}
    await with_template(company, {**discount, "form": [DEAL, SUM, SHARE]})
    return crm


async def request_of(company: Company) -> RoutedRequest:
    """Return the newest request as stored."""
    async with company.storage.unit_of_work() as uow:
        return (await uow.routed.of_portal(company.portal.id, 1))[0]


async def test_the_deal_is_shown_as_it_was_read(company: Company, crm: Crm, anna: Person, sergey: Person) -> None:
    """Its title and amount; the amount is offered, one press agrees to it, and the card has the title."""
    await anna.says("/request")
    assert await anna.presses("Скидка") == "Скидка, 1 из 3\nСделка?"
    told = await anna.says("сделка №4711")
    assert told == (
        "💼 Сделка 4711: «Поставка кофе», 400\u00a0000 RUB\n"
        "Скидка, 2 из 3\nСумма?\nВ сделке: 400\u00a0000\nНапишите сумму, например 150 000."
    )
    assert crm.asked == [(f"{company.portal.key} deal", 4711)]
    assert await anna.presses("Оставить как есть") == "Скидка, 3 из 3\nСкидка, %?\nНапишите число."
    look = await anna.says("12")
    assert "Сделка: 4711, «Поставка кофе»" in look
    await anna.presses("Отправить")
    assert "Сделка: 4711, «Поставка кофе»" in sergey.shown[-1]
    subject = (await request_of(company)).running.subject
    assert {"deal": "4711", "amount": 400_000, "percent": 12}.items() <= subject.items()


async def test_another_amount_is_taken_as_said(company: Company, crm: Crm, anna: Person) -> None:
    """What somebody writes is what they ask for, whatever the deal says."""
    await anna.says("/request")
    await anna.presses("Скидка")
    await anna.says("4711")
    await anna.says("350000")
    await anna.says("12")
    await anna.presses("Отправить")
    assert (await request_of(company)).running.subject["amount"] == 350_000


@pytest.mark.parametrize("said", ["4712", "4713", "новая с Ромашкой"])
async def test_what_is_not_read_is_what_was_written(company: Company, crm: Crm, anna: Person, said: str) -> None:
    """A deal that is nobody's business, that is not there, or is no number: the words stay, and nothing is told."""
    await anna.says("/request")
    await anna.presses("Скидка")
    assert await anna.says(said) == "Скидка, 2 из 3\nСумма?\nНапишите сумму, например 150 000."
    await anna.says("1000")
    assert f"Сделка: {said}" in await anna.says("12")


@pytest.mark.parametrize(("said", "is_told"), [("4711", False), ("4712", True), ("новая с Ромашкой", False)])
async def test_who_decides_knows_what_was_only_typed(
    company: Company, crm: Crm, anna: Person, sergey: Person, said: str, *, is_told: bool
) -> None:
    """A number that the portal did not confirm is called so on the card, before anybody decides."""
    await anna.says("/request")
    await anna.presses("Скидка")
    await anna.says(said)
    await anna.says("1000")
    await anna.says("12")
    await anna.presses("Отправить")
    note = "❗ Сделка: номер написан вручную, портал его не подтвердил. Пожалуйста, сначала загляните туда."
    assert is_told == (note in sergey.shown[-1])


async def test_who_leads_somebody_of_the_deal_may_read_it(
    company: Company, crm: Crm, anna: Person, sergey: Person
) -> None:
    """Sergey leads Anna."""
    del anna
    await sergey.says("/request")
    await sergey.presses("Скидка")
    assert "«Поставка кофе»" in await sergey.says("4711")


async def test_a_deal_said_with_the_request(company: Company, crm: Crm, anna: Person) -> None:
    """In one sentence: only the amount is asked for, with what the deal says."""
    told = await anna.says("согласуй скидку 12 % по сделке 4711")
    assert told.startswith("💼 Сделка 4711: «Поставка кофе», 400\u00a0000 RUB\nСкидка, 2 из 3\nСумма?\nВ сделке:")


async def test_another_deal_after_it_was_sent_back(company: Company, crm: Crm, anna: Person, sergey: Person) -> None:
    """The title follows the number; left as it is, it stays."""
    await anna.says("/request")
    await anna.presses("Скидка")
    await anna.says("4711")
    await anna.presses("Оставить как есть")
    await anna.says("12")
    await anna.presses("Отправить")
    await sergey.presses("На доработку")
    await sergey.says("не та сделка")
    await anna.presses("Изменить")
    await anna.says("4713")
    await anna.presses("Оставить как есть")
    look = await anna.presses("Оставить как есть")
    assert "Сделка: 4713" in look
    assert "Поставка кофе" not in look


@pytest.mark.parametrize("sum_first", [True, False])
async def test_a_sum_that_was_left_out_stays_out(company: Company, crm: Crm, anna: Person, *, sum_first: bool) -> None:
    """The amount of a deal is offered for a field that is still to be asked for, and for no other."""
    del crm
    form = [{**SUM, "required": False}, DEAL] if sum_first else [DEAL, {**SUM, "required": False}]
    other = template(stage("head", [HEAD]))
    other["route"] |= {"key": "other", "title": {"ru": "Отгрузка", "en": "Shipment"}}
    await with_template(company, {**other, "form": form})
    await anna.says("/request")
    await anna.presses("Отгрузка")
    if sum_first:
        await anna.presses("Пропустить")
        look = await anna.says("4711")
        assert "400" not in look.splitlines()[-1]
    else:
        assert "В сделке: 400" in await anna.says("4711")
        await anna.presses("Оставить как есть")
    await anna.presses("Отправить")
    assert (not sum_first) == ("amount" in (await request_of(company)).running.subject)
