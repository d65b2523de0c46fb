"""Work on a day of leave: it is allowed, and the person says what it means (case 29)."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.events import LeaveCancelled
from bot.domain.leave.absence import Absence, absence_words
from bot.domain.workday.punch_log import WorkSession
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say
from bot.services.approvals.approvals import Approvals
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.workday.time_clock import TimeClock
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, Phrase, lines, t
from bot.words.leave import absence_line
from bot.words.people import mention
from handlers.cards.day import day_card
from handlers.cards.wanted import check_day

router = Router("work-on-leave")
_SLOT = "on-leave"


@dataclass(frozen=True, slots=True)
class GiveUpLeavePressed(Action, code="gl"):
    """I give that day of leave up."""

    day: int

    def __post_init__(self) -> None:
        """Take no forged day for one."""
        check_day(self.day)

    """Its ordinal."""


@dataclass(frozen=True, slots=True)
class KeepLeavePressed(Action, code="kl"):
    """I work on my day off."""

    day: int

    def __post_init__(self) -> None:
        """Take no forged day for one."""
        check_day(self.day)


@dataclass(frozen=True, slots=True)
class MistakenPressed(Action, code="mk"):
    """I did not mean to check in."""

    session: int


def leave_card(absence: Absence, session: WorkSession) -> Say:
    """Ask what a check-in on a day of leave means."""
    day = session.work_date.toordinal()
    text = lines(t("You are on leave today. What should I do?"), absence_line(absence))
    buttons = Keyboard.of(
        Button(t("🗓 Cancel this day of leave"), GiveUpLeavePressed(day)),
        Button(t("💼 I work on my day off"), KeepLeavePressed(day)),
        Button(t("↩️ That was a mistake"), MistakenPressed(session.id)),
    )
    return Say(text, buttons, slot=_SLOT)


@router.pressed(GiveUpLeavePressed)
async def give_up(turn: Turn, press: GiveUpLeavePressed, leaves: Leaves) -> Reply:
    """Take the day out of the leave; the lead is told."""
    day = date.fromordinal(press.day)
    if not await leaves.give_up(turn.employee, day):
        return _settled(turn, t("That day is no leave any more."))
    return _settled(turn, t("🗓 {day} is a workday again. Your lead knows.", day=Day(day)))


@router.pressed(KeepLeavePressed)
async def keep(turn: Turn, press: KeepLeavePressed) -> Reply:
    """The leave stays, and so do the hours."""
    day = date.fromordinal(press.day)
    return _settled(turn, t("💼 {day} stays leave, and your hours are recorded as work on a day off.", day=Day(day)))


@router.pressed(MistakenPressed)
async def mistaken(turn: Turn, press: MistakenPressed, clock: TimeClock, timesheets: Timesheets) -> Reply:
    """Take the check-in back, whenever it was: nobody was at work."""
    await clock.take_back(turn.employee, press.session, turn.moment)
    text, buttons = day_card(await timesheets.day(turn.employee, turn.now))
    return _settled(turn, t("↩️ The check-in is taken back. Enjoy your time off.")).also(
        turn.card(text, buttons).says[0]
    )


@router.happened(LeaveCancelled)
async def leave_cancelled(event: LeaveCancelled, people: People, approvals: Approvals) -> Sequence[Notice]:
    """Whoever decides about the person's leave learns that a day of it was given up."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    words = t(
        "🗓 {person} is at work on {day} and gave that day of leave up ({what}).",
        person=mention(employee),
        day=Day(event.day),
        what=absence_words(event.kind),
    )
    with suppress(NobodyToAsk):
        return [Notice(each, Say(words)) for each in await approvals.deciders_about(employee)]
    return ()


def _settled(turn: Turn, text: Phrase) -> Reply:
    return Reply((turn.place(text, NO_BUTTONS, _SLOT),))
