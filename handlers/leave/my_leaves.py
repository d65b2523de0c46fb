"""One's own absences and requests: what is approved, what waits and for whom, and what cannot be done here yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.request import ApprovalRequest, NobodyToAsk, RequestKind
from bot.domain.leave.absence import absence_words
from bot.domain.leave.wish import LeaveWish
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply
from bot.services.desk import LeaveDesk
from bot.services.workday.corrections import plan_of
from bot.text import Day, DayTime, Period, Phrase, lines, t
from handlers.approvals.cards import outcome_line, request_lines, request_title, withdraw_press
from handlers.approvals.people import decider_of, names_of_holders
from handlers.leave.words import absence_line, absence_when

router = Router("my-leaves")
AHEAD = timedelta(days=366)
SHOWN = 15
BUTTONS = 5
_HOW = t("To ask for one, just write it: “vacation from 1 to 14 July”, “day off on Friday from 9 to 13”.")


@router.said("my_leave")
async def my_leave(turn: Turn, desk: LeaveDesk) -> Reply:
    """List the absences that are approved or wait, from today on or in the days that were named."""
    rows, waiting = await _ahead(turn, desk, turn.understood.slots)
    if not rows:
        return turn.say(lines(t("No absence of yours is approved or waits."), _HOW))
    return turn.say(lines(t("*Your absences*"), *rows), _withdraw(turn, waiting, desk))


@router.said("my_requests")
async def my_requests(turn: Turn, desk: LeaveDesk) -> Reply:
    """List one's latest requests, each with its state and who holds it; what waits can be taken back."""
    latest = (await desk.approvals.about(turn.employee, SHOWN))[:SHOWN]
    if not latest:
        return turn.say(lines(t("You have not asked for anything yet."), _HOW))
    rows: list[Phrase] = []
    for request in latest:
        at = DayTime(request.created_at, turn.employee.zone)
        rows.append(t("*{what}*, {at}", what=request_title(request), at=at))
        rows += request_lines(request)
        rows.append(await _state(turn, request, desk))
    waiting = [each for each in latest if each.is_open and each.requester_id == turn.employee.id]
    return turn.say(lines(t("*Your requests*"), *rows), _withdraw(turn, waiting, desk))


@router.said("cancel_leave", "move_leave")
async def not_yet(turn: Turn, desk: LeaveDesk) -> Reply:
    """Show the absences: what waits can be taken back, and what is approved is for the lead to settle, for now."""
    rows, waiting = await _ahead(turn, desk, {"kind": turn.understood.slots.get("kind", "")})
    if not rows:
        rows, waiting = await _ahead(turn, desk, {})
    if not rows:
        return turn.say(lines(t("No absence of yours is approved or waits."), _HOW))
    approved = len(rows) > len(waiting)
    return turn.say(
        lines(
            t("*Your absences*"),
            *rows,
            t("What still waits can be withdrawn and asked for anew.") if waiting else None,
            t("An approved absence cannot be cancelled or moved here yet.") if approved else None,
            t("Please talk to {names}: about your absences they decide.", names=await _deciders(turn, desk))
            if approved
            else None,
            t("One day of it can be given up: check in on that day and say that it is a workday.")
            if approved
            else None,
        ),
        _withdraw(turn, waiting, desk),
    )


@router.said("substitute", "delegate")
async def no_deputy(turn: Turn, desk: LeaveDesk) -> Reply:
    """Nobody can stand in for a lead yet: what happens meanwhile, and who can help."""
    others = (each for each in await desk.people.administrators(turn.portal.id) if each.id != turn.employee.id)
    admins = [each.name for each in others]
    return turn.say(
        lines(
            t("Handing approvals over to somebody is not possible yet."),
            t("While you are away, requests wait for you, and whoever asks is told until when."),
            t("What cannot wait an administrator records: {names}", names=", ".join(admins[:3])) if admins else None,
            t("Your own days off you ask for as ever: “vacation from 6 to 19 July”."),
        )
    )


async def _ahead(
    turn: Turn, desk: LeaveDesk, slots: Mapping[str, object]
) -> tuple[list[Phrase], list[ApprovalRequest]]:
    """Return a line for each absence that is approved or waits, of a kind and of days, and the requests that wait."""
    today = turn.now.astimezone(turn.zone).date()
    first, last = _day(slots.get("from_day")) or today, _day(slots.get("to_day")) or today + AHEAD
    kind = str(slots.get("kind", ""))
    approved = await desk.leaves.of(turn.employee, first, last)
    rows = [absence_line(each) for each in approved if not kind or each.kind.value == kind]
    waiting = []
    for request in await desk.approvals.about(turn.employee, 50):
        if request.kind is not RequestKind.LEAVE or not request.is_open:
            continue
        wish = LeaveWish.of_payload(request.payload)
        if wish.last < first or last < wish.first or (kind and wish.kind.value != kind):
            continue
        names = await names_of_holders(request, desk.people)
        what, span = absence_words(wish.kind), absence_when(wish)
        rows.append(t("⏳ {what}: {span}. Decides: {names}", what=what, span=span, names=names))
        waiting.append(request)
    return rows, waiting


async def _state(turn: Turn, request: ApprovalRequest, desk: LeaveDesk) -> Phrase:
    if request.is_open:
        return t("⏳ Waits. Decides: {names}", names=await names_of_holders(request, desk.people))
    return outcome_line(request, await decider_of(request, desk.people), turn.employee.zone)


async def _deciders(turn: Turn, desk: LeaveDesk) -> str:
    try:
        found = await desk.approvals.deciders_about(turn.employee)
    except NobodyToAsk:
        return turn.portal.name
    return ", ".join(each.name for each in found[:3])


def _withdraw(turn: Turn, waiting: Sequence[ApprovalRequest], desk: LeaveDesk) -> Keyboard:
    """Offer to take back what waits: each with its name and days."""
    identity = turn.employee.identity(turn.message.channel)
    if identity is None or not waiting:
        return NO_BUTTONS
    own = [each for each in waiting if each.requester_id == turn.employee.id][:BUTTONS]
    short = [(request_title(each), _shortly(each)) for each in own]

    def label(request: ApprovalRequest) -> Phrase:
        """Two that would read alike are told in full."""
        what, span = request_title(request), _shortly(request)
        in_full = short.count((what, span)) > 1
        return t("Withdraw: {what}, {span}", what=what, span=request_lines(request)[0] if in_full else span)

    return Keyboard.of(*(Button(label(each), withdraw_press(each, identity, desk.seals)) for each in own))


def _shortly(request: ApprovalRequest) -> Phrase:
    """Name the days that a request is about as short as a button wants them."""
    if request.kind is RequestKind.LEAVE and (wish := LeaveWish.of_payload(request.payload)).start is None:
        return t("{period}", period=Period(wish.first, wish.last))
    if request.kind is RequestKind.CORRECTION:
        return t("{day}", day=Day(plan_of(request.payload).days[0]))
    return request_lines(request)[0]


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
