"""The auditor's way to hours: punches as JSON lines to sessions, with the same derivation that pay rests on."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.workday.punch_log import Break, Punch, PunchKind, WorkSession, derive

_KINDS = {kind.value: kind for kind in (PunchKind.IN, PunchKind.BREAK_START, PunchKind.BREAK_END, PunchKind.OUT)}

_BOM = "\ufeff"
"""What some editors and exports put before the first line of a file."""


class BadPunch(ValueError):
    """A line is not a punch; the text names the line and what is wrong with it."""


def sessions_of(lines: Iterable[str], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """Yield the sessions that the lines mean, as `hours` prints them; the order of the lines does not matter."""
    known: dict[int, Punch] = {}
    for number, line in enumerate(lines, 1):
        text = line.removeprefix(_BOM) if number == 1 else line
        if not text.strip():
            continue
        punch = _punch(number, text, zone)
        if known.setdefault(punch.id, punch) != punch:
            raise BadPunch(f"line {number}: its id was given before with another kind or time")
    for session in derive(known.values()):
        whole = _in_seconds(session)
        if whole is not None:
            yield session_form(whole)


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
    at = at.astimezone(UTC)
    if form.get("id") in (None, ""):
        raise BadPunch(f"line {number}: id is missing")
    # The log knows ids as numbers; equal texts give equal numbers.
    key = int.from_bytes(hashlib.sha256(json.dumps(form["id"]).encode()).digest()[:8])
    return Punch(key, kind, at, at, str(zone))


def _in_seconds(session: WorkSession) -> WorkSession | None:
    """Cut the instants of a session to the second, once their order is known; what has no length then is left out.

    Pay is right to the second, and a part of one is neither work nor break.
    """
    start, end = _cut(session.started_at), _cut(session.ended_at) if session.ended_at else None
    breaks = tuple(
        Break(_cut(each.started_at), _cut(each.ended_at) if each.ended_at else None) for each in session.breaks
    )
    return (
        None
        if start == end
        else replace(
            session,
            started_at=start,
            ended_at=end,
            breaks=tuple(each for each in breaks if each.started_at != each.ended_at),
            last_at=_cut(session.last_at) if session.last_at else None,
        )
    )


def _cut(at: datetime) -> datetime:
    return at.replace(microsecond=0)


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
