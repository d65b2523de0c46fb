"""What form T-13 asks for and no portal knows: personnel numbers and days of hiring."""

from datetime import date

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.employee import Role
from bot.messages import Reply
from bot.services.people import People
from bot.services.personnel import Personnel
from bot.text import Day, t
from bot.understanding import understand_day
from handlers.people.admin import mention

router = Router("personnel")
_ADMINS = (Role.ADMIN,)


@router.command("number", t("Personnel number"), roles=_ADMINS, params=t("name and number"))
async def number(turn: Turn, people: People, personnel: Personnel) -> Reply:
    """Give a person a personnel number, or show it."""
    subject, rest = await people.named_at_start(turn.portal, turn.arguments)
    if subject is None:
        return turn.say(t("Write a name and a number, for example: /number Anna 0042"))
    if rest:
        await personnel.set_number(turn.employee, subject, rest, turn.now)
    known = (await personnel.employments(subject))[-1].number
    if not known:
        return turn.say(t("{person}: no personnel number yet.", person=mention(subject)))
    return turn.say(t("{person}: personnel number *{number}*.", person=mention(subject), number=known))


@router.command("hired", t("Day of hiring"), roles=_ADMINS, params=t("name and day"))
async def hired(turn: Turn, people: People, personnel: Personnel) -> Reply:
    """Say since when a person has been employed, or show it."""
    subject, rest = await people.named_at_start(turn.portal, turn.arguments)
    if subject is None:
        return turn.say(t("Write a name and a day, for example: /hired Anna 16.06.2026"))
    day = _day(turn, rest)
    if rest and day is None:
        return turn.say(t("Which day is that? For example: /hired Anna 16.06.2026"))
    if day is not None:
        await personnel.set_hired(turn.employee, turn.portal, subject, day, turn.now)
    since = await personnel.hired_on(subject)
    if since is None:
        return turn.say(t("{person}: I do not know since when.", person=mention(subject)))
    return turn.say(t("{person}: here since {day}.", person=mention(subject), day=Day(since)))


def _day(turn: Turn, said: str) -> date | None:
    readings = understand_day(said, locale=turn.employee.locale, zone=turn.zone, now=turn.now) if said else ()
    day = readings[0].slots.get("day") if readings else None
    return day if isinstance(day, date) else None
