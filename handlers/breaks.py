"""Breaks: an employee pauses and comes back."""

from dataclasses import replace
from datetime import timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.desk import Desk
from bot.services.time_clock import TimeClock
from bot.text import Time, lines, t
from handlers.cards import BackPressed, BreakPressed
from handlers.corrections import correct, wish_of
from handlers.punches import moment_said, punch

router = Router("breaks")


@router.command("break", t("Start a break"), intents=("break_start",), params=t("time, if not now"))
@router.pressed(BreakPressed)
async def start_break(turn: Turn, clock: TimeClock, desk: Desk) -> Reply:
    """Start a break; one with both ends in the past is a correction, one whose end lies ahead is shown back."""
    moment = moment_said(turn)
    seconds = turn.understood.slots.get("duration_seconds")
    length = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else None
    if length is not None and moment.at + length <= turn.now:
        return await correct(
            turn, desk, wish_of("break_start", {**turn.understood.slots, "at": moment.at}), moment.reason
        )
    reply = await punch(turn, "break_start", clock.start_break, desk)
    if length is None or reply.state is not None or not reply.says:
        return reply
    planned = t("Planned until {time}.", time=Time(moment.at + length, turn.employee.zone))
    first = reply.says[0]
    return replace(reply, says=(replace(first, text=lines(first.text, planned)), *reply.says[1:]))


@router.command("back", t("Back from the break"), intents=("break_end",), params=t("time, if not now"))
@router.pressed(BackPressed)
async def end_break(turn: Turn, clock: TimeClock, desk: Desk) -> Reply:
    """End the break that runs."""
    return await punch(turn, "break_end", clock.end_break, desk)
