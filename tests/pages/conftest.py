"""A company on a real database, its people, and its pages before the real doors."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.pages.site import Site, site_of
from tests.people import Company, Person


@pytest.fixture
def channel() -> str:
    """Where they write; a test that asks for another one says so."""
    return "bitrix24"


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company with nobody in it; it is Monday 13 July 2026, 09:00 in Moscow."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def site(company: Company) -> AsyncIterator[Site]:
    """Its pages."""
    async with site_of(company) as made:
        yield made


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
