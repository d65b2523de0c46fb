"""Overtime: work over the plan is asked for in one sentence or by a button, read back, and decided by the lead."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.ids import new_id
from bot.messages import Button, Keyboard, Reply
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.overtimes import Overtimes
from bot.services.approvals.seals import Seals
from bot.text import Day, Duration, lines, t
from bot.understanding.orders import understand_order
from bot.words.requests import matter_lines, matter_title
from handlers.cards.draft import Draft
from handlers.cards.periods import OvertimePressed
from handlers.cards.sent import sent
from handlers.read_back import read_back

router = Router("overtime")
SHOWN = 6


@dataclass(frozen=True, slots=True)
class ConfirmOvertime(Draft):
    """We read a wish for overtime back and wait for a yes."""

    day: str
    seconds: int
    reason: str = ""


@router.command("overtime", t("Ask for overtime"), intents=("overtime",), params=t("day and hours"))
async def ask(turn: Turn, overtimes: Overtimes) -> Reply:
    """Read the wish back, with what is recorded over the plan and the limits it would pass."""
    slots = turn.understood.slots
    if turn.arguments:
        words = f"overtime {turn.arguments}"
        slots = understand_order(words, locale=turn.employee.locale, zone=turn.zone, now=turn.now).slots
    day, seconds = slots.get("day"), slots.get("duration_seconds")
    if turn.arguments and not isinstance(day, date):
        return turn.say(t("Write the day and how long, for example: “overtime 2 hours on 15 July”."))
    if not isinstance(day, date):
        day = turn.today
    length = timedelta(seconds=seconds) if isinstance(seconds, int) else None
    wish = await overtimes.wish(turn.portal, turn.employee, day, length, turn.now)
    state = ConfirmOvertime(
        new_id(),
        wish.day.isoformat(),
        int(wish.length.total_seconds()),
        str(slots.get("reason", ""))[:300],
    )
    text = lines(
        t("Did I get it right?"),
        t("*{what}*", what=matter_title(wish.matter)),
        *matter_lines(wish.matter),
        t("Approved already: {length}", length=Duration(wish.approved)) if wish.approved else None,
        t("Why: {reason}", reason=state.reason) if state.reason else None,
    )
    return read_back(turn, state, text)


@router.pressed(OvertimePressed)
async def press(turn: Turn, press: OvertimePressed, overtimes: Overtimes) -> Reply:
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
    return turn.say(t("For which day?"), Keyboard.of(*buttons))


@router.agreed(ConfirmOvertime)
async def send(turn: Turn, asked: ConfirmOvertime, overtimes: Overtimes, approvals: Approvals, seals: Seals) -> Reply:
    """Ask the lead, for the day as it is recorded now."""
    day, length = date.fromisoformat(asked.day), timedelta(seconds=asked.seconds)
    wish = await overtimes.wish(turn.portal, turn.employee, day, length, turn.now)
    done = await approvals.ask(wish.matter, turn.employee, turn.now, reason=asked.reason, request_id=asked.request_id)
    return sent(turn, done, seals)
