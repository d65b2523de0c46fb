"""Hours on pages agree with chat; who may see, confirm, approve and close is as everywhere."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from bot.domain.people.employee import Role
from tests.pages.site import Site
from tests.people import Company, Person

DAYS = "first=2026-07-13&last=2026-07-19"
HOURS = timedelta(hours=1)


@pytest.fixture
async def lived(site: Site, company: Company, anna: Person) -> None:
    """A Monday from nine to six with an hour's lunch; it is Tuesday of the next week."""
    await anna.says("пришла")
    await company.move(4 * HOURS)
    await anna.says("обед")
    await company.move(HOURS)
    await anna.says("вернулась")
    await company.move(4 * HOURS)
    await anna.says("ушла")
    await company.move(timedelta(days=8))


@pytest.mark.usefixtures("lived")
async def test_ones_own_hours(site: Site, anna: Person) -> None:
    """The chart, the table and the sums say what the chat says."""
    page = await site.get(anna, f"/hours?{DAYS}")
    assert "09:00 – 18:00" in page.text
    assert "Отработано 8 ч" in page.text
    assert '<rect x="' in page.html
    await anna.says("часы за прошлую неделю")
    assert any("Отработано 8 ч" in each.text for each in anna.chat)


@pytest.mark.usefixtures("lived")
async def test_confirmed_and_approved(site: Site, anna: Person, sergey: Person) -> None:
    """The person finds them right, their lead approves; both is told in chat."""
    fields = {"first": "2026-07-13", "last": "2026-07-19"}
    assert "подтверждены" in (await site.post(anna, f"/hours/confirm?{DAYS}", fields)).text
    await sergey.reads()
    assert "Согласовать 1" in (await site.get(sergey, f"/hours/team?{DAYS}")).text
    approved = await site.post(sergey, f"/hours/approve?{DAYS}", fields)
    assert "Согласовано: 1 человек." in approved.text
    assert "Подтверждено и согласовано" in (await site.get(anna, f"/hours?{DAYS}")).text
    assert 409 == (await site.post(sergey, f"/hours/approve?{DAYS}", fields)).status


@pytest.mark.usefixtures("lived")
async def test_who_sees_whose(site: Site, company: Company, anna: Person, sergey: Person) -> None:
    """A lead sees whom they lead; a colleague sees nobody, and closes nothing."""
    boris = await company.hire("Борис Лавров", "bitrix24", lead=sergey)
    path = f"/hours?person={anna.employee_id}&{DAYS}"
    assert (200, 403) == ((await site.get(sergey, path)).status, (await site.get(boris, path)).status)
    assert 403 == (await site.get(boris, "/hours/team")).status
    assert [403, 403] == [(await site.get(each, "/hours/months")).status for each in (boris, sergey)]
    fields: dict[str, Any] = {"first": "2026-07-13", "last": "2026-07-19", "form": "xlsx", "person": anna.employee_id}
    assert 403 == (await site.post(boris, "/files", fields)).status


@pytest.mark.usefixtures("lived")
async def test_a_month_is_closed_and_opened(site: Site, company: Company, anna: Person) -> None:
    """An accountant closes a month that is over; opened again it has to say why."""
    irina = await company.hire("Ирина Белова", "bitrix24", role=Role.ACCOUNTANT)
    await company.move(timedelta(days=15))
    days = "first=2026-07-01&last=2026-07-31"
    fields = {"first": "2026-07-01", "last": "2026-07-31"}
    assert "Ничто не мешает" in (await site.get(irina, f"/hours/months?{days}")).text
    closed = await site.post(irina, f"/hours/close?{days}", fields)
    assert "Закрыто: июль." in closed.text
    assert 422 == (await site.post(irina, f"/hours/reopen?{days}", {**fields, "reason": " "})).status
    opened = await site.post(irina, f"/hours/reopen?{days}", {**fields, "reason": "Забыли смену"})
    assert "Снова открыто: июль." in opened.text
    assert "Ничто не мешает" in opened.text


async def test_a_month_that_runs(site: Site, company: Company) -> None:
    """It is shown with the others, and why it cannot be closed yet; there is no button for it."""
    irina = await company.hire("Ирина Белова", "bitrix24", role=Role.ACCOUNTANT)
    shown = await site.get(irina, "/hours/months?first=2026-07-01&last=2026-07-31")
    assert 200 == shown.status
    assert "Период ещё идёт" in shown.text
    assert 'action="/hours/close' not in shown.text


@pytest.mark.usefixtures("lived")
async def test_a_file(site: Site, anna: Person) -> None:
    """It is a download that no browser shows, with the hours of the page."""
    fields: dict[str, Any] = {"first": "2026-07-13", "last": "2026-07-19", "form": "xlsx", "person": anna.employee_id}
    sent = {"Cookie": f"__Host-smena={await site.token(anna)}", "Sec-Fetch-Site": "same-origin"}
    async with site.client.post("/files", data=fields, headers=sent) as answer:
        assert (200, "sandbox") == (answer.status, answer.headers["Content-Security-Policy"])
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        book = openpyxl.load_workbook(BytesIO(await answer.read()))
    assert any("Анна Ким" in str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert 422 == (await site.post(anna, "/files", {**fields, "form": "exe"})).status
    empty = await site.post(anna, "/files", {**fields, "first": "2026-06-01", "last": "2026-06-02"})
    assert (422, True) == (empty.status, "был бы пустым" in empty.text)


@pytest.mark.parametrize(
    "query", ["first=x&last=y", "first=2026-07-19&last=2026-07-13", "first=1990-01-01&last=2099-01-01", "person=x"]
)
async def test_days_that_are_none(site: Site, anna: Person, query: str) -> None:
    """What cannot be read is this month, one's own."""
    page = await site.get(anna, f"/hours?{query}")
    assert (200, True) == (page.status, "июль" in page.text)


@pytest.mark.usefixtures("lived")
async def test_a_file_that_cannot_be_made_leads_back_to_its_tab(site: Site, olga: Person, sergey: Person) -> None:
    """To the days that were chosen there; whoever may not see that tab is shown their own hours."""
    fields = {"first": "2026-01-01", "last": "2026-01-31", "form": "xlsx", "at": "months"}
    refused = await site.post(olga, "/files", fields)
    assert (422, True) == (refused.status, "был бы пустым" in refused.text)
    for each in ("<h1>Месяцы", "январь"):
        assert each in refused.html
    for tab, title in (("team", "<h1>Часы команды"), ("months", "<h1>Мои часы"), ("", "<h1>Мои часы")):
        assert title in (await site.post(sergey, "/files", {**fields, "at": tab})).html
