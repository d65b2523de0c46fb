"""A person's plan for this week and the next: schedule, shifts, holidays and leave."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.errors import Refusal
from bot.domain.leave.absence import Absence, AbsenceKind, absence_words
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import NO_SCHEDULE, ScheduleKind
from bot.domain.rights import Right
from bot.domain.workday.timesheet import week_of
from bot.messages import NO_BUTTONS, Keyboard, Reply
from bot.services.leave.leaves import Leaves
from bot.services.people.departments import Departments
from bot.services.people.people import People
from bot.services.planning.rosters import Rosters
from bot.services.planning.schedules import Schedules
from bot.text import Day, Lines, Phrase, Time, lines, t, verbatim
from bot.understanding import understand_order
from bot.words.leave import absence_line
from bot.words.schedules import schedule_lines
from handlers.impossible import check_possible
from handlers.planning.schedule_targets import Found, find_target
from handlers.planning.schedules import presets

router = Router("schedule_view")
_WEEK = timedelta(days=7)
_LONGEST = timedelta(days=61)
_SATURDAY = 5
_ORDERS = ("set_schedule", "plan_shift", "my_schedule")


@router.command("schedule", t("Schedule"), intents=("my_schedule",), params=t("whose and which, or nothing"))
async def schedule(
    turn: Turn, people: People, departments: Departments, schedules: Schedules, rosters: Rosters, leaves: Leaves
) -> Reply:
    """Show one's own plan, or that of somebody whose plan one may see; after the command, do what a sentence means."""
    if turn.arguments:
        return Reply(instead=_order(turn))
    slots: Mapping[str, Any] = turn.understood.slots
    named = "person" if "name" in slots else "department" if "department" in slots else "me"
    name = slots.get("name", slots.get("department", ""))
    found = await find_target(turn, {"target": named, "name": name}, people, departments)
    buttons = await _buttons(turn, found, schedules)
    today = found.today(turn.now)
    monday, sunday = week_of(today)
    first, last = slots.get("from_day", monday), slots.get("to_day", max(sunday + _WEEK, today + 2 * _WEEK))
    last = min(last, first + _LONGEST)
    book = await rosters.book(turn.portal, min(first, today), max(last, today))
    heading = t("🗓 *My schedule*") if found.person == turn.employee else t("🗓 *{who}*", who=found.name)
    if found.person is None:
        given = book.given(found.target.scope, found.target.id, today) or NO_SCHEDULE
        return turn.say(lines(heading, schedule_lines(given, today)), buttons)
    await people.check(turn.employee, Right.SEE_SCHEDULES, found.person)
    roster = book.of(found.person.id, found.zone)
    absences = await leaves.of(found.person, first, last)
    days = (first, last) if "from_day" in slots else None
    return turn.say(lines(heading, plan_lines(roster, absences, today, turn.employee.locale, days)), buttons)


def _order(turn: Turn) -> tuple[str, Mapping[str, Any]]:
    """Return what the words after the command mean: an order about schedules, else a name."""
    text = f"schedule {turn.arguments}"
    order = understand_order(text, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    if order.intent in _ORDERS:
        return order.intent, order.slots
    check_possible(text, turn)
    return "my_schedule", {"name": turn.arguments}


def plan_lines(
    roster: Roster, absences: Sequence[Absence], today: date, locale: str, days: tuple[date, date] | None = None
) -> Lines:
    """Describe the schedule, and this week and the next day by day, or the days that were asked for."""
    present = roster.schedule(today)
    summary: Phrase | Lines | None
    if present.kind is ScheduleKind.ROTA:
        summary = None  # the days below say it
    elif present.kind is ScheduleKind.NONE and (start := _beginning(roster, today)) is not None:
        coming_schedule = roster.schedule(start)
        is_rota = coming_schedule.kind is ScheduleKind.ROTA
        summary = None if is_rota else lines(t("From {day}:", day=Day(start)), schedule_lines(coming_schedule, start))
    elif present.kind is ScheduleKind.NONE:
        summary = t("No schedule yet: I only record your hours. Your lead or an administrator can give you one.")
    else:
        summary = schedule_lines(present, today)
    if days is not None:
        return lines(summary, *_or_nothing(_days(roster, absences, *days, locale)))
    if present.kind is ScheduleKind.FIXED:
        return lines(summary, *_exceptions(roster, absences, today, locale))
    monday, sunday = week_of(today)
    this = list(_days(roster, absences, monday, sunday, locale))
    coming = list(_days(roster, absences, monday + _WEEK, sunday + _WEEK, locale))
    if not this and not coming:
        return lines(summary)
    return lines(summary, t("*This week*"), *_or_nothing(this), t("*Next week*"), *_or_nothing(coming))


def _exceptions(roster: Roster, absences: Sequence[Absence], today: date, locale: str) -> Iterator[Phrase | Lines]:
    """Say what of the next two weeks is not as the rule has it: leave, other shifts, holidays, short days."""
    last, present = today + 2 * _WEEK, roster.schedule(today)
    dated: list[tuple[date, Phrase | Lines]] = [
        (each.first, absence_line(each)) for each in absences if each.last >= today
    ]
    for number in range((last - today).days + 1):
        day = today + timedelta(days=number)
        if roster.schedule(day) != present:
            dated.append((day, lines(t("From {day}:", day=Day(day)), schedule_lines(roster.schedule(day), day))))
            break
        if not any(_covers(each, day) for each in absences) and _differs(roster, day):
            words = _day(roster, absences, day, locale)
            if words is not None:
                dated.append((day, t("{day}: {hours}", day=Day(day), hours=words)))
    found = [words for _, words in sorted(dated, key=lambda each: each[0])]
    if found:
        yield t("*What differs until {day}:*", day=Day(last))
        yield from found
    else:
        yield t("Until {day} all is as usual.", day=Day(last))


def _differs(roster: Roster, day: date) -> bool:
    """Whether a date is planned by itself, shorter, or free although its weekday is worked."""
    is_free = roster.schedule(day).hours(day) is not None and roster.shift(day) is None
    return day in roster.dates or is_free or _is_short(roster, day)


def _beginning(roster: Roster, today: date) -> date | None:
    """Return the day from which somebody without a schedule will have one."""
    ahead = (today + timedelta(days=number) for number in range(1, _LONGEST.days))
    return next((day for day in ahead if roster.schedule(day).kind is not ScheduleKind.NONE), None)


def _days(roster: Roster, absences: Sequence[Absence], first: date, last: date, locale: str) -> Iterator[Phrase]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        words = _day(roster, absences, day, locale)
        if words is not None:
            yield t("{day}: {hours}", day=Day(day), hours=words)


def _day(roster: Roster, absences: Sequence[Absence], day: date, locale: str) -> Phrase | None:
    """Describe a day: leave, the shift, or why a weekday is free; nothing for an ordinary day off."""
    away = next((each for each in absences if _covers(each, day)), None)
    if away is not None:
        return absence_words(away.kind)
    shift = roster.shift(day)
    if shift is None:
        is_free = day in roster.dates or (day.weekday() < _SATURDAY and roster.calendar.is_off(day))
        if not is_free or roster.schedule(day).kind in (ScheduleKind.NONE, ScheduleKind.ROTA):
            return t("day off") if day in roster.dates else None
        name = roster.calendar.name(day, locale)
        return verbatim(name) if name and day not in roster.dates else t("day off")
    return t(
        "{start}–{end}{name}{short}",
        start=Time(shift.starts_at, shift.zone, bare=True),
        end=Time(shift.ends_at, shift.zone, bare=True),
        name=verbatim(f" ({shift.name})") if shift.name else "",
        short=t(", short day") if _is_short(roster, day) else "",
    )


def _covers(absence: Absence, day: date) -> bool:
    """Whether a person is away for that whole day; remote work is work."""
    is_away = absence.start is None and absence.kind is not AbsenceKind.REMOTE
    return is_away and absence.first <= day <= absence.last


def _is_short(roster: Roster, day: date) -> bool:
    is_fixed = roster.schedule(day).kind is ScheduleKind.FIXED
    return is_fixed and day not in roster.dates and roster.calendar.is_short(day)


def _or_nothing(rows: Iterator[Phrase] | list[Phrase]) -> list[Phrase]:
    return list(rows) or [t("nothing planned")]


async def _buttons(turn: Turn, found: Found, schedules: Schedules) -> Keyboard:
    """Return the usual schedules for whoever may give one."""
    with suppress(Refusal):
        await schedules.check(turn.employee, found.target)
        return presets(found)
    return NO_BUTTONS
