"""Schedules by chat: one sentence is read back, and holds from its day on once somebody says yes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.planning.schedule import (
    NO_SCHEDULE,
    Schedule,
    ScheduleKind,
    Scope,
    schedule_from_json,
    schedule_to_json,
)
from bot.messages import Button, Keyboard, Reply, State
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.planning.rosters import Rosters
from bot.services.planning.said_schedules import PRESETS, schedule_of
from bot.services.planning.schedules import Schedules
from bot.text import Day, Phrase, lines, t
from bot.understanding import understand_order
from bot.words.schedules import schedule_lines
from handlers.planning.schedule_targets import Found, find_target, known_target
from handlers.read_back import OVER, ReadBack, read_back

router = Router("schedules")
_ROTA = {"kind": "rota", "cycle": [0, 0, None, None]}


@dataclass(frozen=True, slots=True)
class ConfirmSchedule(ReadBack):
    """We read a schedule back and wait for a yes."""

    scope: str
    target_id: int
    since: str
    schedule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AskRota(State):
    """We asked for the hours and the first day of a rota."""

    scope: str
    target_id: int


@dataclass(frozen=True, slots=True)
class PresetPressed(Action, code="gp"):
    """One of the usual schedules for that target."""

    scope: str
    target_id: int
    preset: str


@router.said("set_schedule")
async def set_schedule(
    turn: Turn, people: People, departments: Departments, schedules: Schedules, rosters: Rosters
) -> Reply:
    """Read a schedule back that was described in words."""
    slots: Mapping[str, Any] = turn.understood.slots
    found = await find_target(turn, slots, people, departments)
    return await _read_back(turn, found, slots, schedules, rosters)


@router.pressed(PresetPressed)
async def preset(
    turn: Turn,
    press: PresetPressed,
    people: People,
    departments: Departments,
    schedules: Schedules,
    rosters: Rosters,
) -> Reply:
    """Read one of the usual schedules back; for a rota the hours and the first day are asked first."""
    found = await known_target(turn, press.scope, press.target_id, people, departments)
    if found is None:
        return turn.say(OVER)
    if press.preset in PRESETS:
        return await _read_back(turn, found, PRESETS[press.preset], schedules, rosters)
    await schedules.check(turn.employee, found.target)
    return turn.ask(
        AskRota(press.scope, press.target_id),
        t("Which hours, and when is the first shift? For example: “20-8 from 1 June”. To leave it: /cancel"),
    )


@router.answered(AskRota)
async def rota_answered(
    turn: Turn, asked: AskRota, people: People, departments: Departments, schedules: Schedules, rosters: Rosters
) -> Reply:
    """Take the hours of the rota; other words are routed as if nothing had been asked."""
    order = understand_order(
        f"schedule 2/2 {turn.message.text}", locale=turn.employee.locale, zone=turn.zone, now=turn.now
    )
    found = await known_target(turn, asked.scope, asked.target_id, people, departments)
    if order.intent != "set_schedule" or not order.slots.get("hours") or found is None:
        return turn.pass_on()
    return await _read_back(turn, found, {**order.slots, **_ROTA}, schedules, rosters)


def presets(found: Found) -> Keyboard:
    """Return buttons with the usual schedules for a target."""

    def button(words: Phrase, name: str) -> Button:
        return Button(words, PresetPressed(found.target.scope.value, found.target.id, name))

    return Keyboard.of(
        (button(t("5/2, 9–18"), "5-2"), button(t("2/2"), "2-2")),
        (button(t("Flexible"), "flexible"), button(t("No schedule"), "none")),
    )


async def _read_back(
    turn: Turn, found: Found, slots: Mapping[str, Any], schedules: Schedules, rosters: Rosters
) -> Reply:
    await schedules.check(turn.employee, found.target)
    today = found.today(turn.now)
    since = slots.get("from_day", today)
    await schedules.check_open(turn.portal, since, max(since, today))
    book = await rosters.book(turn.portal, since, since)
    if found.person is not None:
        base = book.of(found.person.id, found.zone).schedule(since)
    else:
        base = book.given(found.target.scope, found.target.id, since) or NO_SCHEDULE
    schedule = schedule_of(slots, since, base)
    is_past = since < today
    text = lines(
        t("*{who}* – from {day}:", who=found.name, day=Day(since)),
        schedule_lines(schedule, since),
        found.by_whose_clock(turn) if schedule.kind is not ScheduleKind.NONE else None,
        t("⚠️ Hours are counted anew from {day}.", day=Day(since)) if is_past else None,
        t("Is that right?"),
    )
    target = found.target
    asked = ConfirmSchedule(target.scope.value, target.id, since.isoformat(), schedule_to_json(schedule))
    return read_back(turn, asked, text, yes=t("✅ Yes, count anew") if is_past else None)


@router.agreed(ConfirmSchedule)
async def give(
    turn: Turn,
    asked: ConfirmSchedule,
    people: People,
    departments: Departments,
    schedules: Schedules,
    rosters: Rosters,
) -> Reply:
    """Give the schedule, where those days are still open and the person may still plan them."""
    found = await known_target(turn, asked.scope, asked.target_id, people, departments)
    if found is None:
        return turn.conclude(OVER)
    since = date.fromisoformat(asked.since)
    schedule: Schedule = schedule_from_json(asked.schedule)
    before = (await rosters.book(turn.portal, since, since)).given(found.target.scope, found.target.id, since)
    await schedules.give(turn.employee, turn.portal, found.target, schedule, since, turn.now)
    is_first = before is None and schedule.kind is not ScheduleKind.NONE
    return turn.conclude(
        lines(
            t("✅ *{who}* – from {day}:", who=found.name, day=Day(since)),
            schedule_lines(schedule, since),
            _from_the_first(since) if is_first and found.target.scope is Scope.PORTAL else None,
        )
    )


def _from_the_first(since: date) -> Phrase | None:
    """Say how the days of the month before the first schedule come into the norm as well (case 80)."""
    if since.day == 1:
        return None
    first, day = Day(since.replace(day=1)), Day(since)
    return t(
        "Hours before {day} are outside the norm. To count the whole month, write it again “from {first}”.",
        day=day,
        first=first,
    )
