"""June 2026 of made-up people: days that an accountant meets in a month, lived through and counted for real.

June 2026 in Russia: Friday the 12th is a holiday, Thursday the 11th is an hour shorter; 21 workdays, 167 hours.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.people.staff import Employment
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.planning.roster import RosterBook
from bot.domain.planning.schedule import Assignment, PlannedBreak, Schedule, Scope
from bot.domain.reports.account import Account
from bot.domain.reports.counting import account
from bot.domain.workday.punch_log import derive
from bot.sheets.book import Book, Line
from tests.unit.domain.logs import at, punches
from tests.unit.domain.plans import LONG_AGO, fixed, leave, rota

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
EVE = date(2026, 5, 31)
HOLIDAY = date(2026, 6, 12)
NOW = at("2026-07-03 10:00")
NO_PAUSE = PlannedBreak()


def june(day: int) -> date:
    """Return a day of June 2026."""
    return date(2026, 6, day)


def workdays(first: int, last: int) -> list[int]:
    """Return the days of June from Monday to Friday between two, without the holiday."""
    return [day for day in range(first, last + 1) if june(day).weekday() < 5 and june(day) != HOLIDAY]


def day(number: int, start: str, end: str, pause: str = "") -> list[str]:
    """Return the punches of one day, its break written `13:00-14:00`."""
    told = [f"in {june(number)} {start}", f"out {june(number)} {end}"]
    if pause:
        began, ended = pause.split("-")
        told[1:1] = [f"break {june(number)} {began}", f"back {june(number)} {ended}"]
    return told


def usual(days: Iterable[int]) -> list[str]:
    """Return the punches of ordinary days: nine to six with an hour's lunch, on the 11th till five."""
    return [told for each in days for told in day(each, "09:00", "17:00" if each == 11 else "18:00", "13:00-14:00")]


def counted(
    number: int,
    schedule: Schedule,
    told: Sequence[str],
    *,
    absences: Sequence[Absence] = (),
    employments: Sequence[Employment] = (),
    overtimes: Mapping[date, timedelta] | None = None,
    first: date = EVE,
    last: date = LAST,
    **more: Any,
) -> Account:
    """Return a person's account from the last day of May to the end of June."""
    assigned = [Assignment(1, 1, Scope.PERSON, number, LONG_AGO, schedule)]
    own = RosterBook(ProductionCalendar(), assigned, employments=employments).of(number, "Europe/Moscow")
    sessions = derive(punches(*told))
    return account(own, sessions, absences, overtimes or {}, first, last, NOW, **more)


def line(name: str, whole: Account, first: date = FIRST, last: date = LAST, **more: Any) -> Line:
    """Return a line of the days between two, with the day before them."""
    return Line(name, whole.part(first, last), eve=whole.day(first - timedelta(days=1)), **more)


def anna() -> Line:
    """Five days a week; on vacation from the 22nd to the 28th."""
    away = [leave(AbsenceKind.VACATION, june(22), june(28))]
    told = usual([*workdays(1, 21), 29, 30])
    return line(
        "Анна Ким", counted(7, fixed(), told, absences=away), department="Продажи", title="инженер", number="0042"
    )


def boris() -> Line:
    """Two nights of twelve hours, two days off, from the last night of May on; the holiday falls into his nights."""
    nights = [EVE + timedelta(days=4 * cycle + each) for cycle in range(8) for each in (0, 1)]
    told = [
        moment
        for night in nights
        if night <= LAST
        for moment in (f"in {night} 20:00", f"out {night + timedelta(days=1)} 08:00")
    ]
    schedule = rota(EVE, "20:00-08:00", "20:00-08:00", "", "")
    return line("Борис Лавров", counted(8, schedule, told), department="Продажи", title="сторож", number="0043")


def vera() -> Line:
    """Hired on the 16th for half a day, and a little of everything happens to her."""
    told = [
        *day(16, "09:00", "13:00"),
        *day(17, "09:00", "15:00"),
        *day(19, "09:00", "13:00"),
        *day(20, "10:00", "14:00"),
        *day(22, "09:00", "13:00"),
        *day(25, "09:00", "11:00"),
        *[told for each in (26, 29, 30) for told in day(each, "09:00", "13:00")],
    ]
    away = [
        leave(AbsenceKind.SICK, june(23), june(24)),
        leave(AbsenceKind.UNPAID, june(25), between="11:00-13:00"),
    ]
    half = fixed("9:00-13:00", NO_PAUSE, fraction=Fraction(1, 2))
    hired = [Employment(1, 1, 9, since=june(16))]
    whole = counted(9, half, told, absences=away, employments=hired, overtimes={june(17): timedelta(hours=2)})
    return line("Вера Новак", whole, first=june(16), department="Продажи", title="кассир")


def gleb() -> Iterator[Line]:
    """Moved from Sales to the Store on the 15th (case 73); on a trip from the 3rd to the 5th, unpaid on the 18th."""
    away = [leave(AbsenceKind.BUSINESS_TRIP, june(3), june(5)), leave(AbsenceKind.UNPAID, june(18))]
    told = usual([each for each in workdays(1, 30) if each not in (3, 4, 5, 18)])
    whole = counted(10, fixed(), told, absences=away, pending=[june(9)])
    yield line("Глеб Орлов", whole, last=june(14), department="Продажи", title="менеджер", number="0051")
    yield line("Глеб Орлов", whole, first=june(15), department="Склад", title="кладовщик", number="0051")


def crowd(count: int) -> Sequence[Line]:
    """Return as many people as wanted, all with Anna's month."""
    one = anna()
    return [replace(one, account=replace(one.account, employee_id=1000 + number)) for number in range(count)]


def book(*lines: Line, **more: Any) -> Book:
    """Return a book of these lines, or of everybody."""
    shown = lines or (anna(), boris(), vera(), *gleb())
    wanted: dict[str, Any] = {
        "subject": "Ромашка",
        "organisation": "ООО «Ромашка»",
        "options": {"okpo": "12345678"},
        **more,
    }
    return Book(first=FIRST, last=LAST, today=date(2026, 7, 3), lines=shown, **wanted)
