"""What domain events say, and to whom."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.domain.events import AccessChanged, DayChanged, IdentityLinked, PortalOut, RoleChanged
from bot.domain.outage import Outage
from bot.domain.rights import Right, may
from bot.messages import DAY_CARD, Say
from bot.ports import Job
from bot.services.approvals.approvals import Approvals
from bot.services.people.directory import DISMISSED, LEADS_NO_MORE
from bot.services.people.keys import Keys
from bot.services.people.people import People
from bot.services.workday.timesheets import Timesheets
from bot.text import Phrase, lines, t, tn
from handlers.cards.day import day_card

router = Router("notifications")


@router.happened(DayChanged)
async def day_changed(
    event: DayChanged, occasion: Occasion, people: People, timesheets: Timesheets
) -> Sequence[Notice]:
    """The live cards in the person's chats show the day as it is; none is sent where there was none."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    others = [each for each in employee.identities if (each.channel, each.conversation) != occasion.told_in]
    if not others:
        return ()
    text, buttons = day_card(await timesheets.day(employee, occasion.now))
    say = Say(text, buttons, slot=DAY_CARD, edit=True, only_if_shown=True)
    return (Notice(employee, say, "everywhere", skip=occasion.told_in),)


@router.happened(IdentityLinked)
async def identity_linked(event: IdentityLinked, people: People) -> Sequence[Notice]:
    """The person learns of the link where they had already been."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    say = Say(t("🔗 Telegram is now linked to you. If that was not you, write /unlink at once."))
    return (Notice(employee, say, "everywhere", skip=event.told_in),)


@router.happened(RoleChanged)
async def role_changed(
    event: RoleChanged, occasion: Occasion, people: People, approvals: Approvals
) -> Sequence[Notice]:
    """The person learns what they may do now; what waits for somebody who leads no more goes to the next in line."""
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    moved = 0 if may(employee, Right.DECIDE) else await approvals.hand_over(employee, occasion.now)
    if employee.id == event.by_id:
        return ()
    words: dict[str, Phrase] = {
        "admin": t("You are an administrator now. What that means: /help"),
        "lead": t("You are a lead now. What that means: /help"),
        "accountant": t("You are an accountant now. What that means: /help"),
        "employee": t("Your additional rights were taken back. Your own hours work as before."),
    }
    handed_over = tn(
        "{count} request that waited for you is decided by others now.",
        "{count} requests that waited for you are decided by others now.",
        moved,
    )
    return (Notice(employee, Say(lines(words[event.role], handed_over if moved else None))),)


@router.due(LEADS_NO_MORE)
async def leads_no_more(job: Job, people: People, approvals: Approvals, occasion: Occasion) -> None:
    """The portal has another head for some people: what waits for the former one goes to the next in line."""
    former = await people.get(int(job.payload["employee_id"]), job.portal_id)
    if former is not None and not may(former, Right.DECIDE):
        await approvals.hand_over(former, occasion.now)


@router.due(DISMISSED)
async def dismissed(job: Job, people: People) -> None:
    """The portal dismissed a person: whoever has to know learns it as of any change of access."""
    people.announce_dismissal(job.portal_id, int(job.payload["employee_id"]))


@router.happened(AccessChanged)
async def access_changed(
    event: AccessChanged, occasion: Occasion, people: People, approvals: Approvals, keys: Keys
) -> Sequence[Notice]:
    """The person learns that they can write again; what waited for somebody switched off goes to the next in line.

    Administrators learn of keys of the portal that this person made: they work on, and somebody else may know them.
    """
    employee = await people.get(event.employee_id, event.portal_id)
    if employee is None:
        return ()
    if event.is_disabled:
        await approvals.hand_over(employee, occasion.now)
        left = await keys.left_by(employee, occasion.now)
        if not left:
            return ()
        words = tn(
            "🔑 {person} has no access any more, but made {count} key of the portal that still works: {names}. "
            "If nobody needs it, revoke it: Settings → Keys.",
            "🔑 {person} has no access any more, but made {count} keys of the portal that still work: {names}. "
            "Those that nobody needs, revoke: Settings → Keys.",
            len(left),
            person=employee.name,
            names=", ".join(f"{each.name} ({each.prefix}…)" for each in left),
        )
        return [Notice(each, Say(words)) for each in await people.administrators(employee.portal_id)]
    return (Notice(employee, Say(t("Your access is switched on again. Welcome back!"))),)


@router.happened(PortalOut)
async def portal_out(event: PortalOut, people: People) -> Sequence[Notice]:
    """An administrator learns, where they can be reached meanwhile, that the portal cannot be, and what helps."""
    admin = await people.get(event.employee_id, event.portal_id)
    if admin is None:
        return ()
    others = tuple(each for each in admin.identities if each.channel != event.channel and each.is_reachable)
    what = {
        Outage.NETWORK: t("⚠️ Bitrix24 has not answered me for 10 minutes."),
        Outage.CREDENTIALS: t(
            "⚠️ Bitrix24 has not let me in for 10 minutes. Please look whether the webhook or the application "
            "is still there, with all its rights."
        ),
        Outage.BUSY: t("⚠️ For 10 minutes, Bitrix24 has been answering that it is asked too much."),
        Outage.DELIVERIES: t(
            "⚠️ For 10 minutes, what comes to me from Bitrix24 cannot be told from forgeries, so I do not take it."
        ),
        Outage.STARTING: t(
            "⚠️ For 10 minutes, my bot has not been registered in Bitrix24. Please look whether the webhook or the "
            "application may register chat bots."
        ),
    }.get(event.outage, t("⚠️ For 10 minutes, Bitrix24 has been answering with errors of its own."))
    waits = t("Messages to it wait and arrive later. Here everything works as always.")
    return (Notice(replace(admin, identities=others), Say(lines(what, waits))),) if others else ()
