"""Portals, people, punches and sessions ⇄ rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.people.employee import Employee, Identity
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import Break, Punch, WorkSession
from bot.ports import Present
from storage import schema
from storage.rows import Row, compact, instant, millis
from storage.shape import Form, Shape
from storage.sql.people import EMPLOYEE_AT, IDENTITY_AT, SESSION_AT


def _options(stored: str) -> Mapping[str, Any]:
    """Read a portal's options; what is no JSON object is none, for no turn may break on a policy."""
    if stored == "{}":
        return {}
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _breaks(stored: str) -> tuple[Break, ...]:
    if stored == "[]":
        return ()
    return tuple([Break(instant(first), None if last is None else instant(last)) for first, last in json.loads(stored)])


_OPTIONS = Form(_options, lambda options: compact(dict(options)))
_BREAKS = Form(
    _breaks,
    lambda breaks: compact([[millis(each.started_at), each.ended_at and millis(each.ended_at)] for each in breaks]),
)
_PORTAL = Shape(Portal, schema.portal, forms={"options": _OPTIONS})
_EMPLOYEE = Shape(Employee, schema.employee, without=("identities",))
_IDENTITY = Shape(Identity, schema.identity)
_PUNCH = Shape(Punch, schema.punch)
_SESSION = Shape(WorkSession, schema.work_session, forms={"breaks": _BREAKS})

portal_of = _PORTAL.read
"""Read a portal from the first columns of a row."""
punch_of = _PUNCH.read
session_of = _SESSION.read
_employee_in = _EMPLOYEE.reader(EMPLOYEE_AT)
_identity_in = _IDENTITY.reader(IDENTITY_AT)
_session_in = _SESSION.reader(SESSION_AT)


def portal_values(portal: Portal) -> dict[str, Any]:
    """Return the columns of a portal, and its key under the name that a change looks for it by."""
    return {"the_id": portal.id, **_PORTAL.values(portal)}


def person_of(rows: Sequence[Row]) -> Employee | None:
    """Read one person from their rows, one an identity; no row, no person."""
    if not rows:
        return None
    identities = tuple([_identity_in(row) for row in rows if row[IDENTITY_AT] is not None])
    return _employee_in(rows[0], identities=identities)


def persons_in(rows: Iterable[Row]) -> list[list[Row]]:
    """Put the rows of each person together, keeping the order of their first rows."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[EMPLOYEE_AT], []).append(row)
    return list(found.values())


def present_of(rows: Sequence[Row]) -> Present | None:
    """Read somebody who is at work from their rows, with the session that is open."""
    person = person_of(rows)
    return None if person is None else Present(person, _session_in(rows[0]))


def employee_values(employee: Employee) -> dict[str, Any]:
    """Return the columns of an employee."""
    return _EMPLOYEE.values(employee)


def identity_values(employee: Employee, identity: Identity) -> dict[str, Any]:
    """Return the columns of an identity, and its key under the names that a change looks for it by."""
    values = _IDENTITY.values(identity)
    key = {f"the_{name}": values[name] for name in ("channel", "realm", "account")}
    owner = {"portal_id": employee.portal_id, "employee_id": employee.id, "the_employee_id": employee.id}
    return {**values, **key, **owner}


def punch_values(employee: Employee, punch: Punch) -> dict[str, Any]:
    """Return the columns of a punch."""
    return {"portal_id": employee.portal_id, "employee_id": employee.id, **_PUNCH.values(punch)}


def session_values(employee: Employee, session: WorkSession) -> dict[str, Any]:
    """Return the columns of a session; the sums of one that runs are those up to its last punch."""
    until = session.ended_at or session.last_at or session.started_at
    return {
        "portal_id": employee.portal_id,
        "employee_id": employee.id,
        "work_date": session.work_date.isoformat(),
        "worked": int(session.worked(until).total_seconds()),
        "on_break": int(session.on_break(until).total_seconds()),
        **_SESSION.values(session),
    }
