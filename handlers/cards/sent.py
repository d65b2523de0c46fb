"""A request for whoever asked: what was sent to whom, and how it is taken back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import Action
from bot.dispatch.turn import Turn
from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Identity
from bot.ids import short
from bot.messages import NO_BUTTONS, Button, Keyboard, Reply
from bot.services.approvals.approvals import Passed, Sent
from bot.services.approvals.deciders import Asked
from bot.services.approvals.seals import Seals
from bot.text import Day, Lines, Period, Phrase, lines, t
from bot.words.people import mention
from bot.words.requests import days_line, matter_lines, matter_title, outcome_line
from handlers.cards.meanwhile import meanwhile
from handlers.cards.requests import slot_of


@dataclass(frozen=True, slots=True)
class WithdrawPressed(Action, code="wd"):
    """The requester takes a request back."""

    request: str
    seal: str


def withdraw_keyboard(request: ApprovalRequest, identity: Identity, seals: Seals) -> Keyboard:
    """Offer to take the request back."""
    return Keyboard.of(Button(t("Withdraw"), withdraw_press(request, identity, seals)))


def withdraw_press(request: ApprovalRequest, identity: Identity, seals: Seals) -> WithdrawPressed:
    """Return the sealed press by which the requester takes a request back."""
    seal = seals.of(request.id, "w", request.round, identity.channel, identity.account)
    return WithdrawPressed(short(request.id), seal)


def sent(turn: Turn, done: Sent | Passed, seals: Seals) -> Reply:
    """Tell the requester what was sent to whom, with a way to take it back; or that nobody had to be asked."""
    request = done.request
    if isinstance(done, Passed):
        outcome = outcome_line(request, None, turn.employee.zone)
        return turn.conclude(lines(*matter_lines(request.matter), outcome), slot=slot_of(request.id))
    asked, identity = done.deciders, turn.employee.identity(turn.message.channel)
    now = meanwhile(turn, request)
    text = lines(
        *sent_lines(request, ", ".join(each.name for each in asked.people[:3])).lines,
        _stood_in(asked) or (t("(Your own lead cannot be asked now.)") if asked.is_fallback else None),
        *_absent(asked),
        now[0] if now else None,
    )
    buttons = withdraw_keyboard(request, identity, seals) if identity else NO_BUTTONS
    if now:
        buttons = Keyboard.of(now[1], *buttons.rows)
    return turn.conclude(text, buttons, slot=slot_of(request.id))


def sent_lines(request: ApprovalRequest, names: str) -> Lines:
    """Return what was sent and who decides, for whoever asked."""
    what = t("📨 *{what}* – sent", what=matter_title(request.matter))
    return lines(what, *matter_lines(request.matter), t("Decides: {names}", names=names), days_line(request))


def _stood_in(asked: Asked) -> Phrase | None:
    """Tell openly that a substitute is asked, whose, and until when."""
    if asked.instead_of is None or asked.back_after is None:
        return None
    lead, person = mention(asked.instead_of), mention(asked.people[0])
    return t("🔁 {lead} is away until {day}: {person} stands in.", lead=lead, day=Day(asked.back_after), person=person)


def _absent(asked: Asked) -> Sequence[Phrase]:
    """Tell that whoever decides is away, until when, and who can help meanwhile (case 71)."""
    if asked.away_until is None:
        return ()
    away = t("🌙 Away until {day}: the answer may wait that long.", day=Day(asked.away_until))
    names = ", ".join(each.name for each in asked.helpers[:3])
    return (away, t("If it cannot wait, an administrator can help: {names}", names=names)) if names else (away,)


BUTTONS = 5


def withdraw_buttons(turn: Turn, waiting: Sequence[ApprovalRequest], seals: Seals) -> Keyboard:
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
