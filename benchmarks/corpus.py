"""Sentences with their right readings: the strict form of our corpus, and a lenient one for files from elsewhere.

The form is told in `tests/corpus/README.md`. Nothing here knows the grammar.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

CORPUS = Path(__file__).resolve().parents[1] / "tests" / "corpus"
NOW = "2026-11-24T14:20"
"""A Tuesday, after lunch: when a line is said that does not tell."""
ZONES = {"ru": "Europe/Moscow", "en": "Europe/London"}

INTENTS = frozenset(
    """
    check_in break_start break_end check_out worked remove leave status today presence approvals history help
    undo cancel confirm decline link company report language zone remind late leave_early remaining norm is_workday
    my_leave my_requests away decide correct start_request who_holds ask_again approval_sheet
    request_history approval_statistics withdraw delegate substitute substitutes no_substitute preview rules errands
    move_leave cancel_leave leave_balance thanks wish_correct nudge my_schedule salary
    """.split()  # noqa: SIM905
)
INSTANTS = frozenset({"at", "from", "to", "until"})
DAYS = frozenset({"day", "from_day", "to_day", "until_day"})
NUMBERS = frozenset({"minutes", "duration_seconds", "break_seconds", "amount_seconds"})
WORDS = frozenset(
    """
    kind part person reason target mark topic scope format verdict all value ask request template
    """.split()  # noqa: SIM905
)
TOKEN = re.compile(r"(?P<key>[a-z_]+)(?P<relation>[=~])(?P<value>\S+)")


class BadLine(ValueError):
    """A line that is not of the form."""


@dataclass(frozen=True)
class Expected:
    """What a slot has to hold: one of the values, anything, or nothing."""

    relation: str
    """`is`, `like` (contains, whatever the case), `any` or `absent`."""
    values: tuple[Any, ...] = ()

    def holds(self, said: Any) -> bool:
        """Tell whether what was understood fits."""
        if self.relation == "absent":
            return said is None
        if said is None:
            return False
        if self.relation == "any":
            return True
        if self.relation == "like":
            return any(str(value).casefold() in str(said).casefold() for value in self.values)
        return any(_same(value, said) for value in self.values)


def _same(value: Any, said: Any) -> bool:
    if isinstance(value, datetime):
        try:
            return datetime.fromisoformat(str(said)) == value
        except (TypeError, ValueError):
            return False
    if isinstance(value, bool) or isinstance(said, bool):
        return value is said
    return str(value).casefold() == str(said).casefold()


@dataclass(frozen=True)
class Reading:
    """One reading: an intent, or none, with the slots that matter."""

    intent: str | None
    slots: dict[str, Expected] = field(default_factory=dict)
    asked: bool = False
    """Right only as one of several readings that are asked about."""


@dataclass(frozen=True)
class Line:
    """One sentence with its right readings and the dangerous ones."""

    text: str
    locale: str
    zone: ZoneInfo
    now: datetime
    right: tuple[Reading, ...]
    never: tuple[Reading, ...]
    theme: str
    where: str


def reading_of(words: str, now: datetime) -> Reading:
    """Read the short form, as `check_in at=08:35`."""
    name, *tokens = words.split()
    asked = name.endswith("?")
    name = name.rstrip("?")
    if name != "null" and name not in INTENTS:
        raise BadLine(f"no intent is named {name!r}")
    slots: dict[str, Expected] = {}
    for token in tokens:
        match = TOKEN.fullmatch(token)
        if match is None or match["key"] in slots:
            raise BadLine(f"{token!r} is no slot, or is there twice")
        slots[match["key"]] = _expected(match["key"], match["relation"], match["value"], now)
    if name == "null" and (slots or asked):
        raise BadLine("nothing is expected of null")
    return Reading(None if name == "null" else name, slots, asked)


def _expected(key: str, relation: str, value: str, now: datetime) -> Expected:
    if key not in INSTANTS | DAYS | NUMBERS | WORDS:
        raise BadLine(f"no slot is named {key!r}")
    if relation == "~":
        return Expected("like", tuple(value.split("|")))
    if value == "-":
        return Expected("absent")
    if value == "*":
        return Expected("any")
    return Expected("is", tuple(_value(key, one, now) for one in value.split("|")))


def _value(key: str, value: str, now: datetime) -> Any:
    try:
        if key in INSTANTS:
            day, _, clock = value.rpartition("T")
            whole = datetime.fromisoformat(f"{_day(day, now)}T{clock}")
            return whole.replace(tzinfo=now.tzinfo)
        if key in DAYS:
            return _day(value, now)
        if key in NUMBERS:
            return int(value)
    except ValueError as error:
        raise BadLine(f"{key}={value}: {error}") from None
    return True if value == "true" else value


def _day(value: str, now: datetime) -> str:
    full = {0: now.date().isoformat(), 5: f"{now.year}-{value}"}.get(len(value), value)
    return datetime.fromisoformat(full).date().isoformat()


def _moment(said: str, zone: ZoneInfo) -> datetime:
    now = datetime.fromisoformat(said)
    return now if now.tzinfo else now.replace(tzinfo=zone)


def strict(path: Path) -> list[Line]:
    """Read a file of our corpus, `THEME.LOCALE.jsonl`; raise `BadLine` for anything that is not of the form."""
    theme, locale, _ = path.name.split(".")
    lines = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        where = f"{path.name}:{number}"
        try:
            told = json.loads(raw)
            if not {"text", "right"} <= set(told) <= {"text", "right", "never", "now", "zone"}:
                raise BadLine(f"fields {sorted(told)}")
            zone = ZoneInfo(told.get("zone", ZONES[locale]))
            now = _moment(told.get("now", NOW), zone)
            right, never = (tuple(reading_of(one, now) for one in _listed(told.get(key))) for key in ("right", "never"))
            if not right or not told["text"].strip():
                raise BadLine("nothing said or nothing right")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadLine(f"{where}: {error}") from None
        lines.append(Line(told["text"], locale, zone, now, right, never, theme, where))
    return lines


def own(folder: Path = CORPUS) -> list[Line]:
    """Return every line of our corpus."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in strict(path)]


def lenient(path: Path) -> list[Line]:
    """Read a file of sentences that others wrote: our form, or a reading as an object with plain values."""
    lines = []
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if raw.strip():
            try:
                lines.append(_told(json.loads(raw), path, f"{path.name}:{number}"))
            except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
                raise BadLine(f"{path.name}:{number}: {error}") from None
    return lines


def _told(told: dict[str, Any], path: Path, where: str) -> Line:
    if isinstance(told.get("input"), dict):
        told = {**told, **told["input"]}
    text = next((told[key] for key in ("text", "line", "input") if isinstance(told.get(key), str)), None)
    if text is None:
        raise BadLine("no text, line or input")
    named = re.match(r"(.+)\.(ru|en)\.jsonl$", path.name)
    guess = named[2] if named else "ru" if re.search("[а-яё]", text, re.IGNORECASE) else "en"
    locale = told.get("locale") or guess
    zone = ZoneInfo(told.get("zone") or ZONES.get(locale, "UTC"))
    now = _moment(told.get("now") or NOW, zone)
    key = next((name for name in ("right", "expect") if name in told), None)
    if key is None and "intent" not in told:
        raise BadLine("nothing says what is right")
    right = tuple(_loose(one, now) for one in (_listed(told[key], empty="null") if key else [told]))
    never = tuple(_loose(one, now) for one in _listed(told.get("never")))
    theme = str(told.get("theme") or (named[1] if named else path.stem))
    return Line(text, locale, zone, now, right, never, theme, where)


def _listed(told: Any, empty: str | None = None) -> list[Any]:
    if told is None:
        return [] if empty is None else [empty]
    return list(told) if isinstance(told, list) else [told]


def _loose(told: Any, now: datetime) -> Reading:
    if told is None or told == "-":
        return Reading(None)
    if isinstance(told, str):
        unknown = re.fullmatch(r"([a-z_]+)(\??)", told)  # an intent that came after this file
        if unknown and unknown[1] not in INTENTS | {"null"}:
            return Reading(unknown[1], {}, bool(unknown[2]))
        return reading_of(told, now)
    slots = {key: Expected("absent") if value is None else _plain(key, value, now) for key, value in _slots(told)}
    return Reading(told.get("intent"), slots, bool(told.get("ambiguous")))


def _slots(told: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    return (told.get("slots") or {}).items()


def _plain(key: str, value: Any, now: datetime) -> Expected:
    if key in INSTANTS and isinstance(value, str):
        try:
            return Expected(
                "is", (_moment(value, now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else ZoneInfo("UTC")),)
            )
        except ValueError:
            return Expected("is", (value,))
    if key in {"person", "reason"} and isinstance(value, str):
        return Expected("like", (value[: max(3, len(value) - 2)],))
    return Expected("is", tuple(value) if isinstance(value, list) else (value,))
