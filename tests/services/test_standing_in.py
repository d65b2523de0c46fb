"""Who stands in for whom, by the services alone: who may say so, who is asked meanwhile, and what routes are told."""

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.errors import NotYourPeople, Refusal
from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Employee, Role
from bot.domain.people.substitute import Substitute, chain
from bot.ports import UnitOfWork
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.structure import Structures, person_id
from bot.services.people.people import People
from bot.services.people.substitutes import DaysOver, OwnSubstitute, SubstituteGone, Substitutes
from tests.people import Company, Person
from tests.services.test_use_cases import asked, does, who

TODAY, FRIDAY = date(2026, 7, 13), date(2026, 7, 17)


@pytest.fixture
async def company(tmp_path: Path) -> AsyncIterator[Company]:
    """A company on Monday 13 July."""
    made = await Company(tmp_path).open()
    yield made
    await made.close()


@pytest.fixture
async def olga(company: Company) -> Person:
    """The administrator."""
    return await company.hire("Ольга Смирнова", "telegram", role=Role.ADMIN)


@pytest.fixture
async def sergey(company: Company, olga: Person) -> Person:
    """A lead."""
    return await company.hire("Сергей Орлов", "telegram", role=Role.LEAD, lead=olga)


@pytest.fixture
async def vera(company: Company, olga: Person) -> Person:
    """Another lead."""
    return await company.hire("Вера Белова", "telegram", role=Role.LEAD, lead=olga)


@pytest.fixture
async def anna(company: Company, sergey: Person) -> Person:
    """An employee of Sergey's."""
    return await company.hire("Анна Ким", "telegram", lead=sergey)


async def named(
    company: Company,
    subject: Person,
    person: Person,
    last: date | None = None,
    *,
    by: Person | None = None,
    first: date = TODAY,
) -> Substitute:
    """Let somebody say who stands in for a person."""

    async def name(uow: UnitOfWork) -> Substitute:
        people = [await who(uow, each) for each in (by or subject, subject, person)]
        return await Substitutes(uow).name(*people, first, last, company.clock.now())

    return await does(company, name)


async def standing_in(company: Company, subject: Person) -> list[tuple[int, date, date | None]]:
    """Return who stands in for a person today or later."""
    async with company.storage.unit_of_work() as uow:
        found = await Substitutes(uow).of(await who(uow, subject), company.clock.now())
        return [(each.substitute_id, each.first_day, each.last_day) for each in found]


async def test_who_may_say_so(company: Company, anna: Person, sergey: Person, vera: Person, olga: Person) -> None:
    """Oneself, a lead for the people below, an administrator for everybody; nobody else."""
    for by in (anna, sergey, olga):
        await named(company, anna, vera, by=by)
    for by, subject in ((vera, anna), (anna, sergey), (sergey, vera)):
        with pytest.raises(NotYourPeople):
            await named(company, subject, olga, by=by)


async def test_kind_refusals(company: Company, anna: Person, sergey: Person, vera: Person, olga: Person) -> None:
    """Not oneself, nobody whose access is off, no days that are over or backwards."""
    await does(company, lambda uow: _switch_off(company, uow, olga, vera))
    refused: Sequence[tuple[type[Refusal], Person, date | None, date]] = (
        (OwnSubstitute, sergey, None, TODAY),
        (SubstituteGone, vera, None, TODAY),
        (DaysOver, anna, date(2026, 7, 12), date(2026, 7, 10)),
        (DaysOver, anna, FRIDAY, date(2026, 7, 20)),
    )
    for refusal, person, last, first in refused:
        with pytest.raises(refusal):
            await named(company, sergey, person, last, first=first)
    assert [] == await standing_in(company, sergey)


async def _switch_off(company: Company, uow: UnitOfWork, by: Person, whom: Person) -> Employee:
    people = [await who(uow, each) for each in (by, whom)]
    return await People(uow).set_disabled(*people, company.clock.now(), is_disabled=True)


async def test_the_last_word_counts(company: Company, sergey: Person, vera: Person, olga: Person) -> None:
    """For some days another one, then the first again; what lies within newer days is gone; said twice it is once."""
    await named(company, sergey, vera)
    for _ in range(2):
        await named(company, sergey, olga, FRIDAY)
    both = [(vera.employee_id, TODAY, None), (olga.employee_id, TODAY, FRIDAY)]
    assert both == await standing_in(company, sergey)
    assert olga.employee_id == (await chained(company, sergey))[0]
    await company.move("2026-07-18T09:00")
    assert [vera.employee_id] == await chained(company, sergey)
    await named(company, sergey, olga, first=date(2026, 7, 18))
    assert [olga.employee_id] == await chained(company, sergey)


async def chained(company: Company, subject: Person) -> list[int]:
    """Return the chain of who stands in for a person today."""
    async with company.storage.unit_of_work() as uow:
        found = await Substitutes(uow).chain_of(await who(uow, subject), company.clock.now())
        return [each.id for each in found]


async def test_taken_back(company: Company, sergey: Person, vera: Person, olga: Person) -> None:
    """From today on nobody stands in; what held before today stays true."""
    made = await named(company, sergey, vera)
    await company.move("2026-07-15T09:00")

    async def take_back(uow: UnitOfWork) -> Sequence[Substitute]:
        sergey_, olga_ = [await who(uow, each) for each in (sergey, olga)]
        assert [] == await Substitutes(uow).take_back(sergey_, sergey_, company.clock.now(), olga_)
        return await Substitutes(uow).take_back(sergey_, sergey_, company.clock.now())

    assert [made] == await does(company, take_back)
    assert [] == await standing_in(company, sergey)
    async with company.storage.unit_of_work() as uow:
        (kept,) = await uow.substitutes.of_portal(company.portal.id, TODAY)
        assert date(2026, 7, 14) == kept.last_day


def test_a_loop_ends(company: Company) -> None:
    """A chain has three links, nobody twice."""
    now = company.clock.now()
    rows = [Substitute(each, 1, each, each % 2 + 1, TODAY, None, 1, now) for each in (1, 2)]
    assert [2] == list(chain(rows, 1, TODAY))
    long = [Substitute(each, 1, each, each + 1, TODAY, None, 1, now) for each in range(1, 9)]
    assert [2, 3, 4] == list(chain(long, 1, FRIDAY))


async def holders(company: Company, request: ApprovalRequest) -> tuple[int | None, tuple[int, ...]]:
    """Return whose substitute is asked, and who is asked, as it is stored."""
    async with company.storage.unit_of_work() as uow:
        found = await Approvals(uow).get(company.portal.id, request.id)
        return found.instead_of, found.holders


async def test_the_substitute_of_an_absent_lead_is_asked(
    company: Company, anna: Person, sergey: Person, vera: Person
) -> None:
    """E33: only while the lead is away."""
    await named(company, sergey, vera)
    assert (None, (sergey.employee_id,)) == await holders(company, await asked(company, anna))
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    assert (sergey.employee_id, (vera.employee_id,)) == await holders(company, await asked(company, anna))


async def test_who_may_not_decide_is_passed_over(
    company: Company, anna: Person, sergey: Person, vera: Person, olga: Person
) -> None:
    """Standing in gives no role: the next of the chain who may decide and is here is asked, else it waits."""
    boris = await company.hire("Борис Лис", "telegram", lead=sergey)
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    await named(company, sergey, boris)
    assert (None, (sergey.employee_id,)) == await holders(company, await asked(company, anna))
    await named(company, boris, vera)
    assert (sergey.employee_id, (vera.employee_id,)) == await holders(company, await asked(company, anna))
    await company.sends_away(vera, AbsenceKind.SICK, "2026-07-13")
    await named(company, vera, olga)
    assert (sergey.employee_id, (olga.employee_id,)) == await holders(company, await asked(company, anna))


async def test_nobody_decides_about_themselves(company: Company, sergey: Person, vera: Person) -> None:
    """Whoever asks is never asked, also not as a substitute."""
    dina = await company.hire("Дина Ли", "telegram", role=Role.LEAD, lead=vera)
    await company.sends_away(vera, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    await named(company, vera, dina)
    assert (None, (vera.employee_id,)) == await holders(company, await asked(company, dina))


async def test_a_silent_substitute_moves_on(
    company: Company, anna: Person, sergey: Person, vera: Person, olga: Person
) -> None:
    """A substitute who lost access leaves the seat to the lead, who was meant."""
    await company.sends_away(sergey, AbsenceKind.VACATION, "2026-07-13", "2026-07-17")
    await named(company, sergey, vera)
    request = await asked(company, anna)

    async def move(uow: UnitOfWork) -> ApprovalRequest:
        gone = await _switch_off(company, uow, olga, vera)
        found = await Approvals(uow).get(company.portal.id, request.id)
        return await Approvals(uow).move_on(found, gone, company.clock.now())

    await does(company, move)
    assert (None, (sergey.employee_id,)) == await holders(company, request)


async def test_routes_are_told(company: Company, sergey: Person, vera: Person) -> None:
    """The structure names who stands in today, not from a later day on."""
    await named(company, sergey, vera, first=date(2026, 7, 14))

    async def substitute(uow: UnitOfWork) -> tuple[object, object]:
        portal = await uow.portals.get(company.portal.id)
        assert portal is not None
        ids = [person_id(portal, await who(uow, each)) for each in (sergey, vera)]
        structure = await Structures(uow).of(portal, company.clock.now())
        return structure.company.substitute_of(ids[0]), ids[1]

    assert (await does(company, substitute))[0] is None
    await company.move("2026-07-14T09:00")
    found, expected = await does(company, substitute)
    assert expected == found
