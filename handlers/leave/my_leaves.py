"""One's own absences and requests: what is approved, what waits and for whom, and what cannot be done here yet."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import absence_words
from bot.domain.people.employee import Employee
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.text import Day, DayTime, Mention, Period, Phrase, lines, t
from bot.words.leave import absence_line, absence_when
from bot.words.requests import matter_lines, matter_title, outcome_line
from handlers.approvals.routed_lists import own_lines
from handlers.cards.concerned import decider_of, names_of_holders
from handlers.cards.requests import withdraw_press

router = Router("my-leaves")
AHEAD = timedelta(days=366)
SHOWN = 15
BUTTONS = 5
_HOW = t("To ask for one, just write it: “vacation from 1 to 14 July”, “day off on Friday from 9 to 13”.")


@router.said("my_leave")
async def my_leave(turn: Turn, leaves: Leaves, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """List the absences that are approved or wait, from today on or in the days that were named."""
    rows, waiting = await _ahead(turn, leaves, approvals, people, turn.understood.slots)
    if not rows:
        return turn.say(lines(t("No absence of yours is approved or waits."), _HOW))
    return turn.say(lines(t("*Your absences*"), *rows), _withdraw(turn, waiting, seals))


@router.said("my_requests")
async def my_requests(turn: Turn, approvals: Approvals, people: People, seals: Seals, courses: Courses) -> Reply:
    """List one's latest requests, each with its state and who holds it; what waits can be taken back."""
    return await requests_told(turn, approvals, people, seals, courses)


async def requests_told(turn: Turn, approvals: Approvals, people: People, seals: Seals, courses: Courses) -> Reply:
    """Return that list, also where it is asked for in other words."""
    latest = (await approvals.about(turn.employee, SHOWN))[:SHOWN]
    on_routes = await own_lines(turn, courses)
    if not latest and not on_routes:
        return turn.say(lines(t("You have not asked for anything yet."), _HOW))
    rows: list[Phrase] = [*on_routes]
    for request in latest:
        at = DayTime(request.created_at, turn.employee.zone)
        rows.append(t("*{what}*, {at}", what=matter_title(request.matter), at=at))
        rows += matter_lines(request.matter)
        rows.append(await _state(turn, request, people))
    waiting = [each for each in latest if each.is_open and each.requester_id == turn.employee.id]
    return turn.say(lines(t("*Your requests*"), *rows), _withdraw(turn, waiting, seals))


async def withdrawals(
    turn: Turn, leaves: Leaves, approvals: Approvals, people: People, seals: Seals, kind: str
) -> tuple[list[Phrase], Keyboard]:
    """Return a line for each absence that is approved or waits, of that kind, and buttons for those that wait."""
    rows, waiting = await _ahead(turn, leaves, approvals, people, {"kind": kind})
    if not rows:
        rows, waiting = await _ahead(turn, leaves, approvals, people, {})
    return rows, _withdraw(turn, waiting, seals)


def nothing_approved(turn: Turn, subject: Employee) -> Reply:
    """Say that there is nothing to cancel or move."""
    if subject.id != turn.employee.id:
        who = Mention(subject.name, subject.accounts)
        return turn.say(t("{person}: no absence is ahead.", person=who))
    return turn.say(lines(t("No absence of yours is approved or waits."), _HOW))


async def how_others_answer(turn: Turn) -> Reply:
    """Say how others answer, where nothing waits that can be handed over: a button under a card, or a substitute."""
    return turn.say(
        lines(
            t("A request on a route is handed over with the button under its card, where the route lets you."),
            t("So that somebody answers while you are away, write: “Anna stands in for me until Friday”."),
        )
    )


async def _ahead(
    turn: Turn, leaves: Leaves, approvals: Approvals, people: People, slots: Mapping[str, object]
) -> tuple[list[Phrase], list[ApprovalRequest]]:
    """Return a line for each absence that is approved or waits, of a kind and of days, and the requests that wait."""
    today = turn.today
    first, last = _day(slots.get("from_day")) or today, _day(slots.get("to_day")) or today + AHEAD
    kind = str(slots.get("kind", ""))
    approved = await leaves.of(turn.employee, first, last)
    rows = [absence_line(each) for each in approved if not kind or each.kind.value == kind]
    waiting = []
    for request in await approvals.about(turn.employee, 50):
        if not isinstance(request.matter, LeaveMatter) or not request.is_open:
            continue
        wish = request.matter.wish
        if wish.last < first or last < wish.first or (kind and wish.kind.value != kind):
            continue
        names = await names_of_holders(request, people)
        what, span = absence_words(wish.kind), absence_when(wish)
        rows.append(t("⏳ {what}: {span}. Decides: {names}", what=what, span=span, names=names))
        waiting.append(request)
    return rows, waiting


async def _state(turn: Turn, request: ApprovalRequest, people: People) -> Phrase:
    if request.is_open:
        return t("⏳ Waits. Decides: {names}", names=await names_of_holders(request, people))
    return outcome_line(request, await decider_of(request, people), turn.employee.zone)


def _withdraw(turn: Turn, waiting: Sequence[ApprovalRequest], seals: Seals) -> Keyboard:
    """Offer to take back what waits: each with its name and days."""
    identity = turn.employee.identity(turn.message.channel)
    if identity is None or not waiting:
        return NO_BUTTONS
    own = [each for each in waiting if each.requester_id == turn.employee.id][:BUTTONS]
    short = [(matter_title(each.matter), _shortly(each)) for each in own]

    def label(request: ApprovalRequest) -> Phrase:
        """Two that would read alike are told in full."""
        what, span = matter_title(request.matter), _shortly(request)
        in_full = short.count((what, span)) > 1
        return t("Withdraw: {what}, {span}", what=what, span=matter_lines(request.matter)[0] if in_full else span)

    return Keyboard.of(*(Button(label(each), withdraw_press(each, identity, seals)) for each in own))


def _shortly(request: ApprovalRequest) -> Phrase:
    """Name the days that a request is about as short as a button wants them."""
    match request.matter:
        case LeaveMatter(wish=wish) if wish.start is None:
            return t("{period}", period=Period(wish.first, wish.last))
        case CorrectionMatter(plan=plan):
            return t("{day}", day=Day(plan.days[0]))
        case matter:
            return matter_lines(matter)[0]


def _day(value: object) -> date | None:
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
