"""How I speak to a person: language and time zone."""

from dataclasses import dataclass

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.errors import UnknownZone
from bot.i18n import LOCALES, utc_offset, zone_called, zone_name
from bot.messages import Button, Keyboard, Reply, State
from bot.services.people.people import People
from bot.services.workday.timesheets import Timesheets
from bot.text import Time, lines, t, verbatim
from handlers.cards.day import keyboard

router = Router("preferences")
NAMES = {"ru": "Русский", "en": "English"}
"""What each language calls itself."""
_MEANT = {"русский": "ru", "russian": "ru", "rus": "ru", "английский": "en", "english": "en", "eng": "en"}


@dataclass(frozen=True, slots=True)
class SpeakPressed(Action, code="lg"):
    """Speak that language."""

    locale: str


@dataclass(frozen=True, slots=True)
class AskZone(State):
    """We asked for a city."""


@router.command("language", t("Language"), intents=("language",), params=t("ru or en"))
async def language(turn: Turn, people: People, timesheets: Timesheets) -> Reply:
    """Change the language, or ask which."""
    said = (turn.arguments or str(turn.understood.slots.get("value", ""))).strip().casefold()
    locale = _MEANT.get(said, said)
    if locale in LOCALES:
        return await _speak(turn, people, timesheets, locale)
    buttons = tuple(Button(verbatim(NAMES[each]), SpeakPressed(each)) for each in LOCALES)
    return turn.say(t("Which language should I speak? / На каком языке говорить?"), Keyboard.of(buttons))


@router.pressed(SpeakPressed)
async def speak(turn: Turn, press: SpeakPressed, people: People, timesheets: Timesheets) -> Reply:
    """Speak the language that was pressed."""
    locale = press.locale if press.locale in LOCALES else turn.employee.locale
    return await _speak(turn, people, timesheets, locale)


async def _speak(turn: Turn, people: People, timesheets: Timesheets, locale: str) -> Reply:
    people.speak(turn.employee, locale, is_chosen=True)
    view = await timesheets.day(turn.employee, turn.now)
    return turn.hint(t("I speak English to you now."), keyboard(view))


@router.command("zone", t("Time zone"), intents=("zone",), params=t("a large city"))
async def zone(turn: Turn, people: People) -> Reply:
    """Change the zone, or ask for a city."""
    said = turn.arguments or str(turn.understood.slots.get("value", ""))
    if said:
        return _move(turn, people, said)
    here = zone_name(turn.employee.zone, turn.employee.locale)
    return turn.ask(
        AskZone(),
        lines(
            t("Your time zone is {place} ({offset}).", place=here, offset=utc_offset(turn.employee.zone, turn.now)),
            t("To change it, write a large city nearby, for example Yekaterinburg. To leave it: /cancel"),
        ),
    )


@router.answered(AskZone)
async def zone_answered(turn: Turn, asked: AskZone, people: People) -> Reply:
    """Take the city; words that are no place but a command of their own are passed on."""
    if zone_called(turn.message.text) is None and turn.understood.intent not in (None, "zone"):
        return turn.pass_on()
    del asked
    return _move(turn, people, str(turn.understood.slots.get("value", turn.message.text)))


def _move(turn: Turn, people: People, name: str) -> Reply:
    found = zone_called(name)
    if found is None:
        raise UnknownZone(name.strip()[:60])
    people.move(turn.employee, found)
    return turn.say(
        t(
            "Your time zone is now {place} ({offset}); it is {time} there. What is recorded already keeps its zone.",
            place=zone_name(found, turn.employee.locale),
            offset=utc_offset(found, turn.now),
            time=Time(turn.now, found),
        )
    )
