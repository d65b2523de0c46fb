"""June 2026 as five people live it in the sandbox: nights, a holiday, forgotten check-outs, a leave, corrections.

What each of them has to be paid for was worked out by hand from the rules, and stands in `SHEET`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOSCOW = ZoneInfo("Europe/Moscow")
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
BEGIN = datetime(2026, 5, 31, 12, 0, tzinfo=MOSCOW)
END = datetime(2026, 7, 1, 12, 0, tzinfo=MOSCOW)
SHORT = date(2026, 6, 11)
WORKDAYS = [date(2026, 6, day) for day in (1, 2, 3, 4, 5, 8, 9, 10, 11, 15, 16, 17, 18, 19, 22, 23, 24, 25, 26, 29, 30)]
NIGHTS = [date(2026, 6, day) for day in (1, 2, 5, 6, 9, 10, 11, 13, 14, 17, 18, 21, 22, 25, 26, 29, 30)]
"""Boris's rota of two nights and two days off from 1 June, and the night before the holiday that was named."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one person's June adds up to, in minutes of work, of night, of the holiday, and of the norm."""

    worked: int
    norm: int
    night: int = 0
    holiday: int = 0
    off_day: int = 0
    overtime: int = 0
    late: int = 0


SHEET = {
    # 21 days of 8 h less: 40 min late on the 3rd, 2 h early on the 10th, the short 11th, five days of vacation.
    "anna": Line(worked=124 * 60 + 20, norm=127 * 60, late=40),
    # 17 nights of 12 h with an hour's break, one half an hour longer; 7 night hours each; held against the calendar.
    "boris": Line(worked=187 * 60 + 30, norm=167 * 60, night=17 * 7 * 60, holiday=7 * 60),
    # 167 h of the calendar, an hour on the 17th, Saturday morning, half an hour of a short lunch.
    "james": Line(worked=172 * 60 + 30, norm=167 * 60, off_day=4 * 60),
    # Two hours more on the 18th, which were approved as overtime.
    "sergey": Line(worked=169 * 60, norm=167 * 60, overtime=2 * 60),
    # Flexible: eight hours on each workday, without a break of hers.
    "olga": Line(worked=167 * 60, norm=167 * 60),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody writes, or presses the newest button whose label contains what stands in brackets."""

    at: datetime
    person: str
    said: str
    channel: str = "telegram"


def at(day: date, clock: str, hours_ahead: int = 0) -> datetime:
    """Return the instant of a Moscow clock time, or of a zone so many hours ahead of it."""
    return datetime.combine(day, time.fromisoformat(clock), MOSCOW) - timedelta(hours=hours_ahead)


def plans() -> Iterator[Step]:
    """The administrator's ten minutes before the month begins."""
    for number, text in enumerate(
        (
            "график Анна 9-18 с 1 июня",
            "график James 9-18 с 1 июня",
            "график Сергей 9-18 с 1 июня",
            "смена Борис 2/2 с 1 июня 20:00-08:00",
            "смена Борис 11 июня 20-8",
            "график Ольга гибкий 40 часов в неделю с 1 июня",
        )
    ):
        yield Step(BEGIN + timedelta(minutes=number), "olga", text)
        yield Step(BEGIN + timedelta(minutes=number, seconds=20), "olga", "[Да]")


def anna() -> Iterator[Step]:
    """Hours by the book, with one late morning, one forgotten evening, one forgotten day, and a week at the sea."""
    for day in WORKDAYS:
        if day in _VACATION or day.day == 15:
            continue
        yield Step(at(day, "09:40" if day.day == 3 else "09:00"), "anna", "пришла", "bitrix24")
        yield Step(at(day, "13:00"), "anna", "обед")
        yield Step(at(day, "14:00"), "anna", "вернулась", "bitrix24")
        end = {10: "16:00", SHORT.day: "17:00"}.get(day.day, "18:00")
        if day.day != 5:
            yield Step(at(day, end), "anna", "ушла")
    yield Step(at(date(2026, 6, 8), "09:20"), "anna", "[Да]")
    yield Step(at(date(2026, 6, 16), "09:10"), "anna", "забыла отметиться вчера, была с 9 до 18, обед час")
    yield Step(at(date(2026, 6, 16), "09:11"), "anna", "[Отправить]")
    yield Step(at(date(2026, 6, 16), "09:30"), "sergey", "[Согласовать]")
    yield Step(at(date(2026, 6, 17), "09:10"), "anna", "отпуск с 22 по 26 июня")
    yield Step(at(date(2026, 6, 17), "09:11"), "anna", "[Отправить]")
    yield Step(at(date(2026, 6, 17), "09:30"), "sergey", "[Согласовать]")


_VACATION = [date(2026, 6, day) for day in range(22, 27)]


def boris() -> Iterator[Step]:
    """Nights in Yekaterinburg, two hours ahead of Moscow; one morning without a check-out."""
    for day in NIGHTS:
        morning = day + timedelta(days=1)
        yield Step(at(day, "20:00", 2), "boris", "пришёл", "bitrix24")
        yield Step(at(morning, "00:00", 2), "boris", "перерыв", "bitrix24")
        yield Step(at(morning, "01:00", 2), "boris", "вернулся", "bitrix24")
        if day.day != 21:
            yield Step(at(morning, "08:00", 2), "boris", "ушёл", "bitrix24")
    yield Step(at(date(2026, 6, 22), "19:30", 2), "boris", "сегодня ушёл в 8:30", "bitrix24")
    yield Step(at(date(2026, 6, 22), "19:31", 2), "boris", "[Отправить]", "bitrix24")
    yield Step(at(date(2026, 6, 22), "19:40", 2), "sergey", "[Согласовать]")


def james() -> Iterator[Step]:
    """The same hours in English; an evening forgotten and told the next day, a Saturday, a short lunch."""
    for day in WORKDAYS:
        yield Step(at(day, "09:00"), "james", "I'm in")
        if day.day == 25:
            yield Step(at(day, "13:00"), "james", "lunch 30 min")
            yield Step(at(day, "13:30"), "james", "back")
        else:
            yield Step(at(day, "13:00"), "james", "lunch", "bitrix24")
            yield Step(at(day, "14:00"), "james", "back")
        if day.day != 17:
            yield Step(at(day, "17:00" if day == SHORT else "18:00"), "james", "done for today")
    yield Step(at(date(2026, 6, 18), "09:10"), "james", "left yesterday at 19:00")
    yield Step(at(date(2026, 6, 18), "09:11"), "james", "[Send]")
    yield Step(at(date(2026, 6, 18), "09:30"), "sergey", "[Согласовать]")
    yield Step(at(date(2026, 6, 20), "10:00"), "james", "I'm in")
    yield Step(at(date(2026, 6, 20), "14:00"), "james", "done for today")


def sergey() -> Iterator[Step]:
    """A lead's month, with two hours of overtime that the director approved."""
    for day in WORKDAYS:
        yield Step(at(day, "09:00"), "sergey", "на месте")
        yield Step(at(day, "13:00"), "sergey", "обед")
        yield Step(at(day, "14:00"), "sergey", "вернулся")
        end = {18: "20:00", SHORT.day: "17:00"}.get(day.day, "18:00")
        yield Step(at(day, end), "sergey", "ушёл")
    yield Step(at(date(2026, 6, 19), "09:10"), "sergey", "переработка вчера 2 часа")
    yield Step(at(date(2026, 6, 19), "09:11"), "sergey", "[Отправить]")
    yield Step(at(date(2026, 6, 19), "09:30"), "olga", "[Согласовать]")


def olga() -> Iterator[Step]:
    """Flexible hours."""
    for day in WORKDAYS:
        yield Step(at(day, "10:00"), "olga", "я тут")
        yield Step(at(day, "17:00" if day == SHORT else "18:00"), "olga", "ушла")


def steps() -> list[Step]:
    """Everything that anybody does, in order."""
    everything = [*plans(), *anna(), *boris(), *james(), *sergey(), *olga()]
    return sorted(everything, key=lambda each: each.at)
