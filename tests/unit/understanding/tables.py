"""Reads the tables of phrases: what people write, and what it means on one Wednesday in Moscow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 7, 15, 14, 20, tzinfo=MOSCOW)
_SLOT = re.compile(r'(\w+)=("[^"]*"|\S+)')
_DAYS = {"day", "from_day", "to_day", "until_day"}
_INSTANTS = {"at", "from", "to", "until"}

Meaning = tuple[str, dict[str, object]]


@dataclass(frozen=True)
class Row:
    """One phrase and its readings."""

    locale: str
    text: str
    readings: tuple[Meaning, ...]


def rows(locale: str) -> list[Row]:
    """Return the tables of one language: the general one and those of single rules."""
    tables = sorted(Path(__file__).parent.glob(f"phrases*.{locale}.tsv"))
    lines = [line for table in tables for line in table.read_text(encoding="utf-8").splitlines()]
    return [_row(locale, line) for line in lines if line and not line.startswith("#")]


def every_row() -> list[Row]:
    """Return both tables."""
    return [*rows("ru"), *rows("en")]


def _row(locale: str, line: str) -> Row:
    """Return the row that a line holds."""
    text, expected = line.split("\t")
    if expected == "-":
        return Row(locale, text, ())
    return Row(locale, text, tuple(_meaning(reading) for reading in expected.split(" | ")))


def _meaning(reading: str) -> Meaning:
    """Return the intent and the slots of `intent slot=value …`."""
    intent, _, slots = reading.partition(" ")
    return intent, {name: _value(name, value.strip('"')) for name, value in _SLOT.findall(slots)}


def _value(name: str, value: str) -> object:
    """Return the value of a slot in its type."""
    if name in _INSTANTS:
        return datetime.fromisoformat(value).replace(tzinfo=MOSCOW)
    if name in _DAYS:
        return date.fromisoformat(value)
    if name == "also":
        return value.split(",")
    if name == "all":
        return value == "true"
    return int(value) if name.endswith("_seconds") or name == "minutes" else value
