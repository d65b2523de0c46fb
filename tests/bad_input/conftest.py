"""Fixtures: a company whose messages are also rendered as each messenger would be sent them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.bad_input.rendered import RenderedCompany
from tests.people import Person


@pytest.fixture(params=["bitrix24", "telegram"])
def channel(request: pytest.FixtureRequest) -> str:
    """The messenger that the bad input comes from: each comes from both."""
    return str(request.param)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[RenderedCompany]:
    """A company with nobody in it; it is Monday 13 July 2026, 09:00 in Moscow."""
    made = RenderedCompany(tmp_path)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def sergey(company: RenderedCompany, channel: str) -> Person:
    """A lead, who is an administrator too."""
    return await company.hire("Сергей Орлов", channel, role=Role.ADMIN)


@pytest.fixture
async def anna(company: RenderedCompany, channel: str, sergey: Person) -> Person:
    """An employee, led by Sergey."""
    return await company.hire("Анна Ким", channel, lead=sergey)


@pytest.fixture
async def james(company: RenderedCompany, channel: str, sergey: Person) -> Person:
    """An English-speaking employee, led by Sergey."""
    return await company.hire("James Carter", channel, lead=sergey, locale="en")
