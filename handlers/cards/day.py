"""The day card: what a person's day looks like now, with the buttons that are possible now."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.domain.workday.punch_log import DayState
from bot.messages import Button, Keyboard
from bot.services.workday.timesheets import DayView
from bot.text import Day, Duration, Lines, Phrase, Time, lines, t


@dataclass(frozen=True, slots=True)
class CheckInPressed(Action, code="in"):
    """Check in now."""


@dataclass(frozen=True, slots=True)
class BreakPressed(Action, code="br"):
    """Start a break now."""


@dataclass(frozen=True, slots=True)
class BackPressed(Action, code="bk"):
    """End the break now."""


@dataclass(frozen=True, slots=True)
class CheckOutPressed(Action, code="out"):
    """Check out now."""


@dataclass(frozen=True, slots=True)
class UndoPressed(Action, code="un"):
    """Take the last mark back."""


@dataclass(frozen=True, slots=True)
class TodayPressed(Action, code="td"):
    """Show today's sessions and breaks."""


@dataclass(frozen=True, slots=True)
class WeekPressed(Action, code="wk"):
    """Show the week."""


CHECK_IN = Button(t("▶️ Check in"), CheckInPressed(), style="success")
BREAK = Button(t("☕ Break"), BreakPressed())
BACK = Button(t("▶️ Back"), BackPressed(), style="success")
CHECK_OUT = Button(t("🏁 Check out"), CheckOutPressed(), style="primary")
UNDO = Button(t("↩️ Undo"), UndoPressed())
TODAY = Button(t("📋 Today"), TodayPressed())
WEEK = Button(t("📅 My week"), WeekPressed())


def headline(view: DayView) -> Phrase:
    """Say the state in one line."""
    session = view.session
    if session is None or view.state is DayState.OFF:
        closed = [each for each in view.total.sessions if each.ended_at is not None]
        if not closed:
            return t("⚪ *Not at work yet*")
        last = closed[-1]
        if last.is_auto:
            return t("🏁 *Closed at {time}*, not confirmed yet", time=Time(last.ended_at or view.now, last.zone))
        return t("🏁 *Checked out at {time}*", time=Time(last.ended_at or view.now, last.zone))
    running = session.running_break
    if running is not None:
        return t("☕ *On a break since {time}*", time=Time(running.started_at, session.zone))
    return t("🟢 *At work since {time}*", time=Time(session.started_at, session.zone))


def totals(view: DayView) -> Phrase | None:
    """Say what was worked so far, when there is something to say."""
    total = view.total
    if total.worked < timedelta(minutes=1) and not total.on_break:
        return None
    if total.on_break < timedelta(seconds=1):
        return t("Worked *{worked}*", worked=Duration(total.worked))
    return t("Worked *{worked}*, breaks {breaks}", worked=Duration(total.worked), breaks=Duration(total.on_break))


def planned_end(view: DayView) -> Phrase | None:
    """Say until when the plan of the day takes, for who is at work: as it is, with the lunch that is still ahead."""
    plan = view.plan
    if plan is None or plan.until is None:
        return None
    until = Time(plan.until, plan.zone)
    return (
        t("Day's plan: until {time} with lunch", time=until)
        if plan.pause
        else t("Day's plan: until {time}", time=until)
    )


def clock_change(view: DayView) -> Phrase | None:
    """Tell of a change of clocks in the day, so that its length is not taken for a mistake (case 52)."""
    if not any(each.has_clock_change(view.now) for each in view.total.sessions):
        return None
    return t("🕐 The clocks changed meanwhile: the time that really passed is counted.")


def day_card(view: DayView, *notes: Phrase | None) -> tuple[Lines, Keyboard]:
    """Build the card and its buttons; notes say what just happened, where the state alone does not."""
    # A night shift belongs to the day on which it began: the card says so once midnight has passed.
    dated = t("Counts for {day}", day=Day(view.total.day)) if view.total.day != _today(view) else None
    place = t("🏠 Remote") if view.is_remote else None
    rows = (headline(view), dated, place, totals(view), planned_end(view), clock_change(view), *notes)
    return lines(*rows), keyboard(view)


def keyboard(view: DayView) -> Keyboard:
    """Offer only what is possible now."""
    first: tuple[Button, ...]
    match view.state:
        case DayState.OFF:
            first = (CHECK_IN,)
        case DayState.WORK:
            first = (BREAK, CHECK_OUT)
        case DayState.BREAK:
            first = (BACK, CHECK_OUT)
    second = (UNDO, TODAY) if view.may_undo else (TODAY, WEEK)
    return Keyboard.of(first, second)


def _today(view: DayView) -> date:
    return view.now.astimezone(ZoneInfo(view.zone)).date()
