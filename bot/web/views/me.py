"""Me: how I am spoken to, what I am sent and where, who stands in for me, where I am signed in, and signing out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.errors import BadForm, UnknownZone
from bot.domain.people.employee import Employee
from bot.domain.people.substitute import Substitute
from bot.domain.reminding.digests import digest_time
from bot.domain.reminding.watch import is_muted
from bot.i18n import LOCALES, known_zone, utc_offset, zone_called, zone_name
from bot.services.messengers import Messengers
from bot.services.people.access import Access
from bot.services.people.keys import Keys
from bot.services.people.people import People
from bot.services.people.substitutes import Substitutes
from bot.services.reminding.digests import Digests
from bot.text import DayTime, lines, t
from bot.web.forms import Empty, Form, MaybeDay, Words
from bot.web.views.settings.keys import own as own_keys
from bot.web.visit import Go, NotFound, Page, Visit
from bot.words.access import via_words
from bot.words.preferences import digest_words, reminders_words, weekly_words
from bot.words.substitutes import of_one_seat, stands_in, substitute_span

LANGUAGES = {"ru": "Русский", "en": "English"}


class Language(Form):
    """A language to be spoken to in."""

    locale: str


class Zone(Form):
    """A place whose clock counts."""

    place: str


class Wish(Form):
    """Something that is sent, or is not; reminders also until a day."""

    what: str
    wanted: str = ""
    until: MaybeDay = None


class Channel(Form):
    """A messenger."""

    channel: str


class Letters(Form):
    """Whether single letters are keys."""

    wanted: str = ""


class StandIn(Form):
    """Who stands in, and on which days."""

    person: Words
    first: MaybeDay = None
    last: MaybeDay = None


async def me(
    visit: Visit,
    access: Access,
    messengers: Messengers,
    digests: Digests,
    substitutes: Substitutes,
    people: People,
    keys: Keys,
) -> Page:
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
        "wishes": await _wishes(visit, digests),
        "writes_in": messengers.places(reader, "best")[0].channel if reader.identities else "",
        "linked": [(each.channel, messengers.title(each.channel)) for each in reader.identities],
        **await _stand_ins(visit, substitutes, people),
        **await own_keys(visit, keys),
        "channels": [(messengers.title(each.channel), each.is_reachable) for each in reader.identities],
    }
    return Page("me.html", t("Me"), values, "me")


async def _wishes(visit: Visit, digests: Digests) -> list[dict[str, Any]]:
    reader = visit.reader
    is_quiet = is_muted(reader, visit.today)
    found = [
        {
            "what": "reminders",
            "words": reminders_words(reader, visit.today),
            "wanted": not is_quiet,
            "on": t("Remind me"),
            "off": t("No reminders"),
        },
        {
            "what": "weekly",
            "words": weekly_words(reader),
            "wanted": reader.wants_weekly,
            "on": t("Send the weekly summary"),
            "off": t("No weekly summary"),
        },
    ]
    if await digests.is_told(reader):
        found.append(
            {
                "what": "digest",
                "words": digest_words(reader, digest_time(visit.portal.options)),
                "wanted": reader.wants_digest,
                "on": t("Send the morning digest"),
                "off": t("No morning digest"),
            }
        )
    return found


async def _stand_ins(visit: Visit, substitutes: Substitutes, people: People) -> Mapping[str, Any]:
    """Return who stands in for the reader, for whom they do, and a note of what a substitute may not."""
    of, by = await substitutes.of(visit.reader, visit.now), await substitutes.by(visit.reader, visit.now)
    names = {each.id: each for each in await people.everybody_of(visit.portal.id)} if of or by else {}
    return {
        "for_me": _named(of, [each.substitute_id for each in of], names),
        "for_them": _named(by, [each.employee_id for each in by], names),
    }


def _named(found: Sequence[Substitute], ids: Sequence[int], names: Mapping[int, Employee]) -> list[dict[str, Any]]:
    return [
        {"person": names[person], "days": substitute_span(each.first_day, each.last_day)}
        for each, person in zip(found, ids, strict=True)
        if person in names
    ]


async def notify(visit: Visit, form: Wish, people: People, digests: Digests) -> Go:
    """Send something from now on, or no more; reminders also not before a day."""
    reader, is_wanted = visit.reader, bool(form.wanted)
    if form.what == "reminders":
        if form.until is not None and form.until <= visit.today:
            raise BadForm(t("Choose a day to come, please."), "until")
        after = people.silence(reader, form.until or (None if is_wanted else date.max))
        return Go("/me", reminders_words(after, visit.today))
    if form.what == "weekly":
        return Go("/me", weekly_words(digests.keep_weekly(reader, wanted=is_wanted)))
    if form.what != "digest":
        raise NotFound
    return Go("/me", digest_words(digests.keep_digest(reader, wanted=is_wanted), digest_time(visit.portal.options)))


async def write_in(visit: Visit, form: Channel, people: People, messengers: Messengers) -> Go:
    """Write in a messenger that is linked."""
    if visit.reader.identity(form.channel) is None:
        raise BadForm(t("Choose one of your messengers, please."), "channel")
    people.prefer(visit.reader, form.channel)
    return Go("/me", t("💬 I write in *{messenger}*", messenger=messengers.title(form.channel)))


async def use_letters(visit: Visit, form: Letters, people: People) -> Go:
    """Let single letters be keys, or no more."""
    people.use_letters(visit.reader, wanted=bool(form.wanted))
    return Go("/me", t("Single letters are keys again.") if form.wanted else t("Single letters do nothing now."))


async def name_substitute(visit: Visit, form: StandIn, people: People, substitutes: Substitutes) -> Go:
    """Let somebody stand in for the reader."""
    person = await people.find(visit.portal, form.person)
    first = form.first or visit.today
    made = await substitutes.name(visit.reader, visit.reader, person, first, form.last, visit.now)
    said = lines(
        stands_in(visit.reader, visit.reader, person),
        substitute_span(made.first_day, made.last_day),
        t("It counts on days of absence: then requests on routes come to the substitute."),
        of_one_seat(visit.reader, person),
    )
    return Go("/me", said)


async def end_substitute(visit: Visit, form: Empty, people: People, substitutes: Substitutes) -> Go:
    """Let a person stand in no more."""
    del form
    person = await people.get(visit.number("id"), visit.portal.id)
    if person is None:
        raise NotFound
    ended = await substitutes.take_back(visit.reader, visit.reader, visit.now, person)
    if not ended:
        return Go("/me", t("Nobody stands in for you."))
    return Go("/me", t("✅ No substitute for you any more: {names}. What came already stays there.", names=person.name))


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
