"""Forwarded words, words sent by a timer or through another bot, pictures with words, and topics of a chat."""

from pathlib import Path
from typing import Any

import pytest

from bot.messages import Outgoing
from tests.people import Company, Person
from tests.storage.given import Wall

TOLD = "Пересланное я не читаю. Если это о вас, напишите мне, пожалуйста, сами."


async def test_forwarded_words_are_nobodys_mark(anna: Person, sergey: Person) -> None:
    """Whoever passes on «пришла» has not arrived, and «ушла» ends nothing."""
    assert TOLD == await anna.forwards("пришла")
    assert [] == await anna.log()
    await anna.says("пришла")
    assert TOLD == await anna.forwards("ушла")
    assert 1 == len(await anna.log())


async def test_a_forwarded_yes_confirms_nothing(anna: Person) -> None:
    """An open question stays open: another's yes, or no, is no answer, and the person's own still is one."""
    asked = await anna.says("отгул 24 июля")
    assert "24 июля" in asked
    for word in ("да", "нет", "отмена"):
        assert TOLD == await anna.forwards(word)
    assert "отправлено" in await anna.says("да")


async def test_a_forwarded_order_gives_nobody_a_role(olga: Person, anna: Person) -> None:
    """`/admin` in a forwarded message is another's wish, whoever forwards it."""
    assert TOLD == await olga.forwards("/admin Анна Ким")
    assert not (await anna.employee()).is_admin


@pytest.fixture
async def slow(tmp_path: Path) -> Any:
    """A company whose machine's clock is moved by hand."""
    wall = Wall()
    made = await Company(tmp_path, wall=wall).open()
    yield made, wall
    await made.close()


def picture(company: Company, person: Person, **more: Any) -> dict[str, Any]:
    """Return the payload of a picture in an album."""
    payload: dict[str, Any] = company.message(person, "", company.next_number(), None)
    payload["message"] |= {"photo": [{"file_id": "f"}], "media_group_id": "55", **more}
    del payload["message"]["text"]
    return payload


async def test_an_album_is_answered_once(slow: tuple[Company, Wall]) -> None:
    """Three pictures of one album get one answer."""
    company, wall = slow
    anna = await company.hire("Анна Ким", "telegram")
    for _ in range(3):
        await company.deliver("telegram", picture(company, anna))
    await company.settle()
    wall.move(2)
    await company.settle()
    assert 1 == len(anna.shown)


@pytest.mark.parametrize("place", [0, 1, 2])
async def test_words_of_an_album_are_its_one_answer(slow: tuple[Company, Wall], place: int) -> None:
    """Whichever picture has the words, they are read, and the others are not told that only text is."""
    company, wall = slow
    anna = await company.hire("Анна Ким", "telegram")
    for number in range(3):
        words = {"caption": "пришла"} if number == place else {}
        await company.deliver("telegram", picture(company, anna, **words))
        await company.settle()
    wall.move(2)
    await company.settle()
    assert ([1, 1], True) == ([len(await anna.log()), len(anna.shown)], "На работе" in anna.shown[0])


async def test_the_answer_is_in_the_topic(company: Company) -> None:
    """What is said in a topic of the private chat is answered there; what comes by itself is not."""
    anna = await company.hire("Анна Ким", "telegram")
    payload: dict[str, Any] = company.message(anna, "пришла", company.next_number(), None)
    payload["message"]["message_thread_id"] = 77
    await company.deliver("telegram", payload)
    (stored,) = await company.storage.inbox.claim(5)
    await company.dispatcher.take(stored)
    answered: list[Outgoing] = list(await company.storage.outbox.claim("telegram", 5))
    assert ["77"] == [each.say.thread for each in answered]
