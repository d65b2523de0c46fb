"""The page of a request on a route: what changed, who is asked instead, what follows; lists that say what is new."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.errand import ErrandState
from bot.services.approvals.effects import cause_of
from tests.dialogs.routes import HEAD, sent, stage, template, with_template
from tests.pages.site import Read, Site
from tests.people import Company, Person


def numbers(read: Read) -> list[str]:
    """Return the requests of a list, from the top."""
    return re.findall(r'class="title" href="/approvals/(\d+)"', read.html)


def shown(read: Read) -> dict[str, str]:
    """Return the version and the lines of the record that a page shows."""
    return dict(re.findall(r'name="(version|lines)" value="(\d+)"', read.html))


async def request_of(company: Company) -> RoutedRequest:
    """Return the newest request as stored."""
    async with company.storage.unit_of_work() as uow:
        return (await uow.routed.of_portal(company.portal.id, 1))[0]


@pytest.fixture
async def asked(company: Company, anna: Person, sergey: Person, olga: Person) -> str:
    """Anna's trip, which waits for Sergey; a deal would be commented on once it is approved."""
    actions = {"actions": ["approve", "reject", "return", "comment"]}
    follows = {"approved": [{"do": "task_add", "args": {"title": "Билеты"}}, {"do": "notify", "args": {}}]}
    made = template(stage("head", [HEAD], track=actions), rework={"max_rounds": 2}, outcomes=follows)
    await with_template(company, made)
    await sent(anna)
    return str((await request_of(company)).id)


async def test_what_changed_stands_on_top_of_a_stale_answer(
    site: Site, anna: Person, sergey: Person, asked: str
) -> None:
    """Nothing is decided; the page says what happened meanwhile, and keeps the reason that was typed."""
    before = shown(await site.get(sergey, f"/approvals/{asked}"))
    mine = shown(await site.get(anna, f"/approvals/{asked}"))
    await site.post(anna, f"/approvals/{asked}/say/comment", {**mine, "reason": "Билеты дорожают"})
    stale = await site.post(sergey, f"/approvals/{asked}/decision", {**before, "verdict": "reject", "reason": "Далеко"})
    assert stale.status in {409, 412}
    meanwhile = stale.html[stale.html.index('id="meanwhile"') :][:600]
    assert "Билеты дорожают" in meanwhile
    assert "отправил" not in meanwhile
    assert ">Далеко</textarea>" in stale.html
    assert [asked] == numbers(await site.get(sergey, "/approvals"))


async def test_the_decided_tell_what_the_reader_said_and_how_it_stands(
    site: Site, company: Company, sergey: Person, anna: Person, olga: Person
) -> None:
    """While it can be taken back too; what was taken back is not decided."""
    await with_template(company, template(stage("head", [HEAD]), stage("boss", [HEAD]), policy={"undo_seconds": 30}))
    await sent(anna)
    asked = str((await request_of(company)).id)

    async def answers(verdict: str) -> str:
        fields = {**shown(await site.get(sergey, f"/approvals/{asked}")), "verdict": verdict, "reason": "Далеко"}
        await site.post(sergey, f"/approvals/{asked}/decision", fields)
        return (await site.get(sergey, "/approvals?tab=decided")).text

    told = await answers("approve")
    assert "Этап согласован, можно вернуть ваш ответ: согласовано" in told
    assert "решает" not in told
    assert "Этап согласован, можно вернуть" in (await site.get(anna, f"/approvals/{asked}")).text
    await site.post(sergey, f"/approvals/{asked}/undo", shown(await site.get(sergey, f"/approvals/{asked}")))
    assert [] == numbers(await site.get(sergey, "/approvals?tab=decided"))
    assert "Ждёт решения" in (await site.get(anna, f"/approvals/{asked}")).text
    await answers("approve")
    await company.move(timedelta(seconds=31))
    assert "Отклонено, можно вернуть ваш ответ: отклонено" in await answers("reject"), "the latest of several"


async def test_requests_are_chosen_by_their_template(
    site: Site, company: Company, sergey: Person, anna: Person, asked: str
) -> None:
    """Of those by which requests run that one may see; nobody else reads what templates there are."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    choice = '<option value="trip">Поездка</option>'
    for person, tab in ((sergey, "waiting"), (sergey, "team"), (anna, "mine")):
        assert choice in (await site.get(person, f"/approvals?tab={tab}")).html
    assert choice not in (await site.get(boris, "/approvals?tab=all")).html
    assert [asked] == numbers(await site.get(anna, "/approvals?tab=mine&template=trip"))
    assert [] == numbers(await site.get(anna, "/approvals?tab=mine&template=other"))


async def test_tracks_stand_with_their_people(
    site: Site, company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """Where several are asked beside each other, each track has its name, its rule, how it stands, its people."""
    made = stage("review", [HEAD])
    money = {"id": "fin", "title": {"ru": "Деньги", "en": "Money"}, "rule": {"type": "quorum", "n": 2}}
    people = [{"by": "user", "id": int(each.account)} for each in (sergey, olga, anna)]
    made["tracks"] = [{**made["tracks"][0], "title": {"ru": "Отдел"}}, {**money, "approvers": people}]
    await with_template(company, template(made))
    await sent(anna)
    read = await site.get(olga, f"/approvals/{(await request_of(company)).id}")
    where = read.text[read.text.index("Где сейчас") : read.text.index("Журнал")]
    assert "Отдел Сергей Орлов – ответа пока нет" in where
    assert "Деньги нужны 2 голоса «за»: за 0, против 0, без ответа" in where
    assert where.index("Деньги") < where.index("Ольга Смирнова")


async def test_who_did_not_answer_in_time(
    site: Site, company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """Where time ran out, the stage is no success, and of a track that was not decided that is said of its people."""
    made = stage("review", [HEAD], deadline={"after": "1wh", "on_expire": "reject"})
    money = [{"by": "user", "id": int(each.account)} for each in (olga, sergey)]
    made["tracks"].append({"id": "fin", "title": {"ru": "Деньги"}, "approvers": money, "rule": {"type": "any"}})
    await with_template(company, template(made))
    await sent(anna)
    asked = f"/approvals/{(await request_of(company)).id}"
    await site.post(olga, f"{asked}/decision", {**shown(await site.get(olga, asked)), "verdict": "approve"})
    await company.move(timedelta(hours=2))
    read = await site.get(anna, asked)
    where = read.text[read.text.index("Где сейчас") : read.text.index("Журнал")]
    assert "Сергей Орлов – ответа в срок не было" in where
    assert "Ольга Смирнова – согласовано" in where
    assert 1 == where.count("ответа в срок не было")
    assert 'class="lost"' in read.html


async def test_an_administrator_has_somebody_else_asked(
    site: Site, company: Company, anna: Person, sergey: Person, olga: Person, asked: str
) -> None:
    """With a reason, which stays on record; nobody else may."""
    card = await site.get(olga, f"/approvals/{asked}")
    assert "Спросить другого" in card.text
    assert "Спросить другого" not in (await site.get(sergey, f"/approvals/{asked}")).text
    boris = await company.hire("Борис Лавров", "bitrix24", lead=olga)
    fields = {**shown(card), "holder": sergey.employee_id, "person": boris.employee_id, "reason": "В отпуске"}
    assert 403 == (await site.post(sergey, f"/approvals/{asked}/holder", fields)).status
    assert 422 == (await site.post(olga, f"/approvals/{asked}/holder", {**fields, "reason": " "})).status
    done = await site.post(olga, f"/approvals/{asked}/holder", fields)
    assert ("Теперь решает Борис Лавров" in done.text, "В отпуске" in done.text) == (True, True)
    assert ([], [asked]) == (
        numbers(await site.get(sergey, "/approvals")),
        numbers(await site.get(boris, "/approvals")),
    )


async def test_what_follows_is_tried_again(
    site: Site, company: Company, sergey: Person, olga: Person, anna: Person, asked: str
) -> None:
    """What did not work out says why; an administrator has it done again, and it is on record that they did."""
    card = await site.get(sergey, f"/approvals/{asked}")
    await site.post(sergey, f"/approvals/{asked}/decision", {**shown(card), "verdict": "approve"})
    request = await request_of(company)
    async with company.storage.unit_of_work() as uow:
        (errand,) = await uow.errands.of_cause(company.portal.id, cause_of(request))
        uow.errands.put(replace(errand, state=ErrandState.FAILED, reason="no_right", ended_at=company.clock.now()))
        await uow.commit()
    seen = await site.get(olga, f"/approvals/{asked}")
    assert ("не получилось" in seen.text or "не вышло" in seen.text, "Повторить" in seen.text) == (True, True)
    assert "Повторить" not in (await site.get(anna, f"/approvals/{asked}")).text
    retry = f"/approvals/{asked}/effects/0/retry"
    assert 403 == (await site.post(anna, retry, shown(seen))).status
    again = await site.post(olga, retry, shown(seen))
    assert ("Повторяем" in again.text, "Повторить" in again.text) == (True, False)
    assert "нечего повторять" in (await site.post(olga, retry, shown(seen))).text
    for path in ("effects/9/retry", "effects/x/retry"):
        assert 404 == (await site.post(olga, f"/approvals/{asked}/{path}", shown(seen))).status


async def test_what_one_decided(site: Site, company: Company, anna: Person, sergey: Person, asked: str) -> None:
    """Requests of both kinds that one answered, until one takes the answer back; what others decided is not there."""
    assert [] == numbers(await site.get(sergey, "/approvals?tab=decided"))
    await anna.says("отпуск с 3 по 14 августа")
    await anna.says("да")
    for number in numbers(await site.get(sergey, "/approvals")):
        card = await site.get(sergey, f"/approvals/{number}")
        await site.post(sergey, f"/approvals/{number}/decision", {**shown(card), "verdict": "approve"})
    decided = numbers(await site.get(sergey, "/approvals?tab=decided"))
    assert (2, True) == (len(decided), asked in decided)
    other = next(each for each in decided if each != asked)
    card = await site.get(sergey, f"/approvals/{other}")
    await site.post(sergey, f"/approvals/{other}/undo", shown(card))
    assert [asked] == numbers(await site.get(sergey, "/approvals?tab=decided"))
    assert [] == numbers(await site.get(anna, "/approvals?tab=decided"))
    await company.move(timedelta(seconds=31))


async def test_a_list_says_what_is_new(site: Site, anna: Person, sergey: Person, asked: str) -> None:
    """So many are new, and which have changed or gone; nothing moves. Of what one may not see nothing is told."""
    listed = await site.get(sergey, "/approvals")
    news = re.search(r'hx-get="(/approvals/news[^"]*)"', listed.html)
    assert news is not None
    address = news[1].replace("&amp;", "&")
    quiet = await site.get(sergey, address)
    assert (True, False) == ('id="news" hidden' in quiet.html, "changed-" in quiet.html)
    await anna.says("отпуск с 3 по 14 августа")
    await anna.says("да")
    mine = shown(await site.get(anna, f"/approvals/{asked}"))
    await site.post(anna, f"/approvals/{asked}/say/comment", {**mine, "reason": "Скоро"})
    told = await site.get(sergey, address)
    assert ("1 новая" in told.text, "1 изменилась" in told.text) == (True, True)
    assert f'id="changed-{asked}"' in told.html
    assert ("новая" in (await site.get(anna, address)).text) is False
    assert 200 == (await site.get(sergey, "/approvals/news?seen=x.y,1,&tab=9")).status


async def test_a_record_proves_itself(site: Site, sergey: Person, asked: str) -> None:
    """The page says that no line was changed, with the hash that it ends with; and a request that is gone is none."""
    card = await site.get(sergey, f"/approvals/{asked}")
    assert re.search(r"Последний хеш: [0-9a-f]{12}", card.text)
    for path in ("/approvals/9", "/approvals/9/sheet.pdf", "/approvals/9/files/0", "/approvals/9/resubmission"):
        assert 404 == (await site.get(sergey, path)).status


async def test_one_looks_for_a_number_or_a_name(
    site: Site, company: Company, anna: Person, sergey: Person, asked: str
) -> None:
    """A number leads to its request, a name to that person's; of what one may not see it is said as of nothing."""
    for said in ("1", "№ 1"):
        led = await site.get(sergey, f"/approvals?q={said}")
        assert (303, f"/approvals/{asked}") == (led.status, led.headers["Location"])
    led = await site.get(sergey, "/approvals?q=Анна+Ким")
    assert (303, True) == (led.status, f"person={anna.employee_id}" in led.headers["Location"])
    assert [asked] == numbers(await site.get(sergey, led.headers["Location"]))
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    for said in ("1", "2", "Никто Такой", "9" * 40):
        nothing = await site.get(boris, f"/approvals?q={said}")
        assert (200, True) == (nothing.status, 'id="unfound"' in nothing.html), said


@pytest.mark.usefixtures("site")
async def test_a_card_that_waits_names_its_page(company: Company, sergey: Person, anna: Person, asked: str) -> None:
    """So that a messenger can open it: while it waits for its reader's decision, and no longer; so does /web."""
    await sergey.reads()
    (card,) = [each for each in sergey.chat if each.page]
    assert f"/approvals/{asked}" == card.page
    assert [] == [each for each in anna.chat if each.page]
    await sergey.presses("Согласовать")
    assert [] == [each for each in sergey.chat if each.page]
    await anna.says("отпуск с 3 по 14 августа")
    await anna.says("да")
    await sergey.reads()
    leave = sergey.chat[-1]
    assert re.fullmatch(r"/approvals/\d+", leave.page)
    company.messengers.site = lambda: "https://smena.example"
    await anna.says("/web")
    assert "/" == anna.chat[-1].page


async def test_whoever_handed_over_is_asked_no_more(
    site: Site, company: Company, sergey: Person, anna: Person, olga: Person
) -> None:
    """The page of the request says so: it waits for the other one alone."""
    actions = {"actions": ["approve", "reject", "delegate"]}
    made = template(stage("head", [HEAD], track=actions), policy={"delegation": {"scope": "any"}})
    await with_template(company, made)
    await sent(anna)
    asked = str((await request_of(company)).id)
    fields = {**shown(await site.get(sergey, f"/approvals/{asked}")), "person": olga.employee_id}
    await site.post(sergey, f"/approvals/{asked}/delegation", fields)
    told = (await site.get(olga, f"/approvals/{asked}")).text
    assert "Сергей Орлов – теперь спрашивают другого" in told
    assert 1 == told.count("ответа пока нет")
