"""The case table, schedules and people through a month, and the end of a portal: told by the chat alone."""

from datetime import date
from pathlib import Path

import pytest

from bot.domain.people.employee import Role
from tests.dialogs.days import NINE_TO_SIX
from tests.dialogs.walls import opened, told
from tests.people import REALM, Company, Person


def norm(report: str) -> str:
    """Return what a report says of the norm."""
    [line] = [each for each in report.splitlines() if each.startswith("Норма ")]
    return line.removeprefix("Норма ").split(",")[0]


async def agreed(admin: Person, said: str) -> None:
    """Give an order and agree to what is read back."""
    await admin.says(said)
    await admin.presses("Да")


async def test_schedule_changed_within_a_month(tmp_path: Path, channel: str) -> None:
    """From the 10th 2/2 instead of 5/2: before it the old hours hold, also once the new ones came (case 74).

    November 2026 has 159 h: 39 h before the 10th (the 3rd is short, the 4th a holiday) and 15 days of eight after.
    """
    company, _ = await opened(tmp_path, "2026-11-02T08:00")
    olga = await company.hire("Ольга Смирнова", channel, role=Role.ADMIN)
    anna = await company.hire("Анна Ким", channel, lead=olga)
    await company.plans(NINE_TO_SIX, anna)
    await agreed(olga, "график Анна 9-13 с 10 ноября")
    changed = norm(await told(anna, "ноябрь"))
    await agreed(olga, "график Анна 2/2 8-20 с 10 ноября")
    rota = norm(await told(anna, "ноябрь"))
    await company.move("2026-11-09T19:00")
    week = await told(anna, "моя неделя")
    await company.close()
    assert ["99 ч", "159 ч"] == [changed, rota]
    assert "пн, 9 ноября · ❗ нет отметок" in week


async def test_hired_within_a_month_for_half_the_time(tmp_path: Path, channel: str) -> None:
    """From 16 April 2026, half time: eleven days of four hours, less the short hour of the 30th (case 75)."""
    company, _ = await opened(tmp_path, "2026-04-16T08:00")
    olga = await company.hire("Ольга Смирнова", channel, role=Role.ADMIN)
    anna = await company.hire("Анна Ким", channel, lead=olga)
    await olga.says("/hired Анна 16.04.2026")
    await agreed(olga, "график Анна 0,5 ставки 9-13 с 16 апреля")
    report = await told(anna, "апрель")
    await company.close()
    assert "43 ч" == norm(report)


async def test_unconfirmed_stays_on_the_list(company: Company, anna: Person) -> None:
    """What was closed by itself is on the person's list until they say that it was so (cases 22, 26)."""
    await company.plans(NINE_TO_SIX, anna, since=date(2026, 7, 13))
    await anna.says("пришла")
    await company.move("2026-07-15T08:00")
    listed = await told(anna, "что не так в моём месяце")
    assert "пн, 13 июля: день закрыт автоматически в 18:00, не подтверждён" in listed
    await anna.presses("18:00")
    assert "не подтверждён" not in await told(anna, "что не так в моём месяце")
    assert not (await anna.sessions())[0].is_auto


async def removed(company: Company) -> None:
    """The administrator of the portal removes the bot: the portal's last event."""
    event = {
        "eventId": company.next_number(),
        "type": "ONIMBOTV2DELETE",
        "date": company.clock.now().isoformat(),
        "data": {"bot": {"id": 5120, "code": "smena"}, "language": "ru"},
    }
    await company.deliver("bitrix24", event)
    await company.settle()


@pytest.mark.parametrize("said", ["пришла", "удали приход 1 января", "/nothing"])
async def test_who_writes_later_wakes_the_portal(company: Company, said: str) -> None:
    """Whoever writes has the bot again, and reminders are on again, whatever was said and became of it (case 76)."""
    anna = await company.hire("Анна Ким", "bitrix24")
    boris = await company.hire("Борис Лавров", "telegram")
    await company.plans(NINE_TO_SIX, anna)
    await removed(company)
    await boris.says("привет")
    await company.move("2026-07-15T12:00")
    assert not any("прихода пока нет" in each for each in anna.shown)
    await anna.says(said)
    heard = len(anna.chat)
    await company.move("2026-07-16T12:00")
    assert any("прихода пока нет" in each for each in anna.shown[heard:])
    await removed(company)
    heard = len(anna.chat)
    await company.move("2026-07-17T12:00")
    assert heard == len(anna.chat)


async def test_bot_is_removed_and_comes_back(company: Company, anna: Person) -> None:
    """Nobody is reminded any more; the hours stay, and the same portal finds them when it installs again (case 76)."""
    await company.plans(NINE_TO_SIX, anna)
    await anna.says("пришла")
    await company.move("18:00")
    await anna.says("ушла")
    await removed(company)
    heard = len(anna.chat)
    await company.move("2026-07-16T20:00")
    assert heard == len(anna.chat)
    await company.lists(REALM, ())
    await company.move("2026-07-17T12:00")
    assert heard == len(anna.chat)
    back = await company.installs(REALM)
    assert [company.portal.id, True] == [back.id, back.is_active]
    await company.move("2026-07-20T12:00")
    assert any("прихода пока нет" in each for each in anna.shown[heard:])
    assert "9 ч" in await told(anna, "прошлая неделя")
