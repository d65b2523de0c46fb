"""Several forgotten days in a row: what the service closed by itself is in nobody's way (cases 22 and 30)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.people import Company, Person


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company with nobody in it; it is Monday 13 July 2026, 09:00 in Moscow."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


async def forgetful(company: Company, mornings: list[str]) -> tuple[Person, Person]:
    """Anna came on each of these mornings and never checked out; her lead reads in Telegram."""
    sergey = await company.hire("Сергей Орлов", "telegram", role=Role.LEAD)
    anna = await company.hire("Анна Ким", "bitrix24", lead=sergey)
    for morning in mornings:
        if company.at(morning) > company.clock.now():
            await company.move(morning)
        await anna.says("пришла")
    return anna, sergey


@pytest.mark.parametrize(
    ("mornings", "asks_at"),
    [
        (["2026-07-13T09:00", "2026-07-14T09:00"], "2026-07-15T08:55"),
        (["2026-07-13T09:00", "2026-07-15T09:00"], "2026-07-16T08:55"),
        (["2026-07-13T09:00", "2026-07-14T09:00", "2026-07-15T09:00"], "2026-07-16T08:55"),
    ],
    ids=["yesterday too", "two days before", "three in a row"],
)
async def test_second_forgotten_day(company: Company, mornings: list[str], asks_at: str) -> None:
    """The correction of a later forgotten day is read back as that day alone, approved and carried out."""
    anna, sergey = await forgetful(company, mornings)
    await company.move(asks_at)
    await anna.says("вчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    assert "Согласовано" in await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    ended = [session.ended_at for session in await anna.sessions()]
    # The earlier days keep what the service put there; the last ends as she said.
    assert company.at(f"{mornings[-1][:10]}T18:30") == ended[-1]
    assert len(mornings) == len(ended)
    assert [True] * (len(mornings) - 1) == [session.is_auto for session in (await anna.sessions())[:-1]]


async def test_first_of_two_forgotten_days(company: Company) -> None:
    """The correction of a day that was closed by itself replaces that end and leaves the next day alone."""
    anna, sergey = await forgetful(company, ["2026-07-13T09:00", "2026-07-14T09:00"])
    await company.move("2026-07-15T09:00")
    await anna.says("пришла")
    await anna.says("позавчера ушла в 18:30")
    await anna.presses("Отправить")
    await sergey.reads()
    assert "Согласовано" in await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    first, second, third = await anna.sessions()
    assert [company.at("2026-07-13T18:30"), False] == [first.ended_at, first.is_auto]
    assert second.is_auto
    assert third.is_open
