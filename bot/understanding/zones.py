"""Time zones as people name them: by city, by IANA name, by the distance from UTC or from Moscow."""

from __future__ import annotations

import itertools
import re
from typing import Final
from zoneinfo import ZoneInfo

_MOSCOW: Final = 3
_CITIES: Final = {
    "калининград": "Europe/Kaliningrad", "москв": "Europe/Moscow", "мск": "Europe/Moscow",
    "питер": "Europe/Moscow", "санкт": "Europe/Moscow", "спб": "Europe/Moscow", "казан": "Europe/Moscow",
    "новгород": "Europe/Moscow", "краснодар": "Europe/Moscow", "ростов": "Europe/Moscow", "сочи": "Europe/Moscow",
    "воронеж": "Europe/Moscow", "волгоград": "Europe/Volgograd", "самар": "Europe/Samara",
    "саратов": "Europe/Saratov", "ижевск": "Europe/Samara", "уфа": "Asia/Yekaterinburg", "уфе": "Asia/Yekaterinburg",
    "екатеринбург": "Asia/Yekaterinburg", "екб": "Asia/Yekaterinburg", "челябинск": "Asia/Yekaterinburg",
    "перм": "Asia/Yekaterinburg", "тюмен": "Asia/Yekaterinburg", "омск": "Asia/Omsk",
    "новосибирск": "Asia/Novosibirsk", "нск": "Asia/Novosibirsk", "томск": "Asia/Tomsk", "барнаул": "Asia/Barnaul",
    "красноярск": "Asia/Krasnoyarsk", "иркутск": "Asia/Irkutsk", "якутск": "Asia/Yakutsk", "чит": "Asia/Chita",
    "владивосток": "Asia/Vladivostok", "хабаровск": "Asia/Vladivostok", "магадан": "Asia/Magadan",
    "сахалин": "Asia/Sakhalin", "камчатк": "Asia/Kamchatka", "петропавловск": "Asia/Kamchatka",
    "минск": "Europe/Minsk", "ереван": "Asia/Yerevan", "тбилиси": "Asia/Tbilisi", "баку": "Asia/Baku",
    "алматы": "Asia/Almaty", "астан": "Asia/Almaty", "ташкент": "Asia/Tashkent", "бишкек": "Asia/Bishkek",
    "берлин": "Europe/Berlin", "лондон": "Europe/London", "белград": "Europe/Belgrade",
    "дублин": "Europe/Dublin", "рим": "Europe/Rome", "мадрид": "Europe/Madrid", "прага": "Europe/Prague",
    "праге": "Europe/Prague", "варшав": "Europe/Warsaw", "риг": "Europe/Riga", "вильнюс": "Europe/Vilnius",
    "таллин": "Europe/Tallinn", "хельсинки": "Europe/Helsinki", "афин": "Europe/Athens", "вен": "Europe/Vienna",
    "амстердам": "Europe/Amsterdam", "кишинев": "Europe/Chisinau", "пекин": "Asia/Shanghai", "токио": "Asia/Tokyo",
    "бангкок": "Asia/Bangkok", "пхукет": "Asia/Bangkok", "бали": "Asia/Makassar", "дели": "Asia/Kolkata",
    "тел-авив": "Asia/Jerusalem", "тель": "Asia/Jerusalem", "кипр": "Asia/Nicosia", "никоси": "Asia/Nicosia",
    "стамбул": "Europe/Istanbul", "дуба": "Asia/Dubai", "лиссабон": "Europe/Lisbon", "париж": "Europe/Paris",
    "moscow": "Europe/Moscow", "kaliningrad": "Europe/Kaliningrad", "samara": "Europe/Samara",
    "yekaterinburg": "Asia/Yekaterinburg", "omsk": "Asia/Omsk", "novosibirsk": "Asia/Novosibirsk",
    "krasnoyarsk": "Asia/Krasnoyarsk", "irkutsk": "Asia/Irkutsk", "yakutsk": "Asia/Yakutsk",
    "vladivostok": "Asia/Vladivostok", "magadan": "Asia/Magadan", "minsk": "Europe/Minsk",
    "yerevan": "Asia/Yerevan", "tbilisi": "Asia/Tbilisi", "baku": "Asia/Baku", "almaty": "Asia/Almaty",
    "tashkent": "Asia/Tashkent", "berlin": "Europe/Berlin", "london": "Europe/London", "paris": "Europe/Paris",
    "madrid": "Europe/Madrid", "lisbon": "Europe/Lisbon", "warsaw": "Europe/Warsaw", "prague": "Europe/Prague",
    "belgrade": "Europe/Belgrade", "istanbul": "Europe/Istanbul", "dubai": "Asia/Dubai",
    "singapore": "Asia/Singapore", "tokyo": "Asia/Tokyo", "delhi": "Asia/Kolkata", "mumbai": "Asia/Kolkata",
    "new york": "America/New_York", "chicago": "America/Chicago", "denver": "America/Denver",
    "los angeles": "America/Los_Angeles", "toronto": "America/Toronto",
    "dublin": "Europe/Dublin", "rome": "Europe/Rome", "milan": "Europe/Rome", "vienna": "Europe/Vienna",
    "amsterdam": "Europe/Amsterdam", "brussels": "Europe/Brussels", "zurich": "Europe/Zurich",
    "stockholm": "Europe/Stockholm", "oslo": "Europe/Oslo", "copenhagen": "Europe/Copenhagen",
    "helsinki": "Europe/Helsinki", "athens": "Europe/Athens", "budapest": "Europe/Budapest",
    "bucharest": "Europe/Bucharest", "sofia": "Europe/Sofia", "riga": "Europe/Riga", "vilnius": "Europe/Vilnius",
    "tallinn": "Europe/Tallinn", "kyiv": "Europe/Kyiv", "cairo": "Africa/Cairo", "nairobi": "Africa/Nairobi",
    "bangkok": "Asia/Bangkok", "shanghai": "Asia/Shanghai", "beijing": "Asia/Shanghai", "seoul": "Asia/Seoul",
    "sydney": "Australia/Sydney", "melbourne": "Australia/Melbourne", "boston": "America/New_York",
    "seattle": "America/Los_Angeles", "mexico city": "America/Mexico_City", "sao paulo": "America/Sao_Paulo",
    "utc": "UTC", "gmt": "UTC", "msk": "Europe/Moscow",
}  # fmt: skip
_LONGEST_ENDING: Final = 3
_IANA: Final = re.compile(r"\b[A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b")
_OFFSET: Final = re.compile(r"(?:\b(utc|gmt|мск|msk|москва|moscow)\s*|(?<![\w+-]))([+-])\s*(\d{1,2})(?::?00)?(?![\d:])")


def zone_value(text: str) -> str | None:
    """Return the IANA name of the zone that a phrase names, or None."""
    plain = text.replace("−", "-").replace("–", "-")
    if (name := _iana(plain)) is not None:
        return name
    lowered = plain.lower().replace("ё", "е")
    found = _OFFSET.search(lowered)
    if found is not None:
        base = _MOSCOW if found.group(1) in {"мск", "msk", "москва", "moscow"} else 0
        hours = base + int(found.group(2) + found.group(3))
        if not -12 <= hours <= 14:
            return None
        return f"Etc/GMT{-hours:+d}" if hours else "UTC"
    words = re.findall(r"[a-zа-я]+", lowered)
    phrases = [*words, *(f"{one} {other}" for one, other in itertools.pairwise(words))]
    for phrase in phrases:
        for stem, name in _CITIES.items():
            if phrase.startswith(stem) and len(phrase) - len(stem) <= (1 if len(stem) < 4 else _LONGEST_ENDING):
                return name
    return None


def _iana(text: str) -> str | None:
    """Return the zone written by its own name, whatever its case."""
    found = _IANA.search(text)
    if found is None:
        return None
    name = "/".join("_".join(part.capitalize() for part in piece.split("_")) for piece in found.group().split("/"))
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        return None
