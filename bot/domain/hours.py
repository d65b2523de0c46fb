"""The auditor's way to hours: punches as JSON lines to sessions, with the same derivation that pay rests on."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.workday import Punch, PunchKind, WorkSession, derive

_KINDS = {kind.value: kind for kind in (PunchKind.IN, PunchKind.BREAK_START, PunchKind.BREAK_END, PunchKind.OUT)}


class BadPunch(ValueError):
    """A line is not a punch; the text names the line and what is wrong with it."""


def sessions_of(lines: Iterable[str], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Yield the sessions that the lines mean, as `hours` prints them."""
    punches = [_punch(number, line, zone) for number, line in enumerate(lines, 1) if line.strip()]
    for session in derive(punches):
        yield session_form(session)


def session_form(session: WorkSession, until: datetime | None = None) -> dict[str, Any]:
    """Return a session as a JSON object; one that still runs counts up to `until`, or to its last punch."""
    end = until or session.last_at or session.started_at
    zone = ZoneInfo(session.zone)
    return {
        "work_date": session.work_date.isoformat(),
        "start": _iso(session.started_at, zone),
        "end": _iso(session.ended_at, zone) if session.ended_at else None,
        "worked_seconds": _seconds(session.worked(end)),
        "break_seconds": _seconds(session.on_break(end)),
        "breaks": [
            [_iso(each.started_at, zone), _iso(each.ended_at, zone) if each.ended_at else None]
            for each in session.breaks
        ],
    }


def _punch(number: int, line: str, zone: ZoneInfo) -> Punch:
    try:
        form = json.loads(line)
    except (ValueError, RecursionError):
        raise BadPunch(f"line {number} is not JSON") from None
    if not isinstance(form, dict):
        raise BadPunch(f"line {number} is not a JSON object")
    kind = _KINDS.get(str(form.get("kind")))
    if kind is None:
        raise BadPunch(f"line {number}: kind must be one of in, break, back, out")
    try:
        at = datetime.fromisoformat(str(form.get("at")))
    except ValueError:
        raise BadPunch(f"line {number}: at must be an instant such as 2026-07-15T09:00:00+03:00") from None
    if not 1 < at.year < 9999:
        raise BadPunch(f"line {number}: the year of at is out of range")
    if at.tzinfo is None:
        at = _wall_clock(number, at, zone)
    # Pay is right to the second, and a part of one is neither work nor break.
    at = at.astimezone(UTC).replace(microsecond=0)
    if form.get("id") in (None, ""):
        raise BadPunch(f"line {number}: id is missing")
    # The log knows ids as numbers; equal texts give equal numbers.
    key = int.from_bytes(hashlib.sha256(json.dumps(form["id"]).encode()).digest()[:8])
    return Punch(key, kind, at, at, str(zone))


def _wall_clock(number: int, at: datetime, zone: ZoneInfo) -> datetime:
    """Put a time without an offset on the employee's wall; one that does not exist or happens twice is refused."""
    earlier, later = at.replace(tzinfo=zone, fold=0), at.replace(tzinfo=zone, fold=1)
    if earlier.utcoffset() != later.utcoffset():
        raise BadPunch(f"line {number}: clocks change at {at.isoformat()}; write at with its offset")
    return earlier


def _iso(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()


def _seconds(length: timedelta) -> int:
    return length // timedelta(seconds=1)
