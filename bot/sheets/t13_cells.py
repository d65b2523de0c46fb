"""What stands in the cells of form Т-13: codes and hours of each calendar date, and what they add up to. Pure.

The form goes by calendar dates, so work is divided at the local midnight, and a night that began on the last day of
a month stands in part in the next month's sheet (case 67). Я is ordinary work by day, Н all work at night, РВ all work
of a holiday or day off whatever the hour (case 49), С approved overtime. Totals are what was worked, each hour once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import WORKING, hours_away, is_whole_day
from bot.domain.reports.account import DayAccount, Flag
from bot.domain.reports.night import night_hours
from bot.domain.reports.stretch import Stretch, split_at_midnight, total
from bot.domain.reports.t13_codes import (
    BY_CALENDAR,
    HOLIDAY,
    MISSING,
    NIGHT,
    OVERTIME,
    REST,
    WITHOUT_HOLIDAYS,
    WORK,
    codes_of,
)
from bot.sheets.book import DOUBTFUL, Book, Line

_NOTHING = timedelta()
Codes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of time in a cell; without hours where only the day counts."""

    code: str
    hours: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One date: what stands in its two rows, how much was worked, and what of an absence it counts."""

    day: date
    parts: tuple[Part, ...] = ()
    worked: timedelta = _NOTHING
    away: tuple["Missed", ...] = ()
    is_doubtful: bool = False
    """Unconfirmed, waiting for a correction, still running, or a day of vacation that sickness took."""
    is_displaced: bool = False
    """Sickness took a day of vacation: somebody has to extend or move it (art. 124)."""
    is_usual: bool = False
    """Ordinary work or an ordinary day off: left out where only deviations are filled in."""


@dataclass(frozen=True, slots=True)
class Missed:
    """What an absence takes: days by its code, or hours of a day, and the planned work of them."""

    code: str
    days: int
    hours: timedelta


@dataclass(frozen=True, slots=True)
class Worked:
    """Days and hours of a half of the month or of the whole."""

    days: int
    hours: timedelta


def cells_of(line: Line, codes: Codes, today: date) -> Mapping[date, Cell]:
    """Return the cell of each date of a line."""
    pieces: dict[date, list[_Piece]] = {}
    for day in (*((line.eve,) if line.eve else ()), *line.days):
        for piece in _pieces(day):
            pieces.setdefault(piece.day, []).append(piece)
    return {day.day: _cell(day, pieces.get(day.day, ()), codes, today) for day in line.days}


def worked(cells: Iterable[Cell]) -> Worked:
    """Add up days with work and hours."""
    counted = [each.worked for each in cells if each.worked]
    return Worked(len(counted), sum(counted, _NOTHING))


def worked_by_date(book: Book) -> timedelta:
    """Return everybody's hours by calendar date, as the form adds them up (case 67)."""
    codes = codes_of(book.options)
    return sum((worked(cells_of(line, codes, book.today).values()).hours for line in book.lines), _NOTHING)


def missed(cells: Iterable[Cell]) -> Sequence[Missed]:
    """Add up absences by code, in the order in which they begin."""
    found: dict[str, Missed] = {}
    for each in (each for cell in cells for each in cell.away):
        known = found.get(each.code, Missed(each.code, 0, _NOTHING))
        found[each.code] = Missed(each.code, known.days + each.days, known.hours + each.hours)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Piece:
    """Work of one kind on one calendar date."""

    day: date
    kind: str
    stretch: Stretch
    is_doubtful: bool


def _pieces(day: DayAccount) -> Iterator[_Piece]:
    """Divide the work of a work date at midnight and by kind: holiday or day off, approved overtime, ordinary.

    Overtime is what came last; work that is paid as of a day off is none.
    """
    over = day.overtime
    for piece in reversed(list(_by_date(day))):
        before, after = _cut(piece.stretch, piece.stretch.length - min(over, piece.stretch.length))
        if piece.kind == HOLIDAY or not after:
            yield piece
            continue
        over -= total(after)
        yield from (replace(piece, kind=OVERTIME, stretch=each) for each in after)
        yield from (replace(piece, stretch=each) for each in before)


def _by_date(day: DayAccount) -> Iterator[_Piece]:
    """Divide the work of a work date at midnight; what is of a holiday or of a day off apart."""
    is_doubtful = bool(day.flags & DOUBTFUL)
    for on, stretch in split_at_midnight(day.stretches):
        yield _Piece(on, HOLIDAY if stretch in day.special else WORK, stretch, is_doubtful)


def _cut(stretch: Stretch, after: timedelta) -> tuple[list[Stretch], list[Stretch]]:
    """Cut a stretch in two; a part of no length is left out."""
    if not after or after == stretch.length:
        return ([stretch], []) if after else ([], [stretch])
    at = stretch.start + after
    return [replace(stretch, end=at)], [replace(stretch, start=at)]


def _cell(day: DayAccount, pieces: Sequence[_Piece], codes: Codes, today: date) -> Cell:
    absence = next((each for each in day.absences if is_whole_day(each)), None) if day.is_employed else None
    elsewhere = absence.kind if absence is not None and absence.kind in WORKING else WORK
    parts = list(_work(pieces, codes[elsewhere], codes))
    spent = total(each.stretch for each in pieces)
    away = list(_away(day, absence, codes, today))
    for each in away:
        if each.code not in _codes(parts):
            parts.append(Part(each.code, None if each.days else each.hours))
    if day.worked and Flag.MISSING not in day.flags:
        # Who came that day was not away, whatever was approved: it is counted once, as a day with work, on a trip too.
        # The end of last night's shift is no coming.
        away = [each for each in away if not each.days]
    if not parts and day.is_employed and not day.is_workday:
        parts.append(Part(codes[REST]))
    is_displaced = any(each.kind is AbsenceKind.VACATION for each in day.displaced) and day.is_employed
    is_doubtful = bool(day.flags & DOUBTFUL) or any(each.is_doubtful for each in pieces) or is_displaced
    is_usual = _codes(parts) in ({codes[WORK]}, {codes[REST]})
    return Cell(day.day, tuple(parts), spent, tuple(away), is_doubtful, is_displaced, is_usual)


def _work(pieces: Sequence[_Piece], ordinary: str, codes: Codes) -> Iterator[Part]:
    """Yield the kinds of work of a date: by day, of a holiday or day off, by night, overtime."""
    plain, special, over = ([p.stretch for p in pieces if p.kind == kind] for kind in (WORK, HOLIDAY, OVERTIME))
    night = night_hours(each.stretch for each in pieces)
    lengths = (
        (ordinary, total(plain) - night_hours(plain)),
        (codes[HOLIDAY], total(special)),
        (codes[NIGHT], night),
        (codes[OVERTIME], total(over)),
    )
    yield from (Part(code, hours) for code, hours in lengths if hours)


def _away(day: DayAccount, absence: Absence | None, codes: Codes, today: date) -> Iterator[Missed]:
    """Yield what was missed on a date: a day by its code, or hours of it; НН for a shift that nothing explains."""
    if not day.is_employed:
        return
    if absence is not None and absence.kind is not AbsenceKind.REMOTE:
        code = codes[absence.kind]
        rests = (code not in BY_CALENDAR and not day.is_workday) or (
            code in WITHOUT_HOLIDAYS and day.calendar.is_holiday
        )
        if not rests and (code != codes[MISSING] or day.day <= today):
            yield Missed(code, 1, day.shift.norm if day.shift else _NOTHING)
        return
    if Flag.MISSING in day.flags:
        yield Missed(codes[MISSING], 1, day.plan)
    yield from _hours_away(day, codes)


def _hours_away(day: DayAccount, codes: Codes) -> Iterator[Missed]:
    """Yield the planned hours that were approved away, once for each code."""
    found: dict[str, list[Absence]] = {}
    for each in day.absences:
        if not is_whole_day(each) and each.kind not in WORKING:
            found.setdefault(codes[each.kind], []).append(each)
    for code, absences in found.items():
        if hours := hours_away(absences, day.shift):
            yield Missed(code, 0, hours)


def _codes(parts: Iterable[Part]) -> set[str]:
    return {each.code for each in parts}
