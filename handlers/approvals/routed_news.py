"""What happens to a request on a route, and who learns of it: every copy of its card tells the truth."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.events import AccessChanged, ErrandEnded, RoutedCarried
from bot.domain.people.employee import Employee, Identity
from bot.messages import NO_BUTTONS, Button, Keyboard, Say
from bot.ports import Job
from bot.services.approvals.courses import ON_ROUTE, REMIND, Courses, Standing
from bot.services.approvals.effects import request_of
from bot.services.approvals.seals import Seals
from bot.services.people.invitations import Invitations
from bot.services.people.people import People
from bot.services.people.portals import Portals
from bot.text import DayTime, Lines, Phrase, lines, t, tn
from bot.words.people import named
from bot.words.routed import answer_line, changed_lines, outcome_lines, title
from handlers.approvals.replied import SAID
from handlers.cards.routed import CardTexts, answer_own, maker, slot_of

router = Router("routed news")
REMINDED = 10
_INVITATION = t("💡 You can answer such requests in Telegram too, with one tap: /link")


@router.happened(RoutedCarried)
async def tell(
    event: RoutedCarried,
    occasion: Occasion,
    courses: Courses,
    seals: Seals,
    portals: Portals,
    invitations: Invitations,
) -> Sequence[Notice]:
    """Whoever is asked anew gets a card; every other copy changes; whoever asked learns what they have to know."""
    before, after = event.before, event.after
    if before is not None and not event.did and _stands_as_before(before, after):
        return ()
    standing = await courses.standing(after, occasion.now)
    # The card comes last: it is what somebody in a hurry has to see.
    invited = await invitations.due(_asked_anew(before, standing), occasion.now)
    told = [Notice(each, Say(_INVITATION)) for each in invited]
    if before is not None and event.did == "change":
        told += _changed(before, standing)
    told += [*_asked(event, standing, occasion, seals), *_initiator(event, standing, occasion, seals)]
    if before is not None and before.is_open and standing.ended_outside == "removed":
        portal = await portals.get(event.portal_id)
        told += _removed(before, standing, "" if portal is None else portal.key)
    return told


def _changed(before: RoutedRequest, standing: Standing) -> Sequence[Notice]:
    """Whoever was asked, and whoever asked, learn what is another on the portal now: old and new (E50)."""
    concerned = (standing.somebody(each) for each in dict.fromkeys((*before.holders, before.initiator_id)))
    told = ((each, changed_lines(standing, before, each)) for each in concerned if each is not None)
    return [Notice(each, Say(lines(_about(standing, each), *said))) for each, said in told if said]


def _removed(before: RoutedRequest, standing: Standing, realm: str) -> Sequence[Notice]:
    """Tell whoever asked or was asked, where they can be reached without the portal: its own bot is gone.

    Who has nothing but the portal is written to there all the same.
    """
    people = map(standing.somebody, dict.fromkeys((before.initiator_id, *before.holders)))
    told = []
    for each in people:
        if each is not None:
            others = tuple(place for place in each.identities if place.realm != realm and place.is_reachable)
            told.append(Notice(replace(each, identities=others or each.identities), Say(_ended(standing, each))))
    return told


def _asked_anew(before: RoutedRequest | None, standing: Standing) -> list[Employee]:
    """Return who may answer now and was not asked before."""
    had = {each.employee_id for each in before.asked} if before is not None else set()
    return [each for each in standing.holders() if each.id not in had]


def _stands_as_before(before: RoutedRequest, after: RoutedRequest) -> bool:
    return (before.state, before.running.stage, before.asked) == (after.state, after.running.stage, after.asked)


def _asked(event: RoutedCarried, standing: Standing, occasion: Occasion, seals: Seals) -> Sequence[Notice]:
    before, request = event.before, standing.request
    known = {each.id for each in before.seats} if before is not None else set()
    had = {each.employee_id for each in before.asked} if before is not None else set()
    notices: list[Notice] = []
    texts = CardTexts(standing)
    for each in request.asked:
        person = standing.somebody(each.employee_id)
        if person is None or person.id == request.initiator_id:
            continue
        is_new = each.seat_id is not None and (each.seat_id not in known or person.id not in had)
        told_in = occasion.told_in if event.by_id == person.id else ("", "")
        notices += _copies(texts, person, told_in, seals, is_new=is_new)
    return notices


def _copies(
    texts: CardTexts, person: Employee, told_in: tuple[str, str], seals: Seals, *, is_new: bool
) -> Sequence[Notice]:
    """Change every copy that a person has; what is news comes as a message, and above it stays a copy without buttons.

    Whoever did it is shown the card by the answer, in `told_in`.
    """
    changed = maker(texts, person, seals, edit=True)

    def left_above(identity: Identity) -> Say:
        return replace(changed(identity), keyboard=NO_BUTTONS)

    if not is_new:
        return [Notice(person, changed, "everywhere", skip=told_in)]
    return [
        Notice(person, left_above, skip=told_in),
        Notice(person, changed, "elsewhere", skip=told_in),
        Notice(person, maker(texts, person, seals), skip=told_in),
    ]


def _initiator(event: RoutedCarried, standing: Standing, occasion: Occasion, seals: Seals) -> Sequence[Notice]:
    request = standing.request
    initiator = standing.somebody(request.initiator_id)
    if initiator is None:
        return ()
    was = event.before.state if event.before is not None else ""
    has_changed = request.state != was
    is_back = has_changed and request.state == "rework"
    told_in = occasion.told_in if event.by_id == initiator.id else ("", "")
    # Begun in their name by a rule or a process: nothing of theirs has been answered by the card.
    began_without_them = event.before is None and not any(told_in)
    notices = [*_copies(CardTexts(standing), initiator, told_in, seals, is_new=is_back or began_without_them)]
    is_told = standing.ended_outside != "removed" and (request.state != "withdrawn" or standing.ended_outside)
    if has_changed and not request.is_open and is_told:
        notices.append(Notice(initiator, Say(_ended(standing, initiator))))
    if event.did in {"comment", "ask"} and request.record:
        notices += _said(event, standing, initiator, seals)
    return notices


def _said(event: RoutedCarried, standing: Standing, initiator: Employee, seals: Seals) -> Sequence[Notice]:
    """A remark goes to whoever began it; theirs goes to those who answer, and to whoever asked them something."""
    request = standing.request
    said = answer_line(standing, request.record[-1])
    slot = f"{SAID}:{slot_of(request.id)}:{len(request.record)}"
    if event.by_id == initiator.id:
        curious = {each.actor_id for each in standing.answers() if each.what == "ask"}
        readers = {each.id: each for each in standing.holders()}
        readers |= {each.id: each for each in map(standing.somebody, curious) if each is not None}
        return [
            Notice(each, Say(lines(_about(standing, each), said), slot=slot))
            for each in readers.values()
            if each.id != initiator.id
        ]
    text = lines(_about(standing, initiator), said)
    if not request.is_open:
        return [Notice(initiator, Say(text, slot=slot))]

    def answerable(identity: Identity) -> Say:
        return Say(text, Keyboard.of(Button(t("💬 Answer"), answer_own(request, identity, seals))), slot=slot)

    return [Notice(initiator, answerable)]


def _ended(standing: Standing, reader: Employee) -> Lines:
    """Return the news that a request has ended: by whose answer, if by one, and what follows."""
    is_answered = not (standing.running.ended_by_clock or standing.ended_outside)
    answers = standing.answers()[-1:] if is_answered else ()
    return lines(
        _about(standing, reader), *(answer_line(standing, each) for each in answers), *outcome_lines(standing, reader)
    )


def _about(standing: Standing, reader: Employee) -> Phrase:
    return t("*{what}*", what=title(standing, reader.locale))


@router.happened(ErrandEnded)
async def errand_ended(event: ErrandEnded, occasion: Occasion, courses: Courses, seals: Seals) -> Sequence[Notice]:
    """What became of it on the portal: every copy of its request's card tells it, in place."""
    number = request_of(event.errand)
    if number is None:
        return ()
    with suppress(UnknownRequest):
        standing = await courses.standing(await courses.get(event.portal_id, number), occasion.now)
        if standing.request.is_open:
            return ()
        texts, told = CardTexts(standing), list[Notice]()
        people = dict.fromkeys((standing.request.initiator_id, *(each.employee_id for each in standing.request.asked)))
        for person in map(standing.somebody, people):
            if person is not None:
                told += _copies(texts, person, ("", ""), seals, is_new=False)
        return told
    return ()


@router.happened(AccessChanged)
async def access_changed(
    event: AccessChanged, occasion: Occasion, courses: Courses, people: People
) -> Sequence[Notice]:
    """Somebody does not work here any more: their open seats go on to others, their answers stay (E24, E25)."""
    person = await people.get(event.employee_id, event.portal_id) if event.is_disabled else None
    if person is not None:
        await courses.dismiss(person, occasion.now)
    return ()


@router.due(ON_ROUTE)
async def time_passes(job: Job, courses: Courses, occasion: Occasion) -> None:
    """Something of a request fell due: it settles, goes on, reminds, or ends."""
    with suppress(UnknownRequest):  # it went with whoever was erased meanwhile: nothing is left to be done
        request = await courses.get(job.portal_id, int(job.payload["request_id"]))
        await courses.tick(request, occasion.now)


@router.due(REMIND)
async def remind(job: Job, courses: Courses, people: People, occasion: Occasion) -> Sequence[Notice]:
    """One message about everything that waits for a person, however many reminders fell together (E44)."""
    person = await people.told_by_itself(int(job.key), job.portal_id)
    waiting = [] if person is None else await courses.waiting_for(person)
    if person is None or not waiting:
        return ()
    heading = tn(
        "⏰ *{count} request waits for your answer*", "⏰ *{count} requests wait for your answer*", len(waiting)
    )
    rows = []
    for each in waiting[:REMINDED]:
        standing = await courses.standing(each, occasion.now)
        due = standing.due
        if due is None:
            continue
        values = {"what": title(standing, person.locale), "person": named(standing.somebody(each.initiator_id))}
        rows.append(t("• {what} – {person}, until {when}", when=DayTime(due, person.zone), **values))
    return [Notice(person, Say(lines(heading, *rows, t("Answer: /approvals")), NO_BUTTONS))]
