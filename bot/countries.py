"""Countries as people call them, in our languages."""

from functools import lru_cache

from babel import Locale

from bot.i18n import LOCALES

NEAR = ("RU", "BY", "KZ", "UZ", "AM", "KG")
"""Countries that are offered; any other is written."""
_CODE = 2
_ALSO = {"россия": "RU", "рф": "RU", "киргизия": "KG", "белоруссия": "BY", "usa": "US", "сша": "US", "uae": "AE"}


def country_name(code: str, locale: str) -> str:
    """Return what a country is called: «Казахстан», "Kazakhstan"; the code where it has no name."""
    return str(Locale(locale).territories.get(code, code))


def country_called(name: str) -> str | None:
    """Return the ISO 3166 code of a country by its name or its code, or None."""
    return _codes().get(" ".join(name.casefold().replace("ё", "е").split()))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    found: dict[str, str] = dict(_ALSO)
    for locale in LOCALES:
        for code, name in Locale(locale).territories.items():
            if len(code) == _CODE and code.isalpha():
                found |= {name.casefold().replace("ё", "е"): code, code.casefold(): code}
    return found
