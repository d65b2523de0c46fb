"""The overview: one's day with what can be done now, what waits for a decision, and one's own requests."""

from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import DayState, PunchKind
from bot.ids import new_id
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import DayView, Timesheets
from bot.text import Duration, Time, t
from bot.web.forms import Empty
from bot.web.visit import Go, NotFound, Page, Visit
from bot.words.day import course

_MARKS = {
    "in": (PunchKind.IN, t("You are at work.")),
    "break": (PunchKind.BREAK_START, t("Your break has begun.")),
    "back": (PunchKind.BREAK_END, t("Your break is over.")),
    "out": (PunchKind.OUT, t("You have checked out.")),
}


async def overview(visit: Visit, timesheets: Timesheets) -> Page:
    """Show the day, and what there is to do."""
    view = await timesheets.day(visit.reader, visit.now)
    session, plan = view.session, view.plan
    since = None
    if session is not None:
        running = session.running_break
        since = Time((running or session).started_at, session.zone)
    values = {
        "view": view,
        "course": course(view.total, visit.now),
        "marks": possible(view),
        "since": since,
        "worked": Duration(view.total.worked),
        "on_break": Duration(view.total.on_break),
        "until": Time(plan.until, plan.zone) if plan is not None and plan.until is not None else None,
    }
    return Page("overview.html", t("Overview"), values, "overview")


async def mark(visit: Visit, form: Empty, recording: Recording) -> Go:
    """Record a mark of now, or take the last one back."""
    del form
    moment = Moment(visit.now, visit.now, visit.reader.zone, "web", f"web:{new_id():x}", visit.reader.id)
    named = visit.path["mark"]
    if named == "undo":
        await recording.undo(visit.reader, moment)
        return Go("/", t("The last mark is taken back."))
    if named not in _MARKS:
        raise NotFound
    kind, said = _MARKS[named]
    await recording.record(visit.reader, kind, moment)
    return Go("/", said)


def possible(view: DayView) -> list[str]:
    """Return the marks that can be made now, the next one first."""
    marks = {DayState.OFF: ["in"], DayState.WORK: ["break", "out"], DayState.BREAK: ["back", "out"]}[view.state]
    return [*marks, *(["undo"] if view.may_undo else [])]
