"""What administrators are told about the application on their portal, and what goes when it is removed for good."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.events import ApplicationJoined, InstallationMended, InstallationTroubled, JoinOffered
from bot.domain.installation import Trouble
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.i18n import Translator
from bot.messages import DAY_CARD, Button, Keyboard, Say
from bot.ports import Job
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.messengers import Messengers
from bot.services.people.installations import GONE, MEET, Installations
from bot.services.people.people import People
from bot.services.people.personal_data import CLEAN, PersonalData
from bot.services.people.portals import Portals
from bot.services.workday.timesheets import Timesheets
from bot.text import Phrase, lines, t
from bot.words.installations import trouble_words
from handlers.cards.day import day_card
from handlers.cards.requests import holder_card
from handlers.cards.routed import CardTexts, maker, request_of
from handlers.people.personal_data import nameless

router = Router("installations")


@router.happened(InstallationTroubled)
async def troubled(
    event: InstallationTroubled,
    installations: Installations,
    portals: Portals,
    messengers: Messengers,
    occasion: Occasion,
) -> Sequence[Notice]:
    """Each administrator learns what is wrong, where they can still be reached; whose access was lost, may stand in."""
    heading = t("⚠️ *The Bitrix24 application needs your help*")
    said = lines(heading, trouble_words(event.trouble))
    portal = await portals.get(event.portal_id)
    address = None
    if event.trouble is Trouble.GRANT_LOST and portal is not None:
        address = messengers.stand_in(portal.member_id or "", occasion.now)
    if address is None:
        return await _told(event.portal_id, Say(said), installations)
    or_so = t("Or let it go on by your access, and stand in from now on:")
    button = Keyboard.of(Button(t("🔑 Stand in"), link=address, style="primary"))
    return await _told(event.portal_id, Say(lines(*said.lines, or_so), button), installations)


@router.happened(InstallationMended)
async def mended(event: InstallationMended, installations: Installations) -> Sequence[Notice]:
    """Each administrator learns that it is well again."""
    return await _told(event.portal_id, Say(t("✅ The Bitrix24 application works again.")), installations)


@router.happened(ApplicationJoined)
async def joined(event: ApplicationJoined, installations: Installations) -> Sequence[Notice]:
    """Each administrator learns that the application took over."""
    said = t("✅ The Bitrix24 application serves this portal now. People, hours and requests are as they were.")
    return await _told(event.portal_id, Say(said), installations)


@router.happened(ApplicationJoined)
async def cards_anew(
    event: ApplicationJoined,
    occasion: Occasion,
    portals: Portals,
    people: People,
    timesheets: Timesheets,
    approvals: Approvals,
    courses: Courses,
    arounds: Arounds,
    seals: Seals,
) -> Sequence[Notice]:
    """What stood with buttons in the former bot's chats stands in the new one's: the day, and requests."""
    portal = await portals.get(event.portal_id)
    if portal is None:
        return ()
    everybody = {each.id: _there(each, portal) for each in await people.everybody_of(portal.id)}
    notices: list[Notice] = []
    for person_id, slot in event.cards:
        person = everybody.get(person_id)
        if person is None:
            continue
        request = await approvals.of_slot(portal.id, slot)
        if slot == DAY_CARD:
            text, buttons = day_card(await timesheets.day(person, occasion.now))
            moved = t("I have moved into this chat. What I asked you about is here again.")
            notices.append(Notice(person, Say(lines(moved, *text.lines), buttons, slot=DAY_CARD)))
        elif request is not None and request.is_open and person_id in request.holders:
            notices.append(Notice(person, await holder_card(request, person, people, arounds, seals)))
        elif (on_route := request_of(slot)) is not None:
            standing = await courses.standing(await courses.get(portal.id, on_route), occasion.now)
            if standing.request.is_open:
                notices.append(Notice(person, maker(CardTexts(standing), person, seals)))
    return notices


def _there(person: Employee, portal: Portal) -> Employee:
    """Return the person as reached by the portal alone: in Telegram nothing has moved."""
    return replace(person, identities=tuple(each for each in person.identities if each.realm == portal.key))


@router.happened(JoinOffered)
async def join_offered(event: JoinOffered, installations: Installations) -> Sequence[Notice]:
    """Each administrator learns that somebody installed the application at the same address, and how it is joined."""
    how: Phrase = (
        t(
            "If that is your company, type this code into the page of the installation within 15 minutes: *{code}*. "
            "People and hours go on then. If you did not expect this, do nothing, and give the code to nobody.",
            code=f"{event.code[:4]} {event.code[4:]}",
        )
        if event.code
        else t(
            "Whether that is your company I cannot tell, so it begins there with nothing. Here all goes on as it was."
        )
    )
    said = lines(t("🔗 *The Bitrix24 application was installed at {host}*", host=event.host), how)
    return await _told(event.portal_id, Say(said), installations)


async def _told(portal_id: int, say: Say, installations: Installations) -> Sequence[Notice]:
    return [Notice(each, say) for each in await installations.administrators(portal_id)]


@router.due(MEET)
async def meet(job: Job, installations: Installations, occasion: Occasion) -> None:
    """Greet the administrators of a portal where the application is new."""
    await installations.meet(job, occasion.now)


@router.due(GONE)
async def gone(job: Job, installations: Installations, occasion: Occasion) -> None:
    """End what runs on the routes of a portal that has said for a day that it has no application."""
    await installations.gone(job.portal_id, occasion.now)


@router.due(CLEAN)
async def clean(job: Job, occasion: Occasion, portals: Portals, people: People, data: PersonalData) -> None:
    """Erase what is stored about one person, as soon as the law allows, unless the portal has come back."""
    portal = await portals.get(job.portal_id)
    person = await people.get(int(job.payload["employee_id"]), job.portal_id)
    if portal is None or portal.is_active or person is None:
        return
    name = Translator(portal.locale, portal.zone, occasion.now).plain(nameless(person))
    await data.clean(portal, person, name, occasion.now)
