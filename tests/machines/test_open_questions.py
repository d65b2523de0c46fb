"""A question that was overtaken by a press does not swallow the next words."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.people import Company


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company with nobody in it; it is Monday 13 July 2026, 09:00 in Moscow."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


async def test_approved_while_the_reason_was_asked(company: Company) -> None:
    """Asked why not, the lead approves after all (E11): the next «пришёл» is a check-in, not a reason."""
    sergey = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD)
    anna = await company.hire("Анна Ким", "bitrix24", lead=sergey)
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    await sergey.presses("Согласовать")
    await company.move("09:00")
    assert "На работе с 09:00" in await sergey.says("пришёл")
    assert 1 == len(await sergey.sessions())


async def test_withdrawn_while_the_reason_was_asked(company: Company) -> None:
    """Asked why not, the request is withdrawn meanwhile: the next «пришёл» is a check-in."""
    sergey = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD)
    anna = await company.hire("Анна Ким", "bitrix24", lead=sergey)
    await anna.says("пришла")
    await company.move("2026-07-14T08:55")
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    await anna.presses("Отозвать")
    await company.move("09:00")
    await sergey.says("пришёл")
    assert 1 == len(await sergey.sessions())
