"""When portals' calendars say that people are away ⇄ rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.leave.portal_absence import PortalAbsence
from bot.domain.people.employee import Employee
from bot.gently import gently
from storage import schema
from storage.part import Part
from storage.rows import millis
from storage.shape import Shape
from storage.sql import portal_absences as sql

_SHAPE = Shape(PortalAbsence, schema.portal_absence)


class PortalAbsences(Part):
    """Read by turns and looks; written by nothing but the round that reads calendars."""

    async def of(self, employee: Employee, since: datetime, until: datetime) -> Sequence[PortalAbsence]:
        """Return when a person is away between two instants, oldest first."""
        values = {"portal_id": employee.portal_id, "employee_id": employee.id, **_between(since, until)}
        return [_SHAPE.read(row) for row in await self._rows(sql.PORTAL_ABSENCES_OF, values)]

    async def between(self, portal_id: int, since: datetime, until: datetime) -> Mapping[int, Sequence[PortalAbsence]]:
        """Return when everybody is away between two instants, by employee, oldest first."""
        rows = await self._rows(sql.PORTAL_ABSENCES, {"portal_id": portal_id, **_between(since, until)})
        found: dict[int, list[PortalAbsence]] = {}
        for each in await gently(_SHAPE.read, rows):
            found.setdefault(each.employee_id, []).append(each)
        return found

    def replace(self, portal_id: int, employee_id: int, since: datetime, absences: Sequence[PortalAbsence]) -> None:
        """Note that these are all that is known of a person after an instant; what ended by then stays as it was."""
        first = min((each.starts_at for each in absences), default=since)
        values = {"the_portal_id": portal_id, "the_employee_id": employee_id}
        self._note(sql.DROP_PORTAL_ABSENCES, {**values, **_between(since, first)})
        for each in absences:
            self._note(sql.ADD_PORTAL_ABSENCE, _SHAPE.values(each))


def _between(since: datetime, until: datetime) -> dict[str, int]:
    return {"since": millis(since), "until": millis(until)}
