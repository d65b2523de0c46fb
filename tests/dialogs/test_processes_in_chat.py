"""Business processes that ask in chat: what is asked of whom, what they are answered, and what people are told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.process import GONE, ROBOT, CallState, ProcessCall
from bot.domain.people.employee import Identity
from bot.ids import new_id
from bot.ports import PortalObject
from bot.services.automation.errands import Errands
from bot.services.automation.process_calls import ProcessCalls
from bot.services.automation.processes import Processes
from bot.services.wiring import Services
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.dialogs.test_route_rows import requests
from tests.dialogs.test_route_rows_outside import by_hand
from tests.people import Company, Person

DEAL = ("crm", "CCrmDocumentDeal", "DEAL_4711")
IN_FIELD = {"by": "field", "path": "approvers"}


async def account(company: Company, person: Person) -> str:
    """Return somebody's account on the portal, given to whoever had none."""
    employee = await person.employee()
    known = next((each.account for each in employee.identities if each.realm == company.portal.key), None)
    if known is not None:
        return known
    made = str(5_000 + employee.id % 1_000)
    async with company.storage.unit_of_work() as uow:
        uow.employees.link(employee, Identity("bitrix24", company.portal.key, made, made))
        await uow.commit()
    return made


async def called(
    company: Company, document: PortalObject | None = None, *, key: str = "step", **more: Any
) -> ProcessCall:
    """Let a process reach the robot with these properties, and its call be taken up; return the call as it is then."""
    fields = {name: more.pop(name) for name in ("until", "waits", "document") if name in more}
    call = ProcessCall(
        new_id(), 0, key, f"token {key}", ROBOT, "w1", fields.pop("document", DEAL), more, fields.pop("waits", True),
        company.clock.now(), **fields,
    )  # fmt: skip

    async def taken(services: Services) -> None:
        await services.get(ProcessCalls).take(company.portal, call, company.clock.now())

    async def begun(services: Services) -> None:
        await services.get(Processes).begin(company.portal.id, call.id, document, company.clock.now())

    await by_hand(company, taken)
    await by_hand(company, begun)
    return await stored(company, key)


async def stored(company: Company, key: str = "step") -> ProcessCall:
    """Return a call as it is stored."""
    async with company.storage.unit_of_work() as uow:
        found = await uow.process_calls.by_key(company.portal.id, key)
    assert found is not None
    return found


async def errands(company: Company, *kinds: ErrandKind) -> Sequence[Errand]:
    """Return what is to be done on the portal, oldest first; of those kinds, or answers alone."""
    async with company.storage.unit_of_work() as uow:
        waiting = await uow.errands.waiting(company.portal.id)
    wanted = kinds or (ErrandKind.PROCESS_ANSWER,)
    return sorted((each for each in waiting if each.kind in wanted), key=lambda each: each.id)


async def ended(company: Company, errand: Errand, state: ErrandState, reason: str = "") -> None:
    """Let an errand end in that way."""
    after = replace(errand, state=state, reason=reason, ended_at=company.clock.now())

    async def work(services: Services) -> None:
        await services.get(Errands).stands(after)

    await by_hand(company, work)


async def test_approvers_alone(company: Company, anna: Person, sergey: Person) -> None:
    """Whom a process names is asked about its deal; the answer is noted with the outcome, once, and tells by whom."""
    asks, decides = await account(company, anna), await account(company, sergey)
    deal = PortalObject("deal", 4711, "Поставка кофе", 400_000, "RUB", frozenset({asks}), asks)
    call = await called(company, deal, approvers=[f"user_{decides}"])
    await sergey.reads()
    assert (
        "📝 № 1 Согласование по процессу – Анна Ким\nЧто согласовать: Поставка кофе\n"
        "Сделка: 4711, «Поставка кофе»\nСумма: 400\xa0000\nЭтап 1 из 1\nОтвечают: Сергей Орлов\n"
        "Срок: пн, 27 июля, 09:00"
    ) == sergey.chat[-1].text
    assert (CallState.ASKED, []) == (call.state, await errands(company))
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    (errand,) = await errands(company)
    assert f"process:{call.id}" == errand.key
    assert {
        "decision": "approved",
        "comment": "",
        "decided_by": f"user_{decides}",
        "decided_at": "2026-07-13T09:00:30+03:00",
        "request": "1",
    } == errand.form["values"]
    assert ("token step", "Смена, заявка № 1: согласовано") == (errand.form["token"], errand.form["message"])
    await ended(company, errand, ErrandState.DONE)
    assert (CallState.OVER, "") == ((await stored(company)).state, (await stored(company)).reason)


async def test_by_a_template(company: Company, anna: Person, sergey: Person) -> None:
    """A template is filled from the document, the properties and lines beside them; a rejection brings its reason."""
    await with_template(company, template(stage("head", [HEAD])))
    asks = await account(company, anna)
    call = await called(
        company, PortalObject("deal", 4711, "Кофе", 400_000), template="trip", initiator=f"Анна Ким [{asks}]",
        fields="Куда: Казань\nСумма:", amount="150 000,5",
    )  # fmt: skip
    await sergey.reads()
    assert "📝 № 1 Поездка – Анна Ким\nКуда: Казань\nСумма: 150\xa0000.5\n" in sergey.chat[-1].text
    await sergey.presses("Отклонить")
    await sergey.says("дорого")
    (errand,) = await errands(company)
    values = errand.form["values"]
    assert ("rejected", "Сергей Орлов: дорого") == (values["decision"], values["comment"])
    assert CallState.ANSWERED is (await stored(company)).state
    assert call.request_id is not None


async def test_by_a_template_that_takes_approvers(company: Company, anna: Person, sergey: Person) -> None:
    """Where a route asks whom the field `approvers` names, the process may say who that is."""
    await with_template(company, template(stage("them", [IN_FIELD])))
    asks, decides = await account(company, anna), await account(company, sergey)
    await called(company, template="trip", subject="Казань", initiator=f"user_{asks}", approvers=f"user_{decides}")
    await sergey.reads()
    assert "Ответ" in sergey.chat[-1].text or "Отвечают: Сергей Орлов" in sergey.chat[-1].text


@pytest.mark.parametrize(
    ("said", "code", "words"),
    [
        ({}, "nothing_to_ask_by", "В роботе не указаны ни шаблон, ни согласующие. Укажите что-то одно."),
        ({"template": "gone"}, "template_gone", "Шаблон «gone» удалён или выключен. Выберите в роботе другой."),
        (
            {"template": "trip", "fields": "Куда: Казань\nБюджет: 5"},
            "unknown_field",
            "В шаблоне нет такого поля: «Бюджет: 5». Исправьте другие поля в роботе.",
        ),
        (
            {"template": "trip", "subject": "Казань", "amount": "много"},
            "value_unreadable",
            "Шаблон не может прочесть: «много». Исправьте это в роботе.",
        ),
        ({"template": "trip"}, "field_missing", "Шаблону нужно то, чего нет в роботе: Куда."),
        (
            {"approvers": ["user_99"]},
            "unknown_person",
            "Не знаю, кто это: «99». Укажите в роботе сотрудника этого портала.",
        ),
        (
            {"approvers": ["group_g4"]},
            "unknown_person",
            "Не знаю, кто это: «group_g4». Укажите в роботе сотрудника этого портала.",
        ),
        (
            {"template": "trip", "subject": "Казань", "approvers": ["user_1"]},
            "approvers_not_taken",
            (
                "Этот шаблон сам называет согласующих. Оставьте согласующих в роботе пустыми или возьмите их в шаблоне "
                "из поля «approvers»."
            ),
        ),
        (
            {"approvers": "OWN", "initiator": "OWN", "subject": "Своё"},
            "nobody_to_ask",
            "Спросить некого: указанные сотрудники уволены или решали бы о своём.",
        ),
    ],
    ids=lambda each: str(each)[:30],
)
async def test_nobody_can_be_asked(
    company: Company, olga: Person, anna: Person, sergey: Person, said: dict[str, Any], code: str, words: str
) -> None:
    """The process is answered at once, honestly and in words; the administrator reads the same in one sentence."""
    await with_template(company, template(stage("head", [HEAD])))
    own = await account(company, anna)
    said = {name: f"user_{own}" if value == "OWN" else value for name, value in said.items()}
    call = await called(company, **said)
    assert (CallState.ANSWERED, code, None) == (call.state, call.reason, call.request_id)
    (errand,) = await errands(company)
    assert ("failed", words) == (errand.form["values"]["decision"], errand.form["values"]["comment"])
    await olga.reads()
    assert f"⚠️ Бизнес-процесс не смог отправить на согласование: сделка 4711\n{words}" == olga.chat[-1].text
    assert [] == await requests(company)
    assert not sergey.chat


async def test_who_asks(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """Whoever is responsible asks; where nobody of ours is, an administrator does."""
    asks, decides = await account(company, anna), await account(company, sergey)
    await called(company, PortalObject("deal", 1, "A", responsible=asks), key="1", approvers=decides, subject="a")
    await called(company, PortalObject("deal", 1, "A", responsible="999"), key="2", approvers=decides, subject="b")
    names = {(await anna.employee()).id: "a", (await olga.employee()).id: "b"}
    found = {each.running.subject["subject"]: names[each.initiator_id] for each in await requests(company)}
    assert {"a": "a", "b": "b"} == found


async def test_two_processes_ask_the_same(company: Company, anna: Person, sergey: Person) -> None:
    """People are asked once; when one of the processes is ended the other waits on, and is answered."""
    asks, decides = await account(company, anna), await account(company, sergey)
    said = {"approvers": decides, "subject": "Кофе", "initiator": asks}
    first, second = [await called(company, key=key, **said) for key in ("one", "two")]
    assert first.request_id == second.request_id
    (request,) = await requests(company)

    async def over(services: Services) -> None:
        await services.get(Processes).not_running(company.portal.id, [first.id], company.clock.now())

    await by_hand(company, over)
    (request,) = await requests(company)
    assert (True, GONE) == (request.is_open, (await stored(company, "one")).reason)
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    assert [f"process:{second.id}"] == [each.key for each in await errands(company)]


async def test_a_term_that_runs_out(company: Company, anna: Person, sergey: Person) -> None:
    """The process goes on by itself: its request ends, cards say why, no answer is noted, a late press does nothing."""
    asks, decides = await account(company, anna), await account(company, sergey)
    until = company.clock.now() + timedelta(hours=2)
    await called(company, approvers=decides, initiator=asks, subject="Кофе", until=until)
    await sergey.reads()
    button = next(iter(sergey.chat[-1].buttons.values()))
    assert button.action is not None
    card = sergey.chat[-1]
    await company.move(timedelta(hours=3))
    await sergey.reads()
    (request,) = await requests(company)
    assert ("withdrawn", ["outside process"]) == (
        request.state,
        [each.what for each in request.record if each.what.startswith("outside")],
    )
    assert card.text.endswith("↩️ Закрыто: бизнес-процесс на портале этого больше не ждёт, 11:00")
    assert ["📄 Лист"] == [*card.buttons]
    await anna.reads()
    assert "бизнес-процесс на портале этого больше не ждёт" in anna.chat[-1].text
    assert (CallState.OVER, "term_over", []) == (
        (await stored(company)).state,
        (await stored(company)).reason,
        await errands(company),
    )
    await sergey.taps(button.action.pack(), card.id)
    await sergey.reads()
    (request,) = await requests(company)
    assert "withdrawn" == request.state


async def test_an_answer_that_nobody_waits_for(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """The outcome stands; the administrator is told once, the timeline of the deal too, and nothing is sent again."""
    asks, decides = await account(company, anna), await account(company, sergey)
    await called(company, approvers=decides, initiator=asks, subject="Кофе")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    (errand,) = await errands(company)
    await ended(company, errand, ErrandState.LEFT, GONE)
    await olga.reads()
    assert (
        "ℹ️ Ответ по заявке № 1 бизнес-процессу уже не нужен (сделка 4711): его завершили на портале или истёк его "
        "срок. Решение здесь остаётся в силе."
    ) == olga.chat[-1].text
    (request,) = await requests(company)
    assert "approved" == request.state
    (told,) = await errands(company, ErrandKind.TIMELINE_COMMENT)
    assert ("deal:4711", "deal:4711") == (told.form["object"], told.lane)
    assert told.form["text"].startswith("Смена, заявка № 1: согласовано.")
    assert (CallState.OVER, GONE, []) == (
        (await stored(company)).state,
        (await stored(company)).reason,
        await errands(company),
    )


async def test_a_process_that_does_not_wait(company: Company, anna: Person, sergey: Person) -> None:
    """It asks as well, and gets no answer: it would be refused."""
    asks, decides = await account(company, anna), await account(company, sergey)
    await called(company, approvers=decides, initiator=asks, subject="Кофе", waits=False)
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=1))
    assert (CallState.OVER, []) == ((await stored(company)).state, await errands(company))
