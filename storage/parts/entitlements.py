"""Days of leave that people are entitled to, and what was left of them on a day ⇄ rows."""

from collections.abc import Sequence
from datetime import date

from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.entitlement import Entitlement, Opening
from storage import schema
from storage.engines.engine import Reader, Write
from storage.part import Part
from storage.shape import Shape
from storage.sql import entitlements as sql

_ENTITLEMENT = Shape(Entitlement, schema.entitlement)
_OPENING = Shape(Opening, schema.opening)


class Entitlements(Part):
    """Days a year by kind, for everybody or one person; and opening balances."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._put: dict[tuple[int, int, AbsenceKind, date], Entitlement] = {}
        self._opened: dict[tuple[int, int, AbsenceKind, date], Opening] = {}
        self._dropped: set[tuple[int, int, AbsenceKind]] = set()

    async def of(self, portal_id: int, employee_id: int) -> Sequence[Entitlement]:
        """Return what counts for a person: their own terms and those of everybody, each by its first day."""
        found = await self.of_portal(portal_id)
        return [each for each in found if each.employee_id in (0, employee_id)]

    async def of_portal(self, portal_id: int) -> Sequence[Entitlement]:
        """Return all terms of the portal, those of everybody before those of a person, each by its first day."""
        rows = await self._rows(sql.ENTITLEMENTS, {"portal_id": portal_id})
        stored = map(_ENTITLEMENT.read, rows)
        found = {_key(each): each for each in stored if _key(each)[:3] not in self._dropped}
        found |= {key: each for key, each in self._put.items() if each.portal_id == portal_id}
        return sorted(found.values(), key=lambda each: (each.kind, each.employee_id, each.since))

    async def openings_of_portal(self, portal_id: int, kind: AbsenceKind) -> Sequence[Opening]:
        """Return everybody's opening balances of a kind, by day."""
        rows = await self._rows(sql.OPENINGS_OF_PORTAL, {"portal_id": portal_id, "kind": kind.value})
        found = {_opening_key(each): each for each in map(_OPENING.read, rows)}
        found |= {key: each for key, each in self._opened.items() if (key[0], key[2]) == (portal_id, kind)}
        return sorted(found.values(), key=lambda each: (each.day, each.employee_id))

    async def openings(self, portal_id: int, employee_id: int) -> Sequence[Opening]:
        """Return the person's opening balances of every kind, by day."""
        rows = await self._rows(sql.OPENINGS, {"portal_id": portal_id, "employee_id": employee_id})
        found = {_opening_key(each): each for each in map(_OPENING.read, rows)}
        found |= {key: each for key, each in self._opened.items() if key[:2] == (portal_id, employee_id)}
        return sorted(found.values(), key=lambda each: (each.kind, each.day))

    def put(self, entitlement: Entitlement) -> None:
        """Note what counts from its day on."""
        self._put[_key(entitlement)] = entitlement

    def drop(self, portal_id: int, employee_id: int, kind: AbsenceKind) -> None:
        """Note that nothing is named any more for a person, or for everybody."""
        self._dropped.add((portal_id, employee_id, kind))
        self._put = {key: each for key, each in self._put.items() if key[:3] != (portal_id, employee_id, kind)}

    def put_opening(self, opening: Opening) -> None:
        """Note what was left on a day."""
        self._opened[_opening_key(opening)] = opening

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._put.clear()
        self._opened.clear()
        self._dropped.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        dropped = sorted(self._dropped)
        return [
            *(Write(sql.DROP_ENTITLEMENTS, _names(*each)) for each in dropped),
            *(Write(sql.PUT_ENTITLEMENT, _ENTITLEMENT.values(each)) for each in self._put.values()),
            *(Write(sql.PUT_OPENING, _OPENING.values(each)) for each in self._opened.values()),
        ]


def _key(of: Entitlement) -> tuple[int, int, AbsenceKind, date]:
    return of.portal_id, of.employee_id, of.kind, of.since


def _opening_key(of: Opening) -> tuple[int, int, AbsenceKind, date]:
    return of.portal_id, of.employee_id, of.kind, of.day


def _names(portal_id: int, employee_id: int, kind: AbsenceKind) -> dict[str, object]:
    return {"the_portal_id": portal_id, "the_employee_id": employee_id, "the_kind": kind.value}
