"""Reporting: whose hours somebody asks for, whether they may see them, and what they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department
from bot.domain.portal import Portal
from bot.domain.reports.account import Account
from bot.domain.reports.limits import LimitWarning, limit_warnings, limits_of
from bot.domain.rights import Right
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.reports.accounts import Accounts
from bot.services.reports.sheets import Order, Sheets
from bot.services.unit_service import UnitService
from bot.sheets.book import Format


class Reporting(UnitService):
    """What every surface shows of hours: nobody sees those of somebody who is not theirs to see."""

    async def person(self, portal: Portal, reader: Employee, name: str) -> Employee:
        """Return the person of that name, whose hours the reader may see."""
        people = People(self._uow)
        subject = await people.find(portal, name)
        await people.check(reader, Right.SEE_HOURS, subject)
        return subject

    async def person_of(self, reader: Employee, employee_id: int | None) -> Employee:
        """Return the person of that id, the reader where there is none; rights may have changed since it was shown."""
        people = People(self._uow)
        found = await people.get(employee_id, reader.portal_id) if employee_id is not None else None
        subject = found or reader
        await people.check(reader, Right.SEE_HOURS, subject)
        return subject

    async def department(self, portal: Portal, name: str) -> Department:
        """Return the department that is called so."""
        return await Departments(self._uow).find(portal, name)

    async def department_of(self, portal: Portal, department_id: int) -> Department | None:
        """Return the department of that id."""
        return await Departments(self._uow).get(portal, department_id)

    async def of_person(
        self, portal: Portal, subject: Employee, first: date, last: date, now: datetime
    ) -> tuple[Account, Account | None]:
        """Return a person's account, and the one of the quarter or year over which its hours are summed."""
        accounts = Accounts(self._uow)
        account = await accounts.one(portal, subject, first, last, now)
        return account, await accounts.accounting_period(portal, subject, account, now)

    async def team(
        self, reader: Employee, department: Department | None, first: date, last: date
    ) -> Sequence[Employee]:
        """Return the people of a department, or all of whom the reader may see the hours."""
        order = Order(Format.XLSX, first, last, department_id=department.id if department else None)
        return await Sheets(self._uow).people_for(reader, order)

    async def of_team(
        self, portal: Portal, reader: Employee, department: Department | None, first: date, last: date, now: datetime
    ) -> tuple[Sequence[Employee], Mapping[int, Account]]:
        """Return the people of a department, or all of whom the reader may see the hours, and their accounts by id."""
        people = await self.team(reader, department, first, last)
        return people, await Accounts(self._uow).of(portal, people, first, last, now)

    async def over_limits(
        self, portal: Portal, people: Iterable[int], first: date, last: date
    ) -> Mapping[int, Sequence[LimitWarning]]:
        """Return where approved overtime is over what the law allows, by person, from a day on."""
        approved = await Accounts(self._uow).approved(portal.id, first.replace(month=1, day=1), last)
        limits = limits_of(portal.country, portal.options)
        return {
            each: [warning for warning in limit_warnings(approved.get(each, {}), limits) if warning.last >= first]
            for each in people
        }
