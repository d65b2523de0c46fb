"""From phrases to the reader's own words: catalogues, plurals, dates and durations for a locale and zone."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from babel.support import Translations

from bot.text import Day, DayTime, Duration, Lines, Mention, Month, Period, Phrase, Place, Span, Time, Value

LOCALES = ("ru", "en")
DEFAULT_LOCALE = "ru"
CATALOGUES = Path(__file__).resolve().parent.parent / "locales"

# One alternation reads placeholders and markup; an underscore inside a word stays a character.
_TOKEN = re.compile(r"\{(\w+)\}|\*|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")


def known_locale(tag: str | None) -> str | None:
    """Return the locale of ours that a messenger's language tag means, or None: `en-GB` is `en`."""
    if not tag:
        return None
    language = tag.replace("_", "-").split("-", 1)[0].lower()
    if language in {"be", "uk", "kk"}:  # their readers are better served by Russian than by English
        return "ru"
    return language if language in LOCALES else "en"


def locale_among(header: str) -> str | None:
    """Return the locale of ours that a browser's `Accept-Language` wants most; None where it names none of ours."""
    wanted: list[tuple[float, str]] = []
    for each in header[:200].split(","):
        tag, _, weight = each.strip().partition(";q=")
        locale = known_locale(tag)
        if locale is not None and (locale != "en" or tag[:2].lower() == "en"):
            wanted.append((_weight(weight), locale))
    return max(wanted, key=lambda each: each[0])[1] if wanted else None


def _weight(said: str) -> float:
    try:
        return float(said or 1)
    except ValueError:
        return 0.0


@lru_cache(maxsize=8)
def catalogue(locale: str) -> NullTranslations:
    """Load a compiled catalogue; a locale we do not have reads as English message ids."""
    return Translations.load(CATALOGUES, [locale], domain="messages")


class Translator:
    """Says phrases to one reader: in their locale, in their zone, as of `now`."""

    def __init__(self, locale: str, zone: str, now: datetime) -> None:
        """Speak `locale` to a reader who lives in the IANA zone `zone`."""
        self.locale = locale
        self.zone = zone
        self.now = now
        self._catalogue = catalogue(locale)

    @cached_property
    def _year(self) -> int:
        """The year that the reader has now, which goes without saying."""
        return self.now.astimezone(ZoneInfo(self.zone)).year

    def spans(self, phrase: Phrase | Lines) -> list[Span]:
        """Translate and fill in a phrase; markup of the message becomes styles, values stay plain text."""
        return _merged(self._walk(phrase, ""))

    def plain(self, phrase: Phrase | Lines) -> str:
        """Translate and fill in a phrase as text without any style."""
        if isinstance(phrase, Lines):
            return "\n".join([self.plain(line) for line in phrase.lines])
        pieces, values = _pieces(self._translated(phrase)), phrase.values
        if not values:
            return "".join([text for text, _ in pieces])
        found = []
        for text, name in pieces:
            if text and name in values:
                value = values[name]
                found.append(self.plain(value) if isinstance(value, Phrase | Lines) else self._text(value))
            else:
                found.append(text)
        return "".join(found)

    def _walk(self, phrase: Phrase | Lines, style: str) -> Iterator[Span]:
        if isinstance(phrase, Lines):
            for number, line in enumerate(phrase.lines):
                if number:
                    yield Span("\n", style)
                yield from self._walk(line, style)
            return
        yield from self._filled(self._translated(phrase), phrase, style)

    def _translated(self, phrase: Phrase) -> str:
        if not phrase.message or phrase.message == "{text}":
            return phrase.message
        if phrase.plural:
            return self._catalogue.ngettext(phrase.message, phrase.plural, phrase.count)
        if phrase.context:
            return self._catalogue.pgettext(phrase.context, phrase.message)
        return self._catalogue.gettext(phrase.message)

    def _filled(self, message: str, phrase: Phrase, style: str) -> Iterator[Span]:
        current = style
        for text, name in _pieces(message):
            if not name:
                yield Span(text, current)
            elif not text:
                current = style if current == name else name
            elif name in phrase.values:
                yield from self._value(phrase.values[name], current)
            else:
                yield Span(text, current)

    def _value(self, value: Value, style: str) -> Iterator[Span]:
        match value:
            case Phrase() | Lines():
                yield from self._walk(value, style)
            case Mention(name):
                yield Span(name, style, value)
            case _:
                yield Span(self._text(value), style)

    def _text(self, value: Value) -> str:
        match value:
            case str():
                return value
            case Mention(name):
                return name
            case Time(at, zone, bare):
                return self.time(at, zone, bare=bare)
            case Place(at, zone):
                return self.place(at, zone)
            case DayTime(at, zone):
                shown = at.astimezone(ZoneInfo(zone or self.zone))
                return f"{self.day(shown.date())}, {self.time(at, zone)}"
            case Day(day):
                return self.day(day)
            case Month(day):
                return self.month(day)
            case Period(first, last):
                return self.period(first, last)
            case Duration(length):
                return self.duration(length)
            case _:
                return str(value)

    def time(self, at: datetime, zone: str = "", *, bare: bool = False) -> str:
        """Return the clock time of an instant, with its place when that is not the reader's zone, unless `bare`."""
        shown = at.astimezone(ZoneInfo(zone or self.zone))
        return f"{shown:%H:%M}" if bare or not zone else f"{shown:%H:%M}{self.place(at, zone)}"

    def place(self, at: datetime, zone: str) -> str:
        """Return the zone's place in brackets, or nothing where its clocks show what the reader's do."""
        if at.astimezone(ZoneInfo(zone)).utcoffset() == at.astimezone(ZoneInfo(self.zone)).utcoffset():
            return ""
        return f" ({zone_name(zone, self.locale)})"

    def day(self, day: date) -> str:
        """Return a day with its weekday: «пт, 17 июля», "Fri 17 July"."""
        return self._dated(day, "EEE, d MMMM" if self.locale == "ru" else "EEE d MMMM")

    def month(self, day: date) -> str:
        """Return a month by itself: «июль», "July"."""
        return self._dated(day, "LLLL")

    def weekday(self, day: date) -> str:
        """Return a weekday by itself: «пт», "Fri"."""
        return format_date(day, "ccc", locale=self.locale)

    def month_letters(self, day: date) -> str:
        """Return a month as short as it can be told: «июл», "Jul"."""
        return format_date(day, "LLL", locale=self.locale).rstrip(".")[:3]

    def _dated(self, day: date, pattern: str) -> str:
        return _formatted(day, pattern if day.year == self._year else f"{pattern} y", self.locale)

    def period(self, first: date, last: date) -> str:
        """Return days as people name them: «июнь», «13–19 июля», "29 June – 5 July", "2025"."""
        if first == last:
            return self.day(first)
        if first.day == 1 and (last + timedelta(days=1)).day == 1:
            if (first.year, first.month) == (last.year, last.month):
                return self.month(first)
            if first.month == 1 and last == first.replace(month=12, day=31):
                return format_date(first, "y 'год'" if self.locale == "ru" else "y", locale=self.locale)
        end = format_date(last, "d MMMM" if last.year == self._year == first.year else "d MMMM y", locale=self.locale)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{end}"
        start = format_date(first, "d MMMM" if first.year == last.year else "d MMMM y", locale=self.locale)
        return f"{start} – {end}"

    def duration(self, length: timedelta) -> str:
        """Return hours and minutes: «7 ч 40 мин», "40 min"."""
        seconds = int(length.total_seconds())
        hour, minute, second = ("ч", "мин", "с") if self.locale == "ru" else ("h", "min", "s")
        if 0 < seconds < 60:
            return f"{seconds} {second}"
        hours, minutes = divmod(seconds // 60, 60)
        if not hours:
            return f"{minutes} {minute}"
        return f"{hours} {hour} {minutes} {minute}" if minutes else f"{hours} {hour}"


@lru_cache(maxsize=4_096)
def _pieces(message: str) -> tuple[tuple[str, str], ...]:
    """Return a message taken apart: text without a name, a placeholder with its name, a style without a text."""
    found, position = [], 0
    for token in _TOKEN.finditer(message):
        if token.start() > position:
            found.append((message[position : token.start()], ""))
        position = token.end()
        if token.group(1) is None:
            found.append(("", "bold" if token.group().startswith("*") else "italic"))
        else:
            found.append((token.group(), token.group(1)))
    if position < len(message):
        found.append((message[position:], ""))
    return tuple(found)


@lru_cache(maxsize=4_096)
def _formatted(day: date, pattern: str, locale: str) -> str:
    """Return a day by a pattern: lists name the same days again and again, and working one out takes long."""
    return str(format_date(day, pattern, locale=locale))


@lru_cache(maxsize=256)
def zone_name(zone: str, locale: str) -> str:
    """Return the place a zone is named for, in the locale: «Екатеринбург»."""
    if zone == "UTC" or zone.startswith("Etc/"):
        return zone.removeprefix("Etc/")
    return str(get_timezone_location(zone, locale=locale, return_city=True))


@lru_cache(maxsize=1)
def _zones_by_place() -> dict[str, str]:
    """Every place name of the zone database in our locales, casefolded, and a few that people use."""
    from zoneinfo import available_timezones  # noqa: PLC0415

    found: dict[str, str] = {}
    for zone in sorted(available_timezones()):
        if "/" not in zone or zone.startswith(("Etc/", "posix/", "right/", "SystemV/")):
            continue
        found.setdefault(_place(zone), zone)
        found.setdefault(_place(zone.rsplit("/", 1)[-1]), zone)
        for locale in LOCALES:
            found.setdefault(_place(zone_name(zone, locale)), zone)
    found |= {_place(name): zone for name, zone in _ALSO.items()}
    return found


_ALSO = {
    "питер": "Europe/Moscow",
    "спб": "Europe/Moscow",
    "санкт петербург": "Europe/Moscow",
    "saint petersburg": "Europe/Moscow",
    "st petersburg": "Europe/Moscow",
    "мск": "Europe/Moscow",
    "msk": "Europe/Moscow",
    "екб": "Asia/Yekaterinburg",
    "екат": "Asia/Yekaterinburg",
    "ekaterinburg": "Asia/Yekaterinburg",
    "челябинск": "Asia/Yekaterinburg",
    "chelyabinsk": "Asia/Yekaterinburg",
    "пермь": "Asia/Yekaterinburg",
    "perm": "Asia/Yekaterinburg",
    "уфа": "Asia/Yekaterinburg",
    "ufa": "Asia/Yekaterinburg",
    "тюмень": "Asia/Yekaterinburg",
    "tyumen": "Asia/Yekaterinburg",
    "казань": "Europe/Moscow",
    "kazan": "Europe/Moscow",
    "нижний новгород": "Europe/Moscow",
    "ростов на дону": "Europe/Moscow",
    "краснодар": "Europe/Moscow",
    "сочи": "Europe/Moscow",
    "воронеж": "Europe/Moscow",
    "хабаровск": "Asia/Vladivostok",
    "khabarovsk": "Asia/Vladivostok",
    "владик": "Asia/Vladivostok",
    "астана": "Asia/Almaty",
    "astana": "Asia/Almaty",
}


def known_zone(name: str | None) -> str | None:
    """Return the IANA zone of exactly that name, or None for a name that the zone database does not have."""
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None


def zone_called(name: str) -> str | None:
    """Return the IANA zone that a person means by a place, a zone name or an offset such as UTC+5; None if none.

    A bare offset is the Russian zone of that offset where there is one, because it names no daylight saving.
    """
    place = _place(name)
    if not place or len(place) > 60:
        return None
    name = re.sub(
        r"^etc/gmt([+-])", lambda sign: "utc-" if sign[1] == "+" else "utc+", name.strip(), flags=re.IGNORECASE
    )
    offset = re.fullmatch(
        r"(?:utc|gmt|мск|msk)?\s*([+-])\s*(\d{1,2})(?::?00)?", name.strip().casefold().replace("−", "-")
    )
    if offset:
        hours = int(offset[1] + offset[2]) + (3 if "мск" in name.casefold() or "msk" in name.casefold() else 0)
        if -12 <= hours <= 14:
            return _RUSSIAN.get(hours) or f"Etc/GMT{-hours:+d}"
        return None
    return _zones_by_place().get(place)


_RUSSIAN = {
    0: "UTC",
    2: "Europe/Kaliningrad",
    3: "Europe/Moscow",
    4: "Europe/Samara",
    5: "Asia/Yekaterinburg",
    6: "Asia/Omsk",
    7: "Asia/Krasnoyarsk",
    8: "Asia/Irkutsk",
    9: "Asia/Yakutsk",
    10: "Asia/Vladivostok",
    11: "Asia/Magadan",
    12: "Asia/Kamchatka",
}


def _place(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.casefold().replace("ё", "е")))


def utc_offset(zone: str, at: datetime) -> str:
    """Return the offset of a zone at an instant as people write it: UTC+5, UTC+5:30, UTC−3."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "−" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}:{rest:02d}" if rest else f"UTC{sign}{hours}"


def _merged(spans: Iterator[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if merged and merged[-1].style == span.style and merged[-1].mention is span.mention is None:
            merged[-1] = Span(merged[-1].text + span.text, span.style)
        else:
            merged.append(span)
    return merged
