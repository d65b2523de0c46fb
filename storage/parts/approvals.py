"""Approval requests ⇄ rows: whole requests are read and written; what is append-only is only ever added to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.approvals.request import ApprovalRequest, KeptBallot, KeptSeat, Line
from bot.domain.people.employee import Employee
from storage import schema
from storage.engines.engine import Read, Reader, Write
from storage.engines.statement import Statement
from storage.matters import read_matter, write_matter
from storage.part import Part
from storage.rows import Row, millis
from storage.shape import Shape
from storage.sql import approvals as sql

_REQUEST = Shape(ApprovalRequest, schema.approval_request, without=("matter", "seats", "ballots", "events"))
_KIND, _PAYLOAD = map([each.name for each in schema.approval_request.c].index, ("kind", "payload"))
_SEAT = Shape(KeptSeat, schema.approval_seat, without=("holders",))
_BALLOT = Shape(KeptBallot, schema.approval_ballot)
_EVENT = Shape(Line, schema.approval_event)


class Requests(Part):
    """Approval requests with their seats, ballots and record."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._read: dict[int, ApprovalRequest] = {}
        self._noted: dict[int, tuple[ApprovalRequest, ApprovalRequest | None]] = {}

    async def get(self, portal_id: int, request_id: int) -> ApprovalRequest | None:
        """Return the request of that id."""
        if request_id in self._noted:
            return self._noted[request_id][0]
        found = await self._load(sql.BY_ID, {"portal_id": portal_id, "request_id": request_id})
        return found[0] if found else None

    async def by_seat(self, portal_id: int, seat_id: int) -> ApprovalRequest | None:
        """Return the request that the seat belongs to."""
        found = await self._load(sql.BY_SEAT, {"portal_id": portal_id, "seat_id": seat_id})
        return found[0] if found else None

    async def waiting_for(self, employee: Employee) -> Sequence[ApprovalRequest]:
        """Return the open requests in which the person holds a seat, oldest first."""
        values = {"portal_id": employee.portal_id, "employee_id": employee.id}
        return [each for each in await self._load(sql.WAITING_FOR, values) if each.is_open]

    async def pending(self, portal_id: int) -> Sequence[ApprovalRequest]:
        """Return the open requests of a portal, oldest first."""
        return [each for each in await self._load(sql.PENDING, {"portal_id": portal_id}) if each.is_open]

    async def open_about(self, portal_id: int, subject_id: int, subject_key: str) -> ApprovalRequest | None:
        """Return the open request of that key about that person."""
        values = {"portal_id": portal_id, "subject_id": subject_id, "subject_key": subject_key}
        found = await self._load(sql.OPEN_ABOUT, values)
        return next((each for each in found if each.is_open), None)

    async def about(self, employee: Employee, limit: int) -> Sequence[ApprovalRequest]:
        """Return the latest requests about the person's time, newest first."""
        values = {"portal_id": employee.portal_id, "subject_id": employee.id, "size": limit}
        return list(reversed(await self._load(sql.ABOUT, values)))

    async def passed_by_themselves(
        self, portal_id: int, subjects: Sequence[int], since: datetime
    ) -> Sequence[ApprovalRequest]:
        """Return what was small enough to pass without a lead, of these people, newest first."""
        values = {"portal_id": portal_id, "since": millis(since), "yes": True, "size": 200}
        found = await self._load(sql.AUTOMATIC, values)
        return [each for each in reversed(found) if each.subject_id in subjects]

    async def of_portal(self, portal_id: int, limit: int) -> Sequence[ApprovalRequest]:
        """Return the latest requests of a portal, newest first."""
        return list(reversed(await self._load(sql.OF_PORTAL, {"portal_id": portal_id, "size": limit})))

    def add(self, request: ApprovalRequest) -> None:
        """Note a new request with its seats, ballots and record."""
        self._noted[request.id] = (request, None)

    def put(self, request: ApprovalRequest) -> None:
        """Note a change: `request.version` is the new one; if the stored one is not what was read, it is a Conflict."""
        before = self._noted[request.id][1] if request.id in self._noted else self._read[request.id]
        self._noted[request.id] = (request, before)

    async def _load(self, plan: Sequence[Statement], values: Mapping[str, Any]) -> list[ApprovalRequest]:
        parts = await self._engine.read([Read(statement, values) for statement in plan])
        found = [_request(row, parts) for row in parts[0]]
        self._read |= {each.id: each for each in found}
        return [self._noted[each.id][0] if each.id in self._noted else each for each in found]

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [write for after, before in self._noted.values() for write in _writes(after, before)]


def _request(row: Row, parts: Sequence[Sequence[Row]]) -> ApprovalRequest:
    _, seats, holders, ballots, events = parts
    own = row[0]
    return _REQUEST.read(
        row,
        matter=read_matter(row[_KIND], row[_PAYLOAD]),
        seats=tuple(_seat(seat, holders) for seat in seats if seat[2] == own),
        ballots=tuple(_BALLOT.read(each) for each in ballots if each[1] == own),
        events=tuple(_EVENT.read(each) for each in events if each[1] == own),
    )


def _seat(row: Row, holders: Sequence[Row]) -> KeptSeat:
    return _SEAT.read(row, holders=tuple(each[3] for each in holders if each[2] == row[0]))


def _writes(after: ApprovalRequest, before: ApprovalRequest | None) -> list[Write]:
    owner = {"portal_id": after.portal_id, "request_id": after.id}
    noted = [_head(after, before)]
    old_seats = {each.id: each for each in before.seats} if before else {}
    for seat in after.seats:
        old = old_seats.get(seat.id)
        if old == seat:
            continue
        noted.append(Write(sql.PUT_SEAT, {**owner, **_SEAT.values(seat)}))
        if old is None or old.holders != seat.holders:
            noted.append(Write(sql.DROP_HOLDERS, {"the_seat_id": seat.id}))
            noted += [
                Write(sql.ADD_HOLDER, {**owner, "seat_id": seat.id, "employee_id": holder, "place": place})
                for place, holder in enumerate(seat.holders)
            ]
    old_ballots = before.ballots if before else ()
    for number, ballot in enumerate(after.ballots):
        if number < len(old_ballots) and old_ballots[number] == ballot:
            continue
        noted.append(Write(sql.PUT_BALLOT, {**owner, "cast_no": number, **_BALLOT.values(ballot)}))
    known = len(before.events) if before else 0
    noted += [Write(sql.ADD_EVENT, {**owner, **_EVENT.values(event)}) for event in after.events[known:]]
    return noted


def _head(after: ApprovalRequest, before: ApprovalRequest | None) -> Write:
    kind, payload = write_matter(after.matter)
    values = {**_REQUEST.values(after), "kind": kind, "subject_key": after.matter.key, "payload": payload}
    if before is not None:
        return Write(sql.PUT_REQUEST, {**values, "the_id": after.id, "seen": before.version}, 1)
    return Write(sql.ADD_REQUEST, values)
