"""Confirmed and closed periods, approved overtime, what was told, and calendar links ⇄ rows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.domain.periods.period import Closing, Confirmation
from bot.domain.portal import Portal
from bot.gently import gently
from bot.ports import ApprovedOvertime, Feed, Told
from storage import schema
from storage.engines.engine import Reader, Write
from storage.part import Part
from storage.rows import millis
from storage.shape import Shape
from storage.sql import periods

_CONFIRMATION = Shape(Confirmation, schema.confirmation)
_CLOSING = Shape(Closing, schema.closing)
_OVERTIME = Shape(ApprovedOvertime, schema.overtime, names={"length": "seconds"})
_TOLD = Shape(Told, schema.reminder)
_FEED = Shape(Feed, schema.feed)


class Periods(Part):
    """Confirmed and closed periods."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._confirmed: dict[tuple[int, int, date, date], Confirmation] = {}
        self._closed: dict[int, Closing] = {}
        self._seen_open: dict[int, int] = {}
        self._seen_closing: dict[int, int] = {}

    async def confirmations(self, portal_id: int, first: date, last: date) -> Sequence[Confirmation]:
        """Return the confirmations of periods that touch those days."""
        values = _days(portal_id, first, last)
        rows = await self._rows(periods.CONFIRMATIONS, values)
        found = {_about(each): each for each in map(_CONFIRMATION.read, rows)}
        found |= {
            about: each
            for about, each in self._confirmed.items()
            if each.portal_id == portal_id and each.first <= last and each.last >= first
        }
        return list(found.values())

    async def closings(self, portal_id: int) -> Sequence[Closing]:
        """Return all closings, reopened ones as well, oldest first."""
        rows = await self._rows(periods.CLOSINGS, {"portal_id": portal_id})
        found = {each.id: each for each in map(_CLOSING.read, rows)}
        found |= {each.id: each for each in self._closed.values() if each.portal_id == portal_id}
        return [found[key] for key in sorted(found)]

    def put_confirmation(self, confirmation: Confirmation) -> None:
        """Note a confirmation, instead of an earlier one of the same person and days."""
        self._confirmed[_about(confirmation)] = confirmation

    def close(self, portal: Portal, closing: Closing) -> None:
        """Note a new closing; a Conflict when something else was closed on the portal since it was read."""
        self._closed[closing.id] = closing
        self._seen_closing[portal.id] = portal.lock_version

    def put_closing(self, closing: Closing) -> None:
        """Note that the closing of that id was reopened."""
        self._closed[closing.id] = closing

    def expect_open(self, portal: Portal) -> None:
        """Expect that nothing was closed on the portal since it was read."""
        self._seen_open[portal.id] = portal.lock_version

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._confirmed.clear()
        self._closed.clear()
        self._seen_open.clear()
        self._seen_closing.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        confirmed = [Write(periods.PUT_CONFIRMATION, _CONFIRMATION.values(each)) for each in self._confirmed.values()]
        closed = [Write(periods.PUT_CLOSING, _CLOSING.values(each)) for each in self._closed.values()]
        # A unit that closes and rests on open days as well expects one state only.
        kinds = [(periods.STILL_OPEN, each) for each in self._seen_open.items() if each[0] not in self._seen_closing]
        kinds += [(periods.LOCKED, each) for each in self._seen_closing.items()]
        guards = [Write(statement, {"the_id": portal_id, "seen": seen}, 1) for statement, (portal_id, seen) in kinds]
        return [*confirmed, *closed, *guards]


class Overtimes(Part):
    """Approved overtime."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: list[ApprovedOvertime] = []

    async def between(self, portal_id: int, first: date, last: date) -> Mapping[int, Sequence[ApprovedOvertime]]:
        """Return what was approved for those work dates, by employee."""
        rows = await self._rows(periods.OVERTIMES, _days(portal_id, first, last))
        found: dict[int, list[ApprovedOvertime]] = {}
        for each in map(_OVERTIME.read, rows):
            found.setdefault(each.employee_id, []).append(each)
        return found

    def add(self, overtime: ApprovedOvertime) -> None:
        """Note approved overtime."""
        self._noted.append(overtime)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [Write(periods.ADD_OVERTIME, _OVERTIME.values(each)) for each in self._noted]


class Reminders(Part):
    """What people were told by themselves, so that it happens once."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: list[Told] = []

    async def since(self, portal_id: int, at: datetime) -> Sequence[Told]:
        """Return what was told since then."""
        rows = await self._rows(periods.TOLD_SINCE, {"portal_id": portal_id, "since": millis(at)})
        return [*await gently(_TOLD.read, rows), *self._noted]

    async def of(self, portal_id: int, employee_id: int, kind: str) -> Sequence[Told]:
        """Return what of that kind the person was told in the last months."""
        values = {"portal_id": portal_id, "employee_id": employee_id, "kind": kind}
        rows = await self._rows(periods.TOLD_TO, values)
        about = (portal_id, employee_id, kind)
        own = [each for each in self._noted if (each.portal_id, each.employee_id, each.kind) == about]
        return [*map(_TOLD.read, rows), *own]

    async def of_kind(self, portal_id: int, kind: str) -> Collection[int]:
        """Return who was told something of that kind."""
        rows = await self._rows(periods.TOLD_OF_KIND, {"portal_id": portal_id, "kind": kind})
        own = (each.employee_id for each in self._noted if (each.portal_id, each.kind) == (portal_id, kind))
        return {*(row[0] for row in rows), *own}

    def add(self, told: Told) -> None:
        """Note that it was told; the same again is a Conflict."""
        self._noted.append(told)
        self._note(periods.ADD_TOLD, _TOLD.values(told))

    def drop_before(self, portal_id: int, at: datetime) -> None:
        """Note that what a portal's people were told before is of no use any more."""
        self._note(periods.DROP_TOLD, {"the_portal_id": portal_id, "the_before": millis(at)})

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()


class Feeds(Part):
    """Calendar links."""

    async def get(self, token_hash: str) -> Feed | None:
        """Return a link that was not revoked."""
        rows = await self._rows(periods.FEED, {"token_hash": token_hash})
        return _FEED.read(rows[0]) if rows else None

    async def of(self, portal_id: int, employee_id: int) -> Feed | None:
        """Return the person's link, if one was not revoked."""
        values = {"portal_id": portal_id, "employee_id": employee_id}
        rows = await self._rows(periods.FEED_OF, values)
        return _FEED.read(rows[0]) if rows else None

    def add(self, feed: Feed) -> None:
        """Note a new link; earlier ones of the person stop working."""
        self.revoke(feed.portal_id, feed.employee_id, feed.created_at)
        self._note(periods.ADD_FEED, _FEED.values(feed))

    def revoke(self, portal_id: int, employee_id: int, at: datetime) -> None:
        """Note that the person's links stop working."""
        values = {"the_portal_id": portal_id, "the_employee_id": employee_id, "revoked_at": millis(at)}
        self._note(periods.REVOKE_FEEDS, values)


def _days(portal_id: int, first: date, last: date) -> dict[str, Any]:
    return {"portal_id": portal_id, "first": first.isoformat(), "last": last.isoformat()}


def _about(each: Confirmation) -> tuple[int, int, date, date]:
    return each.portal_id, each.employee_id, each.first, each.last
