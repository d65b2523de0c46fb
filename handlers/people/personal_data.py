"""Personal data: a person gets everything stored about them; an administrator erases what is about former people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.errors import UnknownPerson
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.i18n import Translator
from bot.messages import Attachment, Reply, Words
from bot.services.people.people import People
from bot.services.people.personal_data import PersonalData
from bot.text import Phrase, lines, t, tn
from handlers.read_back import ReadBack, read_back

router = Router("personal data")
_NUMBER = 10**6


@dataclass(frozen=True, slots=True)
class ConfirmErasing(ReadBack):
    """We showed what would go for good, and wait for a yes."""

    yes: ClassVar[Words] = t("🗑 Erase for good")
    is_final: ClassVar[bool] = True
    employee_id: int


@router.command("mydata", t("Everything stored about me"), intents=("my_data",))
async def my_data(turn: Turn, data: PersonalData) -> Reply:
    """Send everything that is stored about the person as a file, with a summary."""
    found = await data.of(turn.employee)
    text = lines(
        t("🗂 *Everything I know about you* is in this file:"),
        *_counts(found.counts),
        t("_I never ask where you are. Colleagues see that you are away, never why._"),
    )
    return turn.say(text, file=Attachment("smena-my-data.json", found.as_json(turn.portal, turn.now), "document"))


@router.command(
    "erase", t("Erase a former employee's data"), intents=("erase_person",), right=Right.ERASE, params=t("name")
)
async def erase(turn: Turn, data: PersonalData, people: People) -> Reply:
    """Show what would go, and ask: it cannot be brought back."""
    name = turn.arguments or str(turn.understood.slots.get("name", ""))
    if not name:
        return turn.say(t("Write whose data are to go, for example: /erase Boris Lavrov"))
    person = await people.find(turn.portal, name)
    found = await data.erasable(turn.portal, turn.employee, person, turn.now)
    text = lines(
        t("⚠️ *Erase everything about {name}?* It cannot be brought back.", name=person.name), *_counts(found.counts)
    )
    return read_back(turn, ConfirmErasing(person.id), text)


@router.agreed(ConfirmErasing)
async def erased(turn: Turn, asked: ConfirmErasing, data: PersonalData, people: People) -> Reply:
    """Make it go for good, if it still may."""
    person = await people.get(asked.employee_id, turn.portal.id)
    if person is None:
        raise UnknownPerson("")
    name = Translator(turn.portal.locale, turn.portal.zone, turn.now).plain(nameless(person))
    await data.erase(turn.portal, turn.employee, person, name, turn.now)
    return turn.conclude(t("🗑 Done: what was stored is gone. In lists it says “{name}”.", name=name))


def nameless(person: Employee) -> Phrase:
    """Return what stands in place of the name of somebody who was erased."""
    return t("Erased employee No. {number}", number=person.id % _NUMBER)


def _counts(counts: Mapping[str, int]) -> list[Phrase]:
    """Say how much there is of what a person knows; the rest is one line."""
    known = [words for kind, count in counts.items() if (words := _count(kind, count)) is not None]
    return [t("• {what}", what=each) for each in known] + [t("• profile, accounts, settings and reminders")]


def _count(kind: str, count: int) -> Phrase | None:
    match kind:
        case "marks":
            return tn("{count} mark, those taken back as well", "{count} marks, those taken back as well", count)
        case "sessions":
            return tn("{count} session", "{count} sessions", count)
        case "absences":
            return tn("{count} absence", "{count} absences", count)
        case "requests":
            return tn("{count} request", "{count} requests", count)
        case "overtime":
            return tn("{count} approved overtime", "{count} approved overtimes", count)
        case "confirmations":
            return tn("{count} confirmed period", "{count} confirmed periods", count)
        case _:
            return None
