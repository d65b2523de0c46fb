"""Statistics on pages and as files: the numbers of the services, whose one sees, and what was chosen in the address."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from bot.domain.people.employee import Employee
from bot.ids import new_id
from bot.ports import ApprovedOvertime
from tests.pages.site import Site
from tests.people import Company, Person

HOUR = timedelta(hours=1)
DAYS = "first=2026-07-13&last=2026-07-19"


@pytest.fixture
async def lived(company: Company, anna: Person) -> None:
    """Anna worked ten hours on Monday, and five of overtime are approved for that day; it is Tuesday."""
    await anna.says("пришла")
    await company.move(10 * HOUR)
    await anna.says("ушла")
    async with company.storage.unit_of_work() as uow:
        own = ApprovedOvertime(new_id(), company.portal.id, anna.employee_id, date(2026, 7, 13), 5 * HOUR)
        uow.overtimes.add(own)
        await uow.commit()
    await company.move(14 * HOUR)


async def _file(site: Site, person: Person, path: str, form: str) -> tuple[dict[str, str], bytes]:
    sent = {"Cookie": f"__Host-smena={await site.token(person)}", "Sec-Fetch-Site": "same-origin"}
    fields: dict[str, Any] = {"form": form}
    async with site.client.post(path, data=fields, headers=sent) as answer:
        assert 200 == answer.status
        return dict(answer.headers), await answer.read()


@pytest.mark.usefixtures("lived")
async def test_hours_of_those_one_leads(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """A lead reads their people's hours and what is over the law; nobody else's, on the page and in files alike."""
    await company.hire("Борис Чужой", "bitrix24")
    page = await site.get(sergey, f"/statistics/hours?{DAYS}")
    assert "Анна Ким" in page.text
    assert "Всего отработано: 10 ч" in page.text
    assert "5 ч переработки за два дня" in page.text
    assert "Борис" not in page.text
    assert '<rect x="' in page.html
    headers, content = await _file(site, sergey, f"/statistics/hours?{DAYS}", "xlsx")
    assert headers["Content-Disposition"].startswith("attachment;")
    book = openpyxl.load_workbook(BytesIO(content))
    rows = {row[0]: row for sheet in book for row in sheet.iter_rows(values_only=True) if row[0]}
    assert 10 * HOUR == rows["Анна Ким"][1]
    assert "Борис Чужой" not in rows
    _, content = await _file(site, sergey, f"/statistics/hours?{DAYS}", "csv")
    assert "Анна Ким;10,00" in content.decode("utf-8-sig")


@pytest.mark.usefixtures("lived")
async def test_months_stand_where_there_are_several(site: Site, sergey: Person) -> None:
    """A quarter is told by month; a week is not."""
    assert "По месяцам" in (await site.get(sergey, "/statistics/hours?first=2026-06-01&last=2026-08-31")).text
    assert "По месяцам" not in (await site.get(sergey, f"/statistics/hours?{DAYS}")).text


@pytest.mark.parametrize(
    "query", ["first=x&last=y", "first=2026-07-19&last=2026-07-13", "first=2000-01-01&last=2026-01-01", "department=77"]
)
async def test_what_cannot_be_read_is_as_not_named(site: Site, sergey: Person, query: str) -> None:
    """It is this month, of everybody whom one sees."""
    for path in ("hours", "approvals"):
        page = await site.get(sergey, f"/statistics/{path}?{query}")
        assert (200, True) == (page.status, "июль" in page.text)


async def test_approvals_begin_empty(site: Site, sergey: Person) -> None:
    """Where nothing was asked the page says so, and where else to look; a file of another form is refused."""
    page = await site.get(sergey, "/statistics/approvals")
    assert "ничего не запрашивали" in page.text
    assert "Никто ничего не держит" in page.text or "Сейчас" in page.text
    assert 422 == (await site.post(sergey, "/statistics/approvals", {"form": "exe"})).status
    _, content = await _file(site, sergey, "/statistics/approvals", "csv")
    assert content.decode("utf-8-sig").startswith("Раздел;")


async def test_too_much_at_once_is_refused_kindly(site: Site, company: Company, sergey: Person) -> None:
    """A year of more than two hundred people is not counted while somebody waits; the page says what to choose."""
    async with company.storage.unit_of_work() as uow:
        for number in range(220):
            name = f"Сотрудник {number}"
            uow.employees.add(Employee(new_id(), company.portal.id, name, lead_id=sergey.employee_id))
        await uow.commit()
    page = await site.get(sergey, "/statistics/hours?first=2026-01-01&last=2026-12-31")
    assert (200, True) == (page.status, "Столько сразу не посчитать" in page.text)
    assert 'name="first"' in page.html
