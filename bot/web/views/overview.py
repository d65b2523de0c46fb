"""The overview: one's day with what can be done now, what waits for a decision, and one's own requests."""

from bot.domain.approvals.listed import Wanted, Whose
from bot.domain.leave.absence import absence_words
from bot.domain.rights import Right
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import DayState, PunchKind
from bot.ids import new_id
from bot.services.approvals.request_rows import RequestRows
from bot.services.set_up import SetUp
from bot.services.workday.presences import Presences
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import DayView, Timesheets
from bot.text import Duration, Phrase, Time, t
from bot.web.forms import Empty
from bot.web.settings import SETTINGS
from bot.web.views.approvals import shown
from bot.web.visit import Go, NotFound, Page, Visit
from bot.words.day import course
from bot.words.set_up import care_lines

_MARKS = {
    "in": (PunchKind.IN, t("You are at work.")),
    "break": (PunchKind.BREAK_START, t("Your break has begun.")),
    "back": (PunchKind.BREAK_END, t("Your break is over.")),
    "out": (PunchKind.OUT, t("You have checked out.")),
}


_SHOWN = 5


async def overview(
    visit: Visit, timesheets: Timesheets, rows: RequestRows, presences: Presences, set_up: SetUp
) -> Page:
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
        "waiting": await _rows(visit, rows, Wanted(Whose.WAITING_FOR_ME)),
        "own": await _rows(visit, rows, Wanted(Whose.MINE, state="pending")),
        "team": await team_today(visit, presences) if visit.may(Right.SEE_HOURS) else None,
        "care": await _care(visit, set_up) if visit.may(Right.RESEND) else [],
        "until": Time(plan.until, plan.zone) if plan is not None and plan.until is not None else None,
    }
    return Page("overview.html", t("Overview"), values, "overview")


async def _care(visit: Visit, set_up: SetUp) -> list[tuple[str, Phrase]]:
    care = await set_up.care(visit.reader, visit.portal)
    return [(f"{SETTINGS}/{section}", words) for section, words in care_lines(care)]


async def _rows(visit: Visit, rows: RequestRows, wanted: Wanted) -> dict[str, object]:
    found = await rows.page(visit.portal, visit.reader, wanted, size=_SHOWN)
    listed = [shown(each, visit.reader, visit.now) for each in found.rows]
    return {"rows": sorted(listed, key=lambda each: not each.is_late), "has_more": bool(found.after)}


async def team_today(visit: Visit, presences: Presences) -> list[tuple[str, Phrase, list[tuple[str, Phrase | None]]]]:
    """Return those whose hours the reader sees: at work, on a break, away, late, and who has not come."""
    found = await presences.of(visit.portal, visit.reader, visit.now)
    people = [each for each in found if each.is_seen and each.employee.id != visit.reader.id]
    late = await presences.unmarked(visit.portal, [each.employee for each in people], visit.today, visit.now)
    missing = {each.employee.id for each in late}
    groups: dict[str, list[tuple[str, Phrase | None]]] = {"in": [], "break": [], "missing": [], "away": [], "off": []}
    for each in people:
        session, name = each.session, each.employee.name
        if session is not None and session.running_break is not None:
            groups["break"].append((name, t("since {when}", when=Time(session.running_break.started_at, session.zone))))
        elif session is not None:
            groups["in"].append((name, t("since {when}", when=Time(session.started_at, session.zone))))
        elif each.absence is not None:
            groups["away"].append((name, absence_words(each.kind) if each.kind is not None else None))
        elif each.employee.id in missing:
            groups["missing"].append((name, t("said that they come later") if each.delay else None))
        else:
            groups["off"].append((name, None))
    return [(key, _GROUPS[key], those) for key, those in groups.items() if those]


_GROUPS = {
    "in": t("At work"),
    "break": t("On a break"),
    "missing": t("Not come yet"),
    "away": t("Away"),
    "off": t("Not at work"),
}


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
