"""What others do to somebody's hours is told to them and stands in their history; closing says what it means."""

from bot.domain.workday.punch_log import CONFIRMED
from tests.dialogs.days import everybody_works
from tests.people import Company, Person


async def forgets_to_check_out(company: Company, person: Person, *days: str) -> None:
    """Come on some days and never leave."""
    for day in days:
        await company.move(f"{day}T09:00")
        await person.says("пришла")


async def test_who_confirms_for_somebody_is_told_and_stands_in_their_history(
    company: Company, olga: Person, anna: Person, sergey: Person, james: Person
) -> None:
    """The buttons name person and day, no two are alike; the person learns of it, and so does whoever leads them."""
    await everybody_works(company)
    await forgets_to_check_out(company, anna, "2026-07-14", "2026-07-15")
    await company.move("2026-08-03T10:00")
    answer = await olga.says("закрыть июль")
    assert "❗" in answer
    assert len(olga.buttons) == len(set(olga.buttons))
    assert {"✅ Анна Ким, вт, 14 июля: 18:00", "✅ Анна Ким, ср, 15 июля: 18:00"} <= set(olga.buttons)
    await olga.presses("Анна Ким, вт, 14 июля")
    await company.settle()
    assert "✅ Ольга Смирнова: за вас подтверждён уход – вт, 14 июля, 18:00." in anna.shown[-1]
    assert "Ольга Смирнова: подтверждён уход: вт, 14 июля, 18:00" in await anna.says("история")
    assert "Ольга Смирнова: подтверждён уход: вт, 14 июля, 18:00" in await sergey.says("история Анны")
    assert "Ольга Смирнова: подтверждён уход" in await olga.says("/history Анна")
    assert "Only their lead or an administrator can do that." == await james.says("/history Анна")
    assert [CONFIRMED] == [each.mark for each in await anna.log() if each.mark == CONFIRMED]


async def test_one_s_own_confirmation_is_no_news(company: Company, anna: Person) -> None:
    """Who says it themselves is not told, and nothing of it is in the history."""
    await everybody_works(company)
    await forgets_to_check_out(company, anna, "2026-07-14")
    await company.move("2026-07-15T09:00")
    await anna.says("пришла")
    await anna.presses("Да")
    assert not [each for each in anna.shown if "за вас" in each]
    assert "ничего не менялось" in await anna.says("история")


async def test_the_closing_card_names_days_without_marks(company: Company, olga: Person, anna: Person) -> None:
    """Whose they are and how many, and the norm: they go into the sheet as НН."""
    await everybody_works(company)
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("2026-08-03T10:00")
    answer = (await olga.says("закрыть июль")).splitlines()
    names = "Ольга Смирнова – 23, Сергей Орлов – 23, Анна Ким – 22"
    assert f"❗ 68 дней без отметок (в табеле – НН): {names}" in answer
    assert "Норма 552 ч, к норме −543 ч" in answer


async def test_people_are_told_that_a_month_was_closed_and_opened(
    company: Company, olga: Person, anna: Person, james: Person
) -> None:
    """One line to each who has hours in it, not to who closed it nor to who has none."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await company.move("2026-08-03T10:00")
    await olga.says("закрыть июль")
    heard = len(james.chat)
    await olga.presses("Закрыть")
    await company.move("2026-08-03T10:05")
    assert "🔒 июль: период закрыт (Ольга Смирнова), часы окончательные." == anna.shown[-1]
    await olga.says("переоткрой июль: ошибка в часах")
    await company.move("2026-08-03T10:10")
    assert "🔓 июль: период снова открыт (Ольга Смирнова), часы можно исправить." == anna.shown[-1]
    assert 2 == sum("период" in each for each in anna.shown)
    assert heard == len(james.chat)
    assert not [each for each in olga.shown if "период закрыт (" in each]


async def test_who_sleeps_is_told_in_the_morning(company: Company, channel: str, olga: Person) -> None:
    """Eleven in the evening in Vladivostok is no time for it."""
    vera = await company.hire("Вера Орлова", channel, lead=olga, zone="Asia/Vladivostok")
    await vera.says("пришла")
    await company.move("11:00")
    await vera.says("ушла")
    await company.move("2026-08-03T17:00")
    await olga.says("закрыть июль")
    await olga.presses("Закрыть")
    await company.move("2026-08-04T01:00")
    assert not [each for each in vera.shown if "период закрыт" in each]
    await company.move("2026-08-04T02:05")
    assert "🔒 июль: период закрыт" in vera.shown[-1]


async def test_a_month_opened_before_anybody_was_told_is_no_news(company: Company, olga: Person, anna: Person) -> None:
    """What is not true any more is not told: only how it is."""
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    company.clock.move_to(company.at("2026-08-03T10:00"))
    await olga.says("закрыть июль")
    await olga.presses("Закрыть")
    await olga.says("переоткрой июль: ошибка")
    await company.move("2026-08-03T10:10")
    assert ["🔓"] == [each[0] for each in anna.shown if "период" in each]


async def test_the_sum_of_a_month_with_work_before_the_schedule(company: Company, olga: Person, anna: Person) -> None:
    """Worked, norm and balance of everybody add up: what has no schedule is told apart (case 80)."""
    await anna.says("пришла")
    await company.move("17:00")
    await anna.says("ушла")
    await company.move("2026-07-14T08:00")
    await olga.says("график всем 9-18")
    await olga.presses("Да")
    await company.move("2026-08-03T10:00")
    answer = await olga.says("закрыть июль")
    assert "3 человека, 8 ч\nв том числе 8 ч без графика (не входят в норму)\nНорма" in answer
