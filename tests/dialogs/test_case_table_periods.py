"""The case table, closed periods: September is closed in October; told by the chat and its files alone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.dialogs.walls import last_session, opened, told
from tests.people import Company, Person

SECONDS = timedelta(seconds=31)


@dataclass(frozen=True, slots=True)
class Autumn:
    """Anna at work on 15 September, from the 30th into October, and on 1 October; it is the 2nd at ten."""

    company: Company
    anna: Person
    lead: Person
    admin: Person

    async def goes(self, *marks: tuple[str, str]) -> str:
        """Live by the clock in Moscow; returns the last answer to Anna."""
        answer = ""
        for when, said in marks:
            await self.company.move(when)
            answer = await self.anna.says(said)
        return answer

    async def closes(self) -> None:
        """Close September on 3 October."""
        await self.company.move("2026-10-03T11:00")
        await self.admin.says("закрыть сентябрь")
        await self.admin.presses("🔒 Закрыть")

    async def reopens(self) -> None:
        """Open it again, and say why."""
        await self.admin.says("/reopen сентябрь: ошибка в часах Анны")


@pytest.fixture
async def autumn(tmp_path: Path, channel: str) -> AsyncIterator[Autumn]:
    """The company in September 2026."""
    company, _ = await opened(tmp_path, "2026-09-15T08:00")
    olga = await company.hire("Ольга Смирнова", channel, role=Role.ADMIN)
    sergey = await company.hire("Сергей Орлов", channel, role=Role.LEAD, lead=olga)
    anna = await company.hire("Анна Ким", channel, lead=sergey)
    made = Autumn(company, anna, sergey, olga)
    await made.goes(
        ("2026-09-15T09:00", "пришла"),
        ("2026-09-15T18:00", "ушла"),
        ("2026-09-30T22:00", "пришла"),
        ("2026-10-01T06:00", "ушла"),
        ("2026-10-01T12:00", "пришла"),
        ("2026-10-01T18:00", "ушла"),
    )
    await company.move("2026-10-02T10:00")
    yield made
    await company.close()


async def test_closed_day_is_refused(autumn: Autumn) -> None:
    """A correction of 15 September names who closed it and when; a button asks to open it (case 65)."""
    await autumn.closes()
    refused = await autumn.anna.says("15 сентября ушла в 19:00")
    assert "Ольга Смирнова" in refused
    assert "3 октября" in refused
    await autumn.anna.presses("Попросить открыть")
    await autumn.anna.says("забыли дежурство")
    assert "забыли дежурство" in await autumn.admin.reads()
    await autumn.admin.presses("Согласовать")
    await autumn.company.move(SECONDS)
    assert "09:00 – 18:00 → 09:00 – 19:00" in await autumn.anna.says("15 сентября ушла в 19:00")


async def test_small_change_of_a_closed_day_is_refused_too(autumn: Autumn) -> None:
    """Five minutes would pass by themselves; not on a closed day (cases 31, 65)."""
    await autumn.closes()
    await autumn.anna.says("15 сентября ушла в 18:05")
    first, *_ = await autumn.anna.sessions()
    assert autumn.company.at("2026-09-15T18:00") == first.ended_at


async def test_week_over_the_end_of_a_closed_month(autumn: Autumn) -> None:
    """28 September to 4 October lies in both months: 1 October can be corrected, 30 September cannot (case 64)."""
    await autumn.closes()
    assert "12:00 – 18:00 → 12:00 – 19:00" in await autumn.anna.says("1 октября ушла в 19:00")
    await autumn.anna.presses("Отправить")
    await autumn.lead.reads()
    await autumn.lead.presses("Согласовать")
    await autumn.company.move(SECONDS)
    assert autumn.company.at("2026-10-01T19:00") == (await last_session(autumn.anna)).ended_at
    assert "закрыт" in await autumn.anna.says("30 сентября пришла в 21:00")


async def test_first_and_last_day_are_closed(autumn: Autumn) -> None:
    """The bounds belong to the period: 1 and 30 September are closed, 31 August and 1 October are not (case 67)."""
    await autumn.closes()
    for day, is_closed in (("1 сентября", True), ("30 сентября", True), ("31 августа", False), ("2 октября", False)):
        answer = await autumn.anna.says(f"{day} был с 10:00 до 11:00")
        assert is_closed == ("закрыт" in answer), (day, answer)
        if not is_closed:
            await autumn.anna.presses("Нет")


async def test_night_of_the_last_day_is_september_s(autumn: Autumn) -> None:
    """22:00 to 06:00 of the 30th is all in September, and its end on 1 October is locked with it (case 67)."""
    assert "17 ч" in await told(autumn.anna, "сентябрь")
    assert "Отработано 6 ч" in await told(autumn.anna, "октябрь")
    await autumn.closes()
    # 05:00 of 1 October is the end of the session of 30 September.
    assert "закрыт" in await autumn.lead.says("/correct Анна 1 октября ушла в 05:00")


async def test_live_mark_is_never_refused(autumn: Autumn) -> None:
    """A night that began before the closing ends after it: the check-out counts, no punch is lost (lesson 6)."""
    await autumn.goes(("2026-10-03T20:00", "пришла"))
    await autumn.admin.says("закрыть 28 сентября - 2 октября")
    await autumn.admin.presses("🔒 Закрыть")
    assert "🏁" in await autumn.goes(("2026-10-04T02:00", "ушла"))


async def test_pending_corrections_stand_in_the_way(autumn: Autumn) -> None:
    """The list has them; «всё равно закрыть» ends them with a note, and the old hours stay (case 68)."""
    await autumn.anna.says("15 сентября ушла в 20:00")
    await autumn.anna.presses("Отправить")
    await autumn.lead.reads()
    card = autumn.lead.chat[-1]
    await autumn.company.move("2026-10-03T11:00")
    listed = await autumn.admin.says("закрыть сентябрь")
    assert "Анна Ким" in listed
    assert "15 сентября" in listed
    await autumn.admin.presses("Всё равно закрыть")
    await autumn.company.settle()
    assert "закрыт" in autumn.anna.shown[-1]
    assert {} == card.buttons
    first, *_ = await autumn.anna.sessions()
    assert autumn.company.at("2026-09-15T18:00") == first.ended_at


async def test_unconfirmed_day_stands_in_the_way(autumn: Autumn) -> None:
    """An open or unconfirmed day cannot be closed over; the administrator confirms for the person (case 26)."""
    await autumn.goes(("2026-10-02T11:00", "пришла"))
    await autumn.company.move("2026-10-05T11:00")
    await autumn.admin.says("закрыть 28 сентября - 4 октября")
    assert not any("🔒" in each for each in autumn.admin.buttons)
    await autumn.admin.presses("Анна Ким")
    await autumn.admin.presses("🔒 Закрыть")
    assert not (await last_session(autumn.anna)).is_auto


async def test_reopened_with_a_reason(autumn: Autumn) -> None:
    """Opened again with a reason, corrected by the administrator, and exported as revision 2 (cases 66, 68)."""
    await autumn.closes()
    await autumn.admin.says("табель Анны за сентябрь эксель")
    [before] = autumn.admin.files
    await autumn.reopens()
    await autumn.admin.says("/correct Анна 15 сентября ушла в 19:00")
    await autumn.admin.presses("Исправить")
    await autumn.admin.says("закрыть сентябрь")
    await autumn.admin.presses("🔒 Закрыть")
    await autumn.admin.says("табель Анны за сентябрь эксель")
    [after] = autumn.admin.files
    caption = autumn.admin.chat[-1].text
    assert before.content != after.content
    assert ["Табель_Анна_Ким_2026-09.xlsx", "Табель_Анна_Ким_2026-09_ред2.xlsx"] == [before.name, after.name]
    assert caption.endswith("отработано 18 ч, ред. 2")
