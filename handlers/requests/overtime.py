"""Overtime: work over the plan is asked for in one sentence or by a button, read back, and decided by the lead."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.ids import new_id
from bot.messages import Button, Keyboard, Reply, State
from bot.services.approvals import Approvals
from bot.services.overtimes import OvertimeDesk, overtime_request
from bot.services.seals import Seals
from bot.text import Day, Duration, lines, t
from bot.understanding.orders import understand_order
from handlers.periods.cards import PeriodPressed
from handlers.requests.cards import request_lines, request_title, sent, slot_of

router = Router("overtime")
SHOWN = 6


@dataclass(frozen=True, slots=True)
class ConfirmOvertime(State):
    """We read a wish for overtime back and wait for a yes."""

    nonce: str
    request_id: int
    day: str
    seconds: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SendOvertimePressed(Action, code="vs"):
    """Yes, that is right."""

    nonce: str


@dataclass(frozen=True, slots=True)
class DropOvertimePressed(Action, code="vd"):
    """No, leave it."""

    nonce: str


@dataclass(frozen=True, slots=True)
class OvertimePressed(PeriodPressed, code="ov"):
    """Ask for what is over the plan in these days."""


@router.command("overtime", t("Ask for overtime"), intents=("overtime",), params=t("day and hours"))
async def ask(turn: Turn, overtimes: OvertimeDesk) -> Reply:
    """Read the wish back, with what is recorded over the plan and the limits it would pass."""
    slots = turn.understood.slots
    if turn.arguments:
        words = f"overtime {turn.arguments}"
        slots = understand_order(words, locale=turn.employee.locale, zone=turn.zone, now=turn.now).slots
    day, seconds = slots.get("day"), slots.get("duration_seconds")
    if turn.arguments and not isinstance(day, date):
        return turn.say(t("Write the day and how long, for example: “overtime 2 hours on 15 July”."))
    if not isinstance(day, date):
        day = turn.now.astimezone(turn.zone).date()
    length = timedelta(seconds=seconds) if isinstance(seconds, int) else None
    wish = await overtimes.wish(turn.portal, turn.employee, day, length, turn.now)
    state = ConfirmOvertime(
        secrets.token_hex(4),
        new_id(),
        wish.day.isoformat(),
        int(wish.length.total_seconds()),
        str(slots.get("reason", ""))[:300],
    )
    request = overtime_request(turn.portal, turn.employee, wish, state.reason, turn.now, state.request_id)
    text = lines(
        t("Did I get it right?"),
        t("*{what}*", what=request_title(request)),
        *request_lines(request),
        t("Approved already: {length}", length=Duration(wish.approved)) if wish.approved else None,
        t("Why: {reason}", reason=state.reason) if state.reason else None,
    )
    buttons = (
        Button(t("📨 Send to my lead"), SendOvertimePressed(state.nonce), style="success"),
        Button(t("✖️ No"), DropOvertimePressed(state.nonce)),
    )
    return turn.ask(state, text, Keyboard.of(buttons), slot=slot_of(state.request_id))


@router.pressed(OvertimePressed)
async def press(turn: Turn, press: OvertimePressed, overtimes: OvertimeDesk) -> Reply:
    """Ask for the one day with work over the plan, or show the days to choose from."""
    first, last = press.days
    days = await overtimes.open_days(turn.portal, turn.employee, first, last, turn.now)
    if len(days) == 1:
        day, length = days[0]
        return Reply(instead=("overtime", {"day": day, "duration_seconds": int(length.total_seconds())}))
    if not days:
        return turn.say(t("Nothing is over the plan in these days that is not approved."))
    buttons = [
        Button(t("{day}: {length}", day=Day(day), length=Duration(length)), OvertimePressed(*[day.toordinal()] * 2))
        for day, length in days[:SHOWN]
    ]
    return turn.say(t("Which day shall count?"), Keyboard.of(*buttons))


@router.pressed(SendOvertimePressed)
async def send(
    turn: Turn, press: SendOvertimePressed, overtimes: OvertimeDesk, approvals: Approvals, seals: Seals
) -> Reply:
    """The person agreed."""
    state = turn.state
    if not isinstance(state, ConfirmOvertime) or state.nonce != press.nonce:
        return turn.say(t("That question is over. Please write it again."))
    return await _submit(turn, state, overtimes, approvals, seals)


@router.pressed(DropOvertimePressed)
async def drop(turn: Turn, press: DropOvertimePressed) -> Reply:
    """The person thought better of it."""
    state = turn.state
    if not isinstance(state, ConfirmOvertime) or state.nonce != press.nonce:
        return turn.say(t("That question is over. Nothing was changed."))
    return turn.settle(t("Dropped. Nothing was changed."), slot=slot_of(state.request_id))


@router.answered(ConfirmOvertime)
async def answer(
    turn: Turn, asked: ConfirmOvertime, overtimes: OvertimeDesk, approvals: Approvals, seals: Seals
) -> Reply:
    """A typed yes or no; anything else is a new message."""
    if turn.understood.intent == "confirm":
        return await _submit(turn, asked, overtimes, approvals, seals)
    if turn.understood.intent in ("decline", "cancel", "undo"):
        return turn.settle(t("Dropped. Nothing was changed."), slot=slot_of(asked.request_id))
    return turn.pass_on()


async def _submit(
    turn: Turn, state: ConfirmOvertime, overtimes: OvertimeDesk, approvals: Approvals, seals: Seals
) -> Reply:
    day, length = date.fromisoformat(state.day), timedelta(seconds=state.seconds)
    wish = await overtimes.wish(turn.portal, turn.employee, day, length, turn.now)
    request = overtime_request(turn.portal, turn.employee, wish, state.reason, turn.now, state.request_id)
    request, asked = await approvals.submit(request, turn.employee, turn.employee)
    return sent(turn, request, asked, seals)
