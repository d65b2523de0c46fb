"""Fixtures of the dialogs: a company on a real database, and the channel that a scenario is played on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.people import Company, Person


@pytest.fixture(params=["bitrix24", "telegram"])
def channel(request: pytest.FixtureRequest) -> str:
    """The messenger that the scenario is played on: each is played on both."""
    return str(request.param)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company with nobody in it; it is Monday 13 July 2026, 09:00 in Moscow."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def olga(company: Company, channel: str) -> Person:
    """The administrator."""
    return await company.hire("Ольга Смирнова", channel, role=Role.ADMIN)


@pytest.fixture
async def sergey(company: Company, channel: str, olga: Person) -> Person:
    """The lead of the sales people."""
    return await company.hire("Сергей Орлов", channel, role=Role.LEAD, lead=olga)


@pytest.fixture
async def anna(company: Company, channel: str, sergey: Person) -> Person:
    """An employee, led by Sergey."""
    return await company.hire("Анна Ким", channel, lead=sergey)


@pytest.fixture
async def james(company: Company, channel: str, sergey: Person) -> Person:
    """An English-speaking employee, led by Sergey."""
    return await company.hire("James Carter", channel, lead=sergey, locale="en")
