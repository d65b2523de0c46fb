"""How a request reads: what is asked for, what would change, and how it ended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals import request as request_states
from bot.domain.approvals.matter import (
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.approvals.request import ApprovalRequest, Came, RequestState
from bot.domain.leave.absence import absence_words
from bot.domain.people.employee import Employee
from bot.domain.reports.limits import LimitKind
from bot.domain.workday.correction import Plan, Span, Subject
from bot.text import Day, Duration, Lines, Period, Phrase, Place, Time, lines, t
from bot.words.leave import absence_when, change_lines, change_title
from bot.words.people import mention, named

MOST_BREAKS = 3
"""So many breaks are told by their times where one of them is corrected."""


def request_text(request: ApprovalRequest, subject: Employee, requester: Employee, *, tells_why: bool) -> Lines:
    """Say who, what, before → after, and why."""
    by_another = requester.id != subject.id
    heading = t("📝 *{what}* – {person}", what=matter_title(request.matter), person=mention(subject))
    return lines(
        heading,
        t("Asked by {person}", person=mention(requester)) if by_another else None,
        *matter_lines(request.matter),
        t("Why: {reason}", reason=request.reason) if request.reason and tells_why else None,
    )


def days_line(request: ApprovalRequest) -> Phrase | None:
    """Say of a request that waits that its days have begun, or are over."""
    match request.days_came if request.is_open else None:
        case Came.BEGUN:
            return t("⏳ These days have begun, and nobody has decided yet")
        case Came.OVER:
            return t("⌛ These days are over, and nobody has decided")
    return None


def matter_title(matter: Matter) -> Phrase:
    """Name what is asked for."""
    match matter:
        case LeaveMatter(wish=wish):
            return absence_words(wish.kind)
        case LeaveChangeMatter(change=change):
            return change_title(change)
        case OvertimeMatter():
            return t("Overtime")
        case ReopenMatter():
            return t("Open a closed period")
        case CorrectionMatter(plan=plan):
            return subject_words(plan.subject)


def matter_lines(matter: Matter) -> Sequence[Phrase]:
    """Say what would change."""
    match matter:
        case LeaveMatter(wish=wish):
            return (absence_when(wish),)
        case LeaveChangeMatter(change=change):
            return change_lines(change)
        case OvertimeMatter():
            return overtime_lines(matter)
        case ReopenMatter(first=first, last=last):
            return (t("{period}", period=Period(first, last)),)
        case CorrectionMatter(plan=plan):
            return plan_lines(plan)


def overtime_lines(matter: OvertimeMatter) -> Sequence[Phrase]:
    """Say what shall count, what is recorded over the plan, and which limits of the law that would pass (§4.5)."""
    recorded = t("Recorded over the plan: {over}", over=Duration(matter.over))
    if not matter.is_planned:
        recorded = t("No hours are planned that day; recorded: {worked}", worked=Duration(matter.worked))
    elif not matter.over:
        recorded = t("Nothing is recorded over the plan yet.")
    rows = [t("{day}: {length}", day=Day(matter.day), length=Duration(matter.length)), recorded]
    for each in matter.limits:
        values = {"overtime": Duration(each.overtime), "limit": Duration(each.limit)}
        rows.append(
            t("⚠️ That makes {overtime} this year; at most {limit} are allowed.", **values)
            if each.kind is LimitKind.YEAR
            else t("⚠️ That makes {overtime} in two days; at most {limit} are allowed.", **values)
        )
    return rows


def plan_lines(plan: Plan) -> Sequence[Phrase]:
    """One line a day: before → after, by the clock of the person concerned, which is named to others (case 58)."""
    zone, tells = ZoneInfo(plan.zone), plan.subject is Subject.BREAK
    rows = []
    for day in plan.days:
        before = [each for each in plan.before if each.start.astimezone(zone).date() == day]
        after = [each for each in plan.after if each.start.astimezone(zone).date() == day]
        rows.append(
            t(
                "{day}: {before} → *{after}*{place}",
                day=Day(day),
                before=_spans(before, plan.zone, tells=tells),
                after=_spans(after, plan.zone, tells=tells),
                place=Place((*before, *after)[0].start, plan.zone),
            )
        )
    return rows


def _spans(spans: Sequence[Span], zone: str, *, tells: bool) -> Phrase:
    if not spans:
        return t("nothing")
    return _listed([_span(each, zone, tells=tells) for each in spans])


def _listed(shown: Sequence[Phrase]) -> Phrase:
    joined = shown[0]
    for each in shown[1:]:
        joined = t("{first}, {second}", first=joined, second=each)
    return joined


def _span(span: Span, zone: str, *, tells: bool) -> Phrase:
    """A stretch with its breaks: how long they were, and when where that is what is corrected."""
    start = Time(span.start, zone, bare=True)
    if span.end is None:
        shown = t("{start} – no check-out", start=start)
        if span.breaks and (since := span.breaks[-1][0]) and span.breaks[-1][1] is None:
            return t("{span} (on a break since {since})", span=shown, since=Time(since, zone, bare=True))
    else:
        shown = t("{start} – {end}", start=start, end=_end(span.start, span.end, zone))
    over = [(since, until) for since, until in span.breaks if until is not None and until > since]
    if not over:
        return shown
    if tells and len(over) <= MOST_BREAKS:
        told = [t("{start} – {end}", start=Time(a, zone, bare=True), end=Time(b, zone, bare=True)) for a, b in over]
        if len(told) == 1:
            return t("{span} (break {breaks})", span=shown, breaks=told[0])
        return t("{span} (breaks {breaks})", span=shown, breaks=_listed(told))
    return t("{span} (breaks {breaks})", span=shown, breaks=Duration(sum((b - a for a, b in over), timedelta())))


def _end(start: datetime, end: datetime, zone: str) -> Time | Phrase:
    """The end of a stretch names its date where it is another one than that of the start (case 39)."""
    time, day = Time(end, zone, bare=True), end.astimezone(ZoneInfo(zone)).date()
    return time if day == start.astimezone(ZoneInfo(zone)).date() else t("{time} ({day})", time=time, day=Day(day))


def outcome_text(request: ApprovalRequest, body: Lines, decider: Employee | None, zone: str) -> Lines:
    """The card with its outcome below."""
    return lines(*body.lines, outcome_line(request, decider, zone))


def outcome_line(request: ApprovalRequest, decider: Employee | None, zone: str) -> Phrase:
    """Say the outcome, by whom and when."""
    ballot = request.ballot
    who = named(decider)
    if request.state is RequestState.APPROVED and ballot is not None:
        return t("✅ *Approved* by {who} at {time}", who=who, time=Time(ballot.at, zone))
    if request.state is RequestState.REJECTED and ballot is not None:
        if ballot.reason:
            return t(
                "❌ *Rejected* by {who} at {time}:\n“{reason}”",
                who=who,
                time=Time(ballot.at, zone),
                reason=ballot.reason,
            )
        return t("❌ *Rejected* by {who} at {time}", who=who, time=Time(ballot.at, zone))
    if request.state is RequestState.APPROVED and isinstance(request.matter, ReopenMatter):
        return t("✅ *Done*: the period is open again.")
    if request.state is RequestState.APPROVED and not request.is_automatic:
        return t("✅ *Done* by a lead")
    if request.state is RequestState.APPROVED:
        return t("✅ *Done*: small changes need no approval. Your lead sees them in a list.")
    if request.state is RequestState.WITHDRAWN:
        return t("↩️ *Withdrawn* by the person who asked")
    if request.state is RequestState.REPLACED:
        return t("🔁 *Replaced* by a newer request")
    if request.state is RequestState.FAILED:
        return _failure_line(request)
    return t("⏳ Waits for a decision")


def _failure_line(request: ApprovalRequest) -> Phrase:
    """Say why it could not be carried out; the line above shows what is recorded now → what was asked for."""
    if isinstance(request.matter, LeaveChangeMatter) and request.why_failed == request_states.CHANGED:
        return t("⚠️ *Not carried out*: that absence was changed or cancelled meanwhile. Please look at it once more.")
    match request.why_failed:
        case request_states.CLOSED:
            return t(
                "⚠️ *Not carried out*: the period was closed meanwhile. To change it, ask for it to be opened again."
            )
        case request_states.REMOVED:
            return t("⚠️ *Not carried out*: nothing is recorded there any more. Please ask again if it was work.")
        case request_states.TAKEN:
            return t("⚠️ *Not carried out*: another absence was approved for some of these days meanwhile.")
        case request_states.EXPIRED:
            return t("⚠️ *Not carried out*: nobody decided on it for a year. Please ask again if it still matters.")
        case _:
            return t(
                "⚠️ *Not carried out*: these hours were set otherwise meanwhile. Please ask again if they are wrong."
            )


def subject_words(subject: Subject) -> Phrase:
    """Name what a correction is about."""
    match subject:
        case Subject.CHECK_IN:
            return t("Correction: check-in")
        case Subject.CHECK_OUT:
            return t("Correction: check-out")
        case Subject.BREAK:
            return t("Correction: break")
        case Subject.DAY:
            return t("Correction: day")
        case Subject.REMOVAL:
            return t("Correction: removal")
