"""Breaks: an employee pauses and comes back; a break that was announced, or that is long, is asked about once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.workday.punch_log import PunchKind
from bot.messages import DAY_CARD, Button, Keyboard, Reply, Say
from bot.ports import Job
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.reminding.breaks import Breaks
from bot.services.reminding.timers import Timer
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import Duration, Phrase, Time, lines, t
from handlers.cards.day import BACK, BackPressed, BreakPressed, day_card
from handlers.workday.corrections import correct, wish_of
from handlers.workday.punches import after_command, moment_said, punch

router = Router("breaks")


@dataclass(frozen=True, slots=True)
class LongerPressed(Action, code="bl"):
    """I need some more minutes."""

    minutes: int


LONGER = (
    Button(t("➕ 5 min"), LongerPressed(5)),
    Button(t("➕ 15 min"), LongerPressed(15)),
)


@router.command("break", t("Start a break"), intents=("break_start",), params=t("time, if not now"))
@router.pressed(BreakPressed)
async def start_break(
    turn: Turn, recording: Recording, leaves: Leaves, timesheets: Timesheets, breaks: Breaks
) -> Reply:
    """Start a break; one with both ends in the past is a correction, one whose end lies ahead is expected back."""
    turn = after_command(turn, "break_start")
    moment = moment_said(turn)
    seconds = turn.understood.slots.get("duration_seconds")
    length = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else None
    if length is not None and moment.at + length <= turn.now and not turn.understood.ambiguous:
        wish = wish_of("break_start", {**turn.understood.slots, "at": moment.at})
        return await correct(turn, recording, timesheets, wish, moment.reason)
    reply = await punch(turn, PunchKind.BREAK_START, recording, leaves, timesheets)
    if length is None or reply.state is not None or not reply.says:
        return reply
    await breaks.expect_back(turn.employee, moment.at + length, turn.now)
    planned = t("Planned until {time}.", time=Time(moment.at + length, turn.employee.zone))
    first = reply.says[0]
    return replace(reply, says=(replace(first, text=lines(first.text, planned)), *reply.says[1:]))


@router.command("back", t("Back from the break"), intents=("break_end",), params=t("time, if not now"))
@router.pressed(BackPressed)
async def end_break(turn: Turn, recording: Recording, leaves: Leaves, timesheets: Timesheets) -> Reply:
    """End the break that runs."""
    return await punch(turn, PunchKind.BREAK_END, recording, leaves, timesheets)


@router.pressed(LongerPressed)
async def longer(turn: Turn, press: LongerPressed, breaks: Breaks, timesheets: Timesheets) -> Reply:
    """Expect the person back later; the break itself goes on by itself."""
    until = turn.now + timedelta(minutes=min(max(press.minutes, 1), 60))
    expected = await breaks.expect_back(turn.employee, until, turn.now)
    note = t("Planned until {time}.", time=Time(until, turn.employee.zone)) if expected else None
    text, buttons = day_card(await timesheets.day(turn.employee, turn.now), note)
    return turn.card(text, buttons)


@router.due(Timer.BREAK_OVER)
async def break_over(job: Job, occasion: Occasion, people: People, breaks: Breaks) -> Sequence[Notice]:
    """The announced length has passed: ask once; nothing changes by itself (case 11)."""
    employee = await people.told_by_itself(int(job.payload["employee_id"]), job.portal_id)
    since = int(job.payload["since"])
    if employee is None or not await breaks.is_over(employee, since, job.run_at, occasion.now):
        return ()
    words = t("☕ It is {time}: the break was planned until now. Are you back?", time=Time(occasion.now, employee.zone))
    return (Notice(employee, _question(words)),)


@router.due(Timer.BREAK_LONG)
async def break_long(job: Job, occasion: Occasion, people: People, breaks: Breaks) -> Sequence[Notice]:
    """The break has passed the limit of the schedule: ask once; the lead's digest does the rest (case 12)."""
    employee = await people.told_by_itself(int(job.payload["employee_id"]), job.portal_id)
    length = await breaks.too_long(employee, int(job.payload["since"]), job.run_at, occasion.now) if employee else None
    if employee is None or length is None:
        return ()
    hint = t("If you came back earlier, write when, for example: “back at 13:40”.")
    return (
        Notice(
            employee, _question(t("☕ Your break has lasted {length}. Are you back?", length=Duration(length)), hint)
        ),
    )


def _question(*words: Phrase) -> Say:
    return Say(lines(*words), Keyboard.of(BACK, LONGER), slot=DAY_CARD)
