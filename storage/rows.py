"""Rows ⇄ domain objects, by position: both drivers hand out tuples or what indexes like them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.employee import Employee, Identity, Role
from bot.domain.portal import Portal
from bot.domain.workday import Break, Punch, PunchKind, WorkSession
from bot.ports import Present
from storage.sql.people import EMPLOYEE_AT, IDENTITY_AT, SESSION_AT

Row = Sequence[Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def millis(instant: datetime) -> int:
    """Return an instant as the databases hold it: whole milliseconds since 1970, cut, never rounded up."""
    return (instant - _EPOCH) // _MILLISECOND


def instant(value: int) -> datetime:
    """Return an instant as the program holds it."""
    return _EPOCH + timedelta(milliseconds=value)


def clean(text: str) -> str:
    """Return text that every database can hold: no NUL, and no half of a character that JSON escapes can smuggle in."""
    if text.isascii():
        return text.replace("\0", "") if "\0" in text else text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode(errors="replace").decode()
    return text.replace("\0", "")


def portal_of(row: Row) -> Portal:
    """Read a portal from the first columns of a row."""
    free, is_active = timedelta(seconds=row[5]), bool(row[6])
    return Portal(row[0], row[1], row[2], row[3], row[4], free, is_active, row[7], _options(row[8]), row[9])


def _options(stored: str) -> Mapping[str, Any]:
    """Read a portal's options; what is no JSON object is none, for no turn may break on a policy."""
    if stored == "{}":
        return {}
    try:
        found = json.loads(stored)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def portal_values(portal: Portal) -> dict[str, Any]:
    """Return the columns of a portal."""
    return {
        "id": portal.id,
        "the_id": portal.id,
        "key": portal.key,
        "name": clean(portal.name),
        "zone": portal.zone,
        "locale": portal.locale,
        "free_correction": int(portal.free_correction.total_seconds()),
        "is_active": portal.is_active,
        "country": portal.country,
        "lock_version": portal.lock_version,
        "options": json.dumps(dict(portal.options), ensure_ascii=False, separators=(",", ":")),
    }


def _identities(rows: Iterable[Row]) -> tuple[Identity, ...]:
    at = IDENTITY_AT
    return tuple(
        Identity(row[at], row[at + 1], row[at + 2], row[at + 3], bool(row[at + 4]))
        for row in rows
        if row[at] is not None
    )


def person_of(rows: Sequence[Row]) -> Employee | None:
    """Read one person from their rows, one an identity; no row, no person."""
    if not rows:
        return None
    row, at = rows[0], EMPLOYEE_AT
    return Employee(
        id=row[at],
        portal_id=row[at + 1],
        name=row[at + 2],
        role=Role(row[at + 3]),
        zone=row[at + 4],
        locale=row[at + 5],
        locale_is_chosen=bool(row[at + 6]),
        zone_is_chosen=bool(row[at + 7]),
        role_is_chosen=bool(row[at + 8]),
        lead_id=row[at + 9],
        is_disabled=bool(row[at + 10]),
        version=row[at + 11],
        muted_until=None if row[at + 12] is None else date.fromisoformat(row[at + 12]),
        wants_weekly=bool(row[at + 13]),
        wants_digest=bool(row[at + 14]),
        prefers=row[at + 15],
        paper_name=row[at + 16],
        identities=_identities(rows),
    )


def persons_in(rows: Iterable[Row]) -> list[list[Row]]:
    """Put the rows of each person together, keeping the order of their first rows."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[EMPLOYEE_AT], []).append(row)
    return list(found.values())


def present_of(rows: Sequence[Row]) -> Present | None:
    """Read somebody who is at work from their rows, with the session that is open."""
    person = person_of(rows)
    return None if person is None else Present(person, session_of(rows[0][SESSION_AT:]))


def employee_values(employee: Employee) -> dict[str, Any]:
    """Return the columns of an employee."""
    return {
        "id": employee.id,
        "portal_id": employee.portal_id,
        "name": clean(employee.name),
        "role": employee.role.value,
        "zone": employee.zone,
        "locale": employee.locale,
        "locale_is_chosen": employee.locale_is_chosen,
        "zone_is_chosen": employee.zone_is_chosen,
        "role_is_chosen": employee.role_is_chosen,
        "lead_id": employee.lead_id,
        "is_disabled": employee.is_disabled,
        "version": employee.version,
        "muted_until": employee.muted_until and employee.muted_until.isoformat(),
        "wants_weekly": employee.wants_weekly,
        "wants_digest": employee.wants_digest,
        "prefers": employee.prefers,
        "paper_name": clean(employee.paper_name),
    }


def identity_values(employee: Employee, identity: Identity) -> dict[str, Any]:
    """Return the columns of an identity, and its key under the names that a change looks for it by."""
    return {
        "channel": identity.channel,
        "realm": clean(identity.realm),
        "account": clean(identity.account),
        "portal_id": employee.portal_id,
        "employee_id": employee.id,
        "conversation": clean(identity.conversation),
        "is_reachable": identity.is_reachable,
        "the_channel": identity.channel,
        "the_realm": clean(identity.realm),
        "the_account": clean(identity.account),
        "the_employee_id": employee.id,
    }


def punch_of(row: Row) -> Punch:
    """Read a punch; columns 1 and 2 are whose it is."""
    return Punch(
        row[0],
        PunchKind(row[3]),
        instant(row[4]),
        instant(row[5]),
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
    )


def punch_values(employee: Employee, punch: Punch) -> dict[str, Any]:
    """Return the columns of a punch."""
    return {
        "id": punch.id,
        "portal_id": employee.portal_id,
        "employee_id": employee.id,
        "kind": punch.kind.value,
        "at": millis(punch.at),
        "recorded_at": millis(punch.recorded_at),
        "zone": punch.zone,
        "source": punch.source,
        "event": clean(punch.event),
        "actor_id": punch.actor_id,
        "reason": clean(punch.reason),
        "target": punch.target,
        "mark": punch.mark,
    }


def session_of(row: Row) -> WorkSession:
    """Read a session; columns 1 and 2 are whose it is."""
    breaks = row[10]
    return WorkSession(
        row[0],
        instant(row[5]),
        row[4],
        None if row[6] is None else instant(row[6]),
        ()
        if breaks == "[]"
        else tuple(
            [Break(instant(first), None if last is None else instant(last)) for first, last in json.loads(breaks)]
        ),
        None if row[7] is None else instant(row[7]),
        bool(row[11]),
    )


def session_values(employee: Employee, session: WorkSession) -> dict[str, Any]:
    """Return the columns of a session; the sums of one that runs are those up to its last punch."""
    until = session.ended_at or session.last_at or session.started_at
    breaks = [[millis(each.started_at), each.ended_at and millis(each.ended_at)] for each in session.breaks]
    return {
        "id": session.id,
        "portal_id": employee.portal_id,
        "employee_id": employee.id,
        "work_date": session.work_date.isoformat(),
        "zone": session.zone,
        "started_at": millis(session.started_at),
        "ended_at": session.ended_at and millis(session.ended_at),
        "last_at": session.last_at and millis(session.last_at),
        "worked": int(session.worked(until).total_seconds()),
        "on_break": int(session.on_break(until).total_seconds()),
        "breaks": json.dumps(breaks, separators=(",", ":")),
        "is_auto": session.is_auto,
    }
