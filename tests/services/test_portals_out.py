"""A portal that cannot be reached: its administrators are told once, where they can be reached without it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.outage import Outage
from bot.domain.people.employee import Role
from bot.services.people.portals import Portals
from bot.services.wiring import Services
from tests.people import REALM, Company


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A portal with nobody in it."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


async def is_out(company: Company, outage: Outage) -> None:
    """Say that the portal is out."""

    async def work(services: Services) -> None:
        await services.get(Portals).out(REALM, "bitrix24", outage, company.clock.now())

    await company._does(work)
    await company.settle()


async def test_administrators_are_told_elsewhere(company: Company) -> None:
    """Once a day, whatever is out, in Telegram; who has the portal alone and who is no administrator hears nothing."""
    olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN, locale="en")
    there = await company.hire("Пётр Там", "bitrix24", role=Role.ADMIN)
    anna = await company.hire("Анна Ким", "telegram", lead=olga)
    await is_out(company, Outage.NETWORK)
    await is_out(company, Outage.SERVER)
    waits = "Messages to it wait and arrive later. Here everything works as always."
    assert ([f"⚠️ Bitrix24 has not answered me for 10 minutes.\n{waits}"], [], []) == (
        olga.shown,
        there.shown,
        anna.shown,
    )
    await company.move(timedelta(days=1))
    await is_out(company, Outage.CREDENTIALS)
    assert olga.shown[-1].startswith("⚠️ Bitrix24 has not let me in for 10 minutes.")


@pytest.mark.parametrize("outage", Outage)
async def test_each_outage_has_its_words(company: Company, outage: Outage) -> None:
    """In Russian as well, with what becomes of messages."""
    olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
    await is_out(company, outage)
    (said,) = olga.shown
    assert said.startswith("⚠️ ")
    assert "Битрикс24" in said
    assert said.endswith("Сообщения туда подождут и придут позже. Здесь всё работает как обычно.")


async def test_no_two_outages_share_their_words(company: Company) -> None:
    """What is wrong is said as it is: what helps differs. What is ours is told to nobody."""
    olga = await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)
    for outage in Outage:
        if outage is not Outage.OURS:
            await is_out(company, outage)
            await company.move(timedelta(days=1))
    assert len(Outage) - 1 == len({each for each in olga.shown if each.startswith("⚠️")})
