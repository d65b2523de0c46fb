"""Closing: a period is closed once everything in it is clear, and opened again where need be."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.refusals import ReasonWanted, UnknownRequest
from bot.domain.approvals.request import as_reason
from bot.domain.days import month_of
from bot.domain.errors import NotAllowed
from bot.domain.periods.period import Closing, PeriodBlocked, PeriodClosed
from bot.domain.rights import Right, may
from bot.ids import long, short
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.approvals import Passed, Sent
from bot.services.approvals.seals import Seals
from bot.services.people.people import People
from bot.services.periods.closings import Closings, Review
from bot.services.periods.opening import PeriodOpening
from bot.services.reminding.forgotten import Forgotten
from bot.text import Lines, Period, lines, t, tn
from handlers.cards.periods import (
    EVERYBODY,
    ClosePeriodPressed,
    ConfirmDayPressed,
    RemindPressed,
    days_said,
    ordinals,
    others_blockers,
    period_slot,
    person_of,
    review_lines,
)
from handlers.cards.sent import sent
from handlers.read_back import Question

router = Router("closing")
TOLD_AS_REASONS = ("worked", "remove", "leave")
"""What people say of closed days to tell why: not done now, for those days are closed."""


@dataclass(frozen=True, slots=True)
class OpenAgainPressed(Action, code="po"):
    """Open a closed period again, or ask for it."""

    closing: str


@dataclass(frozen=True, slots=True)
class AskWhyReopen(Question):
    """We asked why closed days shall be opened again."""

    no: ClassVar[Words] = t("✖️ Leave it closed")
    first: str
    last: str


@router.command(
    "close", t("Close a period"), intents=("close_period",), right=Right.CLOSE_PERIODS, params=t("month or week")
)
async def close(turn: Turn, closings: Closings) -> Reply:
    """Show what closing would mean and what stands in the way; the last month where none was named."""
    last_month = month_of(turn.today.replace(day=1) - timedelta(days=1))
    first, last = days_said(turn, "close") or last_month
    text, buttons = await _review(turn, closings, first, last)
    return Reply((Say(text, buttons, slot=period_slot(first, last)),))


async def _review(turn: Turn, closings: Closings, first: date, last: date) -> tuple[Lines, Keyboard]:
    review = await closings.review(turn.portal, turn.employee, first, last, turn.now)
    people = {each.employee.id: each.employee for each in review.sheets}
    rows, mends = others_blockers(review.blockers, people, first, last, turn.employee)
    note = None
    if review.hard:
        note = t("*First these have to be cleared up:*")
    elif rows:
        note = t("*These wait for a decision. If you close anyway, they are rejected, and everybody is told why:*")
    heading = t("🔒 *Close {period}?*", period=Period(first, last))
    return lines(heading, review_lines(review), note, *rows), Keyboard.of(*mends, *_ends(review))


def _ends(review: Review) -> list[Button]:
    """Offer to ask everybody who has not confirmed, and to close where that can be."""
    days = ordinals(review.first, review.last)
    buttons = []
    if any(not each.is_confirmed for each in review.sheets):
        buttons.append(Button(t("🔔 Ask everybody who has not confirmed"), RemindPressed(*days, EVERYBODY)))
    if not review.hard:
        words = t("🔒 Close anyway") if review.waiting else t("🔒 Close")
        buttons.append(Button(words, ClosePeriodPressed(*days, int(bool(review.waiting))), style="danger"))
    return buttons


@router.pressed(ClosePeriodPressed)
async def press_close(turn: Turn, press: ClosePeriodPressed, closings: Closings) -> Reply:
    """Close; where something came up meanwhile, show it."""
    first, last = press.days
    try:
        closing = await closings.close(turn.portal, turn.employee, first, last, turn.now, anyway=bool(press.anyway))
    except PeriodBlocked:
        return Reply((turn.place(*await _review(turn, closings, first, last), period_slot(first, last)),))
    text = lines(
        t("🔒 *{period} is closed.*", period=Period(first, last)),
        t("Hours of these days cannot be changed any more. Files that are made now are final."),
    )
    again = Keyboard.of(Button(t("🔓 Open again"), OpenAgainPressed(short(closing.id))))
    return Reply((turn.place(text, again, period_slot(first, last)),))


@router.pressed(ConfirmDayPressed)
async def confirm_day(
    turn: Turn, press: ConfirmDayPressed, closings: Closings, people: People, forgotten: Forgotten
) -> Reply:
    """Say for a person that the day ended when it was closed: on record, by whoever may (case 26)."""
    person = await people.get(person_of(press.whom) or 0, turn.portal.id)
    if person is None:
        raise NotAllowed
    began = datetime.fromtimestamp(press.started, UTC)
    await forgotten.vouch(turn.employee, person, long(press.session), began, turn.moment)
    first, last = press.days
    return Reply((turn.place(*await _review(turn, closings, first, last), period_slot(first, last)),))


@router.pressed(RemindPressed)
async def remind(turn: Turn, press: RemindPressed, closings: Closings) -> Reply:
    """Ask a person, or everybody who has not confirmed, to look at their hours."""
    first, last = press.days
    asked = await closings.ask(turn.portal, turn.employee, first, last, turn.now, person_of(press.whom))
    return turn.say(tn("🔔 Asked: {count} person.", "🔔 Asked: {count} people.", asked))


@router.command("reopen", t("Open a closed period again"), intents=("reopen_period",), params=t("period and why"))
async def reopen(turn: Turn, closings: Closings, opening: PeriodOpening, seals: Seals) -> Reply:
    """Open closed days again with a reason; whoever may not asks for it."""
    days = days_said(turn, "reopen")
    if days is None:
        return turn.say(t("Write which and why, for example: /reopen June: a mistake in Anna's hours"))
    reason = str(turn.understood.slots.get("reason") or _after_colon(turn.arguments))
    return await _open_again(turn, *days, reason, closings, opening, seals)


@router.refused(PeriodClosed)
async def closed(turn: Turn, refusal: PeriodClosed) -> Reply:
    """Name who closed it and when, and offer the way to a change (case 65)."""
    words = t("🔓 Open again") if may(turn.employee, Right.CLOSE_PERIODS) else t("🔓 Ask to open it")
    button = Button(words, OpenAgainPressed(short(refusal.closing.id)))
    return Reply((Say(refusal.phrase, Keyboard.of(button)),), turn.state)


@router.pressed(OpenAgainPressed)
async def press_open_again(turn: Turn, press: OpenAgainPressed, closings: Closings) -> Reply:
    """Ask for the reason, which stays with the period."""
    try:
        closing = await closings.closing(turn.portal, long(press.closing))
    except ValueError:
        raise UnknownRequest from None
    if closing is None:
        return turn.say(t("That period is open already."))
    return _ask_why(turn, closing)


def _ask_why(turn: Turn, closing: Closing) -> Reply:
    text = t("Why should {period} be opened again? One sentence is enough.", period=_period(closing))
    asked = AskWhyReopen(closing.first.isoformat(), closing.last.isoformat())
    return turn.ask(asked, text, Keyboard.of(asked.no_button))


@router.answered(AskWhyReopen)
async def reason_given(
    turn: Turn, asked: AskWhyReopen, closings: Closings, opening: PeriodOpening, seals: Seals
) -> Reply:
    """Take the words as the reason; “cancel” leaves the period closed, and what means something of its own is done."""
    meant = turn.understood.intent
    if meant in ("cancel", "decline"):
        return turn.conclude(asked.dropped)
    if meant is not None and meant not in TOLD_AS_REASONS:
        return turn.pass_on()
    first, last = date.fromisoformat(asked.first), date.fromisoformat(asked.last)
    return await _open_again(turn, first, last, turn.message.text, closings, opening, seals)


async def _open_again(
    turn: Turn, first: date, last: date, words: str, closings: Closings, opening: PeriodOpening, seals: Seals
) -> Reply:
    try:
        done = await opening.again(turn.portal, turn.employee, first, last, words, turn.now)
    except ReasonWanted:
        return _ask_why(turn, await closings.touching(turn.portal, first, last))
    if isinstance(done, (Sent, Passed)):
        return sent(turn, done, seals)
    opened = [t("🔓 *{period} is open again.*", period=_period(each)) for each in done]
    return turn.conclude(lines(*opened, t("The reason stays on record: {reason}", reason=as_reason(words))), NO_BUTTONS)


def _after_colon(words: str) -> str:
    return words.partition(":")[2].strip()


def _period(closing: Closing) -> Period:
    return Period(closing.first, closing.last)
