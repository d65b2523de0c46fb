"""One's own tasks of business processes in chat: as the portal words them, answered by its rules about comments."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.installation import Grant, Installation, InstallationState, Purpose, TokenPair
from bot.ports import ListedTask
from bot.services.automation.errands import Errands
from bot.services.automation.native_tasks import NativeTasks
from bot.services.wiring import Services
from tests.dialogs.test_processes_in_chat import account, ended, errands
from tests.dialogs.test_route_rows_outside import by_hand
from tests.people import Company, Person

MEMBER = "a1" * 16
APPROVE = {
    "name": "Счёт № 5",
    "description": "Оплатить до пятницы",
    "document": "Сделка «Кофе»",
    "activity": "ApproveActivity",
    "label_yes": "Оплатить",
    "label_no": "Не платить",
}


async def allows(company: Company, person: Person, *, scope: str = "imbot im user bizproc") -> str:
    """Let somebody have agreed; return their account."""
    own, now = await account(company, person), company.clock.now()
    portal = company.portal
    async with company.storage.unit_of_work() as uow:
        state = InstallationState.ACTIVE
        uow.installations.put(
            Installation(
                portal.id, state, "token", "oauth", "http://x/rest/", frozenset(scope.split()), "L", "1", own, now
            )
        )
        uow.installations.name_company(portal.id, MEMBER)
        uow.installations.keep(Grant(portal.id, own, frozenset({Purpose.TASKS}), TokenPair("a", "b", now), now))
        await uow.commit()
    company.portal = replace(portal, member_id=MEMBER)
    return own


async def lists(company: Company, own: str, *tasks: tuple[int, dict[str, str]]) -> None:
    """Let the portal list these tasks of somebody."""
    listed = [ListedTask(*each) for each in tasks]

    async def work(services: Services) -> None:
        await services.get(NativeTasks).listed(company.portal.id, own, listed, company.clock.now())

    await by_hand(company, work)


async def told(company: Company) -> Sequence[Errand]:
    """Return what the portal is to be told."""
    return await errands(company, ErrandKind.PROCESS_TASK)


async def test_a_task_is_answered(company: Company, anna: Person) -> None:
    """It comes once as a card in the portal's words; a press is noted in the person's own name, and nothing twice."""
    own = await allows(company, anna)
    for _ in range(2):
        await lists(company, own, (5, APPROVE))
    await anna.reads()
    shown = "🗂 Счёт № 5\nДокумент: Сделка «Кофе»\nОплатить до пятницы"
    assert [shown] == [each.text for each in anna.chat if "Счёт" in each.text]
    assert ["✅ Оплатить", "❌ Не платить"] == [*anna.chat[-1].buttons]
    assert f"{shown}\n✅ Оплатить – передаём в Битрикс24." == await anna.presses("Оплатить")
    (errand,) = await told(company)
    assert (own, {"task": 5, "status": 1, "comment": ""}) == (errand.account, errand.form)
    await lists(company, own)
    await ended(company, errand, ErrandState.DONE)
    assert f"{shown}\n✅ Оплатить – передано в Битрикс24." == anna.chat[-1].text
    assert not anna.chat[-1].buttons


@pytest.mark.parametrize(
    ("rule", "asks"), [("N", ""), ("Y", "Оплатить Не платить"), ("YA", "Оплатить"), ("YR", "Не платить")]
)
@pytest.mark.parametrize("label", ["Оплатить", "Не платить"])
async def test_comments(company: Company, anna: Person, rule: str, asks: str, label: str) -> None:
    """A comment is asked for with the answers that need one, and goes along."""
    own = await allows(company, anna)
    await lists(company, own, (5, {**APPROVE, "comment_required": rule, "comment_label": "Почему"}))
    await anna.reads()
    answer = await anna.presses(f"✅ {label}" if label == "Оплатить" else f"❌ {label}")
    is_asked = label in asks and (label != "Оплатить" or "Оплатить" in asks.split())
    if is_asked:
        assert "Почему: напишите одну фразу, её прочтёт процесс." == anna.chat[-1].text
        assert [] == await told(company)
        await anna.says("так решили")
    else:
        assert "передаём в Битрикс24" in answer
    (errand,) = await told(company)
    status = 1 if label == "Оплатить" else 2
    assert {"task": 5, "status": status, "comment": "так решили" if is_asked else ""} == errand.form


async def test_decided_on_the_portal(company: Company, anna: Person) -> None:
    """What was answered there is told, and a press that comes later answers nothing."""
    own = await allows(company, anna)
    await lists(company, own, (5, APPROVE), (6, {**APPROVE, "name": "Счёт № 6"}))
    await anna.reads()
    card = next(each for each in anna.chat if "№ 5" in each.text)
    action = next(iter(card.buttons.values())).action
    assert action is not None
    await lists(company, own, (6, {**APPROVE, "name": "Счёт № 6"}))
    assert card.text.endswith("🏢 Уже решено на портале.")
    await anna.taps(action.pack(), card.id)
    await anna.reads()
    assert "Это задание уже закрыто." in anna.chat[-1].text
    assert [] == await told(company)
    await anna.presses("Оплатить")
    (errand,) = await told(company)
    await ended(company, errand, ErrandState.LEFT, "decided_elsewhere")
    assert any(each.text.endswith("🏢 Уже решено на портале.") and "№ 6" in each.text for each in anna.chat)


async def test_what_the_portal_refuses_waits_again(company: Company, anna: Person) -> None:
    """The card comes anew with its buttons, and says so."""
    own = await allows(company, anna)
    await lists(company, own, (5, APPROVE))
    await anna.reads()
    await anna.presses("Оплатить")
    (errand,) = await told(company)
    await ended(company, errand, ErrandState.FAILED, "refused")
    await anna.reads()
    assert anna.chat[-1].text.endswith("⚠️ Битрикс24 не принял ответ. Попробуйте ещё раз или ответьте на портале.")
    await anna.presses("Не платить")
    assert [2] == [each.form["status"] for each in await told(company)]


async def test_nobody_else_repeats_an_answer(company: Company, olga: Person, anna: Person) -> None:
    """What the portal did not take is the person's own affair: administrators are not told, nor have it done."""
    own = await allows(company, anna)
    await lists(company, own, (5, APPROVE))
    await anna.reads()
    await anna.presses("Оплатить")
    (errand,) = await told(company)
    await ended(company, errand, ErrandState.FAILED, "refused")
    await company.move(timedelta(minutes=1))
    assert not [each for each in olga.shown if "На портале не вышл" in each]
    assert "Всё, что нужно было сделать на портале, сделано." in await olga.says("что не вышло на портале?")
    now, portal_id = company.clock.now(), company.portal.id

    async def by_an_old_button(services: Services) -> None:
        await services.get(Errands).again(portal_id, errand.id)
        await services.get(Errands).leave(portal_id, errand.id, now)

    await by_hand(company, by_an_old_button)
    assert [] == await told(company)
    kept = await company.storage.unit_of_work().errands.get(portal_id, errand.id)
    assert kept is not None
    assert ErrandState.FAILED is kept.state


@pytest.mark.parametrize("state", [ErrandState.DONE, ErrandState.LEFT, ErrandState.FAILED])
async def test_a_late_word_of_a_former_answer(company: Company, anna: Person, state: ErrandState) -> None:
    """Whatever becomes of it, the answer that is under way since stands on the card."""
    own = await allows(company, anna)
    await lists(company, own, (5, APPROVE))
    await anna.reads()
    await anna.presses("Оплатить")
    (former,) = await told(company)
    await ended(company, former, ErrandState.FAILED, "refused")
    await anna.reads()
    await anna.presses("Не платить")
    former = replace(former, state=state)

    async def late(services: Services) -> None:
        await services.get(NativeTasks).answered(former)

    await by_hand(company, late)
    await anna.reads()
    assert anna.chat[-1].text.endswith("❌ Не платить – передаём в Битрикс24.")


async def test_off_and_on_again(company: Company, anna: Person) -> None:
    """A task that is shown anew after that is answered like any other, whatever became of an answer before."""
    own = await allows(company, anna)
    await lists(company, own, (5, APPROVE))
    await anna.reads()
    await anna.presses("Оплатить")
    (former,) = await told(company)
    await ended(company, former, ErrandState.FAILED, "refused")
    await anna.says("/tasks")
    await anna.presses("Больше не показывать")
    await company.move(timedelta(minutes=1))
    await allows(company, anna)
    await lists(company, own, (5, APPROVE))
    await anna.reads()
    await anna.presses("Не платить")
    assert [2] == [each.form["status"] for each in await told(company)]


async def test_a_request_for_information(company: Company, anna: Person) -> None:
    """It is filled in on the portal: the card says so, and offers nothing it cannot keep."""
    own = await allows(company, anna)
    await lists(company, own, (5, {"name": "Реквизиты", "activity": "RequestInformationActivity"}))
    await anna.reads()
    said = "🗂 Реквизиты\nПроцесс просит данные: заполните их, пожалуйста, на портале в разделе «Бизнес-процессы»."
    assert (said, []) == (anna.chat[-1].text, [*anna.chat[-1].buttons])


async def test_nobody_answers_for_another(company: Company, anna: Person, sergey: Person) -> None:
    """A button of somebody else's task is worth nothing, whoever sends it."""
    own = await allows(company, anna)
    await account(company, sergey)
    await lists(company, own, (5, APPROVE))
    await anna.reads()
    action = next(iter(anna.chat[-1].buttons.values())).action
    assert action is not None
    await sergey.says("/status")
    await sergey.taps(action.pack(), sergey.chat[-1].id)
    await sergey.reads()
    assert "Это задание уже закрыто." in sergey.chat[-1].text
    assert [] == await told(company)


async def test_on_and_off(company: Company, anna: Person) -> None:
    """Off, a link of one's own is offered; on, what waits is shown, and it can be ended: nothing is kept then."""
    company.messengers.share_tasks = lambda member, own, _: f"https://smena.example/{member[:2]}/{own}"
    own = await account(company, anna)
    assert "Его может установить администратор." in await anna.says("/tasks")
    await allows(company, anna)
    await lists(company, own, (5, APPROVE))
    await anna.says("/tasks")
    assert "🗂 Вас ждёт 1 задание" in [each.text for each in anna.chat]
    assert "Теперь ваши задания видны только на портале." in await anna.presses("Больше не показывать")
    async with company.storage.unit_of_work() as uow:
        assert ([], []) == (
            list(await uow.installations.grants(company.portal.id)),
            list(await uow.native_tasks.of(company.portal.id, own)),
        )
    assert "Битрикс24 спросит ваше согласие." in await anna.says("/tasks")
    assert f"https://smena.example/a1/{own}" == anna.chat[-1].buttons["🗂 Включить"].link


async def test_access_that_is_lost(company: Company, anna: Person) -> None:
    """It is said once, with the way back; nothing is kept, so nothing is asked again."""
    own = await allows(company, anna)
    await lists(company, own, (5, APPROVE))

    async def lost(services: Services) -> Any:
        await services.get(NativeTasks).lost(company.portal.id, own)

    await by_hand(company, lost)
    await anna.reads()
    assert anna.chat[-1].text.endswith("Чтобы снова видеть их здесь: /tasks")
    assert [] == await company.storage.grants.accounts(Purpose.TASKS)
