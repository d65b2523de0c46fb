"""Punch logs written and read as short lines: what a person did, and the sheet that follows from it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.domain.workday.correction import Plan, Span, Wish, trial
from bot.domain.workday.planner import Planner
from bot.domain.workday.punch_log import Punch, PunchKind, WorkSession, derive

MOSCOW = "Europe/Moscow"
BERLIN = "Europe/Berlin"


def at(text: str, zone: str = MOSCOW, fold: int = 0) -> datetime:
    """Return the UTC instant of a local time such as `2026-07-15 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def punches(*told: str, zone: str = MOSCOW, first: int = 1, received: str = "") -> list[Punch]:
    """Return the punches of lines such as `in 2026-07-15 09:00`, numbered in the order they were told."""
    made = []
    for number, line in enumerate(told, first):
        kind, _, when = line.partition(" ")
        instant = at(when, zone)
        known = at(received, zone) if received else instant
        made.append(Punch(number, PunchKind(kind), instant, known, zone, event=f"m{number}"))
    return made


def void(number: int, of: Punch, recorded_at: datetime | None = None) -> Punch:
    """Return the punch that takes another one back."""
    return Punch(number, PunchKind.VOID, of.at, recorded_at or of.at, of.zone, event=f"m{number}", target=of.id)


def sheet(sessions: Iterable[WorkSession | Span], zone: str = MOSCOW) -> list[str]:
    """Return sessions as lines such as `15 09:00 - 15 18:00 (13:00-13:40)`, in the zone's local time."""
    own = ZoneInfo(zone)
    shown = []
    for each in sessions:
        span = Span.of(each) if isinstance(each, WorkSession) else each
        end = f"{span.end.astimezone(own):%d %H:%M}" if span.end else "…"
        breaks = [
            f"({start.astimezone(own):%H:%M}-{f'{stop.astimezone(own):%H:%M}' if stop else '…'})"
            for start, stop in span.breaks
        ]
        shown.append(" ".join([f"{span.start.astimezone(own):%d %H:%M} - {end}", *breaks]))
    return shown


def plan(log: Sequence[Punch], wish: Wish, now: str, zone: str = MOSCOW) -> Plan:
    """Fit a wish to a log as of a local time."""
    return Planner(log, zone, at(now, zone)).plan(wish)


def applied(log: Sequence[Punch], made: Plan, now: datetime) -> list[Punch]:
    """Return the log after a plan, with ids that go on from those it has."""
    first = max((punch.id for punch in log), default=0) + 1
    after = list(trial(log, made.voids, made.adds, made.zone, now))
    return [
        *after[: len(log)],
        *(replace(punch, id=first + number) for number, punch in enumerate(after[len(log) :])),
    ]


def sheet_after(log: Sequence[Punch], made: Plan, zone: str = MOSCOW) -> list[str]:
    """Return the whole sheet that the log gives once the plan is carried out."""
    return sheet(derive(applied(log, made, at("2027-01-01 00:00"))), zone)
