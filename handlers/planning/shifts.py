"""Shifts and days off that are named for single dates, instead of what the schedule says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import (
    Hours,
    PlannedBreak,
    Scope,
    hours_from_json,
    hours_to_json,
    pause_from_json,
    pause_to_json,
)
from bot.messages import Reply
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.planning.rosters import Rosters
from bot.services.planning.said_schedules import shift_of
from bot.services.planning.schedules import Schedules
from bot.text import Lines, Value, lines, t
from bot.words.leave import absence_span
from bot.words.schedules import hours_words, pause_words
from handlers.planning.schedule_targets import Found, find_target, known_target
from handlers.read_back import OVER, ReadBack, read_back

router = Router("shifts")


@dataclass(frozen=True, slots=True)
class ConfirmShift(ReadBack):
    """We read a named shift back and wait for a yes; `also` holds the days apart from the first ones."""

    scope: str
    target_id: int
    first: str
    last: str
    hours: list[str] | None
    pause: list[Any]
    also: list[tuple[str, str]] = field(default_factory=list)


@router.said("plan_shift")
async def plan_shift(
    turn: Turn, people: People, departments: Departments, schedules: Schedules, rosters: Rosters
) -> Reply:
    """Read a shift on certain dates back."""
    slots: dict[str, Any] = dict(turn.understood.slots)
    found = await find_target(turn, slots, people, departments)
    await schedules.check(turn.employee, found.target)
    rows = _rows(slots)
    first = rows[0][0]
    for row in rows:
        await schedules.check_open(turn.portal, *row)
    planned = PlannedBreak()
    if found.person is not None:
        book = await rosters.book(turn.portal, first, first)
        planned = book.of(found.person.id, found.zone).schedule(first).pause
    hours, pause = shift_of(slots, planned)
    is_past = first < found.today(turn.now)
    text = lines(
        _words(found.name, rows, hours, pause),
        found.by_whose_clock(turn) if hours else None,
        t("⚠️ Hours of these days are counted anew.") if is_past else None,
        t("Is that right?"),
    )
    scope, number = found.target.scope.value, found.target.id
    days, *also = [(begin.isoformat(), end.isoformat()) for begin, end in rows]
    asked = ConfirmShift(scope, number, *days, hours_to_json(hours), pause_to_json(pause), also)
    return read_back(turn, asked, text)


@router.agreed(ConfirmShift)
async def plan(
    turn: Turn, asked: ConfirmShift, people: People, departments: Departments, schedules: Schedules
) -> Reply:
    """Name the dates, where they are still open and the person may still plan them."""
    found = await known_target(turn, asked.scope, asked.target_id, people, departments)
    if found is None:
        return turn.conclude(OVER)
    said = [(asked.first, asked.last), *asked.also]
    rows = [(date.fromisoformat(begin), date.fromisoformat(end)) for begin, end in said]
    hours, pause = hours_from_json(asked.hours), pause_from_json(asked.pause)
    for each in await _people(turn, found, people, departments):
        for row in rows:
            await schedules.name_shift(turn.employee, each, row, hours, pause, turn.now)
    return turn.conclude(lines(t("✅ Planned."), _words(found.name, rows, hours, pause)))


async def _people(turn: Turn, found: Found, people: People, departments: Departments) -> list[Employee]:
    """Return whom the dates are named for: a department and a portal have no dates of their own."""
    if found.person is not None:
        return [found.person]
    if found.target.scope is Scope.PORTAL:
        everybody = await people.everybody_of(turn.portal.id)
    else:
        department = await departments.get(turn.portal, found.target.id)
        today = found.today(turn.now)
        everybody = await departments.members(turn.portal, department, today) if department else []
    return [each for each in everybody if not each.is_disabled]


def _rows(slots: Mapping[str, Any]) -> list[tuple[date, date]]:
    """Return the rows of days that an order names."""
    first, last = slots["from_day"], slots["to_day"]
    also = [str(each).partition("/") for each in slots.get("also", ())]
    return [
        (min(first, last), max(first, last)),
        *((date.fromisoformat(begin), date.fromisoformat(end)) for begin, _, end in also),
    ]


def _words(name: Value, rows: Sequence[tuple[date, date]], hours: Hours | None, pause: PlannedBreak) -> Lines:
    return lines(
        *(t("*{who}* – {days}: {hours}", who=name, days=absence_span(*row), hours=hours_words(hours)) for row in rows),
        pause_words(pause) if hours else None,
    )
