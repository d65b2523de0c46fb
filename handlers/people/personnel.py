"""What form T-13 asks for and no portal knows: personnel numbers, days of hiring and last days."""

from dataclasses import dataclass
from datetime import date

from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.domain.errors import UnknownPerson
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.messages import Reply
from bot.ports import Job
from bot.services.people.people import People
from bot.services.people.personnel import LEFT, Personnel
from bot.text import Day, lines, t
from bot.understanding import understand_day
from bot.words.people import mention
from handlers.read_back import ReadBack, read_back

router = Router("personnel")


@router.command("number", t("Personnel number"), right=Right.KEEP_PERSONNEL, params=t("name and number"))
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


@router.command("hired", t("Day of hiring"), right=Right.KEEP_PERSONNEL, params=t("name and day"))
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


@dataclass(frozen=True, slots=True)
class ConfirmDismissal(ReadBack):
    """We read back whose last day it is, and wait for a yes."""

    employee_id: int
    day: int
    """Its ordinal."""


@router.command(
    "dismissed", t("Last day of work"), intents=("dismissed",), right=Right.GIVE_ACCESS, params=t("name and day")
)
async def dismissed(turn: Turn, people: People, personnel: Personnel) -> Reply:
    """Say which day is somebody's last one, or show it; what it means is read back first."""
    subject, day, is_clear = await _whose_last_day(turn, people)
    if not is_clear:
        return turn.say(t("Which day is that? For example: /dismissed Boris 12.06.2026"))
    if subject is None:
        return turn.say(t("Write a name and the last day, for example: /dismissed Boris 12.06.2026"))
    if day is None:
        last = await personnel.last_day(subject)
        hint = t("The last day is written so: /dismissed Boris 12.06.2026")
        known = t("{person}: last day {day}.", person=mention(subject), day=Day(last)) if last else None
        return turn.say(lines(known or t("{person} works here.", person=mention(subject)), None if known else hint))
    await personnel.check_dismissal(turn.employee, turn.portal, subject, day)
    later = await personnel.last_mark_after(subject, day, turn.now)
    text = lines(
        t("*{person}: last day {day}*", person=mention(subject), day=Day(day)),
        t("Days after it stay empty in time sheets. From then on access is off; what was recorded stays."),
        t("⚠️ There are marks after it, the last on {day}.", day=Day(later)) if later else None,
    )
    return read_back(turn, ConfirmDismissal(subject.id, day.toordinal()), text)


@router.agreed(ConfirmDismissal)
async def dismiss(turn: Turn, asked: ConfirmDismissal, people: People, personnel: Personnel) -> Reply:
    """Note the last day; who had it already is switched off at once."""
    subject = await people.get(asked.employee_id, turn.portal.id)
    if subject is None:
        raise UnknownPerson("")
    day = date.fromordinal(asked.day)
    await personnel.dismiss(turn.employee, turn.portal, subject, day, turn.now)
    return turn.conclude(t("👋 {person}: last day {day}. It is noted.", person=mention(subject), day=Day(day)))


@router.due(LEFT)
async def left(job: Job, occasion: Occasion, personnel: Personnel) -> None:
    """The last day is over: access is off, and whoever has to know learns it as of any change of access."""
    await personnel.left(job, occasion.now)


async def _whose_last_day(turn: Turn, people: People) -> tuple[Employee | None, date | None, bool]:
    """Return whom it is about and which day, from the command or from words, and whether the day was understood."""
    if turn.arguments:
        subject, rest = await people.named_at_start(turn.portal, turn.arguments)
        day = _day(turn, rest)
        return subject, day, day is not None or not rest or subject is None
    name, said = turn.understood.slots.get("name"), turn.understood.slots.get("day")
    if not isinstance(name, str):
        return None, None, True
    return await people.find(turn.portal, name), said if isinstance(said, date) else None, True


def _day(turn: Turn, said: str) -> date | None:
    readings = understand_day(said, locale=turn.employee.locale, zone=turn.zone, now=turn.now) if said else ()
    day = readings[0].slots.get("day") if readings else None
    return day if isinstance(day, date) else None
