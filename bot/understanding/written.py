"""What people write as the value of a setting: a length of time, months, yes or no, two limits and their day."""

import re
from datetime import date, timedelta

_MONTHS = re.compile(r"(\d{1,4}) ?(мес\w*\.?|months?|г|год\w*|лет|years?)?", re.IGNORECASE)
_MINUTES = re.compile(r"(?:до |через |up to |after |in )?(\d{1,4}) ?(?:мин\w*\.?|min\w*\.?)?", re.IGNORECASE)
_SPAN = re.compile(
    r"(?:(?P<hours>\d{1,2}(?:[.,]\d{1,2})?) ?(?:ч|час\w*|h|hrs?|hours?)\.?)?(?: |,)*(?:(?:и|and) )?"
    r"(?:(?P<minutes>\d{1,4}) ?(?:м|мин\w*|m|mins?|minutes?)\.?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
_NUMBER = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")
_LIMITS = re.compile(r"(\d{1,2})\D{1,30}?(\d{1,4})\D{0,12}?(?:(?:с|from|since)? ?(\d{1,2})[./](\d{1,2})[./](\d{4}))?")
_NONE_AT_ALL = frozenset({"сразу", "at once", "ничего", "no changes"})
_TOGETHER = frozenset({"вместе", "вместе с нашим", "together", "together with ours"})
_APART = frozenset({"порознь", "сам по себе", "apart", "on its own"})
_YES = frozenset({"yes", "да", "y", "д", "спрашиваем руководителя", "the lead is asked"} | _TOGETHER)
_NO = frozenset({"no", "нет", "n", "н", "без согласования", "without asking"} | _APART)
"""What is written as well as what the buttons say: whoever types a button's words means it."""
_YEARS = ("г", "л", "y")


def written(said: str) -> str:
    """Return what was written as tables of words have it."""
    return said.strip().casefold()


def yes_or_no(said: str) -> bool | None:
    """Return which of the two was written; None where it is neither."""
    found = written(said)
    return found in _YES if found in _YES or found in _NO else None


def length(said: str) -> timedelta | None:
    """Return the minutes that were written, or none at all; None where it is neither."""
    found = _MINUTES.fullmatch(said.strip())
    if found is not None:
        return timedelta(minutes=int(found[1]))
    return timedelta() if written(said) in _NONE_AT_ALL else None


def span(said: str, unit: timedelta) -> timedelta | None:
    """Return a length of time that was written, «1 час 30 мин», «1:30»; a bare number counts units."""
    said = " ".join(said.split())
    if _NUMBER.fullmatch(said):
        return unit * float(said.replace(",", "."))
    if (clock := _CLOCK.fullmatch(said)) is not None:
        return timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    found = _SPAN.fullmatch(said)
    if found is None or not (found["hours"] or found["minutes"]):
        return None
    return timedelta(hours=float((found["hours"] or "0").replace(",", ".")), minutes=int(found["minutes"] or 0))


def months(said: str) -> int | None:
    """Return a number of months, which may be written in years."""
    found = _MONTHS.fullmatch(said.strip())
    if found is None:
        return None
    return int(found[1]) * (12 if (found[2] or "").lower().startswith(_YEARS) else 1)


def two_limits(said: str, today: date) -> tuple[int, int, date] | None:
    """Return the two numbers of hours of «4 и 240 с 01.01.2027» and their day, which is today where none is said."""
    found = _LIMITS.fullmatch(written(said))
    if found is None:
        return None
    since = [None if each is None else int(each) for each in found.groups()[2:]]
    try:
        day = today if since[0] is None else date(since[2] or 0, since[1] or 0, since[0])
    except ValueError:
        return None
    return int(found[1]), int(found[2]), day
