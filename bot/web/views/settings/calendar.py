"""The production calendar on pages: a year, its special days, and what is changed in it."""

from datetime import date
from typing import Any

from bot.countries import NEAR, country_called, country_name
from bot.domain.errors import BadForm, UnknownCountry
from bot.domain.planning.calendar import FIRST_YEAR, LAST_YEAR, ProductionCalendar, UnknownYear
from bot.domain.planning.calendar_change import CalendarChange, ChangeKind
from bot.services.planning.calendars import CalendarNews, Calendars
from bot.text import Day, Duration, Month, lines, t, tn
from bot.web.forms import Form, MaybeDay
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Go, NotFound, Page, Visit, number_in
from bot.words.calendar import kind_words, last_of, months_of, news_lines, special_lines, vouching_lines

_ADDRESS = f"{SETTINGS}/calendar"
_KINDS = {
    ChangeKind.WORKING: t("workday"),
    ChangeKind.OFF: t("day off"),
    ChangeKind.SHORT: t("short workday"),
}


class Change(Form):
    """What is wanted of the calendar; which of it counts is told by the address."""

    kind: str = ""
    day: MaybeDay = None
    to_day: MaybeDay = None
    year: str = ""
    country: str = ""


async def calendar(visit: Visit, calendars: Calendars) -> Page:
    """Show a year: each month's workdays and norm, and the days that are not like others."""
    known = await calendars.of(visit.portal)
    year = _year(visit)
    locale = visit.reader.locale
    days = list(known.days(date(year, 1, 1), date(year, 12, 31)))
    values = {
        "year": year,
        "before": year - 1 if year > FIRST_YEAR else None,
        "after": year + 1 if year < LAST_YEAR else None,
        "is_known": known.knows(year),
        "months": [_month(known, first) for first in months_of(year)],
        "whole": _sums(known, date(year, 1, 1), date(year, 12, 31)),
        "special": list(special_lines(known, days, locale)),
        "vouching": list(vouching_lines(known, year)),
        "country": country_name(visit.portal.country, locale),
        "countries": [country_name(each, locale) for each in NEAR],
        "kinds": [(kind.value, words) for kind, words in _KINDS.items()],
        "year_began": date(year, 1, 1),
        "year_ends": date(year, 12, 31),
    }
    return settings_page(visit, "calendar", "settings/calendar.html", values)


async def change(visit: Visit, form: Change, calendars: Calendars) -> Go:
    """Change a day, move a day off, vouch for a year, or use another country's calendar."""
    if visit.path["deed"] == "country":
        return await _other_country(visit, form, calendars)
    wanted = _wanted(visit.path["deed"], form)
    news = await calendars.change(visit.portal, visit.reader, wanted, visit.now)
    to = f"{_ADDRESS}?year={wanted.day.year}"
    if wanted.kind is ChangeKind.YEAR:
        return Go(to, t("All days off of {year} are entered: its norms are counted now.", year=wanted.day.year))
    if not news.days:
        now = kind_words(news.before.day(wanted.day))
        return Go(to, t("{day} is that already: {what}. Nothing to change.", day=Day(wanted.day), what=now))
    return Go(to, _done(news))


def _done(news: CalendarNews) -> Any:
    return lines(t("✅ The calendar is changed."), *news_lines(news))


async def _other_country(visit: Visit, form: Change, calendars: Calendars) -> Go:
    country = country_called(form.country)
    if country is None:
        raise UnknownCountry(form.country[:60])
    news = await calendars.change_country(visit.portal, visit.reader, country, visit.now)
    name = country_name(country, visit.reader.locale)
    done = t("The calendar of {country} counts from now on. Days changed by hand stay as they are.", country=name)
    year = visit.today.year
    return Go(_ADDRESS, lines(done, None if news.after.knows(year) else UnknownYear(year).phrase))


def _wanted(deed: str, form: Change) -> CalendarChange:
    if deed == "year":
        year = number_in(form.year)
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            raise NotFound
        return CalendarChange(ChangeKind.YEAR, date(year, 1, 1))
    if deed not in ("day", "move"):
        raise NotFound
    if form.day is None or (deed == "move" and form.to_day is None):
        raise BadForm(t("Choose the day, please."), "day" if form.day is None else "to_day")
    if deed == "move":
        return CalendarChange(ChangeKind.MOVE, form.day, form.to_day)
    if form.kind not in set(_KINDS):
        raise BadForm(t("Choose what kind of day it is, please."), "kind")
    return CalendarChange(ChangeKind(form.kind), form.day)


def _year(visit: Visit) -> int:
    year = number_in(visit.query.get("year", ""))
    if year is None:
        return visit.today.year
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    return year


def _month(known: ProductionCalendar, first: date) -> dict[str, Any]:
    return {"name": Month(first), **_sums(known, first, last_of(first))}


def _sums(known: ProductionCalendar, first: date, last: date) -> dict[str, Any]:
    if not known.knows(first.year):
        return {"workdays": None}
    workdays = known.workdays(first, last)
    off = (last - first).days + 1 - workdays
    return {
        "workdays": tn("{count} workday", "{count} workdays", workdays),
        "off": tn("{count} day off", "{count} days off", off),
        "norm": Duration(known.norm(first, last)),
    }
