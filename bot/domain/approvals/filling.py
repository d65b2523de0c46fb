"""What somebody says about a request in one breath, put into the fields of its form: «400000, скидка 27%»."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.domain.approvals.route import FormField

_NUMBER = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_SAID_OF = re.compile(r"^\s*([^\d:=]{1,60}?)\s*[:=]\s*(.{1,500}?)\s*$", re.DOTALL)
_AMOUNT = re.compile(
    rf"(?<![\w.,])({_NUMBER})\s*(%|процент\w*|percent|тыс\w*\.?|к\b|k\b|млн\.?|миллион\w*|m\b|million\w*|"
    r"дн\w+|день|days?)?",
    re.IGNORECASE,
)
_THOUSANDS, _MILLIONS = ("тыс", "к", "k"), ("млн", "миллион", "m")
_LARGEST = 10**15


def number_in(said: str) -> int | float | None:
    """Return the number that a text says, None where it says none."""
    found = _AMOUNT.match(said.strip())
    return None if found is None else _number(found)


def fill(form: Sequence[FormField], said: str) -> dict[str, Any]:
    """Return the fields that words fill: named ones first, then bare numbers by what stands behind them."""
    filled: dict[str, Any] = {}
    rest: list[str] = []
    for piece in re.split(r"[;\n]|,(?!\d)", said):
        named = _SAID_OF.match(piece)
        field = field_called(form, named[1]) if named else None
        if named is None or field is None:
            rest.append(piece)
            continue
        value = value_of(field, named[2])
        if value is not None:
            filled[field.key] = value
    for found in _AMOUNT.finditer(" ".join(rest)):
        field = next((each for each in _takers(form, (found[2] or "").casefold()) if each.key not in filled), None)
        number = _number(found)
        if field is not None and number is not None:
            filled[field.key] = number
    return filled


def field_called(form: Sequence[FormField], said: str) -> FormField | None:
    """Return the field whose key or title somebody says."""
    wanted = _plain(said)
    for each in form:
        if wanted in {_plain(each.key), *(_plain(title) for title in each.title.values())}:
            return each
    return None


def value_of(field: FormField, said: str) -> Any:
    """Return what a field holds when somebody writes that, None where it is no value of it."""
    said = said.strip()
    match field.type:
        case "number" | "money":
            return number_in(said)
        case "date":
            try:
                return date.fromisoformat(said).isoformat()
            except ValueError:
                found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", said)
                return None if found is None else _day(found)
        case "choice":
            return next((each for each in field.choices if each.casefold() == said.casefold()), None)
        case "file":
            return None
        case "deal" | "task":
            number = re.search(r"\d{1,15}", said)
            return number[0] if number else said or None
        case _:
            return said or None


def missing(form: Sequence[FormField], filled: Mapping[str, Any]) -> list[FormField]:
    """Return the required fields that are not filled."""
    return [each for each in form if each.required and filled.get(each.key) is None]


def _day(found: re.Match[str]) -> str | None:
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat()
    except ValueError:
        return None


def _takers(form: Sequence[FormField], unit: str) -> Iterator[FormField]:
    """Yield the fields that a number with that unit may fill, the likeliest first."""
    numbers = [each for each in form if each.type in {"number", "money"}]
    shares = [each for each in numbers if is_share(each)]
    days = [each for each in numbers if "day" in each.key.casefold() or each.key.casefold() == "days"]
    if unit.startswith(("%", "процент", "percent")):
        yield from shares
    elif unit.startswith(("дн", "день", "day")):
        yield from days
    else:
        yield from sorted((each for each in numbers if each not in shares), key=lambda each: each.type != "money")


def is_share(field: FormField) -> bool:
    """Whether a number is a share of a hundred."""
    return any("%" in text or "percent" in text.casefold() or "процент" in text.casefold()
               for text in (field.key, *field.title.values()))  # fmt: skip


def _number(found: re.Match[str]) -> int | float | None:
    value = Decimal(re.sub(r"[ \u00a0\u202f]", "", found[1]).replace(",", "."))
    unit = (found[2] or "").casefold()
    if unit.startswith(_MILLIONS):
        value *= 1_000_000
    elif unit.startswith(_THOUSANDS):
        value *= 1_000
    if value > _LARGEST:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("ё", "е")))
