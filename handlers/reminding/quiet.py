"""Silence: a person says when reminders may come again, or asks to be reminded once (§2.21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.reminding.watch import is_muted
from bot.messages import DAY_CARD, Button, Keyboard, Reply, Say
from bot.ports import Job
from bot.services.people.people import People
from bot.services.reminding.timers import Timer, Timers
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, DayTime, Phrase, Time, t
from handlers.cards.day import day_card
from handlers.cards.remind import RemindAtPressed
from handlers.cards.wanted import check_day

router = Router("quiet")
NEVER = date.max
"""Silent until the person says otherwise."""
OUTLIVED = timedelta(hours=12)
"""A reminder that could not be given for so long reminds of nothing any more."""


@dataclass(frozen=True, slots=True)
class SilentUntilPressed(Action, code="su"):
    """Do not remind me before that day."""

    day: int
    """Its ordinal; 0 for no silence."""

    def __post_init__(self) -> None:
        """Take no forged day for one."""
        if self.day not in (0, NEVER.toordinal()):
            check_day(self.day)


@router.command("remind", t("Reminders: off, on, until when"), intents=("remind",), params=t("off, on or a day"))
async def remind(turn: Turn, people: People, timers: Timers) -> Reply:
    """Be silent, speak again, or set one reminder; without more words say how it is."""
    slots = turn.understood.slots
    value, until = str(slots.get("value", turn.arguments)).strip().casefold(), slots.get("until_day")
    if isinstance(until, date):
        return _silent(turn, people, until)
    if value in _OFF:
        return _silent(turn, people, NEVER)
    if value in _ON:
        return _silent(turn, people, None)
    if (at := _instant(value, turn)) is not None:
        timers.set(turn.employee, Timer.REMIND_ME, at)
        return turn.say(_promised(turn, at))
    return turn.say(_state(turn), Keyboard.of(_switch(turn)))


@router.pressed(SilentUntilPressed)
async def silent_until(turn: Turn, press: SilentUntilPressed, people: People) -> Reply:
    """Set or take back silence by a button."""
    return _silent(turn, people, date.fromordinal(press.day) if press.day else None)


@router.pressed(RemindAtPressed)
async def remind_at(turn: Turn, press: RemindAtPressed, timers: Timers) -> Reply:
    """Promise the reminder; a button that was pressed too late says so."""
    at = datetime.fromtimestamp(press.at, UTC)
    if at <= turn.now:
        time = Time(at, turn.employee.zone)
        return turn.conclude(t("{time} has come already. Write what you did then, for example: “I'm out”.", time=time))
    timers.set(turn.employee, Timer.REMIND_ME, at)
    return turn.conclude(_promised(turn, at))


@router.due(Timer.REMIND_ME)
async def remind_now(job: Job, occasion: Occasion, people: People, timesheets: Timesheets) -> Sequence[Notice]:
    """The time that the person named has come: their day card says so."""
    employee = await people.told_by_itself(int(job.payload["employee_id"]), job.portal_id)
    if employee is None or occasion.now - job.run_at > OUTLIVED:
        return ()
    view = await timesheets.day(employee, occasion.now)
    text, buttons = day_card(
        view, t("⏰ It is {time}: you asked me to remind you.", time=Time(occasion.now, view.zone))
    )
    return (Notice(employee, Say(text, buttons, slot=DAY_CARD)),)


_OFF = frozenset({"off", "выкл", "нет", "no", "stop"})
_ON = frozenset({"on", "вкл", "да", "yes"})


def _promised(turn: Turn, at: datetime) -> Phrase:
    if at.astimezone(turn.zone).date() != turn.today:
        return t("⏰ I will remind you once: {time}.", time=DayTime(at, turn.employee.zone))
    return t("⏰ I will remind you once, at {time}.", time=Time(at, turn.employee.zone))


def _silent(turn: Turn, people: People, until: date | None) -> Reply:
    before = turn.employee.muted_until
    people.silence(turn.employee, until)
    back = Button(t("↩️ As it was"), SilentUntilPressed(before.toordinal() if before else 0))
    if until is None:
        text = t("🔔 I will remind you again when a check-in or a check-out is missing.")
    elif until == NEVER:
        text = t("🔕 No more reminders. To have them back: /remind on")
    else:
        text = t("🔕 No reminders until {day}.", day=Day(until))
    return turn.say(text, Keyboard.of(back) if before != until else Keyboard())


def _state(turn: Turn) -> Phrase:
    until = turn.employee.muted_until
    if until is None or not is_muted(turn.employee, turn.today):
        return t("🔔 I remind you when a check-in or a check-out is missing; never on days off, on leave or at night.")
    if until == NEVER:
        return t("🔕 Reminders are off.")
    return t("🔕 No reminders until {day}.", day=Day(until))


def _switch(turn: Turn) -> Button:
    if is_muted(turn.employee, turn.today):
        return Button(t("🔔 Remind me again"), SilentUntilPressed(0))
    today = turn.today
    monday = today + timedelta(days=7 - today.weekday())
    return Button(t("🔕 Not before Monday"), SilentUntilPressed(monday.toordinal()))


def _instant(value: str, turn: Turn) -> datetime | None:
    """Return the next instant at which the person's clock shows that time."""
    try:
        wanted = time.fromisoformat(value)
    except ValueError:
        return None
    zone = ZoneInfo(turn.employee.zone)
    today = turn.now.astimezone(zone).date()
    moments = (datetime.combine(today + timedelta(days=step), wanted, zone) for step in (0, 1))
    return next((each.astimezone(turn.now.tzinfo) for each in moments if each > turn.now), None)
