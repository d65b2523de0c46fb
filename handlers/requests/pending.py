"""What waits for a person's decision: the list, and approving all of it after a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approval import (
    ApprovalRefusal,
    ApprovalRequest,
    Verdict,
)
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply, Say, Words
from bot.services.approvals import Approvals
from bot.services.people import People
from bot.services.seals import Seals
from bot.text import Phrase, lines, t, tn
from handlers.asking import ReadBack, read_back
from handlers.requests.cards import (
    decide_keyboard,
    is_running,
    outcome_line,
    request_lines,
    request_title,
    slot_of,
)
from handlers.requests.people import (
    card_body,
    decider_of,
    request_line,
)

router = Router("pending")
SHOWN_AS_CARDS = 5


@dataclass(frozen=True, slots=True)
class ConfirmBatch(ReadBack):
    """We showed what “approve all” would approve."""

    yes: ClassVar[Words] = t("✅ Yes, all")
    dropped: ClassVar[Words] = t("Nothing was decided. The requests still wait.")
    requests: list[int]


@dataclass(frozen=True, slots=True)
class ApproveAllPressed(Action, code="aa"):
    """Show what approving all would mean."""


@router.command("approvals", t("What waits for my decision"), intents=("approvals",))
async def waiting(turn: Turn, approvals: Approvals, people: People, seals: Seals) -> Reply:
    """Show what waits: each as a card while they are few, else as a list with “approve all”."""
    requests = await approvals.looked_through(turn.employee, turn.now)
    small = await approvals.passed_by_themselves(turn.employee, turn.now) if turn.employee.leads else ()
    if not requests:
        nothing = t("Nothing waits for your decision.")
        return turn.say(lines(nothing, *await _small(small, people), *await _own(turn, approvals, people)))
    says: list[Say] = []
    heading = tn("*{count} request waits for you*", "*{count} requests wait for you*", len(requests))
    identity = turn.employee.identity(turn.message.channel)
    all_of_them = Keyboard.of(Button(t("✅ Approve all…"), ApproveAllPressed())) if len(requests) > 1 else NO_BUTTONS
    rest = requests[SHOWN_AS_CARDS:]
    more = [await request_line(each, people) for each in rest[:20]]
    own = await _own(turn, approvals, people)
    says.append(Say(lines(heading, *more, *await _small(small, people), *own), all_of_them))
    for request in requests[:SHOWN_AS_CARDS]:
        if identity is not None:
            buttons = decide_keyboard(request, identity, turn.employee, seals)
            says.append(Say(await card_body(request, people), buttons, slot=slot_of(request.id)))
    return Reply(tuple(says))


@router.pressed(ApproveAllPressed)
async def approve_all(turn: Turn, press: ApproveAllPressed, approvals: Approvals, people: People) -> Reply:
    """Show once more what would be approved, and ask."""
    del press
    requests = (await approvals.looked_through(turn.employee, turn.now))[:50]
    if not requests:
        return turn.settle(t("Nothing waits for your decision."))
    heading = tn("Approve {count} request?", "Approve all {count} requests?", len(requests))
    rows = [await request_line(each, people) for each in requests]
    return read_back(turn, ConfirmBatch([each.id for each in requests]), lines(heading, *rows))


@router.agreed(ConfirmBatch)
async def approve_batch(turn: Turn, asked: ConfirmBatch, approvals: Approvals, people: People) -> Reply:
    """Approve what was shown; what was decided or changed meanwhile is listed with the reason (E20)."""
    done = 0
    left: list[Phrase] = []
    for request_id in asked.requests:
        request = await approvals.get(turn.portal.id, request_id)
        try:
            current = await approvals.look_again(request, turn.now)
            if current is not request and not (current.is_open and is_running(request)):
                left.append(
                    t("{request} – the hours were changed meanwhile", request=await request_line(current, people))
                )
                continue
            await approvals.decide(current, turn.employee, Verdict.APPROVED, turn.now)
        except ApprovalRefusal:
            decider = await decider_of(request, people)
            outcome = outcome_line(request, decider, turn.employee.zone)
            left.append(t("{request} – {outcome}", request=await request_line(request, people), outcome=outcome))
        else:
            done += 1
    heading = tn("✅ {count} request approved.", "✅ {count} requests approved.", done)
    hint = t("You can take each back for 30 seconds on its card.") if done else None
    return turn.settle(lines(heading, hint, *left))


async def _small(requests: Sequence[ApprovalRequest], people: People) -> list[Phrase]:
    """What passed by itself this week, for the lead to know."""
    if not requests:
        return []
    return [
        t("*Small changes of the last week, made without asking:*"),
        *[await request_line(e, people) for e in requests[:10]],
    ]


async def _own(turn: Turn, approvals: Approvals, people: People) -> list[Phrase]:
    """What the person asked for and waits on, for «мои заявки» is said by employees as well."""
    latest = await approvals.about(turn.employee)
    own = [each for each in latest if each.is_open and each.requester_id == turn.employee.id]
    return [t("*You asked for:*"), *[await _asked_line(each, people) for each in own]] if own else []


async def _asked_line(request: ApprovalRequest, people: People) -> Phrase:
    rows = request_lines(request)
    names = [each.name for holder in request.holders if (each := await people.get(holder, request.portal_id))]
    what, change, who = request_title(request), rows[0], ", ".join(names[:3])
    return t("• {what} – {change}. Decides: {names}", what=what, change=change, names=who)
