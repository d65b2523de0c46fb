"""How far the portal's working days and ours have followed each other ⇄ rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.workday.portal_day import FollowedDay, OwnDay, PortalDay
from storage import schema
from storage.engines.engine import Reader, Write
from storage.part import Part
from storage.shape import Form, Shape
from storage.sql import portal_workdays as sql


def _form(kind: Any) -> Form:
    return Form(
        lambda stored: kind.of_form(json.loads(stored)) if stored else None,
        lambda day: json.dumps(day.to_form(), separators=(",", ":")) if day is not None else "",
    )


_SHAPE = Shape(FollowedDay, schema.portal_workday, forms={"seen": _form(PortalDay), "own": _form(OwnDay)})


class PortalWorkdays(Part):
    """One row a person of portals where the option is on. What was noted wins over what was read."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._read: dict[int, FollowedDay] = {}
        self._noted: dict[int, FollowedDay] = {}

    async def get(self, portal_id: int, employee_id: int) -> FollowedDay:
        """Return how far a person's days have followed each other; of nobody that was looked at, an empty one."""
        known = self._noted.get(employee_id)
        if known is None:
            values = {"portal_id": portal_id, "employee_id": employee_id}
            rows = await self._rows(sql.FOLLOWED_DAY, values)
            known = _SHAPE.read(rows[0]) if rows else FollowedDay(portal_id, employee_id)
            self._read[employee_id] = known
        return known

    async def of_portal(self, portal_id: int) -> Mapping[int, FollowedDay]:
        """Return everybody's of a portal, by employee."""
        rows: Sequence[Any] = await self._rows(sql.FOLLOWED_DAYS, {"portal_id": portal_id})
        found = {each.employee_id: each for each in map(_SHAPE.read, rows)}
        self._read |= found
        return found | {key: each for key, each in self._noted.items() if each.portal_id == portal_id}

    def put(self, followed: FollowedDay) -> None:
        """Note how it is now; a Conflict when the stored one is not the one that was read."""
        former = self._read.get(followed.employee_id)
        version = former.version if former is not None else 0
        self._noted[followed.employee_id] = replace(followed, version=version + 1)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [
            Write(sql.PUT_FOLLOWED_DAY, {**_SHAPE.values(each), "former": each.version - 1}, 1)
            for each in self._noted.values()
        ]
