"""Leave on pages: what is left as chat says it, changes asked for or done at once, a team in one table."""

import re
from datetime import date

import pytest

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.entitlement import Entitlement, Opening, Unit
from bot.domain.people.employee import Role
from bot.ids import new_id
from bot.services.leave.balances import Balances
from tests.pages.site import Read, Site
from tests.people import Company, Person

FIRST, LAST = date(2026, 8, 3), date(2026, 8, 14)
SEEN = {"seen_first": "2026-08-03", "seen_last": "2026-08-14"}


@pytest.fixture
async def vacation(company: Company, anna: Person) -> int:
    """Twenty-eight days a year for everybody, twelve left to Anna on 1 July, and twelve approved in August."""
    async with company.storage.unit_of_work() as uow:
        portal_id, who, kind = company.portal.id, anna.employee_id, AbsenceKind.VACATION
        uow.entitlements.put(Entitlement(portal_id, 0, kind, date(2026, 1, 1), 28, Unit.CALENDAR, None))
        uow.entitlements.put_opening(Opening(portal_id, who, kind, date(2026, 7, 1), 1200))
        own = Absence(new_id(), portal_id, who, kind, FIRST, LAST)
        uow.absences.add(own)
        await uow.commit()
    return own.id


def _fields(read: Read) -> dict[str, str]:
    main = read.html[read.html.index("<main") :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', main[: main.index("</main>")]))


@pytest.mark.usefixtures("vacation")
async def test_ones_own_leave_says_what_chat_says(site: Site, anna: Person) -> None:
    """The same numbers, and the days that are approved; another year is another list."""
    page = await site.get(anna, "/leave")
    assert "12 дней" in page.text
    assert "3 августа" in page.text
    said = await anna.says("сколько дней отпуска осталось")
    assert "доступно" in said
    number = re.search(r"(\d+) д", said)
    assert number is not None
    assert number.group(0) in page.text
    assert "3 августа" not in (await site.get(anna, "/leave?year=2025")).text


async def test_a_change_is_read_back_and_asked_for(site: Site, vacation: int, anna: Person, sergey: Person) -> None:
    """First what it would be, then whoever decides is asked, once however often it is sent; chat tells them."""
    look = await site.post(anna, f"/leave/{vacation}/move", {**SEEN, "first": "2026-08-10"})
    assert "21 августа" in look.text
    assert "Спросим того" in look.text
    fields = _fields(look)
    sent = await site.post(anna, f"/leave/{vacation}/move", fields)
    assert "Решает: Сергей Орлов" in sent.text
    again = await site.post(anna, f"/leave/{vacation}/move", fields)
    assert "уже" in again.text
    await sergey.reads()
    assert 1 == sum("другие дни" in each.text for each in sergey.chat)
    assert "3 августа" in (await site.get(anna, "/leave")).text


async def test_a_lead_changes_it_at_once(
    site: Site, vacation: int, company: Company, anna: Person, sergey: Person
) -> None:
    """On record, and the person is told; a colleague may not even look."""
    path = f"?person={anna.employee_id}"
    look = await site.post(sergey, f"/leave/{vacation}/shorten{path}", {**SEEN, "last": "2026-08-07"})
    done = await site.post(sergey, f"/leave/{vacation}/shorten{path}", _fields(look))
    assert "Изменено" in done.text
    assert "7 августа" in done.text
    stale = await site.post(sergey, f"/leave/{vacation}/cancel{path}", SEEN)
    assert 409 == stale.status
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    assert 403 == (await site.get(boris, f"/leave{path}")).status
    assert 403 == (await site.post(boris, f"/leave/{vacation}/cancel{path}", SEEN)).status
    own = await site.get(boris, "/leave")
    assert "Анна Ким" in own.text  # away, and never why
    assert "3–7 августа" in own.text


async def test_a_teams_balances_stand_in_one_table(
    site: Site, vacation: int, company: Company, anna: Person, sergey: Person
) -> None:
    """A lead reads those below, an accountant all; read at once they are what each is by itself."""
    del vacation
    await company.hire("Борис Лавров", "bitrix24")
    page = await site.get(sergey, "/leave/team")
    assert "Анна Ким" in page.text
    assert "Борис" not in page.text
    irina = await company.hire("Ирина Белова", "bitrix24", role=Role.ACCOUNTANT)
    assert "Борис" in (await site.get(irina, "/leave/team")).text
    today = date(2026, 7, 13)
    async with company.storage.unit_of_work() as uow:
        people, balances = await uow.employees.of_portal(company.portal.id), Balances(uow)
        together = await balances.standings(company.portal, people, AbsenceKind.VACATION, today)
        for each in people:
            alone = await balances.standing(company.portal, each, AbsenceKind.VACATION, today)
            one = together[each.id]
            assert alone is not None
            assert (alone.available, alone.by_year_end, alone.planned, alone.waiting) == (
                one.available,
                one.by_year_end,
                one.planned,
                one.waiting,
            )
        assert 12 == together[anna.employee_id].planned


async def test_without_a_balance_it_says_how_one_begins(site: Site, anna: Person, sergey: Person) -> None:
    """Nothing is kept: the page says who tells it, and what may be asked."""
    assert "28 дней в год" in (await site.get(anna, "/leave")).text
    del sergey


@pytest.mark.parametrize(("deed", "fields"), [("move", {"first": "x"}), ("shorten", {"last": ""}), ("eat", {})])
async def test_what_cannot_be_read_changes_nothing(
    site: Site, vacation: int, anna: Person, deed: str, fields: dict[str, str]
) -> None:
    """One sentence says what to do; what is no deed is no page."""
    read = await site.post(anna, f"/leave/{vacation}/{deed}", {**SEEN, **fields})
    assert (404 if deed == "eat" else 422) == read.status
