"""The people around a request, as its cards name them."""

from collections.abc import Callable

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Employee, Identity
from bot.messages import Say
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.text import Lines, Mention, Phrase, lines, t
from bot.words.leave import around_lines
from bot.words.people import mention
from bot.words.requests import matter_lines, matter_title, request_text
from handlers.cards.requests import decide_keyboard, slot_of


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
    absent = None if request.instead_of is None else await people.get(request.instead_of, request.portal_id)
    if absent is None:
        return body
    return lines(*body.lines, t("🔁 Instead of: {person} (away)", person=mention_of(absent)))


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
