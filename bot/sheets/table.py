"""The time sheet as plain rows, which all formats share: a line a day, or a line a person, with totals.

Hours count for the work date on which the shift began. A total is added up from seconds, never from rounded parts,
and decimal hours are worked out from the total.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.reports.account import Account, DayAccount, Flag
from bot.domain.reports.rounding import decimal_hours
from bot.domain.reports.standing import apart_of, balance_by, target_of
from bot.i18n import Translator
from bot.sheets.book import DOUBTFUL, Book, Line
from bot.sheets.words import absence_name, flag_name
from bot.text import Duration, Phrase, t

Cell = str | int | date | datetime | timedelta | Decimal | None
"""What stands in a cell; None is an empty one. A `datetime` is a clock time of the person's zone, without zone."""


class Kind(StrEnum):
    """What a column holds, and so how it is written and whether it is summed."""

    TEXT = "text"
    DATE = "date"
    CLOCK = "clock"
    COUNT = "count"
    LENGTH = "length"
    """Hours and minutes."""
    HOURS = "hours"
    """Decimal hours."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and its width in characters. One that `may_go` is left out of print where it is empty."""

    key: str
    title: Phrase
    kind: Kind
    width: int = 8
    may_go: bool = False


class Tone(StrEnum):
    """How a row stands out."""

    PLAIN = ""
    REST = "rest"
    """A day off."""
    DOUBTFUL = "doubtful"
    """Something in it is not confirmed yet, or waits for a correction."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, each with its tone, and a row of totals."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...]
    tones: tuple[Tone, ...]

    def at(self, key: str) -> int:
        """Return the place of a column, from 0."""
        return next(place for place, column in enumerate(self.columns) if column.key == key)

    def widths(self, words: Translator) -> tuple[int, ...]:
        """Return the width of each column in characters: enough for the longest word of its head."""
        heads = (words.plain(column.title) for column in self.columns)
        longest = (max(map(len, head.split())) + 2 for head in heads)
        return tuple(max(column.width, each) for column, each in zip(self.columns, longest, strict=True))

    @property
    def empty(self) -> frozenset[int]:
        """The places of columns that say nothing and may go."""
        return frozenset(
            place
            for place, column in enumerate(self.columns)
            if column.may_go and all(row[place] is None for row in self.rows)
        )

    def without_empty(self) -> "Table":
        """Return the table without the columns that say nothing and may go."""
        empty = self.empty
        kept = [place for place in range(len(self.columns)) if place not in empty]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            totals=tuple(self.totals[place] for place in kept),
        )


_WHO = (
    Column("person", t("Person"), Kind.TEXT, 22),
    Column("number", t("Personnel no."), Kind.TEXT, 10, may_go=True),
    Column("department", t("Department"), Kind.TEXT, 18, may_go=True),
)
_LENGTHS = (
    Column("night", t("Night"), Kind.LENGTH, may_go=True),
    Column("holiday", t("On holidays"), Kind.LENGTH, 9, may_go=True),
    Column("off_day", t("On days off"), Kind.LENGTH, 9, may_go=True),
    Column("over", t("Over plan"), Kind.LENGTH, may_go=True),
    Column("overtime", t("Overtime approved"), Kind.LENGTH, 11, may_go=True),
)
_LATE = Column("late", t("Late by"), Kind.LENGTH, may_go=True)
_EARLY = Column("early", t("Left early by"), Kind.LENGTH, may_go=True)
_WORKED = Column("worked", t("Worked"), Kind.LENGTH)
_HOURS = Column("hours", t("Worked, hours"), Kind.HOURS, 9)
_NOTE = Column("note", t("Note"), Kind.TEXT, 24, may_go=True)

_BALANCE = Column("balance", t("Difference, hours"), Kind.HOURS, 9, may_go=True)
_SO_FAR = replace(_BALANCE, title=t("Difference up to yesterday, hours"))

DAY_COLUMNS = (
    Column("date", t("Date"), Kind.DATE, 10),
    Column("weekday", t("Weekday"), Kind.TEXT, 6),
    Column("plan", t("Plan"), Kind.LENGTH),
    Column("came", t("In"), Kind.CLOCK, 9),
    Column("left", t("Out"), Kind.CLOCK, 9),
    Column("breaks", t("Breaks"), Kind.LENGTH, may_go=True),
    _WORKED,
    _HOURS,
    *_LENGTHS,
    _LATE,
    _EARLY,
    Column("absence", t("Absence"), Kind.TEXT, 18, may_go=True),
    _NOTE,
)
PEOPLE_COLUMNS = (
    Column("place", t("#"), Kind.TEXT, 4),
    *_WHO,
    Column("title", t("Post"), Kind.TEXT, 18, may_go=True),
    Column("days", t("Days worked"), Kind.COUNT, 8),
    _WORKED,
    _HOURS,
    Column("norm", t("Norm"), Kind.LENGTH, may_go=True),
    _BALANCE,
    *_LENGTHS,
    Column("late_times", t("Times late"), Kind.COUNT, may_go=True),
    _LATE,
    _EARLY,
    Column("absence", t("Days away"), Kind.TEXT, 22, may_go=True),
    _NOTE,
)
LENGTHS = {
    "breaks": "on_break",
    **{key: key for key in ("plan", "worked", "night", "holiday", "off_day", "over", "overtime", "late", "early")},
}
"""Columns of lengths that add up from days, and what of an account stands in them."""


def day_table(book: Book, words: Translator, *, names_one: bool = False) -> Table:
    """Return a line a day of everybody; the person is named in it where there are several, or where asked for."""
    columns = (*_WHO, *DAY_COLUMNS) if names_one or not book.is_of_one else DAY_COLUMNS
    days = [(line, day) for line in book.lines for day in line.days]
    rows = tuple(_cells(columns, _day(line, day, words)) for line, day in days)
    totals = {columns[0].key: words.plain(t("Total")), **_sums([line.account for line in book.lines], book.today)}
    return Table(columns, rows, _cells(columns, totals), tuple(_tone(day) for _, day in days))


def people_table(book: Book, words: Translator) -> Table:
    """Return a line a person and department; while the period runs, the difference is the one up to yesterday."""
    people = (_person(place, line, words, book.today) for place, line in enumerate(book.lines, 1))
    rows = tuple(_cells(PEOPLE_COLUMNS, each) for each in people)
    totals = {"person": words.plain(t("Total")), **_sums([line.account for line in book.lines], book.today)}
    runs = any(line.account.last >= book.today for line in book.lines)
    columns = tuple(_SO_FAR if runs and each is _BALANCE else each for each in PEOPLE_COLUMNS)
    doubts = (any(_tone(day) is Tone.DOUBTFUL for day in line.days) for line in book.lines)
    tones = tuple(Tone.DOUBTFUL if each else Tone.PLAIN for each in doubts)
    return Table(columns, rows, _cells(PEOPLE_COLUMNS, totals), tones)


def _cells(columns: Sequence[Column], values: Mapping[str, Cell]) -> tuple[Cell, ...]:
    return tuple(values.get(column.key) for column in columns)


def _tone(day: DayAccount) -> Tone:
    if day.flags & DOUBTFUL:
        return Tone.DOUBTFUL
    return Tone.PLAIN if day.is_workday else Tone.REST


def _day(line: Line, day: DayAccount, words: Translator) -> dict[str, Cell]:
    came, left = _ends(day)
    return {
        **_who(line),
        **{key: getattr(day, of_day) or None for key, of_day in LENGTHS.items()},
        "hours": decimal_hours(day.worked) if day.worked else None,
        "date": day.day,
        "weekday": format_date(day.day, "EEE", locale=words.locale),
        "came": came,
        "left": left,
        "absence": ", ".join(_absence(each, day, words) for each in day.absences) or None,
        "note": "; ".join(_notes(day, words)) or None,
    }


def _person(place: int, line: Line, words: Translator, today: date) -> dict[str, Cell]:
    flags = Counter(flag for day in line.days for flag in day.flags)
    apart = apart_of(line.account)
    notes = [f"{words.plain(flag_name(flag))}: {flags[flag]}" for flag in Flag if flags[flag]]
    if apart:
        notes.append(words.plain(t("{length} without a schedule", length=Duration(apart))))
    away = line.account.absences.items()
    return {
        **_who(line),
        **_sums([line.account], today),
        "place": str(place),
        "absence": ", ".join(f"{words.plain(absence_name(kind))}: {each.days}" for kind, each in away if each.days)
        or None,
        "note": "; ".join(notes) or None,
    }


def _who(line: Line) -> dict[str, Cell]:
    return {
        "person": line.name,
        "number": line.number or None,
        "department": line.department or None,
        "title": line.title or None,
    }


def _sums(accounts: Sequence[Account], today: date) -> dict[str, Cell]:
    """Return what accounts add up to; a norm that is not known for all is not told for some.

    The difference is that of the chat: of a period that is over, or up to yesterday, where that means something.
    """
    lengths: dict[str, Cell] = {key: _total(accounts, of_all) or None for key, of_all in LENGTHS.items()}
    balances = [found for each in accounts if (found := balance_by(each, today)) is not None]
    is_known = all(each.norm_is_known for each in accounts)
    worked = _total(accounts, "worked")
    return {
        **lengths,
        "norm": (sum((target_of(each) for each in accounts), timedelta()) or None) if is_known else None,
        "hours": decimal_hours(worked) if worked else None,
        "balance": decimal_hours(sum(balances, timedelta())) if is_known and balances else None,
        "days": sum(each.days_worked for each in accounts),
        "late_times": sum(each.late_times for each in accounts) or None,
    }


def _total(accounts: Sequence[Account], what: str) -> timedelta:
    return sum((getattr(each, what) or timedelta() for each in accounts), timedelta())


def _ends(day: DayAccount) -> tuple[datetime | None, datetime | None]:
    """Return the first check-in and the last check-out by the clocks of the session's zone."""
    if not day.sessions:
        return None, None
    first, last = day.sessions[0], day.sessions[-1]
    return _local(first.started_at, first.zone), _local(last.ended_at, last.zone) if last.ended_at else None


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _absence(absence: Absence, day: DayAccount, words: Translator) -> str:
    name = words.plain(absence_name(absence.kind))
    if absence.start is None or absence.end is None:
        return name
    zone = day.shift.zone if day.shift else words.zone
    return f"{name} {_local(absence.start, zone):%H:%M}–{_local(absence.end, zone):%H:%M}"


def _notes(day: DayAccount, words: Translator) -> Iterator[str]:
    if day.calendar.is_holiday:
        yield words.plain(t("holiday"))
    if day.calendar.is_short:
        yield words.plain(t("short day"))
    if day.calendar.note:
        yield day.calendar.note
    if any(each.kind is AbsenceKind.VACATION for each in day.displaced):
        yield words.plain(t("sick on vacation: it is extended or moved"))
    yield from (words.plain(flag_name(flag)) for flag in Flag if flag in day.flags)
