"""Files that are sent together reach the request, each once, and have one answer, however they arrive."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.ports import Fetched
from tests.dialogs.routes import HEAD, stage, template, with_template
from tests.dialogs.test_route_rows import requests
from tests.people import Company, Person
from tests.storage.given import Wall


@pytest.fixture
async def wall() -> Wall:
    """The machine's clock, moved by hand."""
    return Wall()


@pytest.fixture
async def company(tmp_path: Path, wall: Wall) -> AsyncIterator[Company]:
    """A company whose machine's clock is moved by hand."""
    made = await Company(tmp_path, wall=wall).open()
    yield made
    await made.close()


async def asking(company: Company) -> Person:
    """Let somebody be in the middle of a form, in Telegram."""
    sergey = await company.hire("Сергей Орлов", "telegram")
    anna = await company.hire("Анна Ким", "telegram", lead=sergey)
    await with_template(company, template(stage("head", [HEAD])))
    await anna.says("/request Поездка")
    return anna


def part(company: Company, person: Person, name: str, *, album: str = "55", **more: Any) -> dict[str, Any]:
    """Return the update of one file of an album."""
    payload: dict[str, Any] = company.message(person, "", company.next_number(), None)
    content = f"bytes of {name}".encode()
    company.sent_files[name] = Fetched(content, name)
    told = {"file_id": name, "file_name": name, "file_size": len(content)}
    payload["message"] |= {"document": told, **({"media_group_id": album} if album else {}), **more}
    del payload["message"]["text"]
    return payload


async def arrives(company: Company, wall: Wall, *updates: dict[str, Any], after: float = 0.0) -> None:
    """Deliver updates, some time after what was before."""
    wall.move(after)
    for each in updates:
        await company.deliver("telegram", each)
    await company.settle()


async def files_of(company: Company) -> list[str]:
    """Return the names of the files of the only request."""
    (request,) = await requests(company)
    return [each.name for each in request.present_files]


async def finish(anna: Person) -> None:
    """Fill in the rest of the form, and send it."""
    await anna.says("Казань")
    await anna.says("50000")
    await anna.presses("Отправить")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
async def test_all_files_of_an_album(company: Company, wall: Wall, order: tuple[int, ...]) -> None:
    """Three documents, in any order of arrival: one answer, three files."""
    anna = await asking(company)
    before = len(anna.chat)
    parts = [part(company, anna, f"{number}.pdf") for number in range(3)]
    await arrives(company, wall, *(parts[each] for each in order))
    await arrives(company, wall, after=2)
    assert before + 1 == len(anna.chat)
    assert "📎 Приложено: 0.pdf" in anna.chat[-1].text
    await finish(anna)
    assert ["0.pdf", "1.pdf", "2.pdf"] == await files_of(company)


async def test_an_album_over_two_deliveries(company: Company, wall: Wall) -> None:
    """The second half comes a second later: still one answer."""
    anna = await asking(company)
    before = len(anna.chat)
    parts = [part(company, anna, f"{number}.pdf") for number in range(4)]
    await arrives(company, wall, *parts[:2])
    await arrives(company, wall, *parts[2:], after=1.2)
    await arrives(company, wall, after=0.6)  # the first would be due, were it alone
    assert before == len(anna.chat)
    await arrives(company, wall, after=1.5)
    assert before + 1 == len(anna.chat)
    await finish(anna)
    assert [f"{number}.pdf" for number in range(4)] == await files_of(company)


async def test_each_part_counts_once(company: Company, wall: Wall) -> None:
    """What is delivered twice, also under another number, before or after the answer, is one file."""
    anna = await asking(company)
    parts = [part(company, anna, f"{number}.pdf") for number in range(2)]
    await arrives(company, wall, *parts, parts[0], {**parts[1], "update_id": company.next_number()})
    await arrives(company, wall, after=2)
    count = len(anna.chat)
    await arrives(company, wall, parts[1], {**parts[0], "update_id": company.next_number()}, after=30)
    await arrives(company, wall, after=2)
    assert count == len(anna.chat)
    await finish(anna)
    assert ["0.pdf", "1.pdf"] == await files_of(company)


async def test_a_part_that_is_an_hour_late(company: Company, wall: Wall) -> None:
    """While the form is open it is added; the look shows it."""
    anna = await asking(company)
    first, late = part(company, anna, "0.pdf"), part(company, anna, "late.pdf")
    await arrives(company, wall, first)
    await arrives(company, wall, after=2)
    await anna.says("Казань")
    await anna.says("50000")
    await arrives(company, wall, late, after=3600)
    await arrives(company, wall, after=2)
    assert "📎 late.pdf" in anna.chat[-1].text
    await anna.presses("Отправить")
    assert ["0.pdf", "late.pdf"] == await files_of(company)


async def test_a_part_after_the_request_was_sent(company: Company, wall: Wall) -> None:
    """It is not in the request, and nobody thinks so: it is answered."""
    anna = await asking(company)
    first, late = part(company, anna, "0.pdf"), part(company, anna, "late.pdf")
    await arrives(company, wall, first)
    await arrives(company, wall, after=2)
    await finish(anna)
    count = len(anna.chat)
    await arrives(company, wall, late, after=60)
    await arrives(company, wall, after=2)
    assert count + 1 == len(anna.chat)


async def test_words_that_mean_something_else_take_no_file(company: Company, wall: Wall) -> None:
    """A mark under one of them is a mark: a part that is late has no answer of its own."""
    anna = await asking(company)
    await arrives(company, wall, part(company, anna, "0.pdf", caption="пришла"))
    await arrives(company, wall, after=2)
    count = len(anna.chat)
    await arrives(company, wall, part(company, anna, "late.pdf"), after=60)
    await arrives(company, wall, after=2)
    assert count == len(anna.chat)


async def test_words_under_one_of_them_answer_the_field(company: Company, wall: Wall) -> None:
    """The words are what was asked for, and all files go beside them."""
    anna = await asking(company)
    parts = [part(company, anna, "0.pdf"), part(company, anna, "1.pdf", caption="Казань")]
    await arrives(company, wall, *parts)
    await arrives(company, wall, after=2)
    assert "Поездка, 2 из 2" in anna.chat[-1].text
    await anna.says("50000")
    await anna.presses("Отправить")
    assert ["0.pdf", "1.pdf"] == await files_of(company)
    assert "Казань" in anna.chat[-1].text


async def test_the_eleventh_of_an_album_is_told(company: Company, wall: Wall) -> None:
    """Ten are taken; which one is not, and why, is said, and the form goes on."""
    anna = await asking(company)
    await arrives(company, wall, *(part(company, anna, f"{number:02}.pdf") for number in range(10)))
    await arrives(company, wall, after=2)
    await arrives(company, wall, *(part(company, anna, f"{number}.pdf", album="56") for number in (10, 11)))
    await arrives(company, wall, after=2)
    assert "11.pdf: К одной заявке можно приложить не больше 10 файлов" in anna.chat[-1].text
    await finish(anna)
    assert [f"{number:02}.pdf" for number in range(10)] == await files_of(company)


async def test_pictures_one_by_one(company: Company, wall: Wall) -> None:
    """Pictures that are no album and come together have one answer as well."""
    anna = await asking(company)
    before = len(anna.chat)
    shots = []
    for number in range(3):
        each = part(company, anna, f"{number}.png", album="")
        each["message"]["photo"] = [{"file_id": f"{number}.png", "file_size": 3}]
        del each["message"]["document"]
        shots.append(each)
    await arrives(company, wall, *shots)
    assert before + 1 == len(anna.chat)
    await finish(anna)
    assert 3 == len(await files_of(company))


async def test_an_album_where_nothing_waits_for_it(company: Company, wall: Wall) -> None:
    """Documents that no question wants have one answer, also one that is late."""
    anna = await company.hire("Анна Ким", "telegram")
    parts = [part(company, anna, f"{number}.pdf") for number in range(3)]
    await arrives(company, wall, *parts[:2])
    await arrives(company, wall, after=2)
    await arrives(company, wall, parts[2], after=60)
    await arrives(company, wall, after=2)
    assert 1 == len(anna.chat)
