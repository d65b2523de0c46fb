"""Is it a workday: of a day by one's own plan and the calendar, and when the next day off or holiday is."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.away import in_force
from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import ScheduleKind
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.planning.rosters import Rosters
from bot.text import Day, Phrase, Time, lines, t
from bot.words.leave import absence_line

router = Router("workdays")
_DAY = timedelta(days=1)
_AHEAD = 366


@router.said("is_workday")
async def is_workday(turn: Turn, rosters: Rosters, leaves: Leaves) -> Reply:
    """Answer for a day, or find the next day off or holiday after today."""
    today = turn.today
    roster = await rosters.of(turn.portal, turn.employee, today)
    day, ask = turn.understood.slots.get("day"), turn.understood.slots.get("ask")
    if not isinstance(day, date):
        is_wanted: Callable[[date], bool] = roster.calendar.is_holiday if ask == "next_holiday" else _is_off(roster)
        days = (today + _DAY * number for number in range(1, _AHEAD))
        day = next((each for each in days if roster.calendar.knows(each.year) and is_wanted(each)), None)
        if day is None:
            return turn.say(t("I do not know that far ahead yet."))
        if ask == "next_holiday":
            return turn.say(lines(t("🎉 The next public holiday: *{day}*", day=Day(day)), *_named(turn, roster, day)))
        return turn.say(lines(t("🌤 The next day off: *{day}*", day=Day(day)), *_named(turn, roster, day)))
    if abs((day - today).days) > 31:
        roster = await rosters.of(turn.portal, turn.employee, day)
    away = [absence_line(each) for each in in_force(await leaves.of(turn.employee, day, day))[0]]
    return turn.say(lines(*_about(turn, roster, day), *away))


def _is_off(roster: Roster) -> Callable[[date], bool]:
    """Return whether a date is free: by the plan where it names days, else by the calendar."""

    def is_off(day: date) -> bool:
        if roster.shift(day) is not None:
            return False
        return roster.schedule(day).kind in (ScheduleKind.FIXED, ScheduleKind.ROTA) or roster.calendar.is_off(day)

    return is_off


def _about(turn: Turn, roster: Roster, day: date) -> Iterator[Phrase]:
    shift, calendar = roster.shift(day), roster.calendar
    if not calendar.knows(day.year):
        yield t("I do not know the days off of {year} yet.", year=str(day.year))
    elif shift is not None and calendar.is_short(day):
        start, end = Time(shift.starts_at, shift.zone), Time(shift.ends_at, shift.zone)
        yield t("💼 {day}: a short workday, {start} – {end}", day=Day(day), start=start, end=end)
    elif shift is not None:
        start, end = Time(shift.starts_at, shift.zone), Time(shift.ends_at, shift.zone)
        yield t("💼 {day}: a workday, {start} – {end}", day=Day(day), start=start, end=end)
    elif _is_off(roster)(day):
        yield t("🌤 {day}: a day off", day=Day(day))
    elif calendar.is_short(day):
        yield t("💼 {day}: a workday, an hour shorter", day=Day(day))
    else:
        yield t("💼 {day}: a workday", day=Day(day))
    yield from _named(turn, roster, day)


def _named(turn: Turn, roster: Roster, day: date) -> Iterator[Phrase]:
    """Name a holiday of the calendar."""
    name = roster.calendar.name(day, turn.employee.locale) if roster.calendar.is_holiday(day) else ""
    if name:
        yield t("🎉 {name}", name=name)
