"""How a request looks: to the person who asked, to whoever decides, and once it has an outcome."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.actions import Action
from bot.dispatch.turn import Turn
from bot.domain.approvals import request as request_states
from bot.domain.approvals.matter import (
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.leave.absence import absence_words
from bot.domain.people.employee import Employee, Identity
from bot.domain.reports.limits import LimitKind
from bot.domain.workday.correction import Plan, Span, Subject
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply
from bot.services.approvals.approvals import SLOT, Passed, Sent
from bot.services.approvals.deciders import Asked
from bot.services.approvals.seals import Seals
from bot.text import Day, Duration, Lines, Mention, Period, Phrase, Place, Time, lines, t
from bot.words.leave import absence_when, change_lines, change_title
from handlers.cards.meanwhile import meanwhile

MOST_BREAKS = 3
"""So many breaks are told by their times where one of them is corrected."""


@dataclass(frozen=True, slots=True)
class SeatPressed(Action, code="ap1"):
    """A button of an approval card: which seat, what (a approve, r reject, u undo), which round, and the seal."""

    seat: str
    what: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class WithdrawPressed(Action, code="wd"):
    """The requester takes a request back."""

    request: str
    seal: str


def short(number: int) -> str:
    """Return an id in 13 characters of base32."""
    return base64.b32encode(number.to_bytes(8, "big")).decode().rstrip("=")


def long(text: str) -> int:
    """Read what `short` wrote; ValueError for anything else."""
    return int.from_bytes(base64.b32decode(text + "=" * (-len(text) % 8)), "big")


def slot_of(request_id: int) -> str:
    """Return the slot of a request's card in a conversation."""
    return f"{SLOT}:{request_id}"


def seat_button(request: ApprovalRequest, identity: Identity, holder: Employee, what: str, seals: Seals) -> SeatPressed:
    """Return the sealed press for a holder's account."""
    seat = request.seat_of(holder.id) or request.seats[0]
    seal = seals.of(seat.id, what, request.round, identity.channel, identity.account)
    return SeatPressed(short(seat.id), what, request.round, seal)


def decide_keyboard(request: ApprovalRequest, identity: Identity, holder: Employee, seals: Seals) -> Keyboard:
    """Offer approve and reject."""
    return Keyboard.of(
        (
            Button(t("✅ Approve"), seat_button(request, identity, holder, "a", seals), style="success"),
            Button(t("❌ Reject"), seat_button(request, identity, holder, "r", seals), style="danger"),
        )
    )


def undo_keyboard(request: ApprovalRequest, identity: Identity, holder: Employee, seals: Seals) -> Keyboard:
    """Offer to take the decision back, which can be done once (E17)."""
    seat = request.seat_of(holder.id)
    if seat is None or seat.undos_left < 1:
        return NO_BUTTONS
    return Keyboard.of(Button(t("↩️ Take back (30 s)"), seat_button(request, identity, holder, "u", seals)))


def withdraw_keyboard(request: ApprovalRequest, identity: Identity, seals: Seals) -> Keyboard:
    """Offer to take the request back."""
    return Keyboard.of(Button(t("Withdraw"), withdraw_press(request, identity, seals)))


def withdraw_press(request: ApprovalRequest, identity: Identity, seals: Seals) -> WithdrawPressed:
    """Return the sealed press by which the requester takes a request back."""
    seal = seals.of(request.id, "w", request.round, identity.channel, identity.account)
    return WithdrawPressed(short(request.id), seal)


def request_text(request: ApprovalRequest, subject: Employee, requester: Employee, *, tells_why: bool) -> Lines:
    """Say who, what, before → after, and why."""
    by_another = requester.id != subject.id
    heading = t("📝 *{what}* – {person}", what=matter_title(request.matter), person=_person(subject))
    return lines(
        heading,
        t("Asked by {person}", person=_person(requester)) if by_another else None,
        *matter_lines(request.matter),
        t("Why: {reason}", reason=request.reason) if request.reason and tells_why else None,
    )


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
    who = _person(decider) if decider is not None else t("somebody")
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


def _person(employee: Employee) -> Mention:
    return Mention(employee.name, employee.accounts)


def sent(turn: Turn, done: Sent | Passed, seals: Seals) -> Reply:
    """Tell the requester what was sent to whom, with a way to take it back; or that nobody had to be asked."""
    request = done.request
    if isinstance(done, Passed):
        outcome = outcome_line(request, None, turn.employee.zone)
        return turn.conclude(lines(*matter_lines(request.matter), outcome), slot=slot_of(request.id))
    asked, identity = done.deciders, turn.employee.identity(turn.message.channel)
    now = meanwhile(turn, request)
    text = lines(
        t("📨 *{what}* – sent", what=matter_title(request.matter)),
        *matter_lines(request.matter),
        t("Decides: {names}", names=", ".join(each.name for each in asked.people[:3])),
        _stood_in(asked) or (t("(Your own lead cannot be asked now.)") if asked.is_fallback else None),
        *_absent(asked),
        now[0] if now else None,
    )
    buttons = withdraw_keyboard(request, identity, seals) if identity else NO_BUTTONS
    if now:
        buttons = Keyboard.of(now[1], *buttons.rows)
    return turn.conclude(text, buttons, slot=slot_of(request.id))


def _stood_in(asked: Asked) -> Phrase | None:
    """Tell openly that a substitute is asked, whose, and until when."""
    if asked.instead_of is None or asked.back_after is None:
        return None
    lead, person = _person(asked.instead_of), _person(asked.people[0])
    return t("🔁 {lead} is away until {day}: {person} stands in.", lead=lead, day=Day(asked.back_after), person=person)


def _absent(asked: Asked) -> Sequence[Phrase]:
    """Tell that whoever decides is away, until when, and who can help meanwhile (case 71)."""
    if asked.away_until is None:
        return ()
    away = t("🌙 Away until {day}: the answer may wait that long.", day=Day(asked.away_until))
    names = ", ".join(each.name for each in asked.helpers[:3])
    return (away, t("If it cannot wait, an administrator can help: {names}", names=names)) if names else (away,)
