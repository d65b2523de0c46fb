"""Going home early: the time is asked for where it was not said, and the lead decides about the hours that are left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.said import LeaveSaid
from bot.domain.leave.wish import LeaveWish
from bot.domain.planning.schedule import Shift
from bot.ids import new_id
from bot.messages import Button, Keyboard, Reply, Words
from bot.services.leave.leaves import Leaves
from bot.services.leave.wishes import LeaveWishes
from bot.text import Day, Time, lines, t
from bot.understanding.answers import understand_time
from handlers.cards.day import CHECK_OUT
from handlers.cards.requests import slot_of
from handlers.leave.leave import ConfirmLeave
from handlers.read_back import OVER, Question, read_back, still_open

router = Router("early")
_HOURS = 3, 2, 1
"""So many hours before the planned end are offered."""


@dataclass(frozen=True, slots=True)
class EarlyOpen(Question):
    """Somebody wants to go early; we asked when."""

    dropped: ClassVar[Words] = t("Dropped. Nothing was changed.")
    request_id: int
    reason: str = ""

    @property
    def slot(self) -> str:
        """The slot of the request's card."""
        return slot_of(self.request_id)


@dataclass(frozen=True, slots=True)
class EarlyPressed(Action, code="le"):
    """At that time of today."""

    nonce: str
    at: int


@router.said("leave_early")
async def leave_early(turn: Turn, wishes: LeaveWishes, leaves: Leaves) -> Reply:
    """Read the hours that would be left back, or ask when the person wants to go."""
    slots = turn.understood.slots
    asked = EarlyOpen(new_id(), str(slots.get("reason", ""))[:300])
    at = slots.get("at")
    if isinstance(at, datetime):
        return await _at(turn, wishes, leaves, asked, at.astimezone(turn.zone))
    shift = await wishes.shift_now(turn.portal, turn.employee, turn.now)
    times = _offered(shift, turn.now)
    buttons = [
        Button(
            t("At {time}", time=Time(each, turn.employee.zone, bare=True)), EarlyPressed(asked.nonce, _seconds(each))
        )
        for each in times
    ]
    text = t("When do you want to leave today? For example: “at 16:00”.")
    return turn.ask(asked, text, Keyboard.of(tuple(buttons), asked.no_button), slot=asked.slot)


@router.pressed(EarlyPressed)
async def chosen(turn: Turn, press: EarlyPressed, wishes: LeaveWishes, leaves: Leaves) -> Reply:
    """At the time that was offered, if it still lies ahead."""
    asked = still_open(turn, EarlyOpen, press.nonce)
    if asked is None or abs(press.at - _seconds(turn.now)) > timedelta(days=1).total_seconds():
        return turn.say(OVER)
    return await _at(turn, wishes, leaves, asked, datetime.fromtimestamp(press.at, turn.zone))


@router.answered(EarlyOpen)
async def in_words(turn: Turn, asked: EarlyOpen, wishes: LeaveWishes, leaves: Leaves) -> Reply:
    """A time of today; anything else is a new message."""
    if turn.understood.intent in ("decline", "cancel"):
        return turn.conclude(asked.dropped, slot=asked.slot)
    text, who, today = turn.message.text, turn.employee, turn.today
    found = understand_time(text, locale=who.locale, zone=turn.zone, now=turn.now, intent="check_out", day=today)
    ahead = [at for each in found if isinstance(at := each.slots["at"], datetime) and at > turn.now]
    if not ahead or turn.understood.intent in ("check_in", "check_out", "break_start", "break_end"):
        return turn.pass_on()
    return await _at(turn, wishes, leaves, asked, min(ahead).astimezone(turn.zone))


async def _at(turn: Turn, wishes: LeaveWishes, leaves: Leaves, asked: EarlyOpen, at: datetime) -> Reply:
    """Whoever goes now checks out; else the hours until the planned end are asked for."""
    if at <= turn.now:
        return turn.say(t("Going now? Then check out."), Keyboard.of(CHECK_OUT))
    said = LeaveSaid(AbsenceKind.DAY_OFF, start=at, to_end=True)
    wish = await wishes.read(turn.portal, turn.employee, said, turn.now)
    if not isinstance(wish, LeaveWish):
        return turn.say(t("Nothing is planned for that time, so nobody has to be asked. Check out when you leave."))
    if wish.end is None or wish.end <= at:
        end = Time(wish.end or at, turn.employee.zone, bare=True)
        return turn.say(t("Your day ends at {time} anyway.", time=end))
    fitted = await leaves.fitted(turn.employee, wish, turn.now)
    start, end = Time(at, turn.employee.zone, bare=True), Time(wish.end, turn.employee.zone, bare=True)
    text = lines(
        t("Leave on {day} at *{start}* instead of {end}?", day=Day(at.date()), start=start, end=end),
        t("Your lead will be asked for these hours off."),
        t("Why: {reason}", reason=asked.reason) if asked.reason else None,
    )
    question = ConfirmLeave(asked.request_id, fitted.payload, asked.reason, [], turn.employee.id)
    return read_back(turn, question, text)


def _offered(shift: Shift | None, now: datetime) -> list[datetime]:
    """Return whole hours before the planned end that lie ahead."""
    if shift is None:
        return []
    times = [shift.ends_at - timedelta(hours=each) for each in _HOURS]
    return [each.astimezone(ZoneInfo(shift.zone)) for each in times if each > max(now, shift.starts_at)]


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
