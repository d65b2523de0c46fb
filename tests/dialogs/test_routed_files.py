"""Files of requests on routes, as people meet them in either messenger."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approvals.files import LARGEST, MOST
from bot.domain.approvals.routed import RoutedRequest, is_whole
from bot.domain.options import FILES_ROOM
from bot.messages import State
from bot.ports import Fetched
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.people import Company, Person

CONTRACT = b"%PDF-1.7 the contract"
FIELD: dict[str, Any] = {"key": "paper", "title": {"ru": "Договор", "en": "Contract"}, "type": "file", "required": True}
ASKED = "Поездка, 1 из 2\nПришлите, пожалуйста, файл: Договор\nДокумент или картинка, не больше 20 МБ."


def with_file(*, required: bool = True, **more: Any) -> dict[str, Any]:
    """Return a template whose form asks for a file first, then for a place."""
    actions = {"actions": ["approve", "reject", "return", "comment"]}
    made = template(stage("head", [HEAD], track=actions), rework={"max_rounds": 2}, **more)
    return {**made, "form": [{**FIELD, "required": required}, made["form"][0]]}


@pytest.fixture
async def form(company: Company, anna: Person) -> Person:
    """Anna is asked for the file of her request."""
    await with_template(company, with_file())
    await anna.says("/request")
    assert ASKED == await anna.presses("Поездка")
    return anna


async def request_of(company: Company) -> RoutedRequest:
    """Return the newest request as stored."""
    async with company.storage.unit_of_work() as uow:
        return (await uow.routed.of_portal(company.portal.id, 1))[0]


async def question_of(person: Person) -> State | None:
    """Return what the chat waits on."""
    async with person.company.storage.unit_of_work() as uow:
        realm = "" if person.channel == "telegram" else "portal.example"
        return await uow.dialogs.get(person.channel, realm, person.conversation)


async def test_a_file_is_the_answer_and_reaches_who_is_asked(company: Company, form: Person, sergey: Person) -> None:
    """It is named in the form, the look and the card; one press gives it, byte by byte; its hash is on record."""
    told = await form.attaches("договор.pdf", CONTRACT)
    assert told == "📎 Договор: договор.pdf, 1 КБ\nПоездка, 2 из 2\nКуда?"
    look = await form.says("Казань")
    assert "Договор: договор.pdf, 1 КБ" in look
    await form.presses("Отправить")
    card = sergey.shown[-1]
    assert "Договор: договор.pdf, 1 КБ" in card
    assert "📎 1 файл" in sergey.buttons
    assert "📎 договор.pdf, 1 КБ" == await sergey.presses("📎 1 файл")
    assert [("договор.pdf", CONTRACT)] == [(each.name, each.content) for each in sergey.files]
    request = await request_of(company)
    assert f"file {sha256(CONTRACT).hexdigest()}" in [each.what for each in request.record]
    assert sha256(CONTRACT).hexdigest() == request.running.subject["paper"]
    assert is_whole(request)


async def test_several_files(company: Company, form: Person, sergey: Person) -> None:
    """What is sent beside the open field is attached, also while the look is shown; each comes to whoever presses."""
    await form.attaches("договор.pdf", CONTRACT)
    told = await form.attaches("смета.xlsx", b"PK\x03\x04 sums")
    assert told == "📎 Приложено: смета.xlsx, 1 КБ\nПоездка, 2 из 2\nКуда?"
    assert "📎 смета.xlsx, 1 КБ" in await form.says("Казань")
    look = await form.attaches("план.png", b"\x89PNG plan")
    assert look.startswith("📎 Приложено: план.png, 1 КБ\nПоездка – уйдёт вот что:")
    await form.presses("Отправить")
    await sergey.presses("📎 3 файла")
    names = [each.files[0].name for each in sergey.chat if each.files]
    assert ["договор.pdf", "смета.xlsx", "план.png"] == names


async def test_attachments_are_left_out_by_one_press(company: Company, form: Person) -> None:
    """A file that was sent by mistake does not go; the one that the form asks for does."""
    await form.attaches("договор.pdf", CONTRACT)
    await form.attaches("кот.png", b"\x89PNG cat")
    await form.says("Казань")
    look = await form.presses("Без вложений")
    assert "кот.png" not in look
    assert "договор.pdf" in look
    await form.presses("Отправить")
    assert ["договор.pdf"] == [each.name for each in (await request_of(company)).present_files]


async def test_words_are_no_file(form: Person) -> None:
    """A field that wants a file says so; the form stays."""
    assert (await form.says("он у меня на столе")).startswith("Здесь нужен сам файл")
    assert "📎 Договор" in await form.attaches("договор.pdf", CONTRACT)


async def test_words_below_a_file(company: Company, anna: Person) -> None:
    """Words that come with a file answer the field that is open."""
    await with_template(company, template(stage("head", [HEAD])))
    await anna.says("/request")
    await anna.presses("Поездка")
    told = await anna.attaches("билет.pdf", CONTRACT, "Казань")
    assert told.startswith("📎 Приложено: билет.pdf, 1 КБ\nПоездка, 2 из 2\nСумма?")


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "Файл пустой. Посмотрите на него и пришлите, пожалуйста, ещё раз."),
        (b"x" * (LARGEST + 1), "Файл слишком большой: принимаю не больше 20 МБ."),
    ],
)
async def test_what_cannot_be_taken(form: Person, content: bytes, answer: str) -> None:
    """One kind sentence with the question again; the next file is taken."""
    assert f"{answer}\n{ASKED}" == await form.attaches("договор.pdf", content)
    assert "📎 Договор" in await form.attaches("договор.pdf", CONTRACT)


async def test_a_file_that_the_messenger_lost(company: Company, form: Person) -> None:
    """Nothing is lost but that file, which is asked for once more."""
    company.loses_files = True
    told = await form.attaches("договор.pdf", CONTRACT)
    assert told == f"Не получилось взять файл из мессенджера. Пришлите его ещё раз через минуту.\n{ASKED}"


async def test_too_many(form: Person) -> None:
    """A request takes ten; the eleventh is said, and the ten stay."""
    for number in range(MOST):
        await form.attaches(f"{number}.pdf", CONTRACT + bytes([number]))
    told = await form.attaches("лишний.pdf", b"one more")
    assert told.startswith("К одной заявке можно приложить не больше 10 файлов")
    assert MOST == len(getattr(await question_of(form), "files", ()))


async def test_no_room(company: Company, form: Person) -> None:
    """A portal gives its files a room; where it is full, the sentence says who can give more."""
    async with company.storage.unit_of_work() as uow:
        portal = await uow.portals.get(company.portal.id)
        assert portal is not None
        uow.portals.put(FILES_ROOM.put(portal, 0))
        await uow.commit()
    assert (await form.attaches("договор.pdf", CONTRACT)).startswith("Для файлов здесь не осталось места")


async def test_the_same_message_twice(company: Company, form: Person) -> None:
    """A delivery that is repeated keeps the file once."""
    payload = company.message(form, "", 77001, None)
    own: dict[str, Any] = payload.get("message") or payload["data"]["message"]  # type: ignore[index,assignment]
    if form.channel == "telegram":
        del own["text"]
        own["document"] = {"file_id": "77", "file_name": "договор.pdf", "file_size": len(CONTRACT)}
    else:
        own["params"] = {"FILE_ID": [77]}
    company.sent_files["77"] = Fetched(CONTRACT, "договор.pdf")
    await company.deliver(form.channel, payload)
    await company.deliver(form.channel, payload)
    await form.reads()
    async with company.storage.unit_of_work() as uow:
        assert 1 == len(await uow.files.drafts(company.portal.id, form.employee_id))


async def test_it_survives_a_restart(company: Company, form: Person, sergey: Person) -> None:
    """What was sent before the service died goes with the request after it."""
    await form.attaches("договор.pdf", CONTRACT)
    await company.restart()
    await form.says("Казань")
    await form.presses("Отправить")
    await sergey.presses("📎 1 файл")
    assert CONTRACT == sergey.files[0].content


async def test_another_file_in_the_next_round(company: Company, form: Person, sergey: Person) -> None:
    """Who asked may replace it when it was sent back; who is asked gets the new one, the record has both."""
    await form.attaches("договор.pdf", CONTRACT)
    await form.says("Казань")
    await form.presses("Отправить")
    await sergey.presses("На доработку")
    await sergey.says("нет подписи")
    asked = await form.presses("Изменить")
    assert "Сейчас: договор.pdf, 1 КБ" in asked
    await form.attaches("договор-2.pdf", CONTRACT + b" signed")
    await form.presses("Оставить")
    await form.presses("Отправить")
    request = await request_of(company)
    assert ["договор-2.pdf"] == [each.name for each in request.present_files]
    assert sha256(CONTRACT + b" signed").hexdigest() == request.running.subject["paper"]
    assert ["file", "file left", "file"] == [
        each.what.rpartition(" ")[0].removesuffix(" out") for each in request.record if each.what.startswith("file")
    ]
    assert is_whole(request)
    await sergey.presses("📎 1 файл")
    assert "договор-2.pdf" == sergey.files[0].name


async def test_a_button_of_somebody_else(company: Company, form: Person, sergey: Person, olga: Person) -> None:
    """Files are for whoever the request concerns: a stranger's press gives nothing."""
    await form.attaches("договор.pdf", CONTRACT)
    await form.says("Казань")
    await form.presses("Отправить")
    button = sergey.chat[-1].buttons["📎 1 файл"]
    assert button.action is not None
    await olga.taps(button.action.pack(), sergey.chat[-1].id)
    await olga.reads()
    assert () == olga.files


async def test_a_form_that_nobody_sent(company: Company, form: Person, tmp_path: Path) -> None:
    """Its files are of no request; they wait as long as the question can."""
    del tmp_path
    await form.attaches("договор.pdf", CONTRACT)
    await company.move(timedelta(minutes=1))
    await form.says("/cancel")
    async with company.storage.unit_of_work() as uow:
        assert [None] == [each.request_id for each in await uow.files.drafts(company.portal.id, form.employee_id)]


async def test_in_english(company: Company, james: Person, sergey: Person) -> None:
    """The same in the reader's own language."""
    await with_template(company, with_file())
    await james.says("/request")
    await james.presses("A trip")
    told = await james.attaches("contract.pdf", CONTRACT)
    assert told == "📎 Contract: contract.pdf, 1 KB\nA trip, 2 of 2\nWhere to?"
    await james.says("Kazan")
    await james.presses("Send")
    assert "📎 1 файл" in sergey.buttons
