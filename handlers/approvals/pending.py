"""What waits for a person's decision: the list, and approving all of it after a look."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.matter import LeaveChangeMatter, LeaveMatter
from bot.domain.approvals.refusals import ApprovalRefusal
from bot.domain.approvals.request import ApprovalRequest, ChangedMeanwhile
from bot.domain.approvals.rule import Verdict
from bot.messages import NO_BUTTONS, QUESTION, Button, Keyboard, Reply, Say, Words
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses, Standing
from bot.services.approvals.seals import Seals
from bot.services.approvals.waiting import Waiting, all_that_waits
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Phrase, lines, t, tn
from bot.words.leave import around_lines
from bot.words.requests import matter_lines, matter_title, outcome_line
from bot.words.routed import card
from bot.words.waiting import urgent_lines
from handlers.approvals.routed import shown_card
from handlers.approvals.routed_batch import approve_as_shown, fields_seen, on_route_lines
from handlers.approvals.routed_lists import cards_of, own_lines, waiting_standings
from handlers.cards.requests import (
    ApproveAllPressed,
    decide_keyboard,
    decider_of,
    deciding_body,
    names_of_holders,
    request_line,
    slot_of,
)
from handlers.read_back import ReadBack, read_back

router = Router("pending")
SHOWN_AS_CARDS = 5
LISTED = 20
MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class ConfirmBatch(ReadBack):
    """We showed what would be approved, and wait for a yes."""

    yes: ClassVar[Words] = t("✅ Yes, all")
    dropped: ClassVar[Words] = t("Nothing was decided. The requests still wait.")
    requests: list[int]
    versions: list[int] = field(default_factory=list)
    """How each was when it was shown; what changed since is not approved unseen."""
    routed: list[int] = field(default_factory=list)
    """Those on routes, with the seat and the fields that were shown."""
    seats: list[int] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


@router.command("approvals", t("What waits for my decision"), intents=("approvals",))
async def waiting(
    turn: Turn, approvals: Approvals, people: People, arounds: Arounds, seals: Seals, courses: Courses
) -> Reply:
    """Show what waits, numbered: the first as cards, the others as a list, with “approve all”."""
    requests = await approvals.looked_through(turn.employee, turn.now)
    waits = await all_that_waits(courses, requests, turn.employee, turn.now)
    small = await approvals.passed_by_themselves(turn.employee, turn.now)
    own = await own_requests(turn, approvals, people, await own_lines(turn, courses))
    if not waits.count:
        nothing = t("Nothing waits for your decision.")
        return turn.say(lines(nothing, *await _small(small, people), *own))
    heading = tn("*{count} request waits for you*", "*{count} requests wait for you*", waits.count)
    all_of_them = Keyboard.of(Button(t("✅ Approve all…"), ApproveAllPressed())) if waits.count > 1 else NO_BUTTONS
    rest = await _rest(waits.ordered, people, turn.employee.locale)
    text = lines(heading, *urgent_lines(waits, turn.employee), *rest, *await _small(small, people), *own)
    return Reply((Say(text, all_of_them), *await _cards(turn, waits, people, arounds, seals)))


async def _rest(waiting: Sequence[ApprovalRequest | Standing], people: People, locale: str) -> list[Phrase]:
    """What is not shown as a card: its place in the count goes on from theirs."""
    rest = waiting[SHOWN_AS_CARDS:]
    if not rest:
        return []
    more = tn("{shown} are below as cards, {count} more:", "{shown} are below as cards, {count} more:", len(rest))
    heading = Phrase(more.message, {**more.values, "shown": SHOWN_AS_CARDS}, more.plural, more.count)
    rows = []
    for number, each in enumerate(rest[:LISTED], SHOWN_AS_CARDS + 1):
        if isinstance(each, ApprovalRequest):
            rows.append(await request_line(each, people, number))
        else:
            rows.append(on_route_lines(each, locale, number)[0])
    left = len(rest) - len(rows)
    return [heading, *rows, *([tn("… and {count} more", "… and {count} more", left)] if left else [])]


async def _cards(turn: Turn, waits: Waiting, people: People, arounds: Arounds, seals: Seals) -> list[Say]:
    """Return the most pressing as cards that can be answered, no more of them than a phone shows."""
    says: list[Say] = []
    shown = waits.ordered[:SHOWN_AS_CARDS]
    single = [each for each in shown if isinstance(each, ApprovalRequest)]
    of_single = await cards(turn, single, people, arounds, seals, waits)
    for each in shown:
        says += [of_single.pop(0)] if isinstance(each, ApprovalRequest) and of_single else []
        says += [] if isinstance(each, ApprovalRequest) else cards_of(turn, [each], seals)
    return says


async def cards(
    turn: Turn,
    requests: Sequence[ApprovalRequest],
    people: People,
    arounds: Arounds,
    seals: Seals,
    waits: Waiting | None = None,
) -> list[Say]:
    """Return the first of the requests as cards that can be answered, each with its place among them all.

    All of them are those that were found, or everything that waits.
    """
    count, first = (len(requests), 1) if waits is None else (waits.count, 1 + len(waits.urgent))
    identity = turn.employee.identity(turn.message.channel)
    if identity is None:
        return []
    says: list[Say] = []
    for number, request in enumerate(requests[:SHOWN_AS_CARDS], first):
        place = t("{number} of {all}", number=number, all=count) if count > 1 else None
        text = lines(place, *(await deciding_body(request, people, arounds)).lines)
        buttons = decide_keyboard(request, identity, turn.employee, seals)
        says.append(Say(text, buttons, slot=slot_of(request.id)))
    return says


@router.pressed(ApproveAllPressed)
async def approve_all(
    turn: Turn, press: ApproveAllPressed, approvals: Approvals, people: People, arounds: Arounds, courses: Courses
) -> Reply:
    """Show once more what would be approved, and ask."""
    del press
    requests = (await approvals.looked_through(turn.employee, turn.now))[:MOST_AT_ONCE]
    routed = (await waiting_standings(turn, courses))[:MOST_AT_ONCE]
    if not requests and not routed:
        return turn.conclude(t("Nothing waits for your decision."))
    return await ask_batch(turn, requests, people, arounds, routed)


async def ask_batch(
    turn: Turn,
    requests: Sequence[ApprovalRequest],
    people: People,
    arounds: Arounds,
    routed: Sequence[Standing] = (),
) -> Reply:
    """Show what would be approved, with what else there is on those days, and ask."""
    if not requests and len(routed) == 1:
        text = lines(t("Approve this?"), *card(routed[0], turn.employee).lines)
        return read_back(turn, _batch(turn, requests, routed), text, yes=t("✅ Approve"))
    if len(requests) == 1 and not routed:
        text = lines(t("Approve this?"), *(await deciding_body(requests[0], people, arounds)).lines)
        return read_back(turn, _batch(turn, requests, routed), text, yes=t("✅ Approve"))
    rows: list[Phrase] = []
    for number, each in enumerate(requests, 1):
        rows += [await request_line(each, people, number), *around_lines(await arounds.of(each))]
    for number, on_route in enumerate(routed, len(requests) + 1):
        rows += on_route_lines(on_route, turn.employee.locale, number)
    heading = tn("Approve {count} request?", "Approve all {count} requests?", len(requests) + len(routed))
    return read_back(turn, _batch(turn, requests, routed), lines(heading, *rows))


def _batch(turn: Turn, requests: Sequence[ApprovalRequest], routed: Sequence[Standing]) -> ConfirmBatch:
    marks = [each.request.seat_of(turn.employee.id) for each in routed]
    return ConfirmBatch(
        [each.id for each in requests],
        [each.version for each in requests],
        [each.request.id for each in routed],
        [0 if each is None else each.id for each in marks],
        [fields_seen(each) for each in routed],
    )


@router.agreed(ConfirmBatch)
async def approve_batch(
    turn: Turn, asked: ConfirmBatch, approvals: Approvals, people: People, courses: Courses, seals: Seals
) -> Reply:
    """Approve what was shown; what was decided or changed meanwhile is listed with the reason (E20)."""
    done = 0
    left: list[Phrase] = []
    seen = dict(zip(asked.requests, asked.versions, strict=False))
    for request_id in asked.requests:
        request = await approvals.get(turn.portal.id, request_id)
        try:
            await approvals.decide(request, turn.employee, Verdict.APPROVED, turn.now, seen=seen.get(request_id, -1))
        except ChangedMeanwhile as changed:
            left.append(await _not_as_shown(changed.request, people))
        except ApprovalRefusal:
            decider = await decider_of(request, people)
            outcome = outcome_line(request, decider, turn.employee.zone)
            left.append(t("{request} – {outcome}", request=await request_line(request, people), outcome=outcome))
        else:
            done += 1
    hint = (
        t("You can take each back for 30 seconds on its card.") if done and not asked.routed else None
    )  # each route has its own time
    shown: list[Say] = []
    for request_id, seat_id, fields in zip(asked.routed, asked.seats, asked.seen, strict=True):
        after, why_not = await approve_as_shown(turn, courses, request_id, seat_id, fields)
        if why_not is None:
            done += 1
            shown.append(shown_card(turn, after, seals))
        else:
            (row,) = on_route_lines(after, turn.employee.locale)[:1]
            left.append(t("{request} – {outcome}", request=row, outcome=why_not))
    heading = tn("✅ {count} request approved.", "✅ {count} requests approved.", done)
    said = turn.place(lines(heading, hint, *left), NO_BUTTONS, QUESTION)
    return Reply((said, *shown), ends=True)


async def _not_as_shown(current: ApprovalRequest, people: People) -> Phrase:
    """Say why something is not approved: its days were taken meanwhile, or its hours are others."""
    line = await request_line(current, people)
    if isinstance(current.matter, (LeaveMatter, LeaveChangeMatter)):
        return t("{request} – {outcome}", request=line, outcome=outcome_line(current, None, ""))
    return t("{request} – the hours were changed meanwhile", request=line)


async def _small(requests: Sequence[ApprovalRequest], people: People) -> list[Phrase]:
    """What passed by itself this week, for the lead to know."""
    if not requests:
        return []
    return [
        t("*Small changes of the last week, made without asking:*"),
        *[await request_line(e, people) for e in requests[:10]],
    ]


async def own_requests(turn: Turn, approvals: Approvals, people: People, more: Sequence[Phrase] = ()) -> list[Phrase]:
    """What the person asked for and waits on."""
    latest = await approvals.about(turn.employee)
    own = [each for each in latest if each.is_open and each.requester_id == turn.employee.id]
    rows = [*[await asked_line(each, people) for each in own], *more]
    return [t("*You asked for:*"), *rows] if rows else []


async def asked_line(request: ApprovalRequest, people: People) -> Phrase:
    """Say who holds a request with one seat."""
    what, change, who = (
        matter_title(request.matter),
        matter_lines(request.matter)[0],
        await names_of_holders(request, people),
    )
    return t("• {what} – {change}. Decides: {names}", what=what, change=change, names=who)
