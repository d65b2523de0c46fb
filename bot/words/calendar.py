"""How the production calendar reads: a month, a year, its special days, and a change of it as before → after."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.countries import country_name
from bot.domain.planning.calendar import BY_HAND, CalendarDay, ProductionCalendar
from bot.services.planning.calendars import CalendarNews
from bot.text import Day, Duration, Lines, Month, Phrase, Value, lines, t, tn

_SATURDAY = 5
_MONTHS = 12
_LONGEST_LIST = 20


def month_card(calendar: ProductionCalendar, first: date, locale: str) -> Lines:
    """Show the workdays and the norm of a month, and its days that are not like any other week's."""
    days = calendar.month(first.year, first.month)
    return lines(
        t("📅 *Calendar: {month}* ({country})", month=Month(first), country=country_name(calendar.country, locale)),
        *sums(calendar, first, days[-1].day),
        *special_lines(calendar, days, locale),
    )


def year_card(calendar: ProductionCalendar, year: int, locale: str) -> Lines:
    """Show the workdays and the norm of each month and of the year, its short days and what was changed by hand."""
    country = country_name(calendar.country, locale)
    days = list(calendar.days(date(year, 1, 1), date(year, 12, 31)))
    short = [each.day for each in days if each.is_short]
    changed = [each for each in days if each.source == BY_HAND]
    return lines(
        t("📅 *Calendar: {year}* ({country})", year=year, country=country),
        *(_month_line(calendar, month) for month in months_of(year) if calendar.knows(year)),
        *sums(calendar, days[0].day, days[-1].day),
        t("🕖 An hour shorter: {days}", days=_listed(short)) if short and calendar.knows(year) else None,
        *(_by_hand(each) for each in changed[:_LONGEST_LIST]),
    )


def vouching_lines(calendar: ProductionCalendar, year: int) -> Iterator[Phrase]:
    """Say to an administrator how an unknown year becomes known, and which holidays a decree is likely to move."""
    days = calendar.days(date(year, 1, 1), date(year, 12, 31))
    lost = [each.day for each in days if each.is_holiday and each.day.weekday() >= _SATURDAY]
    if lost:
        yield t("Holidays on a weekend: {days}", days=_listed(lost))
    yield t(
        "Once the moves are official, write each of them, with the year: "
        "“move the day off from 2 January {year} to 10 January {year}”. Then press below.",
        year=year,
    )


def news_lines(news: CalendarNews) -> Iterator[Phrase]:
    """Say which days are other, and what that does to the norms of their months."""
    for each in news.days:
        was, now = kind_words(news.before.day(each.day)), kind_words(each)
        yield t("{day}: {before} → *{after}*", day=Day(each.day), before=was, after=now)
    for first in news.months:
        last = last_of(first)
        if news.before.knows(first.year) and news.after.knows(first.year):
            before, after = Duration(news.before.norm(first, last)), Duration(news.after.norm(first, last))
            yield t("Norm, {month}: {before} → {after}", month=Month(first), before=before, after=after)


def kind_words(day: CalendarDay) -> Phrase:
    """Say what kind of day it is."""
    if day.is_off:
        return t("holiday") if day.is_holiday else t("day off")
    return t("short workday") if day.is_short else t("workday")


def months_of(year: int) -> list[date]:
    """Return the first days of a year's months."""
    return [date(year, month, 1) for month in range(1, _MONTHS + 1)]


def sums(calendar: ProductionCalendar, first: date, last: date) -> tuple[Phrase, ...]:
    """Say the workdays and the norm of a period, or that there is no norm of a year that is not known."""
    if not calendar.knows(first.year):
        return (t("Not all days off of {year} are known yet, so there is no norm.", year=first.year),)
    workdays = calendar.workdays(first, last)
    off = (last - first).days + 1 - workdays
    forty, thirty_six, twenty_four = (Duration(calendar.norm(first, last, week)) for week in (40, 36, 24))
    return (
        t(
            "{workdays}, {off}",
            workdays=tn("{count} workday", "{count} workdays", workdays),
            off=tn("{count} day off", "{count} days off", off),
        ),
        t(
            "Norm: *{norm}* (36-hour week: {thirty_six}, 24-hour week: {twenty_four})",
            norm=forty,
            thirty_six=thirty_six,
            twenty_four=twenty_four,
        ),
    )


def _month_line(calendar: ProductionCalendar, first: date) -> Phrase:
    last = last_of(first)
    workdays = tn("{count} workday", "{count} workdays", calendar.workdays(first, last))
    return t(
        "{month}: {workdays}, {norm}", month=Month(first), workdays=workdays, norm=Duration(calendar.norm(first, last))
    )


def special_lines(calendar: ProductionCalendar, days: Sequence[CalendarDay], locale: str) -> Iterator[Phrase]:
    """Name the days that are not like any other week's; days in a row of one name are one line."""
    special = [each for each in days if _is_special(each)]
    # Days in a row of one name are one line: New Year's holidays last a week.
    numbered = ((each.day.toordinal() - place, each) for place, each in enumerate(special))
    for (_, what), run in groupby(numbered, lambda pair: (pair[0], _what(calendar, pair[1], locale))):
        own = [each for _, each in run]
        first, last = own[0], own[-1]
        if first.source == BY_HAND:
            yield from (_by_hand(each) for each in own)
        else:
            span: Value = Day(first.day)
            if first is not last:
                span = t("{first} – {last}", first=Day(first.day), last=Day(last.day))
            yield t("{mark} {days} – {what}", mark=_mark(first), days=span, what=what)


def _is_special(day: CalendarDay) -> bool:
    is_weekend = day.day.weekday() >= _SATURDAY
    return day.source == BY_HAND or day.is_holiday or day.is_short or day.is_off is not is_weekend


def _what(calendar: ProductionCalendar, day: CalendarDay, locale: str) -> str | Phrase:
    if not day.is_off or day.source == BY_HAND:
        return kind_words(day)
    taken = calendar.moved_from(day.day)
    if taken is not None:
        return t("day off instead of {day}", day=Day(taken))
    return calendar.name(day.day, locale) or kind_words(day)


def _mark(day: CalendarDay) -> str:
    return "🔴" if day.is_off else "🕖" if day.is_short else "🔵"


def _by_hand(day: CalendarDay) -> Phrase:
    return t("✏️ {day} – {what}, changed by hand", day=Day(day.day), what=kind_words(day))


def _listed(days: list[date]) -> Phrase:
    shown = {f"d{place}": Day(day) for place, day in enumerate(days)}
    return Phrase("; ".join(f"{{{name}}}" for name in shown), shown)


def last_of(first: date) -> date:
    """Return the last day of the month that begins with `first`."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
