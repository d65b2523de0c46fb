"""The production calendar, the record of changes, and one's own settings on pages: as chat has them."""

from datetime import date, timedelta

import pytest

from bot.domain.people.employee import Role
from bot.words.audit import audit_words
from tests.pages.site import Site
from tests.people import Company, Person


async def test_a_day_off_is_moved_by_an_accountant(site: Site, company: Company, olga: Person) -> None:
    """The page tells what it does to the norm, chat has it at once, and it is on record."""
    vera = await company.hire("Вера Счёт", "bitrix24", role=Role.ACCOUNTANT)
    read = await site.post(vera, "/settings/calendar/move", {"day": "2026-07-18", "to_day": "2026-07-20"})
    assert 200 == read.status
    assert "Календарь изменён" in read.text
    assert "Норма" in read.text
    assert "20 июля" in await olga.says("/calendar июль")
    assert "выходной перенесён: сб, 18 июля → пн, 20 июля" in (await site.get(olga, "/settings/audit")).text


async def test_what_cannot_be_moved_changes_nothing(site: Site, olga: Person) -> None:
    """The sentence says why, and the days stay in their fields."""
    read = await site.post(olga, "/settings/calendar/move", {"day": "2026-07-20", "to_day": "2026-07-21"})
    assert 400 <= read.status < 500
    assert 'value="2026-07-21"' in read.html
    assert 404 == (await site.post(olga, "/settings/calendar/nothing", {"day": "2026-07-20"})).status
    assert 422 == (await site.post(olga, "/settings/calendar/day", {"day": ""})).status


async def test_a_year_that_is_not_known_is_vouched_for(site: Site, olga: Person) -> None:
    """Until then it has no norms; afterwards it has."""
    before = await site.get(olga, "/settings/calendar?year=2031")
    assert "Норма" not in before.text.replace("нормы нет", "")
    after = await site.post(olga, "/settings/calendar/year", {"year": "2031"})
    assert "Норма" in after.text
    assert 404 == (await site.get(olga, "/settings/calendar?year=1900")).status


async def test_another_country_counts(site: Site, olga: Person) -> None:
    """Named as people call it; one that is unknown is asked for again."""
    assert "Казахстан" in (await site.post(olga, "/settings/calendar/country", {"country": "Казахстан"})).text
    assert 400 <= (await site.post(olga, "/settings/calendar/country", {"country": "Лапландия"})).status < 500


async def test_the_record_is_read_by_pages_and_by_person(site: Site, company: Company, olga: Person) -> None:
    """Fifty a page, the newest first, nothing twice and nothing left out; or what is about one person."""
    anna = await company.hire("Анна Ким", "bitrix24")
    for number in range(60):
        company.clock.move_to(company.clock.now() + timedelta(minutes=1))
        await site.post(olga, "/settings/organisation", {"key": "organisation", "said": f"ООО «Ромашка {number:02}»"})
    first = await site.get(olga, "/settings/audit")
    assert 50 == first.html.count('<tr><th scope="row"')
    following = first.html.split('href="/settings/audit?after=')[1].split('"')[0]
    second = await site.get(olga, f"/settings/audit?after={following}")
    seen = [f"Ромашка {number:02}" in first.text for number in range(60)]
    rest = [f"Ромашка {number:02}" in second.text for number in range(60)]
    assert [True] * 60 == [one != other for one, other in zip(seen, rest, strict=True)]
    assert (True, False) == (seen[59], seen[0])
    await olga.says("/lead Анна Ким")
    about = await site.get(olga, f"/settings/audit?person={anna.employee_id}")
    assert "роль: сотрудник → руководитель" in about.text
    assert "Ромашка" not in about.text
    assert 200 == (await site.get(olga, "/settings/audit?after=99999999999999999999.1")).status


@pytest.mark.parametrize("what", ["something new", "role king -> queen", "closed soon..later", "option gone: 1"])
def test_a_note_of_another_kind_is_shown_as_it_is(what: str) -> None:
    """No note is lost because it has no words yet."""
    assert what == str(audit_words(what).values.get("text", audit_words(what).message))


async def test_what_one_is_sent_is_chosen_here_as_in_chat(site: Site, anna: Person) -> None:
    """Reminders, the summary of the week, and silence until a day."""
    assert "Напоминания: выключены" in (await site.post(anna, "/me/notifications", {"what": "reminders"})).text
    assert date.max == (await anna.employee()).muted_until
    await site.post(anna, "/me/notifications", {"what": "reminders", "until": "2026-07-20"})
    assert date(2026, 7, 20) == (await anna.employee()).muted_until
    assert 422 == (await site.post(anna, "/me/notifications", {"what": "reminders", "until": "2026-07-13"})).status
    await site.post(anna, "/me/notifications", {"what": "weekly"})
    assert not (await anna.employee()).wants_weekly
    assert 404 == (await site.post(anna, "/me/notifications", {"what": "money"})).status
    assert 422 == (await site.post(anna, "/me/channel", {"channel": "pigeon"})).status


async def test_somebody_stands_in(site: Site, anna: Person, sergey: Person) -> None:
    """«Замещает Сергей до пятницы»: both are told, the page shows it, and it is taken back there."""
    read = await site.post(anna, "/me/substitute", {"person": "Сергей Орлов", "first": "", "last": "2026-07-17"})
    assert "Сергей Орлов" in read.text
    assert "замещаете" in (await sergey.reads()).casefold()
    assert "Анна Ким" in (await site.get(sergey, "/me")).text
    gone = await site.post(anna, f"/me/substitute/{sergey.employee_id}/end")
    assert "Анна Ким" not in (await site.get(sergey, "/me")).text
    assert 200 == gone.status
    lost = await site.post(anna, "/me/substitute", {"person": "Кто-то Там", "first": "", "last": ""})
    assert 400 <= lost.status < 500
    assert 'value="Кто-то Там"' in lost.html


async def test_single_letters_can_be_switched_off(site: Site, anna: Person) -> None:
    """WCAG 2.1.4: then no page listens to them, until they are switched on again."""
    assert "data-no-keys" not in (await site.get(anna, "/approvals")).html
    await site.post(anna, "/me/letters")
    assert "data-no-keys" in (await site.get(anna, "/approvals")).html
    await site.post(anna, "/me/letters", {"wanted": "1"})
    assert "data-no-keys" not in (await site.get(anna, "/approvals")).html
