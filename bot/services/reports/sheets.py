"""Sheets: the book that a file is made from, read at once for as many people as are on it."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.domain.errors import Refusal, UnknownPerson
from bot.domain.options import ORGANISATION
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Department, Employment, line_above
from bot.domain.periods.period import LONGEST_PERIOD, PeriodTooLong, revision
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import Job
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.reports.accounts import Accounts
from bot.services.unit_service import UnitService
from bot.sheets.book import Book, Format, Line
from bot.sheets.lines import is_blank, lines_of

SEND_SHEET = "send-sheet"
"""The job of a file that takes longer than an answer may."""


AT_ONCE = 60
"""People whose sheet is made within the turn; for more it is sent after the answer."""


@dataclass(frozen=True, slots=True)
class Order:
    """What file is wanted: of one person, of a department with those below it, or else of everybody one may see."""

    form: Format
    first: date
    last: date
    person_id: int | None = None
    department_id: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the form that a job keeps."""
        return {**asdict(self), "first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        first, last = date.fromisoformat(form["first"]), date.fromisoformat(form["last"])
        return cls(Format(form["form"]), first, last, form["person_id"], form["department_id"])


class Sheets(UnitService):
    """Gathers what is on a sheet; changes nothing."""

    async def order(
        self, portal: Portal, form: Format, first: date, last: date, *, person: str = "", department: str = ""
    ) -> Order:
        """Return the order of whom a name means, or of everybody one may see."""
        if department:
            found = await Departments(self._uow).find(portal, department)
            return Order(form, first, last, department_id=found.id)
        if person:
            return await self._named(portal, Order(form, first, last), person)
        return Order(form, first, last)

    async def _named(self, portal: Portal, order: Order, name: str) -> Order:
        """Return the order of a person, or of a department that was named without the word."""
        try:
            return replace(order, person_id=(await People(self._uow).find(portal, name)).id)
        except UnknownPerson:
            with suppress(Refusal):
                return replace(order, department_id=(await Departments(self._uow).find(portal, name)).id)
            raise

    async def people_for(self, reader: Employee, order: Order) -> Sequence[Employee]:
        """Return whose hours an order is about; a Refusal where the reader may not see them.

        A person sees themselves, a lead those below, an accountant and an administrator everybody; a year at most.
        """
        if not timedelta() <= order.last - order.first <= LONGEST_PERIOD:
            raise PeriodTooLong
        people = People(self._uow)
        right = Right.MAKE_T13 if order.form is Format.T13 else Right.MAKE_SHEETS
        if order.person_id is not None:
            subject = await people.get(order.person_id, reader.portal_id) or reader
            await people.check(reader, right, subject)
            return [subject]
        if order.department_id is None:
            return await people.team_of(reader, right)
        check(reader, right)
        seen = await people.within(reader, right)
        return await self._of_departments(reader.portal_id, seen, await self._below(reader.portal_id, order))

    def later(self, reader: Employee, channel: str, order: Order, now: datetime) -> None:
        """Note that a file is to be made after the answer and sent on that channel; the same one is made once."""
        payload = {"employee_id": reader.id, "channel": channel, **order.to_json()}
        key = ":".join(str(each) for each in payload.values())
        self._uow.jobs.add(Job(new_id(), reader.portal_id, SEND_SHEET, key, now, payload))

    async def ordered(self, job: Job) -> tuple[Employee | None, str, Order]:
        """Return who asked for the file of a job, on which channel, and for what."""
        reader = await self._uow.employees.get(job.portal_id, int(job.payload["employee_id"]))
        return reader, str(job.payload["channel"]), Order.from_json(job.payload)

    async def book(self, reader: Employee, people: Sequence[Employee], order: Order, now: datetime) -> Book | None:
        """Return the book of some people, drawn up today in the reader's zone; None where nothing was recorded."""
        portal = await self._uow.portals.get(reader.portal_id)
        return await self.book_of(portal, people, order, now, reader.zone) if portal is not None else None

    async def book_of(
        self, portal: Portal, people: Sequence[Employee], order: Order, now: datetime, zone: str
    ) -> Book | None:
        """Return the book of some people of a portal; None where nothing was recorded."""
        known = await self._uow.staff.departments(portal.id)
        departments = {each.id: each.name for each in known}
        only = await self._below(portal.id, order) if order.department_id is not None else None
        stretches = await self._stretches(portal.id)
        accounts = await Accounts(self._uow).of(portal, people, order.first - timedelta(days=1), order.last, now)
        lines: list[Line] = []
        for person in people:
            own = list(lines_of(person, accounts[person.id], stretches.get(person.id, ()), departments, only))
            if not (person.is_disabled and is_blank(own)):
                lines += own
        if is_blank(lines):
            return None
        lines.sort(key=lambda line: (not line.department, line.department, line.name, line.account.first))
        organisation = ORGANISATION.of(portal) or _company(known) or portal.name
        named = departments.get(order.department_id, "") if order.department_id is not None else ""
        return Book(
            subject=people[0].name if order.person_id is not None else named or _common(lines) or organisation,
            first=order.first,
            last=order.last,
            today=now.astimezone(ZoneInfo(zone)).date(),
            lines=tuple(lines),
            organisation=organisation,
            revision=revision(await self._uow.periods.closings(portal.id), order.first, order.last),
            options=portal.options,
        )

    async def _below(self, portal_id: int, order: Order) -> set[int]:
        """Return the department of an order and those below it."""
        known = await self._uow.staff.departments(portal_id)
        return {each.id for each in known if order.department_id in line_above(known, each.id)}

    async def _of_departments(
        self, portal_id: int, people: Sequence[Employee], departments: Collection[int]
    ) -> Sequence[Employee]:
        """Return who was ever employed in one of some departments."""
        stretches = await self._stretches(portal_id)
        return [
            person
            for person in people
            if any(each.department_id in departments for each in stretches.get(person.id, ()))
        ]

    async def _stretches(self, portal_id: int) -> Mapping[int, Sequence[Employment]]:
        found: dict[int, list[Employment]] = {}
        for each in await self._uow.staff.employments(portal_id):
            found.setdefault(each.employee_id, []).append(each)
        return found


def _company(departments: Sequence[Department]) -> str:
    """Return the name of the one department that all others are below: portals keep the company's name there."""
    top = [each.name for each in departments if not each.parent_key]
    return top[0] if len(top) == 1 and len(departments) > 1 else ""


def _common(lines: Sequence[Line]) -> str:
    """Return the department that all lines share, if they share one."""
    names = {line.department for line in lines}
    return names.pop() if len(names) == 1 else ""
