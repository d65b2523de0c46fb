"""A team in words: many people, approved overtime and the limits of the law, rotas, absences."""

from datetime import UTC, date, datetime

from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Employee
from bot.domain.reports.account import Account
from bot.domain.reports.limits import limit_warnings, limits_of
from bot.i18n import Translator
from bot.text import t
from bot.words.report import hours_text
from handlers.reports.members import Member, members_of
from handlers.reports.team import team_text
from handlers.reports.team_topics import late_text, overtime_text
from tests.unit.domain.plans import counted, fixed, h, leave, roster, rota

NOW = datetime(2026, 7, 22, 9, 0, tzinfo=UTC)
TODAY = date(2026, 7, 22)
RUSSIAN = Translator("ru", "Europe/Moscow", NOW)
ENGLISH = Translator("en", "Europe/Moscow", NOW)
FIRST, LAST = date(2026, 7, 13), date(2026, 7, 19)


def day(number: int, start: str = "09:00", end: str = "18:00") -> list[str]:
    """Return the marks of a day of July 2026 with lunch from one to two."""
    times = (("in", start), ("break", "13:00"), ("back", "14:00"), ("out", end))
    return [f"{kind} 2026-07-{number:02d} {at}" for kind, at in times]


def week(*told: str, **more: object) -> Account:
    """Return the account of the week of 13 July."""
    return counted(roster(fixed()), *told, first=str(FIRST), last=str(LAST), **more)  # type: ignore[arg-type]


def member(name: str, account: Account) -> Member:
    """Return a person with that account."""
    return Member(Employee(len(name), 1, name), account)


def test_thirty_people_and_how_many_more() -> None:
    """A phone shows thirty lines; the sum is of everybody, and the file has them all."""
    people = [Employee(number, 1, f"Сотрудник {number:02}") for number in range(35)]
    members = members_of(people, {each.id: week(*day(13)) for each in people})
    words = RUSSIAN.plain(team_text(t("everybody"), members, FIRST, LAST, TODAY)).splitlines()
    assert 30 == sum(line.startswith("Сотрудник") for line in words)
    assert "… и ещё 5, все – в файле" in words
    assert "Всего 280 ч, норма 1400 ч" in words


def test_who_left_is_shown_where_there_are_hours() -> None:
    """Somebody switched off stands among the others for a week in which they worked, and not after it."""
    gone = Employee(1, 1, "Анна Ким", is_disabled=True)
    assert [] == members_of([gone], {1: week()})
    assert [gone] == [each.employee for each in members_of([gone], {1: week(*day(13))})]


def test_approved_overtime_and_its_limits() -> None:
    """Over the plan and what of it is approved; more than four hours in two days warn (art. 99)."""
    approved = {date(2026, 7, 13): h("3"), date(2026, 7, 14): h("2")}
    account = week(*day(13, end="21:00"), *day(14, end="20:30"), overtimes=approved)
    boris = member("Борис Лавров", account)
    warnings = [(boris, each) for each in limit_warnings(approved, limits_of("RU", {}))]
    words = RUSSIAN.plain(overtime_text(t("your team"), [boris], FIRST, LAST, warnings)).splitlines()
    assert "Борис Лавров: 5 ч 30 мин, согласовано 5 ч" == words[1]
    limit = "⚠️ Борис Лавров: сверхурочных за два дня (13–14 июля) 5 ч, допускается не больше 4 ч"
    assert limit == words[2]
    english = ENGLISH.plain(overtime_text(t("your team"), [boris], FIRST, LAST, warnings))
    assert "5 h of overtime in two days (13–14 July), at most 4 h are allowed" in english


def test_the_year_has_a_limit_too() -> None:
    """More than 120 hours a year warn (art. 99), and nothing is blocked."""
    approved = {date(2026, 1, 12 + number): h("1:59") for number in range(0, 19, 2)}
    approved |= {date(2026, month, 1): h("102") for month in (3,)}
    boris = member("Борис Лавров", week(*day(13)))
    warnings = [(boris, each) for each in limit_warnings(approved, limits_of("RU", {})) if each.kind.value == "year"]
    words = RUSSIAN.plain(overtime_text(t("your team"), [boris], FIRST, LAST, warnings))
    assert "⚠️ Борис Лавров: сверхурочных за год 121 ч 50 мин, допускается не больше 120 ч" in words


def test_the_latest_comes_first() -> None:
    """By how much, then those of whom there are no marks."""
    anna = member("Анна Ким", week(*day(13, "09:10")))
    boris = member("Борис Лавров", week(*day(13, "10:00"), *day(14, "09:20")))
    words = RUSSIAN.plain(late_text(t("your team"), [anna, boris], FIRST, LAST)).splitlines()
    assert ["🕘 Борис Лавров: 2 раза, 1 ч 20 мин", "🕘 Анна Ким: 1 раз, 10 мин"] == words[1:3]
    assert ["Анна Ким: ❗ 4 дня без отметок", "Борис Лавров: ❗ 3 дня без отметок"] == words[3:]


def test_a_lead_reads_how_long_somebody_was_away() -> None:
    """How many workdays, of which kind: five days with a weekend are three workdays."""
    away = leave(AbsenceKind.SICK, date(2026, 7, 15), date(2026, 7, 19))
    words = RUSSIAN.plain(
        team_text(t("your team"), [member("Анна Ким", week(*day(13), *day(14), absences=[away]))], FIRST, LAST, TODAY)
    )
    assert "Анна Ким: 16 ч, ±0 · 🤒 3 рабочих дня отсутствия" in words
    assert "ольнич" not in words


def test_a_rota_is_held_against_its_shifts_in_a_week_and_against_the_norm_in_a_month() -> None:
    """Two shifts of twelve hours in a week are its plan; the calendar's forty hours mean nothing to it (art. 104)."""
    own = roster(rota(date(2026, 7, 13), "8:00-20:00", "8:00-20:00", "", "", "", "", ""))
    told = ("in 2026-07-13 08:00", "out 2026-07-13 20:00", "in 2026-07-14 08:00", "out 2026-07-14 20:30")
    few = counted(own, *told, first=str(FIRST), last=str(LAST))
    words = RUSSIAN.plain(hours_text(few, TODAY))
    assert "План 24 ч, к плану +30 мин" in words
    month = counted(own, *told, first="2026-07-01", last="2026-07-31")
    assert "Норма 184 ч, осталось 159 ч 30 мин" in RUSSIAN.plain(hours_text(month, TODAY))


def test_half_a_year_has_a_line_a_month() -> None:
    """More than two months are told by months."""
    half = counted(roster(), *day(13), *day(14), first="2026-02-01", last="2026-07-31")
    assert "июль: 16 ч" in RUSSIAN.plain(hours_text(half, TODAY)).splitlines()


def test_the_palm_tree_is_for_days_off_alone() -> None:
    """Remote work and a trip are shown as what they are."""
    absences = [
        leave(AbsenceKind.REMOTE, date(2026, 7, 15), date(2026, 7, 15)),
        leave(AbsenceKind.BUSINESS_TRIP, date(2026, 7, 16), date(2026, 7, 17)),
    ]
    shown = [member("James Carter", week(*day(13), absences=absences))]
    words = RUSSIAN.plain(team_text(t("your team"), shown, FIRST, LAST, TODAY))
    assert "🏠 1 рабочий день удалённо · 🧳 2 рабочих дня в командировке" in words
    assert "🌴" not in words
