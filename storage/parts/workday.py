"""The work side of a unit of work: each person's punches and the sessions derived from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.people.employee import Employee
from bot.domain.workday.punch_log import Punch, WorkSession
from bot.gently import gently
from bot.ports import Log
from storage.engines.engine import Read, Reader, Write
from storage.part import Part
from storage.parts.people import Employees
from storage.rows import Row, millis
from storage.shapes import punch_of, punch_values, session_of, session_values
from storage.sql import workday as sql

_FARTHEST = timedelta(hours=14)
"""How far ahead of UTC a zone can be: a local date begins no earlier than that before the UTC one."""


@dataclass(slots=True)
class _Change:
    """What a unit did to one person's log: punches it added, sessions as they were and as they are to be."""

    owner: Employee
    punches: list[Punch] = field(default_factory=list)
    before: dict[int, WorkSession] = field(default_factory=dict)
    after: dict[int, WorkSession] = field(default_factory=dict)

    def over(self, sessions: Sequence[WorkSession]) -> list[WorkSession]:
        """Return the sessions with the change applied, oldest first."""
        kept = [each for each in sessions if each.id not in self.before and each.id not in self.after]
        return sorted([*kept, *self.after.values()], key=lambda each: each.started_at)


def log_of(since: datetime, punches: Sequence[Row], sessions: Sequence[Row]) -> Log:
    """Read a window; a session that was open at `since` moves its beginning."""
    found = tuple(session_of(row) for row in sessions)
    begin = min(since, found[0].started_at) if found else since
    return Log(begin, tuple(punch_of(row) for row in punches), found)


class Punches(Part):
    """The append-only log of each person and the sessions derived from it."""

    def __init__(self, engine: Reader, employees: Employees) -> None:
        """Read through `engine`; a change of a log is a change of its employee's version."""
        super().__init__(engine)
        self._employees = employees
        self._read: dict[int, Log] = {}
        self._changes: dict[int, _Change] = {}
        self._changed: dict[int, Log] = {}
        """What was read with the changes applied, until there is another one."""

    def remember(self, employee: Employee, log: Log) -> None:
        """Keep a window that was read together with its employee."""
        self._read[employee.id] = log
        self._changed.pop(employee.id, None)

    async def log(self, employee: Employee, since: datetime) -> Log:
        """Return a derivable window of the log that begins not after `since`."""
        known = self._read.get(employee.id)
        if known is None or known.since > since:
            values = {"portal_id": employee.portal_id, "employee_id": employee.id, "since": millis(since)}
            sessions, punches = await self._engine.read([Read(sql.LOG_SESSIONS, values), Read(sql.LOG_PUNCHES, values)])
            known = self._read[employee.id] = log_of(since, punches, sessions)
            self._changed.pop(employee.id, None)
        change = self._changes.get(employee.id)
        if change is None:
            return known
        changed = self._changed.get(employee.id)
        if changed is not None:
            return changed
        own = [punch for punch in change.punches if punch.at >= known.since]
        punches_now = sorted((*known.punches, *own), key=lambda punch: (punch.at, punch.id))
        changed = Log(known.since, tuple(punches_now), tuple(change.over(known.sessions)))
        self._changed[employee.id] = changed
        return changed

    async def sessions(self, employee: Employee, first: date, last: date) -> Sequence[WorkSession]:
        """Return the sessions whose work date lies between the two, both included, oldest first."""
        known = self._read.get(employee.id)
        found: Sequence[WorkSession]
        if known is not None and known.since <= datetime.combine(first, time(), UTC) - _FARTHEST:
            found = known.sessions
        else:
            values = {
                "portal_id": employee.portal_id,
                "employee_id": employee.id,
                "first": first.isoformat(),
                "last": last.isoformat(),
            }
            rows = await self._rows(sql.SESSIONS_OF_DATES, values)
            found = [session_of(row) for row in rows]
        change = self._changes.get(employee.id)
        return [each for each in (change.over(found) if change else found) if first <= each.work_date <= last]

    async def of_people(
        self, portal_id: int, first: date, last: date, employees: Sequence[int] | None = None
    ) -> Mapping[int, Sequence[WorkSession]]:
        """Return the sessions of those work dates by employee, of everybody or of some; who has none is left out."""
        values = {"portal_id": portal_id, "first": first.isoformat(), "last": last.isoformat()}
        rows = await self._rows(sql.SESSIONS_OF_PEOPLE, values)
        wanted = None if employees is None else set(employees)
        rows = rows if wanted is None else [row for row in rows if row[2] in wanted]
        found: dict[int, list[WorkSession]] = {}
        for row, session in zip(rows, await gently(session_of, rows), strict=True):
            found.setdefault(row[2], []).append(session)
        for change in self._changes.values():
            owner = change.owner
            if owner.portal_id == portal_id and (wanted is None or owner.id in wanted):
                own = change.over(found.get(owner.id, ()))
                found[owner.id] = [each for each in own if first <= each.work_date <= last]
        return {owner: sessions for owner, sessions in found.items() if sessions}

    def add(self, employee: Employee, punches: Sequence[Punch], log: Log, sessions: Sequence[WorkSession]) -> None:
        """Note new punches and what the window's sessions are now, instead of `log.sessions`."""
        self._employees.touch(employee)
        self._changed.pop(employee.id, None)
        change = self._changes.setdefault(employee.id, _Change(employee))
        change.punches.extend(punches)
        for session in log.sessions:
            if change.after.pop(session.id, None) is None:
                change.before.setdefault(session.id, session)
        change.after.update({session.id: session for session in sessions})

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._changes.clear()
        self._changed.clear()

    def writes(self) -> list[Write]:
        """Return what was noted; sessions that end come before one that opens, for there may be only one open."""
        noted: list[Write] = []
        for change in self._changes.values():
            owner = change.owner
            noted += [Write(sql.ADD_PUNCH, punch_values(owner, punch)) for punch in change.punches]
            noted += [
                Write(sql.REMOVE_SESSION, {"the_id": gone, "the_portal_id": owner.portal_id})
                for gone in change.before
                if gone not in change.after
            ]
            changed = [each for each in change.after.values() if change.before.get(each.id) != each]
            changed.sort(key=lambda each: (each.is_open, each.started_at))
            noted += [Write(sql.PUT_SESSION, session_values(owner, each)) for each in changed]
        return noted
