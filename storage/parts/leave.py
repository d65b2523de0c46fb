"""Approved absences."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.leave.absence import Absence
from bot.domain.people.employee import Employee
from bot.gently import gently
from storage import schema
from storage.engines.engine import Read, Reader
from storage.part import Part
from storage.shape import Shape
from storage.sql import leave as sql

_SHAPE = Shape(Absence, schema.absence, names={"start": "started_at", "end": "ended_at"})


class Absences(Part):
    """Approved absences."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[int, Absence | None] = {}
        """By id, as they will be; None for those that go."""

    async def of(self, employee: Employee, first: date, last: date) -> Sequence[Absence]:
        """Return the person's absences that touch those days, oldest first."""
        (rows,) = await self._engine.read([absences_read(employee, first, last)])
        found = {each.id: each for each in map(_SHAPE.read, rows) if each.id not in self._noted}
        for each in self._noted.values():
            if each is not None and each.employee_id == employee.id and each.first <= last and first <= each.last:
                found[each.id] = each
        return sorted(found.values(), key=lambda each: (each.first, each.id))

    async def get(self, portal_id: int, absence_id: int) -> Absence | None:
        """Return the absence of that id."""
        if absence_id in self._noted:
            noted = self._noted[absence_id]
            return noted if noted is not None and noted.portal_id == portal_id else None
        rows = await self._rows(sql.ABSENCE_BY_ID, {"portal_id": portal_id, "absence_id": absence_id})
        return _SHAPE.read(rows[0]) if rows else None

    async def of_portal(self, portal_id: int, day: date) -> Sequence[Absence]:
        """Return everybody's absences on a day."""
        values = {"portal_id": portal_id, "day": day.isoformat()}
        rows = await self._rows(sql.ABSENCES_OF_DAY, values)
        return [_SHAPE.read(row) for row in rows]

    async def between(self, portal_id: int, first: date, last: date) -> Mapping[int, Sequence[Absence]]:
        """Return everybody's absences that touch those days, by employee, oldest first."""
        values = {"portal_id": portal_id, "first": first.isoformat(), "last": last.isoformat()}
        rows = await self._rows(sql.ABSENCES_BETWEEN, values)
        found: dict[int, list[Absence]] = {}
        for each in await gently(_SHAPE.read, rows):
            found.setdefault(each.employee_id, []).append(each)
        return found

    def add(self, absence: Absence) -> None:
        """Note an absence."""
        self._noted[absence.id] = absence
        self._note(sql.ADD_ABSENCE, _SHAPE.values(absence))

    def put(self, absence: Absence) -> None:
        """Note the days of the absence of that id as they are now."""
        self._noted[absence.id] = absence
        self._note(sql.PUT_ABSENCE, {**_SHAPE.values(absence), **_key(absence)}, 1)

    def remove(self, absence: Absence) -> None:
        """Note that an absence was cancelled."""
        self._noted[absence.id] = None
        self._note(sql.REMOVE_ABSENCE, _key(absence), 1)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()


def _key(absence: Absence) -> dict[str, object]:
    return {"the_id": absence.id, "the_portal_id": absence.portal_id}


def absences_read(employee: Employee, first: date, last: date) -> Read:
    """Read the person's absences that touch those days."""
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return Read(sql.ABSENCES_OF, {"portal_id": employee.portal_id, "employee_id": employee.id, **days})
