"""Confirming: a person finds their week or month right, and their lead approves it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.events import PeriodAsked, PeriodConfirmed
from bot.domain.periods.period import NothingRecorded, PeriodBlocked
from bot.ids import short
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.services.periods.closings import Closings
from bot.text import Duration, Lines, Period, lines, t
from bot.understanding.orders.dates import last_full_week
from bot.words.people import mention
from handlers.cards.gaps import GapsPressed
from handlers.cards.periods import (
    EVERYBODY,
    ApprovePeriodPressed,
    ConfirmPeriodPressed,
    confirm_button,
    confirmed_line,
    days_said,
    missing_line,
    ordinals,
    own_blockers,
    period_slot,
    person_of,
    sheet_line,
    show_button,
)
from handlers.cards.requests import holder_card, holders_of
from handlers.read_back import ReadBack, read_back

router = Router("confirming")


@dataclass(frozen=True, slots=True)
class ConfirmEmpty(ReadBack):
    """Nothing is recorded on these workdays; we asked whether that is so."""

    yes: ClassVar[Words] = t("✅ Yes, I did not work")
    first: str
    last: str


@router.command(
    "confirm", t("My hours are right"), intents=("confirm_period",), params=t("week or month, else the last week")
)
async def confirm(turn: Turn, closings: Closings) -> Reply:
    """Take the person's word that the hours of a week or month are right."""
    first, last = days_said(turn, "confirm") or last_full_week(turn.today)
    return await _confirmed(turn, closings, ConfirmPeriodPressed(*ordinals(first, last)))


@router.pressed(ConfirmPeriodPressed)
async def press_confirm(turn: Turn, press: ConfirmPeriodPressed, closings: Closings) -> Reply:
    """The same by a button under the hours, which stay where they are."""
    return await _confirmed(turn, closings, press)


@router.refused(NothingRecorded)
async def ask_whether_empty(turn: Turn, refusal: NothingRecorded) -> Reply:
    """Confirm no empty workdays in passing: whoever forgot their marks wants to write them instead."""
    asked = ConfirmEmpty(refusal.first.isoformat(), refusal.last.isoformat())
    hint = t("If there was, write how it was, for example: “yesterday from 9 to 18”.")
    return read_back(turn, asked, lines(refusal.phrase, hint))


@router.agreed(ConfirmEmpty)
async def confirm_empty(turn: Turn, asked: ConfirmEmpty, closings: Closings) -> Reply:
    """There was no work: that is confirmed."""
    days = ordinals(date.fromisoformat(asked.first), date.fromisoformat(asked.last))
    done = (await _confirmed(turn, closings, ConfirmPeriodPressed(*days), even_empty=True)).says[0]
    return turn.conclude(done.text, done.keyboard)


async def _confirmed(
    turn: Turn, closings: Closings, wanted: ConfirmPeriodPressed, *, even_empty: bool = False
) -> Reply:
    first, last = wanted.days
    sheet = await closings.confirm(turn.portal, turn.employee, first, last, turn.now, even_empty=even_empty)
    worked = Duration(sheet.account.worked)
    said = t("✅ {period}: *{worked}*, confirmed by you.", period=Period(first, last), worked=worked)
    missing = missing_line(sheet)
    if missing is None:
        return turn.say(said)
    mend = Button(t("🔎 What is not right"), GapsPressed(first.toordinal(), last.toordinal(), 0))
    return turn.say(lines(said, missing), Keyboard.of(mend))


@router.refused(PeriodBlocked)
async def blocked(turn: Turn, refusal: PeriodBlocked) -> Reply:
    """List what is to be cleared up, each with a button that does it; the last of them offers to confirm."""
    own = [each for each in refusal.blockers if each.employee_id == turn.employee.id]
    rows, buttons = own_blockers(own, refusal.first, refusal.last)
    return turn.say(lines(refusal.phrase, *rows), Keyboard.of(*buttons))


@router.happened(PeriodConfirmed)
async def ask_lead(
    event: PeriodConfirmed, occasion: Occasion, people: People, closings: Closings, approvals: Approvals
) -> Sequence[Notice]:
    """The lead gets a card; nobody is asked where there is no lead and no other administrator."""
    person = await people.get(event.employee_id, event.portal_id)
    portal = await closings.portal(event.portal_id)
    if person is None or portal is None:
        return ()
    notices = []
    with suppress(NobodyToAsk):
        for lead in (await approvals.deciders_of(person)).people:
            waiting = await closings.waiting_for(portal, lead, event.first, event.last, occasion.now)
            own = next((each for each in waiting if each.employee.id == person.id), None)
            if own is not None:
                days = ordinals(event.first, event.last)
                one = Button(t("✅ Approve"), ApprovePeriodPressed(*days, short(person.id)), style="success")
                everybody = Button(
                    t("✅ All who confirmed ({count})", count=len(waiting)), ApprovePeriodPressed(*days, EVERYBODY)
                )
                buttons = Keyboard.of(
                    (one, show_button(event.first, event.last, person)), everybody if len(waiting) > 1 else None
                )
                slot = period_slot(event.first, event.last, person.id)
                notices.append(Notice(lead, Say(lines(confirmed_line(own), missing_line(own)), buttons, slot=slot)))
    return notices


@router.pressed(ApprovePeriodPressed)
async def approve(turn: Turn, press: ApprovePeriodPressed, closings: Closings) -> Reply:
    """Approve one person's hours, or those of all who confirmed them."""
    first, last = press.days
    only = person_of(press.whom)
    done = await closings.approve(turn.portal, turn.employee, first, last, turn.now, only)
    heading = t("✅ {period} – approved:", period=Period(first, last))
    slot = period_slot(first, last, only or 0)
    return Reply((turn.place(lines(heading, *map(sheet_line, done)), NO_BUTTONS, slot),))


@router.happened(PeriodAsked)
async def ask_person(
    event: PeriodAsked,
    occasion: Occasion,
    people: People,
    closings: Closings,
    approvals: Approvals,
    arounds: Arounds,
    seals: Seals,
) -> Sequence[Notice]:
    """The person is shown what is not clear yet; whoever decides on a request of theirs gets its card once more."""
    person = await people.get(event.employee_id, event.portal_id)
    portal = await closings.portal(event.portal_id)
    closer = await people.get(event.by_id, event.portal_id)
    if person is None or portal is None or closer is None:
        return ()
    sheet = await closings.sheet(portal, person, event.first, event.last, occasion.now)
    notices = []
    for each in sheet.blockers:
        if each.request_id is not None:
            request = await approvals.get(portal.id, each.request_id)
            notices += [
                Notice(holder, await holder_card(request, holder, people, arounds, seals))
                for holder in await holders_of(request, people)
            ]
    if closer.id == person.id or sheet.is_confirmed:
        return notices
    rows, buttons = own_blockers(sheet.blockers, event.first, event.last)
    ask = t("🔔 {who} is closing {period}. Please look at your hours:", who=mention(closer), period=_period(event))
    text: Lines = lines(ask, t("Worked *{worked}*", worked=Duration(sheet.account.worked)), *rows)
    show = show_button(event.first, event.last)
    right = (show,) if sheet.blockers else (confirm_button(event.first, event.last), show)
    return [*notices, Notice(person, Say(text, Keyboard.of(*buttons, right)))]


def _period(event: PeriodAsked) -> Period:
    return Period(event.first, event.last)
