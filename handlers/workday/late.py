"""Coming later: one message, and the lead knows; nobody is asked where they are before that."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.events import DelayTold
from bot.domain.people.employee import Employee
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say
from bot.services.approvals.approvals import Approvals
from bot.services.people.people import People
from bot.services.reminding.watch import Watch
from bot.services.workday.delays import Delays, Said
from bot.services.workday.timesheets import Timesheets
from bot.text import Day, Mention, Phrase, Time, lines, t, tn
from bot.understanding.staying import tells_of_staying
from bot.words.people import mention
from handlers.cards.day import day_card
from handlers.cards.wanted import check_day
from handlers.read_back import OVER

router = Router("late")
_SLOT = "late"
_LONGEST = 12 * 60
_OFFERED = (15, 30, 60)


@dataclass(frozen=True, slots=True)
class LateByPressed(Action, code="lt"):
    """I will be so many minutes late."""

    minutes: int
    day: int
    """The ordinal of the day that it is about."""

    def __post_init__(self) -> None:
        """Take no forged numbers for a delay and a day."""
        check_day(self.day)
        if not 0 < self.minutes <= _LONGEST:
            raise ValueError(self.minutes)


@router.said("late")
async def late(turn: Turn, delays: Delays, approvals: Approvals, timesheets: Timesheets, watch: Watch) -> Reply:
    """Keep when the person comes and tell their lead: «опоздаю на 20 минут», «буду к 11», «задерживаюсь»."""
    slots = turn.understood.slots
    until, minutes = slots.get("until"), slots.get("minutes")
    view = await timesheets.day(turn.employee, turn.now)
    is_at_work = view.session is not None and view.session.work_date == _day_of(turn, turn.now)
    named = slots.get("day")
    day = named if isinstance(named, date) else _day_of(turn, until if isinstance(until, datetime) else turn.now)
    is_about_today = day == _day_of(turn, turn.now)
    if is_at_work and is_about_today:
        if not tells_of_staying(turn.message.text):
            return turn.card(*day_card(view, t("You are at work already: nobody has to be told.")))
        await watch.ask_no_more(turn.employee, view.total.day, turn.now)
        return turn.card(*day_card(view, t("Stay as long as you need: I will not ask about your check-out today.")))
    late_by = timedelta(minutes=minutes) if isinstance(minutes, int) and 0 < minutes <= _LONGEST else None
    said = await delays.say(
        turn.portal,
        turn.employee,
        turn.now,
        until=until if isinstance(until, datetime) else None,
        late_by=late_by,
        day=day,
        reason=str(slots.get("reason", "")),
    )
    return await _answer(turn, said, approvals)


@router.pressed(LateByPressed)
async def late_by(turn: Turn, press: LateByPressed, delays: Delays, approvals: Approvals) -> Reply:
    """The time that was not known before; of a day that is over nothing is said any more."""
    day = date.fromordinal(press.day)
    if day < _day_of(turn, turn.now):
        return turn.say(OVER)
    by = timedelta(minutes=press.minutes)
    return await _answer(turn, await delays.say(turn.portal, turn.employee, turn.now, late_by=by, day=day), approvals)


@router.happened(DelayTold)
async def tell_lead(event: DelayTold, occasion: Occasion, people: People, approvals: Approvals) -> Sequence[Notice]:
    """Whoever decides about the person's time hears of it at once."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    person = mention(employee)
    is_today = event.day == employee.today(occasion.now)
    day = Day(event.day)
    if event.until is None and event.minutes and not is_today:
        heading = tn(
            "🕘 {person} will be {count} minute late on {day}.",
            "🕘 {person} will be {count} minutes late on {day}.",
            event.minutes,
            person=person,
            day=day,
        )
    elif event.until is None:
        heading = (
            t("🕘 {person} will be late.", person=person)
            if is_today
            else t("🕘 {person} will be late on {day}.", person=person, day=day)
        )
    else:
        time = Time(event.until, employee.zone)
        heading = (
            t("🕘 {person} will be there by {time}.", person=person, time=time)
            if is_today
            else t("🕘 {person} will be there by {time} on {day}.", person=person, time=time, day=day)
        )
    why = t("Why: {reason}", reason=event.reason) if event.reason else None
    return [Notice(each, Say(lines(heading, why))) for each in await _leads(employee, approvals)]


async def _answer(turn: Turn, said: Said, approvals: Approvals) -> Reply:
    """Say what was told to whom; where nobody knows when, offer the usual times."""
    begins = said.shift.starts_at if said.shift else None
    if said.is_on_time and begins is not None:
        return turn.say(t("That is in time: your shift begins at {time}.", time=Time(begins, turn.employee.zone)))
    leads = await _leads(turn.employee, approvals)
    buttons = NO_BUTTONS
    if said.delay.until is None and (said.shift is not None or said.delay.day == _day_of(turn, turn.now)):
        day = said.delay.day.toordinal()
        buttons = Keyboard.of(tuple(Button(t("+{n} min", n=each), LateByPressed(each, day)) for each in _OFFERED))
    text = _told(turn, said, leads)
    is_today = said.delay.day == _day_of(turn, turn.now)
    return Reply((turn.place(lines(text, t("Have a safe trip!") if is_today else None), buttons, _SLOT),))


def _told(turn: Turn, said: Said, leads: Sequence[Employee]) -> Phrase:
    day, until = said.delay.day, said.delay.until
    is_today = day == _day_of(turn, turn.now)
    if until is None and is_today:
        if not leads:
            return t("🕘 Noted: you will be late. I will not ask where you are for now.")
        return t("🕘 {person} will know that you are late.", person=_named(leads))
    if until is None and said.minutes:
        return _late_by(said.minutes, day, leads)
    if until is None:
        if not leads:
            return t("🕘 Noted: on {day} you will be late.", day=Day(day))
        return t("🕘 {person} will know: on {day} you will be late.", person=_named(leads), day=Day(day))
    time = Time(until, turn.employee.zone)
    if not is_today:
        if not leads:
            return t("🕘 Noted: on {day} you will be there by *{time}*.", day=Day(day), time=time)
        return t(
            "🕘 {person} will know: on {day} you will be there by *{time}*.",
            person=_named(leads),
            day=Day(day),
            time=time,
        )
    if not leads:
        return t("🕘 Noted: you will be there by *{time}*. I will not ask before.", time=time)
    return t("🕘 {person} will know: you will be there by *{time}*.", person=_named(leads), time=time)


def _late_by(minutes: int, day: date, leads: Sequence[Employee]) -> Phrase:
    """Say the minutes of a day on which no shift tells from when on they count."""
    if not leads:
        return tn(
            "🕘 Noted: on {day} you will be {count} minute late.",
            "🕘 Noted: on {day} you will be {count} minutes late.",
            minutes,
            day=Day(day),
        )
    return tn(
        "🕘 {person} will know: on {day} you will be {count} minute late.",
        "🕘 {person} will know: on {day} you will be {count} minutes late.",
        minutes,
        person=_named(leads),
        day=Day(day),
    )


def _named(leads: Sequence[Employee]) -> Mention:
    return Mention(leads[0].name, leads[0].accounts)


async def _leads(employee: Employee, approvals: Approvals) -> Sequence[Employee]:
    with suppress(NobodyToAsk):
        return await approvals.deciders_about(employee)
    return ()


def _day_of(turn: Turn, at: datetime) -> date:
    return at.astimezone(turn.zone).date()
