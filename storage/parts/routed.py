"""Requests on routes ⇄ rows: whole requests are read and written; seats and the record are only ever added to."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.approvals.routed import Asked, Entry, KeptEffect, RoutedRequest, SeatMark
from bot.domain.approvals.running import from_json, to_json
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.people.employee import Employee
from storage import schema
from storage.engines.engine import Read, Reader, Write
from storage.engines.statement import Statement
from storage.part import Part
from storage.parts.files import FILE
from storage.rows import Row, compact, millis
from storage.shape import Form, Shape
from storage.sql import files
from storage.sql import routed as sql


def _effects(text: str) -> tuple[KeptEffect, ...]:
    return tuple(KeptEffect(each["do"], each["args"], bool(each["done"])) for each in json.loads(text))


_FORMS = {
    "about": Form(
        lambda stored: None if stored is None else ObjectRef.parse(stored),
        lambda ref: None if ref is None else str(ref),
    ),
    "running": Form(lambda text: from_json(json.loads(text)), lambda running: compact(to_json(running))),
    "effects": Form(
        _effects, lambda each: compact([{"do": one.do, "args": dict(one.args), "done": one.is_done} for one in each])
    ),
}
_REQUEST = Shape(RoutedRequest, schema.routed_request, forms=_FORMS, without=("seats", "asked", "record", "files"))
_SEAT = Shape(SeatMark, schema.routed_seat)
_ASKED = Shape(Asked, schema.routed_asked)
_ENTRY = Shape(Entry, schema.routed_event)
_REQUEST_AT = {part: list(part.c.keys()).index("request_id") for part in sql.PARTS[1:]}


class RoutedRequests(Part):
    """Requests on routes with their seats, who is asked, and their record."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._read: dict[int, RoutedRequest] = {}
        self._noted: dict[int, tuple[RoutedRequest, RoutedRequest | None]] = {}

    async def get(self, portal_id: int, request_id: int) -> RoutedRequest | None:
        """Return the request of that id."""
        return await self._one(sql.BY_ID, {"portal_id": portal_id, "request_id": request_id})

    async def by_number(self, portal_id: int, number: int) -> RoutedRequest | None:
        """Return the request that people call by that number."""
        return await self._one(sql.BY_NUMBER, {"portal_id": portal_id, "number": number})

    async def by_seat(self, portal_id: int, seat_id: int) -> RoutedRequest | None:
        """Return the request that a seat belongs to."""
        return await self._one(sql.BY_SEAT, {"portal_id": portal_id, "seat_id": seat_id})

    async def open_about(self, portal_id: int, subject_key: str, template: str, revision: str) -> RoutedRequest | None:
        """Return the open request about a subject as it was."""
        values = {"portal_id": portal_id, "subject_key": subject_key, "template": template, "revision": revision}
        for each, _ in self._noted.values():
            noted = (each.portal_id, each.subject_key, each.template, each.revision)
            if each.is_open and noted == (portal_id, subject_key, template, revision):
                return each
        return await self._one(sql.OPEN_ABOUT, values)

    async def open_of(self, portal_id: int, subject_key: str) -> Sequence[RoutedRequest]:
        """Return the open requests about a subject, oldest first."""
        return await self._load(sql.OPEN_OF, {"portal_id": portal_id, "subject_key": subject_key})

    async def open_of_object(self, portal_id: int, about: ObjectRef) -> Sequence[RoutedRequest]:
        """Return the open requests about an object of the portal, oldest first."""
        return await self._load(sql.OPEN_OF_OBJECT, {"portal_id": portal_id, "about": str(about)})

    async def objects(self, portal_id: int) -> frozenset[ObjectRef]:
        """Return the objects of the portal that open requests are about."""
        rows = await self._rows(sql.OBJECTS, {"portal_id": portal_id})
        return frozenset(found for row in rows if (found := ObjectRef.parse(row[0])) is not None)

    async def asked_about(self, portal_id: int, refs: Sequence[ObjectRef]) -> frozenset[ObjectRef]:
        """Return which of some objects open requests are about."""
        plan = [Read(sql.ASKED_ABOUT, {"portal_id": portal_id, "about": str(each)}) for each in refs]
        found = await self._engine.read(plan) if plan else []
        return frozenset(each for each, rows in zip(refs, found, strict=True) if rows)

    async def waiting_for(self, employee: Employee) -> Sequence[RoutedRequest]:
        """Return the requests in which a person may answer now, oldest first."""
        values = {"portal_id": employee.portal_id, "employee_id": employee.id}
        return [each for each in await self._load(sql.WAITING_FOR, values) if employee.id in each.holders]

    async def by_initiator(self, employee: Employee, limit: int) -> Sequence[RoutedRequest]:
        """Return a person's latest requests, newest first."""
        values = {"portal_id": employee.portal_id, "initiator_id": employee.id, "size": limit}
        return list(reversed(await self._load(sql.BY_INITIATOR, values)))

    async def of_portal(self, portal_id: int, limit: int) -> Sequence[RoutedRequest]:
        """Return the latest requests of a portal, newest first."""
        return list(reversed(await self._load(sql.OF_PORTAL, {"portal_id": portal_id, "size": limit})))

    async def between(self, portal_id: int, since: datetime, until: datetime) -> Sequence[RoutedRequest]:
        """Return the requests that ran at any time between two instants, and all that run still, oldest first."""
        return await self._load(sql.OF_PERIOD, {"portal_id": portal_id, "since": millis(since), "until": millis(until)})

    async def running(self, portal_id: int) -> Mapping[tuple[str, int], int]:
        """Return how many requests run, by template and version."""
        rows = await self._rows(sql.RUNNING, {"portal_id": portal_id})
        return {(row[0], row[1]): row[2] for row in rows}

    async def last_number(self, portal_id: int) -> int:
        """Return the greatest number that a request of the portal has, 0 where there is none."""
        rows = await self._rows(sql.LAST_NUMBER, {"portal_id": portal_id})
        noted = [each.number for each, _ in self._noted.values() if each.portal_id == portal_id]
        return max([rows[0][0] or 0, *noted])

    def add(self, request: RoutedRequest) -> None:
        """Note a new request; a Conflict when its number was taken, or the same is open, meanwhile."""
        self._noted[request.id] = (request, None)

    def put(self, request: RoutedRequest) -> None:
        """Note a change: `request.version` is the new one; if the stored one is not what was read, it is a Conflict."""
        before = self._noted[request.id][1] if request.id in self._noted else self._read[request.id]
        self._noted[request.id] = (request, before)

    async def _one(self, plan: Sequence[Statement], values: Mapping[str, Any]) -> RoutedRequest | None:
        found = await self._load(plan, values)
        return found[0] if found else None

    async def _load(self, plan: Sequence[Statement], values: Mapping[str, Any]) -> list[RoutedRequest]:
        parts = await self._engine.read([Read(statement, values) for statement in plan])
        grouped = [_by_request(rows, _REQUEST_AT[part]) for part, rows in zip(sql.PARTS[1:], parts[1:], strict=True)]
        found = [_request(row, [each.get(row[0], ()) for each in grouped]) for row in parts[0]]
        self._read |= {each.id: each for each in found}
        return [self._noted[each.id][0] if each.id in self._noted else each for each in found]

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [write for after, before in self._noted.values() for write in _writes(after, before)]


def _by_request(rows: Sequence[Row], at: int) -> Mapping[int, Sequence[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[at], []).append(row)
    return found


def _request(row: Row, parts: Sequence[Sequence[Row]]) -> RoutedRequest:
    seats, asked, events, sent = parts
    return _REQUEST.read(
        row,
        seats=tuple(map(_SEAT.read, seats)),
        asked=tuple(map(_ASKED.read, asked)),
        record=tuple(map(_ENTRY.read, events)),
        files=tuple(map(FILE.read, sent)),
    )


def _writes(after: RoutedRequest, before: RoutedRequest | None) -> list[Write]:
    owner = {"portal_id": after.portal_id, "request_id": after.id}
    head = {**_REQUEST.values(after), "state": after.state, "round": after.round}
    if before is None:
        noted = [Write(sql.ADD_REQUEST, head)]
    else:
        noted = [Write(sql.PUT_REQUEST, {**head, "the_id": after.id, "seen": before.version}, 1)]
    known = {each.id for each in before.seats} if before else set()
    noted += [Write(sql.ADD_SEAT, {**owner, **_SEAT.values(each)}) for each in after.seats if each.id not in known]
    asked = set(before.asked) if before else set()
    noted += [Write(sql.PUT_ASKED, {**owner, **_ASKED.values(each)}) for each in after.asked if each not in asked]
    had = set(before.files) if before else set()
    noted += [Write(files.PUT_FILE, FILE.values(each)) for each in after.files if each not in had]
    said = len(before.record) if before else 0
    noted += [Write(sql.ADD_EVENT, {**owner, **_ENTRY.values(each)}) for each in after.record[said:]]
    return noted
