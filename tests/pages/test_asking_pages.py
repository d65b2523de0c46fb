"""Asking on pages: typed fields with their errors, files, a look at who is asked, one request however often sent."""

import asyncio
import re
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData

from bot.domain.approvals.files import LARGEST
from bot.domain.approvals.routed import RoutedRequest
from bot.services.people.access import Access
from tests.dialogs.routes import HEAD, in_group, stage, template, with_template
from tests.pages.site import Read, Site, undertake
from tests.people import Company, Person

COSTLY = {"op": "cmp", "field": "cost", "test": "ge", "value": 300000}
FORM: list[dict[str, Any]] = [
    {"key": "where", "title": {"ru": "Куда", "en": "Where to"}, "type": "text", "required": True},
    {"key": "cost", "title": {"ru": "Сумма", "en": "Sum"}, "type": "money", "required": True},
    {"key": "day", "title": {"ru": "Когда", "en": "When"}, "type": "date"},
    {"key": "how", "title": {"ru": "Как", "en": "How"}, "type": "choice", "choices": ["Поезд", "Самолёт"]},
    {"key": "who", "title": {"ru": "С кем", "en": "With"}, "type": "person"},
    {"key": "deal", "title": {"ru": "Сделка", "en": "Deal"}, "type": "deal"},
    {"key": "days", "title": {"ru": "Дней", "en": "Days"}, "type": "number"},
    {"key": "paper", "title": {"ru": "Договор", "en": "Paper"}, "type": "file"},
]


def fields_of(read: Read) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', read.html))


def multipart(fields: dict[str, str], *files: tuple[str, str, bytes]) -> FormData:
    """Return a form as a browser sends it."""
    made = FormData(fields, quote_fields=False, default_to_multipart=True)
    for name, called, content in files:
        made.add_field(name, BytesIO(content), filename=called, content_type="application/octet-stream")
    return made


async def requests_of(company: Company) -> list[RoutedRequest]:
    """Return the portal's requests, newest first."""
    async with company.storage.unit_of_work() as uow:
        return list(await uow.routed.of_portal(company.portal.id, 9))


@pytest.fixture
async def trip(company: Company, anna: Person, sergey: Person, olga: Person) -> str:
    """A template: the head, and the finance group where it is dear."""
    actions = {"actions": ["approve", "reject", "return", "comment"]}
    made = template(
        stage("head", [HEAD], track=actions), stage("finance", [in_group("finance")], when=COSTLY),
        rework={"max_rounds": 2},
    )  # fmt: skip
    await with_template(company, {**made, "form": FORM}, finance=[olga])
    return "/approvals/new/trip"


FILLED = {"f-where": "Казань", "f-cost": "400 000", "f-day": "2026-08-03", "f-how": "Поезд", "f-days": "3"}


async def test_what_one_may_ask_for(site: Site, company: Company, anna: Person, trip: str) -> None:
    """The templates that are on, and one's own time; a template that is not there says so."""
    offered = await site.get(anna, "/approvals/new")
    assert (200, True, True) == (offered.status, f'href="{trip}"' in offered.html, "Переработка" in offered.text)
    assert 409 == (await site.get(anna, "/approvals/new/nothing")).status
    assert 404 == (await site.get(anna, "/approvals/new/my-time/nothing")).status
    empty = await site.get(anna, trip)
    assert [
        each for each in ("Куда", "Сумма", "Когда", "Как", "С кем", "Сделка", "Договор") if each not in empty.text
    ] == []


async def test_what_is_asked_from_a_tab_names_its_object(site: Site, anna: Person, trip: str) -> None:
    """From the list of a deal to the form, whose field of a deal holds it; no other object fills that field."""
    about = "?about=deal%3A12"
    listed = await site.get(anna, f"/approvals{about}")
    assert f'href="/approvals/new{about}"' in listed.html
    offered = await site.get(anna, f"/approvals/new{about}")
    assert (True, True) == (f'href="{trip}{about}"' in offered.html, "Сделка 12" in offered.text)
    assert 'name="f-deal" value="12"' in (await site.get(anna, f"{trip}{about}")).html
    for other in ("?about=task%3A12", "?about=lead%3A12", "?about=nothing", ""):
        assert 'name="f-deal" value=""' in (await site.get(anna, f"{trip}{other}")).html


async def test_it_is_looked_at_and_sent(site: Site, company: Company, anna: Person, sergey: Person, trip: str) -> None:
    """The look says who is asked, why and until when; sent, it stands in chat and on the page."""
    filled = {**fields_of(await site.get(anna, trip)), **FILLED, "f-who": str(sergey.employee_id)}
    look = await site.post(anna, f"{trip}/preview", filled)
    assert 200 == look.status
    for told in ("Сумма: 400 000", "Как: Поезд", "С кем: Сергей Орлов", "Сергей Орлов (руководитель инициатора)",
                 "Ольга Смирнова", "Сумма ≥ 300 000", "до"):  # fmt: skip
        assert told in look.text, told
    sent = await site.post(anna, trip, fields_of(look))
    assert "Отправлено" in sent.text
    (request,) = await requests_of(company)
    assert request.running.subject["cost"] == 400000
    assert request.running.subject["day"] == "2026-08-03"
    assert request.record[0].messenger == "web"
    await sergey.reads()
    assert "Поездка" in sergey.shown[-1]


async def test_only_stages_that_it_needs_are_to_come(site: Site, anna: Person, sergey: Person, trip: str) -> None:
    """Finance is asked about what is dear; of a cheap trip, or of one that was rejected, nothing is still to come."""
    cards = []
    for cost in ("400 000", "1 000"):
        filled = {**fields_of(await site.get(anna, trip)), **FILLED, "f-cost": cost}
        cards.append(await site.post(anna, trip, fields_of(await site.post(anna, f"{trip}/preview", filled))))
    dear, cheap = cards
    assert (True, False) == ("ещё впереди" in dear.text, "ещё впереди" in cheap.text)
    (path,) = re.findall(r'action="(/approvals/\d+)/withdrawal"', dear.html)
    withdrawn = await site.post(anna, f"{path}/withdrawal", fields_of(dear))
    assert (200, False) == (withdrawn.status, "ещё впереди" in withdrawn.text)


async def test_what_is_wrong_stands_at_its_field(site: Site, company: Company, anna: Person, trip: str) -> None:
    """All at once, with what was typed; nothing is sent, and chat would say the same."""
    wrong = {**fields_of(await site.get(anna, trip)), "f-where": "", "f-cost": "много", "f-day": "когда-нибудь",
             "f-how": "Пешком", "f-who": "7"}  # fmt: skip
    for path in (f"{trip}/preview", trip):
        refused = await site.post(anna, path, wrong)
        assert (422, 5) == (refused.status, refused.html.count('aria-invalid="true"'))
        assert "Я читаю здесь сумму" in refused.text or "сумм" in refused.text
        assert 'value="много"' in refused.html
        assert fields_of(refused)["token"] == wrong["token"]
    assert [] == await requests_of(company)


async def test_sent_twice_it_is_one(site: Site, company: Company, anna: Person, trip: str) -> None:
    """Pressed twice at once, once more from behind the back button, also after it has ended; another form is new."""
    look = await site.post(anna, f"{trip}/preview", {**fields_of(await site.get(anna, trip)), **FILLED})
    sent = fields_of(look)
    both = await asyncio.gather(*(site.post(anna, trip, sent) for _ in range(2)))
    assert [200, 200] == [each.status for each in both]
    (request,) = await requests_of(company)
    card = await site.get(anna, f"/approvals/{request.id}")
    await site.post(anna, f"/approvals/{request.id}/withdrawal", {"version": fields_of(card)["version"]})
    again = await site.post(anna, trip, sent)
    assert (1, True) == (len(await requests_of(company)), "уже отправлена" in again.text)
    other = await site.post(anna, trip, {**sent, **fields_of(await site.get(anna, trip))})
    assert (200, 2) == (other.status, len(await requests_of(company)))


async def test_a_number_of_somebody_else(site: Site, company: Company, anna: Person, sergey: Person, trip: str) -> None:
    """Whose form it is counts: another's request is neither shown nor touched."""
    look = await site.post(anna, f"{trip}/preview", {**fields_of(await site.get(anna, trip)), **FILLED})
    await site.post(anna, trip, fields_of(look))
    stolen = await site.post(sergey, trip, fields_of(look))
    assert (404, 1) == (stolen.status, len(await requests_of(company)))
    for token in ("1", "9" * 18, "-5", "x"):
        refused = await site.post(anna, trip, {**fields_of(look), "token": token, "f-where": "Пермь"})
        assert (422, True) == (refused.status, ">Пермь</textarea>" in refused.html), token


async def test_files_come_with_it(site: Site, company: Company, anna: Person, sergey: Person, trip: str) -> None:
    """They are kept as the form is looked at, stand in it when it is changed, and are given to who sees the request."""
    begun = fields_of(await site.get(anna, trip))
    body = multipart({**begun, **FILLED, "f-where": ""}, ("file-paper", "договор.pdf", b"%PDF paper"),
                     ("file-", "фото.svg", b"<svg onload=alert(1)>"))  # fmt: skip
    refused = await site.post(anna, f"{trip}/preview", body)
    assert (422, True, True) == (refused.status, "договор.pdf, 1 КБ" in refused.text, "фото.svg" in refused.text)
    look = await site.post(anna, f"{trip}/preview", {**fields_of(refused), **FILLED})
    assert "Договор: договор.pdf, 1 КБ" in look.text
    changed = await site.post(anna, f"{trip}/preview", {**fields_of(look), "change": "1"})
    assert (True, ">Казань</textarea>" in changed.html) == ("фото.svg" in changed.text, True)
    await site.post(anna, trip, fields_of(look))
    (request,) = await requests_of(company)
    card = await site.get(sergey, f"/approvals/{request.id}")
    names = {each.name: n for n, each in enumerate(request.files)}
    assert f'/approvals/{request.id}/files/{names["фото.svg"]}"' in card.html
    paper = await site.get(sergey, f"/approvals/{request.id}/files/{names['договор.pdf']}")
    assert (200, "%PDF paper", "application/pdf") == (paper.status, paper.html, paper.headers["Content-Type"])
    photo = await site.get(sergey, f"/approvals/{request.id}/files/{names['фото.svg']}")
    assert ("application/octet-stream", "sandbox", "nosniff", "attachment") == (
        photo.headers["Content-Type"], photo.headers["Content-Security-Policy"],
        photo.headers["X-Content-Type-Options"], photo.headers["Content-Disposition"].split(";")[0],
    )  # fmt: skip
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    for path in (f"/approvals/{request.id}/files/0", f"/approvals/{request.id}/sheet.pdf"):
        assert 404 == (await site.get(boris, path)).status
    assert 404 == (await site.get(sergey, f"/approvals/{request.id}/files/9")).status
    sheet = await site.get(sergey, f"/approvals/{request.id}/sheet.pdf")
    assert (200, "application/pdf", True) == (sheet.status, sheet.headers["Content-Type"], sheet.html[:4] == "%PDF")


async def test_what_is_no_file_of_ours(site: Site, company: Company, anna: Person, sergey: Person, trip: str) -> None:
    """One too large is named, all else stays; another's file, and one that waited too long, are not sent."""
    begun = fields_of(await site.get(anna, trip))
    body = multipart({**begun, **FILLED}, ("file-paper", "фильм.avi", bytes(LARGEST + 1)), ("file-", "a.txt", b"a"))
    refused = await site.post(anna, f"{trip}/preview", body)
    assert (422, True, True) == (refused.status, "фильм.avi: " in refused.text, "a.txt, 1 КБ" in refused.text)
    stolen = {**fields_of(await site.get(sergey, trip)), **FILLED, "files": fields_of(refused)["files"]}
    for path in (f"{trip}/preview", trip):
        answer = await site.post(sergey, path, stolen)
        assert (422, False) == (answer.status, "a.txt" in answer.text)
    assert [] == await requests_of(company)


async def test_no_file_is_taken_for_what_one_may_not_send(
    site: Site, company: Company, anna: Person, sergey: Person, trip: str
) -> None:
    """By a template that is not there, or for another's request: refused as without a file, and nothing is kept."""
    look = await site.post(anna, f"{trip}/preview", {**fields_of(await site.get(anna, trip)), **FILLED})
    await site.post(anna, trip, fields_of(look))
    (request,) = await requests_of(company)
    for person, path in ((anna, "/approvals/new/nowhere"), (sergey, f"/approvals/{request.id}/resubmission")):
        body = multipart({**fields_of(look)}, ("file-", "a.txt", b"a"))
        without = await site.post(person, f"{path}/preview", fields_of(look))
        answer = await site.post(person, f"{path}/preview", body)
        assert (without.status, True) == (answer.status, answer.status >= 400)
    async with company.storage.unit_of_work() as uow:
        assert 0 == await uow.files.taken(company.portal.id)


async def ended(site: Site, company: Company, person: Person) -> None:
    """Let somebody's session be over, with its cookie still there."""
    token = await site.token(person)

    async def end(services: Any) -> None:
        access, now = services.get(Access), company.clock.now()
        access.end((await access.of(token, now)).session, now)

    await undertake(company)(end, company.clock.now())


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_one_typed_is_not_sent_as_another(
    site: Site, company: Company, anna: Person, sergey: Person, trip: str, *, is_known: bool
) -> None:
    """Who is signed in by then is asked first, by name; nothing was done. Then it is theirs, and on to the look."""
    if is_known:
        await ended(site, company, anna)
    else:
        site.tokens[anna.employee_id] = "gone"
    over = await site.post(anna, f"{trip}/preview", FILLED)
    asked = await site.post(sergey, f"{trip}/preview", fields_of(over))
    assert (409, True, "Казань") == (asked.status, "Сергей Орлов" in asked.text, fields_of(asked)["f-where"])
    forged = await site.post(sergey, f"{trip}/preview", {**fields_of(over), "typed-by": "x"})
    look = await site.post(sergey, f"{trip}/preview", fields_of(asked))
    assert (409, 200, True) == (forged.status, look.status, "Казань" in look.text)


async def test_a_session_that_ended_while_somebody_typed(site: Site, company: Company, anna: Person, trip: str) -> None:
    """Without script the next page holds what was typed, and sends it; with it nothing is replaced. No file is read."""
    body = multipart({**fields_of(await site.get(anna, trip)), **FILLED}, ("file-paper", "a.pdf", b"x" * 100))
    await ended(site, company, anna)
    over = await site.post(anna, f"{trip}/preview", body)
    assert (401, "Казань", "400 000") == (over.status, fields_of(over)["f-where"], fields_of(over)["f-cost"])
    still = await site.post(anna, trip, FILLED, HX_Request="true")
    assert (401, "smena:over", "none") == (still.status, still.headers["HX-Trigger"], still.headers["HX-Reswap"])
    secret = await site.post(anna, "/settings/connection/telegram", {"token": "123456789:AAEsecret"})
    assert "AAEsecret" not in secret.html
    del site.tokens[anna.employee_id]
    look = await site.post(anna, f"{trip}/preview", fields_of(over))
    assert (200, "Казань" in look.text) == (look.status, True)
    async with company.storage.unit_of_work() as uow:
        assert 0 == await uow.files.taken(company.portal.id)


async def test_nobody_to_ask(site: Site, company: Company, olga: Person, trip: str) -> None:
    """The look says at which stage, and who was looked for; it cannot be sent."""
    look = await site.post(olga, f"{trip}/preview", {**fields_of(await site.get(olga, trip)), **FILLED})
    assert (200, True) == (look.status, "некого" in look.text)
    assert "руководитель инициатора" in look.text
    refused = await site.post(olga, trip, fields_of(look))
    assert (409, []) == (refused.status, await requests_of(company))


async def test_sent_back_it_is_changed_and_sent_again(
    site: Site, company: Company, anna: Person, sergey: Person, trip: str
) -> None:
    """The form holds what there was; the look strikes the old out; whoever did not ask cannot."""
    look = await site.post(anna, f"{trip}/preview", {**fields_of(await site.get(anna, trip)), **FILLED})
    await site.post(anna, trip, fields_of(look))
    (request,) = await requests_of(company)
    path = f"/approvals/{request.id}/resubmission"
    assert 409 == (await site.get(anna, path)).status
    card = await site.get(sergey, f"/approvals/{request.id}")
    back = {"version": fields_of(card)["version"], "reason": "Дорого"}
    await site.post(sergey, f"/approvals/{request.id}/say/return", back)
    form = await site.get(anna, path)
    assert (200, True) == (form.status, 'value="400000"' in form.html)
    assert 404 == (await site.get(sergey, path)).status
    look = await site.post(anna, f"{path}/preview", {**fields_of(form), **FILLED, "f-cost": "90000"})
    assert "<del>400 000</del> <ins>90 000</ins>" in look.html.replace("\xa0", " ")
    sent = await site.post(anna, path, fields_of(look))
    assert "Отправлено снова" in sent.text
    (request,) = await requests_of(company)
    assert (90000, 1) == (request.running.subject["cost"], request.round)
    assert 409 == (await site.post(anna, path, fields_of(look))).status


async def test_ones_own_time(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """A leave as chat asks for it: looked at, sent once, and decided by the lead."""
    path = "/approvals/new/my-time/leave"
    begun = fields_of(await site.get(anna, path))
    wrong = await site.post(
        anna, f"{path}/preview", {**begun, "f-kind": "", "f-first": "2026-08-14", "f-last": "2026-08-03"}
    )
    assert (422, 2) == (wrong.status, wrong.html.count('aria-invalid="true"'))
    filled = {**begun, "f-kind": "vacation", "f-first": "2026-08-03", "f-last": "2026-08-14", "f-reason": "Море"}
    look = await site.post(anna, f"{path}/preview", filled)
    assert ("12 дней" in look.text, "Сергей Орлов" in look.text, "Море" in look.text) == (True, True, True)
    for _ in range(2):
        sent = await site.post(anna, path, fields_of(look))
        assert 200 == sent.status
    assert 1 == (await site.get(anna, "/approvals?tab=mine")).html.count('class="title"')
    taken = await site.post(anna, f"{path}/preview", {**fields_of(await site.get(anna, path)), **filled, "token": ""})
    assert taken.status in {200, 409}


async def test_a_correction_and_overtime(site: Site, company: Company, anna: Person) -> None:
    """One mark or both; what overlaps is asked about; overtime wants something over the plan."""
    path = "/approvals/new/my-time/correction"
    begun = fields_of(await site.get(anna, path))
    assert 422 == (await site.post(anna, f"{path}/preview", {**begun, "f-day": "2026-07-10"})).status
    filled = {**begun, "f-day": "2026-07-10", "f-came": "09:00", "f-left": "18:00", "f-pause": "60"}
    look = await site.post(anna, f"{path}/preview", filled)
    assert (200, "09:00" in look.text) == (look.status, True)
    assert "Отправлено" in (await site.post(anna, path, fields_of(look))).text
    hour = await site.post(anna, f"{path}/preview", {**filled, "f-day": "2026-07-09", "f-pause": "1 час"})
    assert (200, "перерывы 1 ч" in hour.text) == (hour.status, True)
    assert 422 == (await site.post(anna, f"{path}/preview", {**filled, "f-pause": "час пополудни"})).status
    future = await site.post(anna, f"{path}/preview", {**filled, "f-day": "2026-07-20"})
    assert (409, True) == (future.status, 'value="09:00"' in future.html)
    extra = "/approvals/new/my-time/overtime"
    begun = fields_of(await site.get(anna, extra))
    assert 422 == (await site.post(anna, f"{extra}/preview", {**begun, "f-day": "2026-07-13"})).status
    look = await site.post(anna, f"{extra}/preview", {**begun, "f-day": "2026-07-13", "f-hours": "2"})
    assert "Отправлено" in (await site.post(anna, extra, fields_of(look))).text
