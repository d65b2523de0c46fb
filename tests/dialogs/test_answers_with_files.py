"""Answers that carry a file, as people meet them in either messenger."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from bot.ids import new_id
from bot.messages import Say
from bot.ports import UNDELIVERED, Job
from bot.text import verbatim
from tests.carrying import CARRIES, PICTURE, SHEET, SHEET_WORDS, WORDS, router
from tests.people import Company, Person


class CarryingCompany(Company):
    """A company whose bot can also answer with files."""

    router = router


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[CarryingCompany]:
    """A company with nobody in it."""
    made = CarryingCompany(tmp_path)
    await made.open()
    yield made
    await made.close()


async def test_a_picture_with_words_and_a_button(anna: Person) -> None:
    """Words, button and every byte of the picture are there; the button answers with a new message."""
    assert WORDS == await anna.says("/carrypicture")
    assert ((PICTURE,), ["Ещё"]) == (anna.files, anna.buttons)
    await anna.presses("Ещё")
    assert [WORDS, WORDS] == anna.shown


async def test_a_document_beside_the_day(anna: Person) -> None:
    """A file takes no slot: the day's card keeps its buttons."""
    await anna.says("пришла")
    before = anna.buttons
    assert SHEET_WORDS == await anna.says("/carrysheet")
    assert ((SHEET,), before) == (anna.files, anna.buttons)


async def test_a_file_from_a_job(company: Company, anna: Person) -> None:
    """What falls due can send a file."""
    job = Job(new_id(), company.portal.id, CARRIES, "1", company.clock.now(), {"employee_id": anna.employee_id})
    async with company.storage.unit_of_work() as uow:
        uow.jobs.add(job)
        await uow.commit()
    await company.move(timedelta(minutes=1))
    assert (SHEET,) == anna.files


GIVEN_UP = "⚠️ Сегодня дошло не всё, например сообщение сотруднику: Анна. Отправить ещё раз: /resend"


async def undelivered(company: Company, person: Person, said: Say, kind: str = "rejected") -> list[str]:
    """Do the job of a message that Telegram did not take, and return on which messengers the person then got files."""
    payload = {"employee_id": person.employee_id, "channel": "telegram", "kind": kind, "say": said.to_json()}
    async with company.storage.unit_of_work() as uow:
        uow.jobs.add(Job(new_id(), company.portal.id, UNDELIVERED, "1", company.clock.now(), payload))
        await uow.commit()
    await company.move(timedelta(minutes=1))
    return [
        name for name in ("bitrix24", "telegram") if (at := company.people.get((name, person.account))) and at.files
    ]


async def test_a_file_that_one_messenger_refused(company: Company) -> None:
    """It reaches the person on the other one, whole, though they can be written to on both."""
    olga = await company.hire("Ольга", "telegram", also="bitrix24")
    assert ["bitrix24"] == await undelivered(company, olga, Say(verbatim(SHEET_WORDS), file=SHEET))
    assert (SHEET,) == company.people["bitrix24", olga.account].files


async def test_a_file_that_both_messengers_refused(company: Company) -> None:
    """It is not carried back and forth: an administrator hears of it."""
    boss = await company.hire("Ольга", "telegram", role=Role.ADMIN)
    anna = await company.hire("Анна", "telegram", also="bitrix24")
    assert [] == await undelivered(company, anna, Say(verbatim(SHEET_WORDS), file=SHEET, elsewhere=True))
    assert [GIVEN_UP] == boss.shown


async def test_administrators_hear_of_somebody_once_a_day(company: Company) -> None:
    """Five messages to somebody who blocked the bot are one word to an administrator; the next day there is another."""
    boss = await company.hire("Ольга", "telegram", role=Role.ADMIN)
    anna = await company.hire("Анна", "telegram")
    for _ in range(5):
        await undelivered(company, anna, Say(verbatim(SHEET_WORDS)), "blocked")
    assert 1 == len(boss.chat)
    await company.move("2026-07-14T12:00")
    await undelivered(company, anna, Say(verbatim(SHEET_WORDS)), "blocked")
    assert 2 == len(boss.chat)


async def test_a_messenger_that_was_away(company: Company) -> None:
    """What was given up because Telegram did not answer for hours says nothing about the people: one stands for all."""
    boss = await company.hire("Ольга", "bitrix24", role=Role.ADMIN)
    for name in ("Анна", "Борис", "Ирина"):
        person = await company.hire(name, "telegram")
        await undelivered(company, person, Say(verbatim(SHEET_WORDS)), "network")
    assert [GIVEN_UP] == boss.shown
