"""What holds for every form Т-13 and every table, whatever the log, the plan and the calendar."""

from collections import Counter
from datetime import date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import is_whole_day
from bot.domain.planning.roster import Roster
from bot.domain.reports.account import Account, Flag
from bot.domain.reports.stretch import split_at_midnight
from bot.domain.reports.t13_codes import codes_of
from bot.domain.workday.punch_log import Punch
from bot.i18n import Translator
from bot.sheets.book import Book, Line
from bot.sheets.t13_cells import Cell, cells_of, worked
from bot.sheets.table import day_table, people_table
from tests.properties.strategies import BEGIN, PATIENT, logs
from tests.properties.test_account_properties import OVERTIMES, counted, leaves, rosters

DAY = timedelta(days=1)
LATER = BEGIN.date() + 30 * DAY
CODES = codes_of({})
WORDS = Translator("en", "UTC", datetime.fromisoformat("2026-07-01T00:00:00+00:00"))
ABSENCES = st.lists(leaves(), max_size=3)


def line(whole: Account, first: date | None = None, last: date | None = None) -> Line:
    """Return the line of some days of an account, with the day before them."""
    begins = first or whole.first + DAY
    return Line("Анна", whole.part(begins, last or whole.last), eve=whole.day(begins - DAY))


def nightly(whole: Account) -> Account:
    """Return the account, if its work ends on the next date at the latest: longer sessions are closed as forgotten."""
    assume(all((day - each.day).days < 2 for each in whole.days for day, _ in split_at_midnight(each.stretches)))
    return whole


def hours(cells: list[Cell]) -> Counter[str]:
    """Return the seconds under each code."""
    found: Counter[str] = Counter()
    for part in (part for cell in cells for part in cell.parts if part.hours is not None):
        found[part.code] += int(part.hours.total_seconds())
    return found


@PATIENT
@given(rosters(), logs(), ABSENCES, OVERTIMES)
def test_every_hour_stands_on_its_date_once(
    roster: Roster, log: list[Punch], absences: list[Absence], overtimes: dict[date, timedelta]
) -> None:
    """A date's hours are the work divided at midnight; nights, and what is paid as of a holiday, add up as well."""
    whole = nightly(counted(roster, log, absences=absences, overtimes=overtimes))
    cells = cells_of(line(whole), CODES, LATER)
    split = whole.split()
    assert {day: share.worked for day, share in split.items() if day in cells} == {
        day: cell.worked for day, cell in cells.items() if cell.worked
    }
    found = hours(list(cells.values()))
    assert sum(int(share.night.total_seconds()) for day, share in split.items() if day in cells) == found["Н"]
    assert int((whole.holiday + whole.off_day).total_seconds()) == found["РВ"]
    assert found["С"] <= int(whole.overtime.total_seconds())
    for cell in cells.values():
        codes = {part.code for part in cell.parts if part.hours is not None}
        if codes <= {"Я", "Н"}:
            assert sum(hours([cell]).values()) == int(cell.worked.total_seconds())
    assert max(found["Я"], found["РВ"], found["С"]) <= int(worked(cells.values()).hours.total_seconds())


@PATIENT
@given(rosters(), logs(), ABSENCES, OVERTIMES, st.integers(-1, 4))
def test_two_sheets_are_one(
    roster: Roster, log: list[Punch], absences: list[Absence], overtimes: dict[date, timedelta], cut: int
) -> None:
    """A month's sheet and the next month's have together the cells of one sheet of both (case 67)."""
    whole = nightly(counted(roster, log, absences=absences, overtimes=overtimes))
    middle = BEGIN.date() + DAY * cut
    both = cells_of(line(whole), CODES, LATER)
    first, second = line(whole, last=middle), line(whole, first=middle + DAY)
    assert both == {**cells_of(first, CODES, LATER), **cells_of(second, CODES, LATER)}


@PATIENT
@given(rosters(), logs(), ABSENCES)
def test_truancy_is_never_written(roster: Roster, log: list[Punch], absences: list[Absence]) -> None:
    """No log and no plan leads to ПР, and no date has the same code twice."""
    whole = counted(roster, log, absences=absences)
    for cell in cells_of(line(whole), CODES, LATER).values():
        codes = [part.code for part in cell.parts]
        assert "ПР" not in codes
        assert len(set(codes)) == len(codes)


@PATIENT
@given(rosters(), logs(), ABSENCES, OVERTIMES)
def test_tables_say_what_the_account_says(
    roster: Roster, log: list[Punch], absences: list[Absence], overtimes: dict[date, timedelta]
) -> None:
    """The totals of a line a day and of a line a person are those of the account."""
    own = line(counted(roster, log, absences=absences, overtimes=overtimes))
    book = Book("Анна", own.account.first, own.account.last, LATER, (own,))
    days, people = day_table(book, WORDS), people_table(book, WORDS)
    for key in ("worked", "night", "holiday", "off_day", "over", "overtime", "late", "early"):
        wanted = getattr(own.account, key) or None
        assert wanted == days.totals[days.at(key)] == people.totals[people.at(key)] == people.rows[0][people.at(key)]
        in_rows = (row[days.at(key)] for row in days.rows)
        assert (wanted or timedelta()) == sum((each for each in in_rows if isinstance(each, timedelta)), timedelta())


@PATIENT
@given(rosters(), logs(), ABSENCES, OVERTIMES)
def test_a_date_is_worked_or_away_and_sickness_is_no_vacation(
    roster: Roster, log: list[Punch], absences: list[Absence], overtimes: dict[date, timedelta]
) -> None:
    """Whoever came on a date is not counted as away on it, on a trip neither; a day of sickness is none of vacation."""
    whole = nightly(counted(roster, log, absences=absences, overtimes=overtimes))
    for day, cell in zip(whole.days[1:], cells_of(line(whole), CODES, LATER).values(), strict=True):
        if day.worked and Flag.MISSING not in day.flags:
            assert not [each for each in cell.away if each.days]
        sick = [each for each in absences if each.kind is AbsenceKind.SICK and each.first <= day.day <= each.last]
        if any(is_whole_day(each) for each in sick):
            assert CODES[AbsenceKind.VACATION] not in {each.code for each in (*cell.parts, *cell.away)}
            assert AbsenceKind.VACATION not in {each.kind for each in day.absences if is_whole_day(each)}
        assert sum(each.days for each in cell.away) <= 1
