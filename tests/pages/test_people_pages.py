"""People on pages: whom everybody finds, what of them who sees, and what is changed by the services of chat."""

from datetime import date, timedelta

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.employee import Employee, Role
from bot.ids import new_id
from tests.pages.site import Site
from tests.people import Company, Person


def _path(person: Person, deed: str = "") -> str:
    return f"/people/{person.employee_id}{deed}"


async def test_everybody_finds_colleagues(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """By any part of the name; that somebody is away, and never why."""
    day = date(2026, 7, 13)
    async with company.storage.unit_of_work() as uow:
        uow.absences.add(
            Absence(new_id(), company.portal.id, sergey.employee_id, AbsenceKind.SICK, day, day + timedelta(days=4))
        )
        await uow.commit()
    await anna.says("пришла")
    page = await site.get(anna, "/people?q=ОРЛОВ")
    assert "Сергей Орлов" in page.text
    assert "отсутствует" in page.text
    assert "Анна Ким" not in page.text
    assert "на работе" in (await site.get(anna, "/people")).text
    own = await site.get(anna, _path(sergey))
    assert "до пт, 17 июля" in own.text
    for told in ("ольнич", "Роль", "Кадровые", "Изменения", "Задать другой"):
        assert told not in own.text, told
    assert "Таких здесь нет" in (await site.get(anna, "/people?q=Никто")).text


async def test_fifty_stand_on_a_page(site: Site, company: Company, olga: Person) -> None:
    """What is behind them follows by a link; names of any length stand there as they are."""
    async with company.storage.unit_of_work() as uow:
        for number in range(60):
            uow.employees.add(Employee(new_id(), company.portal.id, f"Б{number:02d} {'Константинопольский' * 3}"))
        await uow.commit()
    first = await site.get(olga, "/people")
    link = first.html[first.html.index("/people?after=") :].split('"')[0]
    second = await site.get(olga, link.replace("&amp;", "&"))
    names = [f"Б{number:02d}" for number in range(60)]
    assert [(each in first.text) + (each in second.text) for each in names] == [1] * 60
    assert "К началу" in second.text


async def test_a_lead_gives_schedules_to_their_own(
    site: Site, company: Company, anna: Person, sergey: Person, olga: Person
) -> None:
    """In the words of chat; to nobody else, and words that mean none are answered with an example."""
    fields = {"said": "5/2 9-18 обед 13-14", "since": "2026-07-13"}
    given = await site.post(sergey, _path(anna, "/schedule"), fields)
    assert "С пн, 13 июля" in given.text
    assert "09:00–18:00" in given.text
    wrong = await site.post(sergey, _path(anna, "/schedule"), {**fields, "said": "как-нибудь"})
    assert (422, True) == (wrong.status, "как-нибудь" in wrong.html)
    boris = await company.hire("Борис Лавров", "bitrix24", lead=olga)
    assert 403 == (await site.post(sergey, _path(boris, "/schedule"), fields)).status
    await anna.says("мой график")
    assert any("09:00" in each.text for each in anna.chat)


async def test_papers_are_of_whoever_keeps_them(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """An accountant sets the number and the day of hiring; a lead does not even see them."""
    irina = await company.hire("Ирина Белова", "bitrix24", role=Role.ACCOUNTANT)
    assert "записан" in (await site.post(irina, _path(anna, "/number"), {"number": "0042"})).text
    page = await site.post(irina, _path(anna, "/hired"), {"day": "2026-03-02"})
    assert "0042" in page.html
    assert "2 марта" in page.text
    assert 422 == (await site.post(irina, _path(anna, "/number"), {"number": "1" * 30})).status
    assert "0042" not in (await site.get(sergey, _path(anna))).html


async def test_roles_and_access(site: Site, anna: Person, sergey: Person, olga: Person) -> None:
    """The last administrator stays one; a role by hand goes back to what the structure says; both are on record."""
    refused = await site.post(olga, _path(olga, "/role"), {"role": "employee"})
    assert 409 == refused.status
    assert 409 == (await site.post(olga, _path(olga, "/access"), {"access": "off"})).status
    assert "бухгалтер" in (await site.post(olga, _path(sergey, "/role"), {"role": "accountant"})).text
    back = await site.post(olga, _path(sergey, "/role"), {"role": "portal"})
    assert "Сейчас: руководитель" in back.text
    assert Role.LEAD is (await sergey.employee()).role
    assert not (await sergey.employee()).role_is_chosen
    assert "роль: " in back.text
    assert "выключен" in (await site.post(olga, _path(anna, "/access"), {"access": "off"})).text
    assert 303 == (await site.get(anna, "/people")).status
    assert "снова включён" in (await site.post(olga, _path(anna, "/access"), {"access": "on"})).text


async def test_a_link_is_sent_once_a_day(site: Site, anna: Person, olga: Person) -> None:
    """It comes to the person's chat with whose wish it is; a second one on the same day is refused."""
    assert "отправлено" in (await site.post(olga, _path(anna, "/invitation"))).text
    await anna.reads()
    assert any("Ольга Смирнова предлагает привязать Telegram" in each.text for each in anna.chat)
    assert 409 == (await site.post(olga, _path(anna, "/invitation"))).status


async def test_somebody_stands_in(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """Named by oneself or one's lead; a colleague cannot."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    fields = {"person": str(boris.employee_id), "first": "2026-07-20", "last": "2026-07-24"}
    assert "Замещает: Борис Лавров" in (await site.post(sergey, _path(anna, "/substitute"), fields)).text
    assert 403 == (await site.post(boris, _path(anna, "/substitute"), fields)).status
    assert 422 == (await site.post(sergey, _path(anna, "/substitute"), {**fields, "last": "x"})).status
    assert "Больше никто" in (await site.post(sergey, _path(anna, "/substitute/end"))).text


@pytest.mark.parametrize(
    ("deed", "fields"),
    [("role", {"role": "lead"}), ("access", {"access": "off"}), ("unlink", {}), ("invitation", {}), ("sign-out", {})],
)
async def test_nobody_of_another_company_is_there(site: Site, olga: Person, deed: str, fields: dict[str, str]) -> None:
    """An id that is nobody's here tells nothing."""
    assert 404 == (await site.post(olga, f"/people/77/{deed}", fields)).status


async def test_sessions_of_somebody_are_ended(site: Site, anna: Person, olga: Person) -> None:
    """Whoever was signed in is out with the next page; the record says who did it."""
    await site.get(anna, "/")
    page = await site.post(olga, _path(anna, "/sign-out"))
    assert "Все входы завершены" in page.text
    assert 303 == (await site.get(anna, "/people")).status
