"""From accounts to pictures: the same numbers as the words have, in the reader's language."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.leave.absence import AbsenceKind
from bot.domain.reports.account import Account
from bot.i18n import Translator
from bot.pictures.chart import Ink
from bot.pictures.png import draw
from bot.words.charts import chart_of, team_chart_of
from tests.unit.domain.logs import at
from tests.unit.domain.plans import LUNCH, counted, fixed, h, leave, roster

LATER = datetime(2026, 7, 22, 9, 0, tzinfo=UTC)
RUSSIAN = Translator("ru", "Europe/Moscow", LATER)
ENGLISH = Translator("en", "Europe/Moscow", LATER)
WEEK = {"first": "2026-07-13", "last": "2026-07-19"}


def day(number: int, start: str = "09:00", end: str = "18:00", lunch: str = "13:00 14:00") -> list[str]:
    """Return the marks of a day of July 2026."""
    begun, over = lunch.split()
    times = (("in", start), ("break", begun), ("back", over), ("out", end))
    return [f"{kind} 2026-07-{number:02d} {at}" for kind, at in times]


@pytest.fixture
def week() -> Account:
    """Monday as planned, Tuesday two hours over, Wednesday nothing, Thursday and Friday away, Saturday two hours."""
    told = [*day(13), *day(14, end="20:00"), "in 2026-07-18 11:00", "out 2026-07-18 13:00"]
    away = leave(AbsenceKind.VACATION, date(2026, 7, 16), date(2026, 7, 17))
    return counted(roster(fixed()), *told, **WEEK, absences=[away])


def test_bars_are_the_days(week: Account) -> None:
    """Each bar has what its day has: work, the part over the plan, breaks, the plan, and the word for an absence."""
    bars = chart_of(week, "Анна Ким", RUSSIAN).bars
    assert ["пн", "вт", "ср", "чт", "пт", "сб", "вс"] == [bar.label for bar in bars]
    assert ["13", "14", "15", "16", "17", "18", "19"] == [bar.number for bar in bars]
    assert [h("8"), h("10"), h("0"), h("0"), h("0"), h("2"), h("0")] == [bar.worked for bar in bars]
    assert [h("0"), h("2"), h("0")] == [bar.over for bar in bars[:3]]
    assert [h("1"), h("1"), h("0")] == [bar.on_break for bar in bars[:3]]
    assert [h("8"), h("8"), h("8"), h("0"), h("0"), h("0"), h("0")] == [bar.plan for bar in bars]
    assert ["8:00", "10:00", "", "", "", "2:00", ""] == [bar.caption for bar in bars]
    assert ["", "", "", "Отпуск", "Отпуск", "", ""] == [bar.absence for bar in bars]


def test_marks_of_days(week: Account) -> None:
    """A planned day without marks is missing, a weekend is a day off."""
    inks = [bar.inks for bar in chart_of(week, "Анна Ким", RUSSIAN).bars]
    assert {Ink.MISSING} == inks[2]
    assert frozenset() == inks[0] == inks[3]
    assert {Ink.DAY_OFF} == inks[5] == inks[6]


def test_the_head_adds_up_as_the_words_do(week: Account) -> None:
    """Norm 24 h: two days of leave ask for nothing (finding 23); 20 h worked leave four to go."""
    chart = chart_of(week, "Анна Ким", RUSSIAN)
    assert ("13–19 июля", "Анна Ким", "20 ч", "из 24 ч · −4 ч") == (
        chart.title,
        chart.person,
        chart.total,
        chart.balance,
    )
    chart = chart_of(week, "Anna Kim", ENGLISH)
    assert ("13–19 July", "20 h", "of 24 h · −4 h") == (chart.title, chart.total, chart.balance)


def test_a_week_that_still_runs_has_no_balance(week: Account) -> None:
    """What is not over is not held against the whole norm."""
    thursday = Translator("ru", "Europe/Moscow", datetime(2026, 7, 16, 9, 0, tzinfo=UTC))
    assert "из 24 ч" == chart_of(week, "Анна Ким", thursday).balance


def test_the_legend_explains_what_occurs_and_nothing_else(week: Account) -> None:
    """Nobody is confirmed, pending or running here, and weekends explain themselves."""
    legend = chart_of(week, "Anna Kim", ENGLISH).legend
    assert [Ink.WORKED, Ink.OVER, Ink.BREAK, Ink.PLAN, Ink.ABSENCE, Ink.MISSING] == [ink for ink, _ in legend]
    assert "no marks" == dict(legend)[Ink.MISSING]
    plain = chart_of(counted(roster(fixed()), *day(13), first="2026-07-13"), "Anna Kim", ENGLISH)
    assert [Ink.WORKED, Ink.BREAK, Ink.PLAN] == [ink for ink, _ in plain.legend]


def test_a_month_has_sums_of_its_weeks() -> None:
    """31 bars carry no hours; each week does, from Monday on, cut to the month."""
    month = counted(roster(fixed()), *day(1), *day(13), *day(14, end="20:00"), first="2026-07-01", last="2026-07-31")
    chart = chart_of(month, "Анна Ким", RUSSIAN)
    assert "Июль" == chart.title
    assert 31 == len(chart.bars)
    assert [(0, 4), (5, 11), (12, 18), (19, 25), (26, 30)] == chart.weeks
    assert ["8:00", "", "18:00", "", ""] == chart.sums


def test_a_holiday_is_shown_as_one() -> None:
    """12 June is a Friday and a statutory holiday; 11 June is short, and its plan an hour less."""
    june = counted(roster(fixed()), first="2026-06-11", last="2026-06-12")
    eve, holiday = chart_of(june, "Анна Ким", RUSSIAN).bars
    assert h("7") == eve.plan
    assert Ink.HOLIDAY in holiday.inks
    assert timedelta() == holiday.plan


def test_who_has_no_schedule_has_no_plan() -> None:
    """Hours are shown and held against nothing."""
    chart = chart_of(counted(roster(), *day(13), **WEEK), "Анна Ким", RUSSIAN)
    assert "" == chart.balance
    assert all(not bar.plan and not bar.over for bar in chart.bars)


def test_a_year_that_is_not_known_has_no_norm() -> None:
    """Days off of a far year are not published: nothing is invented."""
    chart = chart_of(counted(roster(fixed()), first="2031-07-14", last="2031-07-20"), "Анна Ким", RUSSIAN)
    assert "" == chart.balance


def test_half_a_year_is_drawn_by_months() -> None:
    """More than two months have a bar a month, with whole hours."""
    half = counted(roster(fixed()), *day(13), *day(14), first="2026-01-01", last="2026-07-31")
    chart = chart_of(half, "Анна Ким", RUSSIAN)
    assert ["янв", "фев", "мар", "апр", "май", "июн", "июл"] == [bar.label for bar in chart.bars]
    assert ["", "", "", "", "", "", "16"] == [bar.caption for bar in chart.bars]
    assert h("184") == chart.bars[-1].plan


def test_nothing_says_so() -> None:
    """An empty week of somebody without a plan is no picture of zeros."""
    assert "За эти дни отметок нет." == chart_of(counted(roster(), **WEEK), "Анна Ким", RUSSIAN).empty


def test_remote_work_is_work() -> None:
    """It hides no bar behind a word: people check in as always."""
    away = leave(AbsenceKind.REMOTE, date(2026, 7, 13))
    [bar] = chart_of(counted(roster(fixed()), *day(13), first="2026-07-13", absences=[away]), "Анна", RUSSIAN).bars
    assert "" == bar.absence


def test_a_team_is_shown_in_the_order_given(week: Account) -> None:
    """Names, hours, days away – not why – and what is not right; together on top."""
    idle = counted(roster(fixed()), **WEEK)
    chart = team_chart_of("ваша команда", [("Анна Ким", week), ("Борис Лавров", idle)], RUSSIAN)
    anna, boris = chart.rows
    assert ("Анна Ким", h("20"), h("24"), "20 ч") == (anna.name, anna.worked, anna.norm, anna.caption)
    assert "отсутствие: 2 дня" == anna.note
    assert {Ink.MISSING} == anna.inks == boris.inks
    assert ("20 ч", "из 64 ч · −44 ч") == (chart.total, chart.balance)
    assert [Ink.WORKED, Ink.PLAN, Ink.MISSING] == [ink for ink, _ in chart.legend]


def test_a_team_in_the_middle_of_a_month_is_seen_against_what_was_due_by_yesterday() -> None:
    """A tick of eight days of eight hours: nobody looks half done; none once it is over."""
    monday = Translator("ru", "Europe/Moscow", at("2026-07-13 10:00"))
    july = counted(roster(fixed()), *day(9), first="2026-07-01", last="2026-07-31", now="2026-07-13 10:00")
    chart = team_chart_of("команда", [("Анна Ким", july)], monday)
    assert (h("64"), h("184")) == (chart.rows[0].due, chart.rows[0].norm)
    assert Ink.DUE in {ink for ink, _ in chart.legend}
    later = Translator("ru", "Europe/Moscow", at("2026-08-13 10:00"))
    assert h("0") == team_chart_of("команда", [("Анна Ким", july)], later).rows[0].due


def test_a_large_team_counts_whom_it_does_not_show(week: Account) -> None:
    """A picture stays legible; the sum is of everybody."""
    chart = team_chart_of("все", [(f"Сотрудник {number}", week) for number in range(25)], RUSSIAN)
    assert 20 == len(chart.rows)
    assert "… и ещё 5" == chart.more
    assert "500 ч" == chart.total


@pytest.mark.parametrize("speak", [RUSSIAN, ENGLISH])
def test_what_an_account_yields_can_be_drawn(week: Account, speak: Translator) -> None:
    """From the account to the file in both languages."""
    assert draw(chart_of(week, "Анна Ким", speak)).startswith(b"\x89PNG")
    assert draw(team_chart_of("team", [("Анна Ким", week)], speak)).startswith(b"\x89PNG")


def test_a_paid_break_is_drawn_as_work() -> None:
    """What the account counts as work is in the bar of work, not a second time above it."""
    paid = fixed(pause=type(LUNCH)(LUNCH.length, LUNCH.start, is_paid=True))
    [bar] = chart_of(counted(roster(paid), *day(13), first="2026-07-13"), "Анна", RUSSIAN).bars
    assert h("9") == bar.worked + bar.on_break
