"""Remote today: one word is the check-in and the place; the lead is asked only where the portal wants it."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.meant import MeantCompany
from tests.people import Company, Person

REMOTE = "/meant check_in mark=remote"


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company in which a test may say what its words mean."""
    made = await MeantCompany(tmp_path).open()
    yield made
    await made.close()


async def kinds(company: Company, person: Person, day: str = "2026-07-13") -> list[tuple[AbsenceKind, int | None]]:
    """What is noted for a day, and by which request."""
    async with company.storage.unit_of_work() as uow:
        found = await uow.absences.of(await person.employee(), date.fromisoformat(day), date.fromisoformat(day))
    return [(each.kind, each.request_id) for each in found]


async def test_one_word_is_check_in_and_place(company: Company, anna: Person, sergey: Person) -> None:
    """The card says both, the lead is not bothered, and the day is remote for every list."""
    assert "🟢 На работе с 09:00\n🏠 Удалённо" == await anna.says(REMOTE)
    assert [(AbsenceKind.REMOTE, None)] == await kinds(company, anna)
    assert [] == sergey.shown
    assert "🏠 Анна Ким: удалённо, с 09:00" in await sergey.says("/who")
    assert "🏠 Удалённо" in await anna.says("статус")


async def test_said_at_work(company: Company, anna: Person) -> None:
    """«Я на удалёнке» at work only notes the place, also during a break, which goes on; twice is once."""
    await anna.says("пришла")
    await company.move("10:00")
    assert "🟢 На работе с 09:00\n🏠 Удалённо\nОтработано 1 ч\nОтмечено: сегодня удалённо." == await anna.says(REMOTE)
    await anna.says("обед")
    await company.move("10:20")
    assert "☕ Перерыв с 10:00" in await anna.says(REMOTE)
    assert [(AbsenceKind.REMOTE, None)] == await kinds(company, anna)
    [session] = await anna.sessions()
    assert session.running_break is not None


async def test_a_check_in_taken_back_takes_the_place_with_it(company: Company, anna: Person) -> None:
    """Undo leaves nothing of the day; a day that a lead approved stays remote."""
    await anna.says(REMOTE)
    assert "🏠" not in await anna.says("отмени")
    assert [] == await kinds(company, anna)


async def test_on_leave_the_leave_stays(company: Company, anna: Person) -> None:
    """On a day of leave nothing is put beside it; the question about work on leave comes as ever."""
    await company.sends_away(anna, AbsenceKind.VACATION, "2026-07-13")
    await anna.says(REMOTE)
    assert [AbsenceKind.VACATION] == [kind for kind, _ in await kinds(company, anna)]
    assert any("Отменить день отсутствия" in " ".join(each.buttons) for each in anna.chat)


async def test_the_next_day_is_its_own(company: Company, anna: Person) -> None:
    """Tomorrow nobody is remote by yesterday's word."""
    await anna.says(REMOTE)
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("2026-07-14T09:00")
    assert "🟢 На работе с 09:00" == await anna.says("пришла")


async def test_a_portal_may_have_the_lead_asked(company: Company, anna: Person, olga: Person, sergey: Person) -> None:
    """With the option the check-in counts at once, and the remote day goes the way of a leave."""
    await olga.says("/options")
    await olga.presses("Удалённо сегодня")
    assert "спрашиваем руководителя" in await olga.presses("спрашиваем руководителя")
    asked = await anna.says(REMOTE)
    assert asked.startswith("Всё верно?\nУдалённая работа")
    assert 1 == len(await anna.sessions())
    assert [] == await kinds(company, anna)
    await anna.presses("Отправить")
    assert "Удалённая работа" in await sergey.reads()


async def test_late_words_about_remote_work(company: Company, anna: Person) -> None:
    """A message that was an hour on its way counts for when it was written."""
    written = company.clock.now()
    await company.move("10:00")
    assert "🟢 На работе с 09:00\n🏠 Удалённо" in await anna.says(REMOTE, at=written)
