"""Rows of the table of cases of approval that begin outside the chat: what happened there is given by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.dispatch.turn import Occasion
from bot.domain.approvals.event import Outside
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.installation import Installation, InstallationState, Trouble
from bot.domain.people.employee import Role
from bot.messages import DeliveryError, IncomingFile, Outgoing, Receipt
from bot.ports import Fetched
from bot.services.approvals.courses import Courses
from bot.services.people.installations import GONE_AFTER, Installations
from bot.services.wiring import Services
from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.dialogs.test_route_rows import requests
from tests.people import Bubble, Company, Person

MEMBER = "a1" * 16
EFFECTS = {"outcomes": {"approved": [{"do": "crm_update", "args": {"STAGE_ID": "WON"}}, {"do": "notify", "args": {}}]}}


async def by_hand(company: Company, work: Callable[[Services], Awaitable[Any]]) -> None:
    """Let something happen outside the chat, and everybody who has to know be told."""
    await company.undertaking(work, Occasion(company.clock.now()))
    await company.settle()


async def ends(company: Company, how: Outside, *, approved: bool = False, times: int = 1) -> None:
    """Let the only request end without its route, perhaps told of several times."""
    for _ in range(times):
        (request,) = await requests(company)

        async def work(services: Services, request: RoutedRequest = request) -> None:
            courses = services.get(Courses)
            now = await courses.get(company.portal.id, request.id)
            await courses.ended_outside(now, how, company.clock.now(), approved=approved)

        await by_hand(company, work)


async def waiting(company: Company, anna: Person, sergey: Person, **more: Any) -> tuple[Bubble, str]:
    """Let a request wait for Sergey; return his card and what its first button sends."""
    await with_template(company, template(stage("head", [HEAD]), **more))
    await sent(anna)
    await sergey.reads()
    card = sergey.chat[-1]
    button = next(iter(card.buttons.values()))
    assert button.action is not None
    return card, button.action.pack()


@pytest.mark.parametrize(
    ("approved", "words"), [(True, "✅ Согласовано на самом портале"), (False, "❌ Отклонено на самом портале")]
)
async def test_e19_decided_on_the_portal_itself(
    company: Company, anna: Person, sergey: Person, *, approved: bool, words: str
) -> None:
    """The result of the portal is adopted, once, and nobody's answer is made of it; a press that is late is refused."""
    card, action = await waiting(company, anna, sergey)
    await ends(company, "decided", approved=approved, times=2)
    (request,) = await requests(company)
    assert ("approved" if approved else "rejected") == request.state
    assert ["outside decided"] == [each.what for each in request.record if each.what.startswith("outside")]
    assert not [each for each in request.record if each.what in {"approve", "reject"}]
    assert words in card.text
    assert words in anna.chat[-1].text
    await sergey.taps(action, card.id)
    await sergey.reads()
    (after,) = await requests(company)
    assert request.state == after.state


async def test_e52_the_subject_is_gone(company: Company, anna: Person, sergey: Person) -> None:
    """A deal that was deleted or closed: the request is over by itself, every card says so, nothing can be pressed."""
    card, action = await waiting(company, anna, sergey)
    await ends(company, "gone", times=3)
    (request,) = await requests(company)
    assert ("withdrawn", None) == (request.state, request.next_at)
    assert "↩️ Закончена: предмета заявки больше нет или он закрыт, 09:00" in card.text
    assert not [each for each in card.buttons if "Лист" not in each]
    assert "больше нет или он закрыт" in anna.chat[-1].text
    await sergey.taps(action, card.id)
    await sergey.reads()
    await company.move(timedelta(days=3))
    assert ["withdrawn"] == [each.state for each in await requests(company)]


async def test_e60_a_slow_turn_keeps_no_delivery_waiting(company: Company, anna: Person, sergey: Person) -> None:
    """While one turn takes half a minute, what others send is stored, and so acknowledged, at once."""
    await with_template(company, template(stage("head", [HEAD])))
    await anna.says("/request Поездка")
    gate, slow = asyncio.Event(), company.messengers.fetches

    async def late(realm: str, file: IncomingFile, limit: int) -> Fetched:
        await gate.wait()
        return await slow_fetch(realm, file, limit)

    slow_fetch = slow[anna.channel]
    company.messengers.fetches = {**slow, anna.channel: late}
    number = company.next_number()
    payload: dict[str, Any] = company.message(anna, "", number, None)
    company.sent_files["77"] = Fetched(b"pdf", "a.pdf")
    own = payload.get("message") or payload["data"]["message"]
    if anna.channel == "telegram":
        del own["text"]
        own["document"] = {"file_id": "77", "file_name": "a.pdf", "file_size": 3}
    else:
        own["params"] = {"FILE_ID": [77]}
    await company.deliver(anna.channel, payload)
    (stored,) = await company.storage.inbox.claim(5)
    turn = asyncio.ensure_future(company.dispatcher.take(stored))
    async with asyncio.timeout(1):
        await sergey.sends("пришёл")
    assert 2 == (await company.storage.backlog()).inbox
    assert not turn.done()
    gate.set()
    await turn
    await company.settle()
    assert "📎 Приложено: a.pdf" in anna.chat[-1].text
    assert sergey.chat[-1].text.startswith("🟢")


async def test_e61_what_a_reconciliation_finds_again(company: Company, anna: Person, sergey: Person) -> None:
    """A change that was told once, and is found again later, changes nothing more; one that was lost is made up for."""
    await waiting(company, anna, sergey, policy={"watch": ["cost"], "on_change": "rework"}, rework={"max_rounds": 2})
    head = await sergey.employee()

    async def found(cost: int) -> None:
        (request,) = await requests(company)

        async def work(services: Services) -> None:
            fields = {"cost": cost}
            courses = services.get(Courses)
            now = await courses.get(company.portal.id, request.id)
            await courses.do(now, "change", head, company.clock.now(), fields=fields)

        await by_hand(company, work)

    await found(50000)
    assert [("pending", 0)] == [(each.state, each.round) for each in await requests(company)]
    await found(70000)
    await found(70000)
    assert [("rework", 1)] == [(each.state, each.round) for each in await requests(company)]


@pytest.mark.parametrize("restarts", [False, True])
async def test_e62_e63_what_follows_and_is_not_done(
    company: Company, anna: Person, sergey: Person, *, restarts: bool
) -> None:
    """The outcome stands, whatever becomes of what follows from it: that is shown as open, and nobody is told twice."""
    await waiting(company, anna, sergey, **EFFECTS)
    await sergey.presses("Согласовать")
    if restarts:
        await company.restart()
    await company.move(timedelta(days=2))
    (request,) = await requests(company)
    assert ("approved", [("crm_update", False), ("notify", True)]) == (
        request.state,
        [(each.do, each.is_done) for each in request.effects],
    )
    told = [each for each in anna.shown if "Согласовано" in each]
    assert "Что из этого следует, делается на портале." in told[0]
    assert 1 == sum("Согласовано, 09:00\n" in f"{each}\n" and "Куда" not in each for each in anna.shown)


async def test_e66_the_application_was_removed(company: Company, anna: Person, sergey: Person) -> None:
    """All that runs has failed, on record; whoever was asked and whoever asked are told, and no timer goes on."""
    card, action = await waiting(company, anna, sergey)
    await sergey.presses("Отклонить")

    async def work(services: Services) -> None:
        assert 1 == await services.get(Courses).freeze(company.portal.id, company.clock.now())
        assert 0 == await services.get(Courses).freeze(company.portal.id + 1, company.clock.now())

    await by_hand(company, work)
    (request,) = await requests(company)
    assert ("failed", None) == (request.state, request.next_at)
    stopped = "⚠️ Остановлена: приложение удалено с портала, 09:00"
    assert stopped in card.text
    assert stopped in anna.chat[-1].text
    assert stopped in sergey.chat[-1].text
    await sergey.says("дорого")
    await sergey.taps(action, card.id)
    await sergey.reads()
    await company.move(timedelta(days=3))
    assert ["failed"] == [each.state for each in await requests(company)]


async def _installed(company: Company) -> None:
    """Let the application be installed on the portal."""
    async with company.storage.unit_of_work() as uow:
        uow.installations.name_company(company.portal.id, MEMBER)
        active = (company.portal.id, InstallationState.ACTIVE, "token", "", "")
        uow.installations.put(Installation(*active, frozenset(), "L", "1", "17", company.clock.now()))
        await uow.commit()


async def _uninstalled(company: Company) -> None:
    """Let the application be installed on the portal, and removed."""
    await _installed(company)

    async def work(services: Services) -> None:
        await services.get(Installations).uninstall(MEMBER, company.clock.now(), clean=False)

    await by_hand(company, work)


async def test_e66_a_removal_ends_what_runs(company: Company, anna: Person, sergey: Person) -> None:
    """The portal's own event does it: nobody waits for an answer that cannot come, and whoever waits is told."""
    card, action = await waiting(company, anna, sergey)
    await _uninstalled(company)
    (request,) = await requests(company)
    assert ("failed", None) == (request.state, request.next_at)
    stopped = "⚠️ Остановлена: приложение удалено с портала, 09:00"
    assert [1, 1] == [sum(stopped in each.text for each in who.chat[-1:]) for who in (anna, sergey)]
    await sergey.taps(action, card.id)
    assert ["failed"] == [each.state for each in await requests(company)]


async def test_e66_a_removal_that_nobody_told(company: Company, anna: Person, sergey: Person) -> None:
    """The portal says that it has no application: after a day what runs ends as if it had told of the removal."""
    await with_template(company, template(stage("head", [HEAD], deadline={"after": "10d"})))
    await sent(anna)
    await _installed(company)

    async def missing(services: Services) -> None:
        now = company.clock.now()
        assert await services.get(Installations).trouble(company.portal.key, Trouble.NOT_INSTALLED, now)

    await by_hand(company, missing)
    await company.move(GONE_AFTER - timedelta(minutes=1))
    assert ["pending"] == [each.state for each in await requests(company)]
    await company.move(timedelta(minutes=2))
    assert ["failed"] == [each.state for each in await requests(company)]
    assert any("⚠️ Остановлена: приложение удалено с портала" in each for each in sergey.shown)


async def test_e66_is_told_where_the_portal_is_not_needed(company: Company, channel: str, olga: Person) -> None:
    """The bot on the portal is gone: whoever has Telegram too is told there, once, whatever they prefer."""
    other = "telegram" if channel == "bitrix24" else "bitrix24"
    sergey = await company.hire("Сергей Орлов", channel, role=Role.LEAD, lead=olga, also=other)
    anna = await company.hire("Анна Ким", channel, lead=sergey, also=other)
    for who in (anna, sergey):
        async with company.storage.unit_of_work() as uow:
            uow.employees.put(replace(await who.employee(), prefers="bitrix24"))
            await uow.commit()
    await with_template(company, template(stage("head", [HEAD])))
    await sent(anna)
    await _uninstalled(company)
    for who in (anna, sergey):
        news = {
            place.channel: [text for text in place.shown if "⚠️ Остановлена" in text and "Куда" not in text]
            for place in (who, company.elsewhere(who))
        }
        assert {"bitrix24": 0, "telegram": 1} == {name: len(texts) for name, texts in news.items()}


async def test_e67_a_card_that_cannot_be_edited(company: Company, anna: Person, sergey: Person) -> None:
    """Asked to wait, a change of a card is tried again then; where its message is gone, a new one tells it."""
    card, action = await waiting(company, anna, sergey)
    await sergey.taps(action, card.id)
    (stored,) = await company.storage.inbox.claim(5)
    await company.dispatcher.take(stored)
    outbox = company.storage.outbox

    async def next_of_card() -> Outgoing:
        found = [each for each in await outbox.claim(sergey.channel, 50) if each.to.account == sergey.account]
        return found[0]

    edit = await next_of_card()
    assert card.id == edit.shown_as
    await outbox.failed([(edit, DeliveryError("rate_limit", permanent=False, retry_after=0.0), 0.0)])
    again = await next_of_card()
    assert (edit.id, card.id) == (again.id, again.shown_as)
    await outbox.failed([(again, DeliveryError("gone", permanent=False), 0.0)])
    anew = await next_of_card()
    assert (edit.id, None) == (anew.id, anew.shown_as)
    await outbox.sent([(anew, Receipt("9001"))])
    assert ["approved"] == [each.state for each in await requests(company)]
