"""The general date parser, for a time or a day that our own grammar does not know; loaded when first needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bot.understanding.scene import Scene

MAX_LENGTH: Final = 200
_FARTHEST: Final = timedelta(days=366)
_SHORTEST: Final = 3


@lru_cache(maxsize=4)
def _parser(languages: tuple[str, ...]) -> Any:
    """Return a parser for these languages; its import alone costs more than a thousand phrases of ours."""
    from dateparser.date import DateDataParser  # noqa: PLC0415 - heavy, and most messages never need it

    settings = {"PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY", "RETURN_TIME_AS_PERIOD": True}
    return DateDataParser(languages=list(languages), settings=settings)


def _languages(locale: str) -> tuple[str, ...]:
    """Return the person's language and English, or Russian beside English."""
    return ("en", "ru") if locale.startswith("en") else ("ru", "en")


def parse(text: str, here: Scene, slot: str) -> datetime | date | None:
    """Return the moment or day that the whole text names, or None where that is not certain.

    It is taken only when what was said has the grain asked for and lies within a year of now.
    """
    if len(text) > MAX_LENGTH or len(text) < _SHORTEST or not _looks_like_time(text):
        return None
    try:
        parser = _parser(_languages(here.locale))
        parser._settings.RELATIVE_BASE = here.now.replace(tzinfo=None)  # noqa: SLF001 - the only way to reuse one
        data = parser.get_date_data(text)
    except Exception:  # noqa: BLE001 - a foreign grammar may fail in any way; then nothing was understood
        return None
    if data.date_obj is None or data.period != slot:
        return None
    said: datetime = data.date_obj
    found = said.replace(tzinfo=here.zone) if said.tzinfo is None else said.astimezone(here.zone)
    if abs(found - here.now) > _FARTHEST:
        return None
    return found if slot == "time" else found.date()


def _looks_like_time(text: str) -> bool:
    """Whether the text has a digit; without one the parser only guesses."""
    return any(letter.isdigit() for letter in text)
