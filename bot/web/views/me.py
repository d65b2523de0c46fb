"""Me: how I am spoken to, where I am signed in, and signing out."""

from bot.domain.errors import BadForm, UnknownZone
from bot.i18n import LOCALES, known_zone, utc_offset, zone_called, zone_name
from bot.services.messengers import Messengers
from bot.services.people.access import Access
from bot.services.people.people import People
from bot.text import DayTime, t
from bot.web.forms import Empty, Form
from bot.web.visit import Go, Page, Visit
from bot.words.access import via_words

LANGUAGES = {"ru": "Русский", "en": "English"}


class Language(Form):
    """A language to be spoken to in."""

    locale: str


class Zone(Form):
    """A place whose clock counts."""

    place: str


async def me(visit: Visit, access: Access, messengers: Messengers) -> Page:
    """Show what somebody can set for themselves, and where they are signed in."""
    reader = visit.reader
    sessions = [
        {
            "session": each,
            "via": via_words(each.via),
            "is_this": each.id == visit.session.id,
            "since": DayTime(each.created_at),
        }
        for each in await access.sessions(reader, visit.now)
    ]
    values = {
        "languages": LANGUAGES,
        "zone": zone_name(reader.zone, reader.locale),
        "offset": utc_offset(reader.zone, visit.now),
        "sessions": sessions,
        "channels": [(messengers.title(each.channel), each.is_reachable) for each in reader.identities],
    }
    return Page("me.html", t("Me"), values, "me")


async def speak(visit: Visit, form: Language, people: People) -> Go:
    """Speak another language from now on, on pages and in chat."""
    if form.locale not in LOCALES:
        raise BadForm(t("I do not speak that language yet."), "locale")
    people.speak(visit.reader, form.locale, is_chosen=True)
    return Go("/me", t("This is the language from now on, here and in chat."))


async def move(visit: Visit, form: Zone, people: People) -> Go:
    """Use another zone for what is done from now on."""
    zone = known_zone(form.place) or zone_called(form.place)
    if zone is None:
        raise UnknownZone(form.place[:60])
    people.move(visit.reader, zone)
    return Go("/me", t("What you do from now on counts by that clock; what is recorded keeps its own."))


async def sign_out(visit: Visit, form: Empty, access: Access) -> Go:
    """Sign out on this device."""
    del form
    access.end(visit.session, visit.now)
    return Go("/enter?out=1", signs_out=True)


async def sign_out_everywhere(visit: Visit, form: Empty, access: Access) -> Go:
    """Sign out on every device."""
    del form
    access.end_all(visit.reader, visit.now)
    return Go("/enter?out=1", signs_out=True)


async def end_session(visit: Visit, form: Empty, access: Access) -> Go:
    """Sign out on another device."""
    del form
    await access.end_one(visit.reader, visit.number("id"), visit.now)
    return Go("/me", t("That device is signed out."))
