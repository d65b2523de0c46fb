"""Closing against what happens at the same instant: two units of work that read before either of them writes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.domain.approvals.request import CLOSED, ApprovalRequest, RequestState
from bot.domain.approvals.rule import Verdict
from bot.domain.people.employee import Employee, Role
from bot.domain.periods.period import PeriodClosed
from bot.domain.portal import Portal
from bot.ports import Conflict, UnitOfWork
from bot.services.approvals.approvals import Approvals
from bot.services.periods.closings import Closings
from tests.dialogs.days import works
from tests.people import Company, Person

WEEK = (date(2026, 7, 13), date(2026, 7, 19))
Step = Callable[[UnitOfWork], Awaitable[None]]


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company on Monday 20 July; Anna worked a week ago."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def olga(company: Company) -> Person:
    """The administrator."""
    return await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)


@pytest.fixture
async def anna(company: Company, olga: Person) -> Person:
    """An employee with a correction that waits: 18:00 is to become 19:00."""
    anna = await company.hire("Анна Ким", "telegram", lead=olga)
    await works(company, anna, "2026-07-14", "09:00", "13:00", "14:00", "18:00")
    await company.move("2026-07-20T10:00")
    await anna.says("14 июля ушла в 19:00")
    await anna.presses("Отправить")
    return anna


async def found(uow: UnitOfWork, company: Company, person: Person) -> tuple[Portal, Employee]:
    """Read the portal and a person as a turn does."""
    portal = await uow.portals.get(company.portal.id)
    employee = await uow.employees.get(company.portal.id, person.employee_id)
    assert portal is not None
    assert employee is not None
    return portal, employee


def closing(company: Company, olga: Person) -> Step:
    """Return the closing of the week, whatever waits."""

    async def close(uow: UnitOfWork) -> None:
        portal, admin = await found(uow, company, olga)
        await Closings(uow).close(portal, admin, *WEEK, company.clock.now(), anyway=True)

    return close


def deciding(company: Company, olga: Person, request_id: int) -> Step:
    """Return the lead's yes."""

    async def decide(uow: UnitOfWork) -> None:
        request = await uow.requests.get(company.portal.id, request_id)
        _, lead = await found(uow, company, olga)
        assert request is not None
        await Approvals(uow).decide(request, lead, Verdict.APPROVED, company.clock.now())

    return decide


def settling(company: Company, request_id: int) -> Step:
    """Return the carrying out of what was approved."""

    async def settle(uow: UnitOfWork) -> None:
        request = await uow.requests.get(company.portal.id, request_id)
        assert request is not None
        await Approvals(uow).settle(request, company.clock.now() + timedelta(minutes=1))

    return settle


async def together(company: Company, first: Step, second: Step) -> bool:
    """Let both read and note, then commit one after the other; tell whether the second has a Conflict."""
    one, two = company.storage.unit_of_work(), company.storage.unit_of_work()
    await first(one)
    await second(two)
    await one.commit()
    try:
        await two.commit()
    except Conflict:
        return True
    return False


async def ended_at(anna: Person) -> str:
    """Return when Anna's session ended, as it counts."""
    [session] = await anna.sessions()
    assert session.ended_at is not None
    return session.ended_at.isoformat()[11:16]


@pytest.mark.parametrize("settles_first", [True, False])
@pytest.mark.usefixtures("anna")
async def test_an_approved_correction_and_a_closing(
    company: Company, anna: Person, olga: Person, settles_first: bool
) -> None:
    """Settled first, it is part of what is closed; closed first, settling runs again and says why not."""
    [request] = await _requests(company)
    async with company.storage.unit_of_work() as uow:
        await deciding(company, olga, request.id)(uow)
        await uow.commit()
    close, settle = closing(company, olga), settling(company, request.id)
    conflict = await together(company, settle, close) if settles_first else await together(company, close, settle)
    assert conflict is not settles_first
    if conflict:  # the turn that lost runs again from the start
        async with company.storage.unit_of_work() as uow:
            await settle(uow)
            await uow.commit()
    [after] = await _requests(company)
    state, end = (RequestState.APPROVED, "16:00") if settles_first else (RequestState.FAILED, "15:00")
    assert (state, end) == (after.state, await ended_at(anna))
    assert after.why_failed == ("" if settles_first else CLOSED)


@pytest.mark.usefixtures("anna")
async def test_a_decision_and_a_closing(company: Company, olga: Person) -> None:
    """The lead says yes while the administrator closes over the request: one outcome."""
    [request] = await _requests(company)
    assert await together(company, closing(company, olga), deciding(company, olga, request.id))
    [after] = await _requests(company)
    assert (RequestState.FAILED, CLOSED) == (after.state, after.why_failed)


@pytest.mark.usefixtures("anna")
async def test_two_administrators(company: Company, olga: Person) -> None:
    """One closing; the other's turn runs again and hears who was faster."""
    second = await company.hire("Пётр Иванов", "telegram", role=Role.ADMIN)
    assert await together(company, closing(company, olga), closing(company, second))
    uow = company.storage.unit_of_work()
    [stored] = await uow.periods.closings(company.portal.id)
    assert olga.employee_id == stored.closed_by
    with pytest.raises(PeriodClosed):
        await closing(company, second)(company.storage.unit_of_work())


async def _requests(company: Company) -> Sequence[ApprovalRequest]:
    async with company.storage.unit_of_work() as uow:
        return await uow.requests.of_portal(company.portal.id, 5)
