"""An approved absence is cancelled, moved, made shorter or longer; sickness in a vacation gives its days back."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.leave.absence import AbsenceKind
from tests.meant import MeantCompany
from tests.people import Company, Person

VACATION = AbsenceKind.VACATION


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company whose people can say what they mean."""
    made = await MeantCompany(tmp_path).open()
    yield made
    await made.close()


async def absences(person: Person) -> list[tuple[str, str, str]]:
    """The person's absences of this year: kind, first and last day."""
    async with person.company.storage.unit_of_work() as uow:
        found = await uow.absences.of(await person.employee(), date(2026, 1, 1), date(2026, 12, 31))
    return [(each.kind.value, f"{each.first:%m-%d}", f"{each.last:%m-%d}") for each in found]


async def test_cancelled_with_the_lead_s_yes(company: Company, anna: Person, sergey: Person) -> None:
    """The whole vacation is ahead: its lead is asked with before and after, and it is gone once approved."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    await anna.verify_dialog(
        [
            (
                "отмени отпуск",
                "Всё верно?\nОтпуск: отмена\nпн, 20 июля – пт, 24 июля, 5 дней → отменить",
            ),
            ("[Отправить]", "📨 Отпуск: отмена – отправлено\nпн, 20 июля – пт, 24 июля, 5 дней → отменить\n…"),
        ]
    )
    assert "Отпуск: отмена – Анна Ким\nпн, 20 июля – пт, 24 июля, 5 дней → отменить" in await sergey.reads()
    assert [("vacation", "07-20", "07-24")] == await absences(anna)
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert [] == await absences(anna)
    assert anna.chat[-1].text.startswith("Отпуск: отмена\nпн, 20 июля – пт, 24 июля, 5 дней → отменить\n✅ Согласовано")


async def test_rejected_and_withdrawn(company: Company, anna: Person, sergey: Person) -> None:
    """A no, and a change that was taken back, leave it as it is."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    await anna.says("отмени отпуск")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Отклонить")
    await sergey.says("без вас никак, но отпуск ваш")
    await company.move(timedelta(seconds=31))
    await anna.says("отмени отпуск")
    await anna.presses("Отправить")
    await anna.presses("Отозвать")
    await company.move(timedelta(minutes=5))
    assert [("vacation", "07-20", "07-24")] == await absences(anna)


async def test_what_passed_stays(company: Company, anna: Person, sergey: Person) -> None:
    """A vacation that runs ends today; one that is over has nothing to cancel."""
    await company.sends_away(anna, VACATION, "2026-07-06", "2026-07-19")
    read_back = await anna.says("отмени отпуск")
    assert "пн, 6 июля – вс, 19 июля, 14 дней → пн, 6 июля – пн, 13 июля, 8 дней" in read_back
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert [("vacation", "07-06", "07-13")] == await absences(anna)
    assert (await anna.says("отмени отпуск")).endswith("Отменить уже нечего: прошедшее остаётся как есть.")


async def test_a_lead_changes_at_once(company: Company, anna: Person, sergey: Person) -> None:
    """Whoever decides about it changes it without asking, and the person is told."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    assert "Отпуск: другие дни" in await sergey.says(
        "/meant move_leave person=Анны from_day=2026-08-03 to_day=2026-08-07"
    )
    assert "✅ Изменено, сотрудник: Анна Ким" in await sergey.presses("Изменить")
    assert [("vacation", "08-03", "08-07")] == await absences(anna)
    assert "Ваше отсутствие изменено (Сергей Орлов):\nОтпуск: другие дни" in await anna.reads()


async def test_a_stranger_changes_nothing(company: Company, anna: Person, sergey: Person) -> None:
    """Of colleagues nobody cancels anything."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    boris = await company.hire("Борис Лавров", anna.channel, lead=sergey)
    assert "Всё верно?" not in await boris.says("отмени отпуск Анны")
    assert [("vacation", "07-20", "07-24")] == await absences(anna)


async def test_in_english(company: Company, james: Person, sergey: Person) -> None:
    """Moved to a month, the days are asked; only the first day keeps the length."""
    await company.sends_away(james, VACATION, "2026-07-20", "2026-07-24")
    await james.verify_dialog(
        [
            ("move my vacation to August", "Vacation: Mon 20 July – Fri 24 July, 5 days\nFor which days of August?\n…"),
            (
                "from 3 August",
                "Did I get it right?\nVacation: other days\nMon 20 July – Fri 24 July, 5 days → Mon 3 August – Fri 7…",
            ),
            ("[Send]", "📨 Vacation: other days – sent…"),
        ]
    )
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert [("vacation", "08-03", "08-07")] == await absences(james)


async def test_as_many_days_as_before(company: Company, anna: Person) -> None:
    """A holiday on the new days is no day of the vacation: it is a day longer."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    read_back = await anna.says("/meant move_leave from_day=2026-11-02")
    assert "→ пн, 2 ноября – сб, 7 ноября, 6 дней" in read_back


async def test_which_one(company: Company, anna: Person) -> None:
    """Of several it is asked which; a day of it says which."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    await company.sends_away(anna, VACATION, "2026-08-03", "2026-08-07")
    await anna.says("отмени отпуск")
    assert ["Отменить: Отпуск, 20–24 июля", "Отменить: Отпуск, 3–7 августа", "✖️ Нет"] == anna.buttons
    assert "пн, 3 августа – пт, 7 августа, 5 дней → отменить" in await anna.presses("3–7 августа")
    assert "пн, 20 июля – пт, 24 июля, 5 дней → отменить" in await anna.says("отмени отпуск с 20 июля")


async def test_changed_meanwhile(company: Company, anna: Person, sergey: Person) -> None:
    """A lead moved it before the request was decided: the request cannot be carried out, and says so."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    await anna.says("отмени отпуск")
    await anna.presses("Отправить")
    await sergey.reads()
    card = sergey.chat[-1]
    await sergey.says("/meant move_leave person=Анны from_day=2026-08-03")
    await sergey.presses("Изменить")
    await sergey.taps(card.buttons["✅ Согласовать"].action.pack(), card.id)  # type: ignore[union-attr]
    await company.move(timedelta(seconds=31))
    assert "⚠️ Не выполнено: это отсутствие тем временем изменили" in card.text
    assert [("vacation", "08-03", "08-07")] == await absences(anna)


async def test_taken_days(company: Company, anna: Person) -> None:
    """Not onto another absence, nor into the past."""
    await company.sends_away(anna, VACATION, "2026-07-20", "2026-07-24")
    await company.sends_away(anna, AbsenceKind.BUSINESS_TRIP, "2026-08-05", "2026-08-06")
    day = "/meant move_leave kind=vacation day=2026-07-20"
    assert "уже" in await anna.says(f"{day} from_day=2026-08-03")
    assert (await anna.says(f"{day} from_day=2026-07-10")).startswith("Выбрать можно только дни после пн, 13 июля")
    assert (await anna.says(f"{day} from_day=2026-07-20 to_day=2026-07-24")).startswith("Даты и так такие")


async def _ill(company: Company, anna: Person, sergey: Person) -> None:
    await company.sends_away(anna, VACATION, "2026-07-13", "2026-07-24")
    await company.move("2026-07-15T09:00")
    await anna.says("больничный с 15 по 17 июля")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))


async def test_sickness_prolongs_a_vacation(company: Company, anna: Person, sergey: Person) -> None:
    """Three days of sickness in it: longer by three days, with the lead's yes (art. 124)."""
    await _ill(company, anna, sergey)
    offered = (
        "🌴 На отпуск (13–24 июля) пришлось 3 дня болезни. Они не пропадают (ст. 124 ТК).\nЧто сделать с отпуском?"
    )
    assert offered == anna.chat[-1].text
    assert ["Продлить на 3 дня", "Перенести на другие дни", "Оставить как есть"] == anna.buttons
    assert "пн, 13 июля – пт, 24 июля, 12 дней → пн, 13 июля – пн, 27 июля, 15 дней" in await anna.presses("Продлить")
    await anna.presses("Отправить")
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert ("vacation", "07-13", "07-27") in await absences(anna)


async def test_sickness_moves_its_days(company: Company, anna: Person, sergey: Person) -> None:
    """Or the three days are taken later, on days that the person names."""
    await _ill(company, anna, sergey)
    was = "пн, 13 июля – пт, 24 июля, 12 дней"
    await anna.verify_dialog(
        [
            ("[Перенести]", "С какого дня взять эти 3 дня? Например: «с 3 августа»."),
            (
                "с 3 августа",
                f"Всё верно?\nОтпуск: другие дни\n{was} → {was}, пн, 3 августа – ср, 5 августа, 3 дня",
            ),
            ("[Отправить]", "📨 Отпуск: другие дни – отправлено…"),
        ]
    )
    await sergey.reads()
    await sergey.presses("Согласовать")
    await company.move(timedelta(seconds=31))
    assert [("vacation", "07-13", "07-24"), ("sick", "07-15", "07-17"), ("vacation", "08-03", "08-05")] == (
        await absences(anna)
    )


async def test_sickness_may_be_left(company: Company, anna: Person, sergey: Person) -> None:
    """Nothing has to be done about it."""
    await _ill(company, anna, sergey)
    assert (await anna.presses("Оставить")).startswith("Оставлено как есть.")


async def test_what_is_left_stands_on_the_cards(company: Company, olga: Person, anna: Person, sergey: Person) -> None:
    """The read-back and the lead's card tell what would be left, and warn where it is in advance."""
    await olga.says("отпуск: 28 дней в год")
    await olga.presses("Задать")
    assert "После этого останется: 12 дней" in await anna.says("отпуск с 20 по 24 июля")
    await anna.presses("Отправить")
    assert "После этого останется: 12 дней" in await sergey.reads()
    warned = "⚠️ К пн, 20 июля это на 9 дней больше, чем будет заработано: отпуск авансом."
    assert warned in await anna.says("отпуск с 20 июля по 14 августа")


async def test_no_leave_in_advance(company: Company, olga: Person, anna: Person) -> None:
    """Where the portal forbids it, such a leave is not asked for."""
    await olga.says("отпуск: 28 дней в год")
    await olga.presses("Задать")
    await olga.says("/options")
    await olga.presses("Отпуск авансом")
    await olga.presses("нельзя")
    refused = "К пн, 20 июля будет 17 дней, а этот отпуск займёт 26. Авансом отпуск здесь не дают."
    assert refused == await anna.says("отпуск с 20 июля по 14 августа")
