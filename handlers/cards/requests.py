"""A request's card: the people around it as it names them, and the buttons of whoever decides."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.actions import Action
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Employee, Identity
from bot.ids import short
from bot.messages import NO_BUTTONS, Button, Keyboard, Say
from bot.services.approvals.approvals import SLOT
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Lines, Mention, Phrase, lines, t
from bot.words.leave import around_lines
from bot.words.people import mention
from bot.words.requests import days_line, matter_lines, matter_title, outcome_text, request_text


@dataclass(frozen=True, slots=True)
class SeatPressed(Action, code="ap1"):
    """A button of an approval card: which seat, what (a approve, r reject, u undo), which round, and the seal."""

    seat: str
    what: str
    round: int
    seal: str


@dataclass(frozen=True, slots=True)
class ApproveAllPressed(Action, code="aa"):
    """Show what approving all would mean."""


@dataclass(frozen=True, slots=True)
class CardSlots:
    """Where the cards of one kind of request stand in a conversation."""

    kind: str

    def of(self, request_id: int) -> str:
        """Return the slot of a request's card."""
        return f"{self.kind}:{request_id}"

    def request_in(self, slot: str) -> int | None:
        """Return the request whose card stands in a slot, if it is one of this kind."""
        kind, _, number = slot.partition(":")
        return int(number) if kind == self.kind and number.isdigit() else None


SLOTS = CardSlots(SLOT)
slot_of, request_of = SLOTS.of, SLOTS.request_in


def page_of(request_id: int) -> str:
    """Return the page of a request."""
    return f"/approvals/{request_id}"


async def deciding_body(request: ApprovalRequest, people: People, arounds: Arounds) -> Lines:
    """Return the card's words for whoever is to decide: with what else there is on those days."""
    return lines(*(await card_body(request, people)).lines, *around_lines(await arounds.of(request)))


async def card_body(request: ApprovalRequest, people: People) -> Lines:
    """Return the card's words: who, what, before → after, why."""
    subject = await people.get(request.subject_id, request.portal_id)
    requester = await people.get(request.requester_id, request.portal_id)
    if subject is None or requester is None:
        return lines(matter_title(request.matter))
    body = request_text(request, subject, requester, tells_why=True)
    return lines(*body.lines, *await _how_it_came(request, people))


async def _how_it_came(request: ApprovalRequest, people: People) -> list[Phrase]:
    """Say why somebody else than the lead is asked: instead of whom, by whom, or because no answer came."""
    told: list[Phrase] = []
    if (days := days_line(request)) is not None:
        told.append(days)
    if request.instead_of is not None and (absent := await people.get(request.instead_of, request.portal_id)):
        told.append(t("🔁 Instead of: {person} (away)", person=mention_of(absent)))
    if request.handed_by is not None and (giver := await people.get(request.handed_by, request.portal_id)):
        told.append(t("➡️ Handed over by {person}", person=mention_of(giver)))
    if request.is_open and request.has_escalated:
        told.append(t("⏫ No answer in time: others are asked too"))
    return told


async def outcome_card(request: ApprovalRequest, decider: Employee | None, reader: Employee, people: People) -> Say:
    """Return the card with how it ended, in place of the one that asked, without buttons."""
    text = outcome_text(request, await card_body(request, people), decider, reader.zone)
    return Say(text, slot=slot_of(request.id), edit=True)


async def request_line(request: ApprovalRequest, people: People, number: int = 0) -> Phrase:
    """Return a request in one line, for lists; with its number where they are counted."""
    rows = matter_lines(request.matter)
    values = {"person": await subject_of(request, people), "what": matter_title(request.matter)}
    if number:
        return t("{number}. {person}: {what} – {change}", number=number, change=rows[0], **values)
    if not rows:
        return t("• {person}: {what}", **values)
    return t("• {person}: {what} – {change}", change=rows[0], **values)


async def subject_of(request: ApprovalRequest, people: People) -> Mention | str:
    """Return the person whose time it is about."""
    subject = await people.get(request.subject_id, request.portal_id)
    return mention(subject) if subject else "?"


async def decider_of(request: ApprovalRequest, people: People) -> Employee | None:
    """Return who decided, if somebody did."""
    ballot = request.ballot
    return await people.get(ballot.by_id, request.portal_id) if ballot else None


async def holders_of(request: ApprovalRequest, people: People) -> list[Employee]:
    """Return everybody who may answer."""
    found = [await people.get(each, request.portal_id) for each in request.holders]
    return [each for each in found if each is not None]


async def names_of_holders(request: ApprovalRequest, people: People) -> str:
    """Return the names of those who may answer, the first three."""
    return ", ".join(each.name for each in (await holders_of(request, people))[:3])


async def concerned_by(request: ApprovalRequest, people: People) -> list[Employee]:
    """Everybody in whose chats a card may be."""
    ids = dict.fromkeys((*request.holders, request.requester_id, request.subject_id))
    found = [await people.get(each, request.portal_id) for each in ids]
    return [each for each in found if each is not None]


def mention_of(employee: Employee | None) -> Mention | str:
    """Return the person as a link where the reader's channel knows them."""
    return mention(employee) if employee else "?"


async def holder_card(
    request: ApprovalRequest, holder: Employee, people: People, arounds: Arounds, seals: Seals
) -> Callable[[Identity], Say]:
    """Return what makes the card for one of the holder's accounts: its buttons are sealed for that account."""
    body = await deciding_body(request, people, arounds)

    def card(identity: Identity) -> Say:
        return Say(body, decide_keyboard(request, identity, holder, seals), slot=slot_of(request.id))

    return card


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
        ),
        page=page_of(request.id),
    )


def undo_keyboard(request: ApprovalRequest, identity: Identity, holder: Employee, seals: Seals) -> Keyboard:
    """Offer to take the decision back, which can be done once (E17)."""
    seat = request.seat_of(holder.id)
    if seat is None or seat.undos_left < 1:
        return NO_BUTTONS
    return Keyboard.of(Button(t("↩️ Take back (30 s)"), seat_button(request, identity, holder, "u", seals)))
