"""Words for people as data: a phrase is a message id with values, and becomes text when the reader is known.

Markup lives in the message, never in a value: `*bold*`, `_italic_` and line breaks are read from the translated
message before values go in, so a name or a reason that somebody typed can never add any.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Time:
    """An instant shown as a clock time; the zone is named when it is not the reader's own, unless `bare`."""

    at: datetime
    zone: str = ""
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Names the zone once for several bare times of it, in brackets; nothing where it is the reader's own."""

    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class DayTime:
    """An instant shown with weekday, date and clock time."""

    at: datetime
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day shown with its weekday; the year is added when it is not the reader's present one."""

    day: date


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, named by any day of it; the year is added when it is not the reader's present one."""

    day: date


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included, shown as short as they can be: a month by its name, else by dates."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time shown in hours and minutes, cut to the minute; under a minute in seconds."""

    length: timedelta


@dataclass(frozen=True, slots=True)
class Mention:
    """A person, shown by name, as a link where the reader's channel knows the account."""

    name: str
    accounts: tuple[tuple[str, str], ...] = ()
    """(channel, account) pairs."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """An untranslated sentence: English message id, its plural with the count that chooses, and values."""

    message: str
    values: Mapping[str, "Value"] = field(default_factory=dict)
    plural: str = ""
    count: int = 0
    context: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Phrases one below the other; an empty list shows as nothing."""

    lines: tuple["Phrase | Lines", ...]


Value = str | int | Time | Place | DayTime | Day | Month | Period | Duration | Mention | Phrase | Lines


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style, ready for a channel's renderer. `style` is "", "bold" or "italic"."""

    text: str
    style: str = ""
    mention: Mention | None = None


def t(message: str, **values: Value) -> Phrase:
    """Mark an English sentence for translation and give its values."""
    return Phrase(message, values)


def tc(context: str, message: str, **values: Value) -> Phrase:
    """Mark a sentence that some languages say in other words by context, such as the gender of who would say it.

    Without a context it is the sentence that suits everybody; each context is a message of its own.
    """
    return Phrase(message, values, context=context)


def tn(message: str, plural: str, count: int, **values: Value) -> Phrase:
    """Mark a sentence whose form depends on `count`, which is also the value `{count}`."""
    return Phrase(message, {"count": count, **values}, plural, count)


def verbatim(text: str) -> Phrase:
    """Return a phrase that reads the same in every language; the text is taken as it is, without markup."""
    return Phrase("{text}", {"text": text})


EMPTY_LINE = verbatim("")
"""Sets apart what stands above and below it."""


def lines(*phrases: "Phrase | Lines | None") -> Lines:
    """Put phrases one below the other, leaving out what is None."""
    return Lines(tuple(phrase for phrase in phrases if phrase is not None))


def to_json(value: Value) -> Any:
    """Return a JSON form of a phrase or value that `from_json` reads back equal."""
    match value:
        case str() | int():
            return value
        case Phrase():
            form: dict[str, Any] = {"k": "Phrase", "m": value.message}
            if value.values:
                form["v"] = {name: to_json(each) for name, each in value.values.items()}
            if value.plural:
                form["p"], form["n"] = value.plural, value.count
            if value.context:
                form["c"] = value.context
            return form
        case Lines(each):
            return {"k": "Lines", "l": [to_json(line) for line in each]}
        case Time(at, zone, True):
            return {"k": "Time", "at": at.timestamp(), "z": zone, "b": 1}
        case Time(at, zone) | DayTime(at, zone) | Place(at, zone):
            return {"k": type(value).__name__, "at": at.timestamp(), "z": zone}
        case Day(day) | Month(day):
            return {"k": type(value).__name__, "d": day.isoformat()}
        case Period(first, last):
            return {"k": "Period", "f": first.isoformat(), "l": last.isoformat()}
        case Duration(length):
            return {"k": "Duration", "s": length.total_seconds()}
        case Mention(name, accounts):
            return {"k": "Mention", "n": name, "a": [list(pair) for pair in accounts]}


def from_json(form: Any) -> Value:
    """Read what `to_json` wrote; ValueError for anything else."""
    if isinstance(form, str | int):
        return form
    try:
        match form["k"]:
            case "Phrase":
                values = {name: from_json(each) for name, each in form.get("v", {}).items()}
                return Phrase(form["m"], values, form.get("p", ""), form.get("n", 0), form.get("c", ""))
            case "Lines":
                return Lines(tuple(_line(each) for each in form["l"]))
            case "Time":
                return Time(datetime.fromtimestamp(form["at"], UTC), form["z"], bool(form.get("b")))
            case "Place":
                return Place(datetime.fromtimestamp(form["at"], UTC), form["z"])
            case "DayTime":
                return DayTime(datetime.fromtimestamp(form["at"], UTC), form["z"])
            case "Day":
                return Day(date.fromisoformat(form["d"]))
            case "Month":
                return Month(date.fromisoformat(form["d"]))
            case "Period":
                return Period(date.fromisoformat(form["f"]), date.fromisoformat(form["l"]))
            case "Duration":
                return Duration(timedelta(seconds=form["s"]))
            case "Mention":
                return Mention(form["n"], tuple((channel, account) for channel, account in form["a"]))
    except (KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise ValueError("not a phrase") from error
    raise ValueError("not a phrase")


def _line(form: Any) -> Phrase | Lines:
    value = from_json(form)
    if not isinstance(value, Phrase | Lines):
        raise ValueError("not a line")  # noqa: TRY004 - the caller knows one error for bad data
    return value


_UNREADABLE = dict.fromkeys(
    [
        *(each for each in (*range(0x20), *range(0x7F, 0xA0)) if chr(each) not in "\t\n\r\x85"),
        *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    ]
)
"""Control characters, and those that turn the direction of writing."""


def readable(text: str) -> str:
    """Return what somebody wrote without characters that show what stands beside it otherwise than it is."""
    return text if text.isprintable() else text.translate(_UNREADABLE)


def one_line(text: str) -> str:
    """Return what somebody wrote as one line that is read as it stands: it is no line of ours, and turns none round."""
    return " ".join(readable(text).split())
