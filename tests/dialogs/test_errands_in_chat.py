"""What follows from a decision on the portal, in chat: told honestly, tried again by an administrator, offered once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from bot.dispatch.hook_telling import HookTelling
from bot.dispatch.turn import Occasion
from bot.domain.automation.errand import Errand, ErrandState
from bot.domain.automation.happening import HappeningType
from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.domain.automation.webhook import DeliveryState, Webhook
from bot.domain.people.employee import Identity
from bot.ids import new_id
from bot.ports import Job, PortalObject
from bot.ports.happenings import Claimed, Stands
from bot.services.approvals.courses import Courses
from bot.services.automation.errands import OFFER, Errands
from bot.services.automation.webhooks import Webhooks
from bot.services.wiring import Services
from storage import schema
from storage.engines.engine import Write
from storage.engines.statement import Statement
from tests.dialogs.routes import HEAD, cards, stage, template, with_template
from tests.people import Company, Person

MOVE = {"do": "crm_update", "args": {"stage": "WON", "fields": {"ufCrm_by": "{who}", "opportunity": "{cost}"}}}
TELL = {"do": "timeline_comment", "args": {}}
HOOK = {"do": "webhook", "args": {"name": "payments"}}


async def shows_deals_to(company: Company, person: Person) -> None:
    """Have the portal show the deal 4711, for which a person is responsible there."""
    employee = await person.employee()
    here = employee.identity("bitrix24") or Identity("bitrix24", company.portal.key, "4242", "4242")
    if employee.identity("bitrix24") is None:
        async with company.storage.unit_of_work() as uow:
            uow.employees.link(employee, here)
            await uow.commit()

    async def look_up(realm: str, kind: ObjectKind, number: int) -> PortalObject | None:
        del realm
        return PortalObject(kind, number, "Кофе", None, "", frozenset({here.account})) if number == 4711 else None

    company.messengers.look_up = look_up


async def decided(
    company: Company, anna: Person, sergey: Person, *effects: dict[str, Any], is_shown: bool = True
) -> None:
    """Let Sergey approve what Anna asked for by a template about a deal, which the portal shows her or does not."""
    if is_shown:
        await shows_deals_to(company, anna)
    form = template(stage("head", [HEAD]), outcomes={"approved": list(effects)})
    form["form"].append({"key": "deal", "title": {"ru": "Сделка"}, "type": "deal", "required": True})
    await with_template(company, form)
    await anna.says("/request")
    await anna.presses("Поездка")
    await anna.says("Казань")
    await anna.says("50000")
    await anna.says("4711")
    await anna.presses("Отправить")
    await sergey.presses("Согласовать")
    await company.move(timedelta(minutes=2))


async def errands(company: Company) -> list[Errand]:
    """Return what came of the only request, in order."""
    uow = company.storage.unit_of_work()
    (request,) = await uow.routed.of_portal(company.portal.id, 9)
    return [*await uow.errands.of_cause(company.portal.id, f"request:{request.id}")]


async def end(company: Company, state: ErrandState, reason: str = "", place: int = 0) -> None:
    """Let an errand end, as the runner stores it."""
    errand = (await errands(company))[place]

    async def work(services: Services) -> None:
        ended = replace(errand, state=state, reason=reason, ended_at=company.clock.now())
        assert await services.get(Errands).stands(ended)

    await company.undertaking(work, Occasion(company.clock.now()))
    await company.settle()


async def test_an_outcome_becomes_errands(company: Company, anna: Person, sergey: Person) -> None:
    """In the commit that ends the request, to the deal that it names, with values of the request filled in."""
    await decided(company, anna, sergey, MOVE, TELL)
    move, tell = await errands(company)
    fields = {"stageId": "WON", "ufCrm_by": sergey.name, "opportunity": 50000}
    assert ({"object": "deal:4711", "fields": fields}, "deal:4711") == (move.form, move.lane)
    said = tell.form["text"].splitlines()
    assert "Согласовано: заявка № 1 Поездка" == said[0]
    assert said[1].startswith(f"{sergey.name}, ")
    assert "Что из этого следует, делается на портале." in anna.shown[-1]


async def test_the_card_tells_what_became_of_it(company: Company, anna: Person, sergey: Person) -> None:
    """Done, or not and why; the outcome stands whatever that is."""
    await decided(company, anna, sergey, MOVE, TELL)
    await end(company, ErrandState.DONE)
    await end(company, ErrandState.FAILED, "stage_gone", place=1)
    assert any("Сделка 4711: комментарий – не вышло: такой стадии на портале нет" in each for each in cards(anna))
    (request,) = await company.storage.unit_of_work().routed.of_portal(company.portal.id, 9)
    assert "approved" == request.state


async def test_administrators_are_told_once_and_repeat_it(
    company: Company, olga: Person, anna: Person, sergey: Person
) -> None:
    """One message for all of a minute, with the reason in words; a press has it done again."""
    await decided(company, anna, sergey, MOVE, TELL)
    await end(company, ErrandState.FAILED, "no_right")
    await end(company, ErrandState.FAILED, "gone", place=1)
    await company.move(timedelta(minutes=1))
    told = [each for each in olga.shown if "На портале не вышл" in each]
    assert 1 == len(told)
    assert "Сделка 4711: стадия и поля – у приложения нет на это прав на портале" in told[0]
    await company.move(timedelta(hours=3))
    assert 1 == sum("На портале не вышл" in each for each in olga.shown)
    await olga.presses("Повторить все")
    assert [ErrandState.WAITING] * 2 == [each.state for each in await errands(company)]
    assert "Делаю: 2 действия." in olga.shown[-1]


async def test_one_is_left_as_it_is(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """And is not told again; what is not failed any more is only shown."""
    await decided(company, anna, sergey, MOVE)
    await end(company, ErrandState.FAILED, "no_right")
    await olga.says("что не вышло на портале?")
    await olga.presses("Оставить 1")
    assert [ErrandState.LEFT] == [each.state for each in await errands(company)]
    assert "Всё, что нужно было сделать на портале, сделано." in olga.shown[-1]


async def test_the_history_tells_it_too(company: Company, anna: Person, sergey: Person) -> None:
    """Below the record stands what became of it on the portal."""
    await decided(company, anna, sergey, MOVE)
    await end(company, ErrandState.DONE)
    assert "на портале сделано" in await anna.says("история заявки 1")


async def with_hook(company: Company, by: Person, name: str) -> Webhook:
    """Have an administrator add a webhook."""
    employee, now = await by.employee(), company.clock.now()

    async def work(services: Services) -> Webhook:
        address = f"https://{name}.example.com/"
        return (await services.get(Webhooks).make(employee, name, address, [HappeningType.DAY_CHANGED], now)).hook

    return await company.undertaking(work, Occasion(now))


async def took(company: Company, claimed: Claimed, state: DeliveryState) -> None:
    """Let the receiver of a webhook take a message, or not."""
    stands = Stands(claimed, state, 204 if state is DeliveryState.DONE else 500)
    await HookTelling(company.undertaking).outcome(stands, company.clock.now())
    await company.storage.hooks.stand([stands], company.clock.now())
    await company.settle()


async def test_an_outcome_is_told_to_the_webhook_of_that_name(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """To that one alone, whatever else it chose; the card says that it was once its receiver has taken it."""
    hook, other = await with_hook(company, olga, "payments"), await with_hook(company, olga, "others")
    await decided(company, anna, sergey, HOOK)
    assert [] == list(await company.storage.hooks.claim(other, 9))
    (claimed,) = await company.storage.hooks.claim(hook, 9)
    data, person = claimed.happening.data, await sergey.employee()
    assert (HappeningType.REQUEST_OUTCOME, "approved", str(person.id)) == (
        claimed.happening.type,
        data["state"],
        data["by_id"],
    )
    assert "Казань" not in str(data)  # what people wrote is for hooks that ask for it
    assert [ErrandState.WAITING] == [each.state for each in await errands(company)]
    await took(company, claimed, DeliveryState.DONE)
    (errand,) = await errands(company)
    assert (ErrandState.DONE, {"name": "payments"}) == (errand.state, errand.form)
    assert "на портале сделано" in await anna.says("история заявки 1")


async def test_without_a_webhook_of_that_name_it_fails_and_can_be_repeated(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """With that reason; once there is one, an administrator has it told after all."""
    await decided(company, anna, sergey, HOOK)
    assert [(ErrandState.FAILED, "unknown_hook")] == [(each.state, each.reason) for each in await errands(company)]
    assert any("вебхука с таким именем нет" in each for each in cards(anna))
    await olga.says("/errands")
    await olga.presses("Повторить")
    assert [(ErrandState.FAILED, "unknown_hook")] == [(each.state, each.reason) for each in await errands(company)]
    hook = await with_hook(company, olga, "payments")
    await olga.says("/errands")
    await olga.presses("Повторить")
    (claimed,) = await company.storage.hooks.claim(hook, 9)
    await took(company, claimed, DeliveryState.FAILED)
    assert [(ErrandState.FAILED, "hook_not_taken")] == [(each.state, each.reason) for each in await errands(company)]
    await olga.says("/errands")
    await olga.presses("Повторить")
    (again,) = await company.storage.hooks.claim(hook, 9)
    await took(company, again, DeliveryState.DONE)
    assert claimed.happening.id == again.happening.id
    assert [ErrandState.DONE] == [each.state for each in await errands(company)]


async def test_a_webhook_that_goes_leaves_nothing_waiting(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """What was to be told to it fails, for an administrator to repeat."""
    hook = await with_hook(company, olga, "payments")
    await decided(company, anna, sergey, HOOK)
    employee, now = await olga.employee(), company.clock.now()
    await company.undertaking(lambda services: services.get(Webhooks).remove(employee, hook, now), Occasion(now))
    assert [(ErrandState.FAILED, "unknown_hook")] == [(each.state, each.reason) for each in await errands(company)]


async def test_what_had_waited_is_offered_once(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """Requests that ended before anything could be done: an administrator says whether it is done now."""
    await decided(company, anna, sergey, MOVE)
    forget = Statement("forget errands", lambda _: delete(schema.errand), many=True)
    await company.storage._engine.write([Write(forget, {})])

    async def offer() -> None:
        async with company.storage.unit_of_work() as uow:
            uow.jobs.add(Job(new_id(), company.portal.id, OFFER, "", company.clock.now(), {}))
            await uow.commit()
        await company.move(timedelta(minutes=1))

    await offer()
    assert [ErrandState.OFFERED] == [each.state for each in await errands(company)]
    await offer()
    assert 1 == sum("не сделано 1 действие" in each for each in olga.shown)
    await olga.presses("Сделать сейчас")
    assert [ErrandState.WAITING] == [each.state for each in await errands(company)]


async def test_a_request_knows_its_object_and_its_authors(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever moved the deal does not decide about it; of the same deal there is one open request."""
    await with_template(company, template(stage("head", [HEAD])))
    asker, portal = await anna.employee(), company.portal
    about, fields = ObjectRef("deal", 4711), {"where": "Казань", "cost": 5}
    found = []

    async def work(services: Services) -> None:
        courses = services.get(Courses)
        done = await courses.start(
            portal, ("trip", 1), asker, fields, company.clock.now(), "", about=about, authors={"777"}
        )
        found.append(done)

    for _ in range(2):
        await company.undertaking(work, Occasion(company.clock.now()))
    assert ["", "same_is_open"] == [each.refusal for each in found]
    assert 777 in found[0].request.running.authors
    assert [about] * 2 == [each.request.about for each in found]


async def test_what_nobody_waited_for(company: Company, anna: Person, sergey: Person) -> None:
    """Where it was decided or over without us, the card says that, and never that the portal refused."""
    await decided(company, anna, sergey, MOVE, TELL)
    await end(company, ErrandState.LEFT, "process_gone")
    assert any("не сделано: бизнес-процесс завершился раньше" in each for each in cards(anna))
    await end(company, ErrandState.LEFT, "decided_elsewhere", place=1)
    assert any("не сделано: это уже решили на портале" in each for each in cards(anna))


async def test_a_number_that_was_only_typed_is_nobodys_right(
    company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """Whoever asks may have nothing to do with that deal: an administrator alone lends the application's rights."""
    await decided(company, anna, sergey, MOVE, is_shown=False)
    assert [ErrandState.OFFERED] == [each.state for each in await errands(company)]
    asked = next(each for each in olga.shown if each.startswith("❓"))
    assert "Заявка № 1 решена" in asked
    assert "Сделка 4711: стадия и поля" in asked
    assert any("решает администратор" in each for each in anna.shown)
    await olga.says("/errands")
    await olga.presses("Сделать сейчас")
    assert [ErrandState.WAITING] == [each.state for each in await errands(company)]


async def test_an_administrator_vouches_for_what_they_ask(company: Company, sergey: Person, olga: Person) -> None:
    """Who may have it done anyway is asked no second time."""
    await olga.says("/admin Сергей Орлов")
    await decided(company, sergey, olga, MOVE, is_shown=False)
    assert [ErrandState.WAITING] == [each.state for each in await errands(company)]
