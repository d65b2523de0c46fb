"""Breaks: an employee pauses and comes back."""

from datetime import datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.time_clock import TimeClock
from bot.services.timesheets import Timesheets
from bot.text import Time, t
from handlers.cards import BackPressed, BreakPressed, day_card
from handlers.punches import moment_said, notes, punch

router = Router("breaks")


@router.command("break", t("Start a break"), intents=("break_start",), params=t("time, if not now"))
@router.pressed(BreakPressed)
async def start_break(turn: Turn, clock: TimeClock, timesheets: Timesheets) -> Reply:
    """Start a break; one whose end was said as well is recorded whole, or shown back when it lies ahead."""
    moment = moment_said(turn)
    done = await clock.start_break(turn.employee, moment)
    seconds = turn.understood.slots.get("duration_seconds")
    planned = None
    if isinstance(seconds, int) and seconds > 0:
        end: datetime = moment.at + timedelta(seconds=seconds)
        if end <= turn.now:
            await clock.end_break(turn.employee, moment.of(end))
        else:
            planned = t("Planned until {time}.", time=Time(end, turn.employee.zone))
    text, keyboard = day_card(await timesheets.day(turn.employee, turn.now), *notes(turn, done), planned)
    return turn.card(text, keyboard)


@router.command("back", t("Back from the break"), intents=("break_end",), params=t("time, if not now"))
@router.pressed(BackPressed)
async def end_break(turn: Turn, clock: TimeClock, timesheets: Timesheets) -> Reply:
    """End the break that runs."""
    return await punch(turn, clock.end_break, timesheets)
