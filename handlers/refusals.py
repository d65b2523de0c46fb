"""How a refusal is shown: the sentence it carries, and the buttons that are possible instead."""

from datetime import timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.errors import (
    AlreadyIn,
    AlreadyOnBreak,
    Disabled,
    InFuture,
    NothingToUndo,
    NotIn,
    NotOnBreak,
    Refusal,
    UnknownPerson,
)
from bot.domain.reminding.watch import NudgeKind
from bot.domain.rights import Reach, Right, may, reach
from bot.domain.workday.correction import StillToCome
from bot.messages import Keyboard, Reply
from bot.services.reminding.watch import Watch
from bot.services.workday.time_clock import TimeClock
from bot.services.workday.timesheets import Timesheets
from bot.text import lines, t
from handlers.ambiguity import PUNCHES, ask_to_remind
from handlers.cards.day import day_card
from handlers.cards.remind import remind_button

router = Router("refusals")


@router.refused(Refusal)
async def plain(turn: Turn, refusal: Refusal) -> Reply:
    """Say why, and leave an open question open."""
    return _beside(turn, turn.say(refusal.phrase))


@router.refused(InFuture)
@router.refused(StillToCome)
async def still_to_come(turn: Turn, refusal: InFuture | StillToCome) -> Reply:
    """A mark of a time to come is none yet; who said it of themselves may be reminded then."""
    soon = turn.now < refusal.at <= turn.now + timedelta(days=1)
    if not soon or turn.understood.intent not in PUNCHES:
        return _beside(turn, turn.say(refusal.phrase))
    return _beside(turn, turn.say(ask_to_remind(turn, refusal.at), Keyboard.of(remind_button(turn, refusal.at))))


@router.refused(UnknownPerson)
async def unknown_person(turn: Turn, refusal: UnknownPerson) -> Reply:
    """Say so, and name to whoever sees everybody whose names look like it, or where all are listed."""
    names, hint = ", ".join(refusal.near), None
    if names and reach(turn.employee, Right.SEE_HOURS) is Reach.ALL:
        hint = t("Perhaps: {names}", names=names)
    elif may(turn.employee, Right.GIVE_ROLES):
        hint = t("The list of people: /people")
    return _beside(turn, turn.say(lines(refusal.phrase, hint)))


@router.refused(Disabled)
async def disabled(turn: Turn, refusal: Disabled) -> Reply:
    """Say whom to ask."""
    return turn.say(refusal.phrase)


@router.refused(AlreadyIn)
async def already_in(turn: Turn, refusal: AlreadyIn, timesheets: Timesheets, watch: Watch, clock: TimeClock) -> Reply:
    """Show since when, and how to correct it; a session of another day says how to close it.

    «Ещё работаю» after the question about the end of the shift is its answer (case 23).
    """
    await clock.remember(turn.employee, refusal, turn.now)
    view = await timesheets.day(turn.employee, turn.now)
    today = turn.today
    hint = t("Came at another time? Write it, for example: “came at 8:50”.")
    if refusal.session.work_date != today:
        hint = t("Forgot to check out? Write when you left, for example: “left yesterday at 18:00”.")
    if await watch.was_told(turn.employee, NudgeKind.END, refusal.session.work_date.isoformat()):
        await watch.ask_no_more(turn.employee, refusal.session.work_date, turn.now)
        hint = t("I will not ask again today. Check out when you leave.")
    text, buttons = day_card(view, refusal.phrase, hint)
    return _beside(turn, turn.card(text, buttons))


@router.refused(NotIn)
async def not_in(turn: Turn, refusal: NotIn, timesheets: Timesheets, clock: TimeClock) -> Reply:
    """Say so kindly, and how to record what was forgotten or to correct what was recorded."""
    await clock.remember(turn.employee, refusal, turn.now)
    text, buttons = day_card(await timesheets.day(turn.employee, turn.now))
    hint = t("Left at another time? Write it, for example: “left at 18:10”.")
    if turn.understood.intent == "break_end":
        hint = t("At work again? Press the button below.")
    if refusal.last is None:
        hint = t("Forgot to check in? Write when you came, for example: “came at 9:15”.")
    return _beside(turn, turn.card(lines(refusal.phrase, hint, *text.lines), buttons))


@router.refused(AlreadyOnBreak)
@router.refused(NotOnBreak)
@router.refused(NothingToUndo)
async def as_it_is(turn: Turn, refusal: Refusal, timesheets: Timesheets, clock: TimeClock) -> Reply:
    """Say why, above the day as it is."""
    await clock.remember(turn.employee, refusal, turn.now)
    text, buttons = day_card(await timesheets.day(turn.employee, turn.now))
    return _beside(turn, turn.card(lines(refusal.phrase, *text.lines), buttons))


def _beside(turn: Turn, reply: Reply) -> Reply:
    """Leave an open question open: nothing was done that could answer it."""
    return Reply(reply.says, turn.state)
