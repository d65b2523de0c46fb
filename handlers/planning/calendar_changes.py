"""The production calendar is changed: read back, confirmed, and then told what it does to the norms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from bot.countries import country_called, country_name
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.errors import UnknownCountry
from bot.domain.planning.calendar import UnknownYear
from bot.domain.planning.calendar_change import CalendarChange, ChangeKind
from bot.messages import Reply, Words
from bot.services.planning.calendars import Calendars
from bot.text import Day, Lines, Phrase, lines, t
from bot.words.calendar import kind_words, news_lines
from handlers.read_back import ReadBack, read_back

router = Router("calendar_changes")


@dataclass(frozen=True, slots=True)
class ConfirmCalendar(ReadBack):
    """We read a change of the calendar back and wait for a yes."""

    yes: ClassVar[Words] = t("✅ Change it")
    kind: str
    day: str
    to_day: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmCountry(ReadBack):
    """We asked whether another country's calendar shall count."""

    yes: ClassVar[Words] = t("✅ Change it")
    country: str


@router.said("calendar_day", "calendar_move")
async def wish(turn: Turn, calendars: Calendars) -> Reply:
    """Read back what would change: «30 апреля рабочий», “move the day off from 2 May to 4 May”."""
    change = _change(turn.understood.intent or "", turn.understood.slots)
    news = await calendars.preview(turn.portal, turn.employee, change)
    if not news.days:
        now = kind_words(news.before.day(change.day))
        return turn.say(t("{day} is that already: {what}. Nothing to change.", day=Day(change.day), what=now))
    asked = ConfirmCalendar(change.kind, change.day.isoformat(), change.to_day.isoformat() if change.to_day else "")
    return read_back(turn, asked, lines(t("Did I get it right?"), *news_lines(news)))


async def ask_about_country(turn: Turn, calendars: Calendars, name: str) -> Reply:
    """Ask whether the calendar of that country shall count."""
    country = country_called(name)
    if country is None:
        raise UnknownCountry(name[:60])
    await calendars.preview_country(turn.portal, turn.employee, country)
    locale = turn.employee.locale
    question = t(
        "Use the calendar of {country} instead of {present}? Days changed by hand stay as they are.",
        country=country_name(country, locale),
        present=country_name(turn.portal.country, locale),
    )
    return read_back(turn, ConfirmCountry(country), question)


@router.agreed(ConfirmCalendar)
async def change_day(turn: Turn, asked: ConfirmCalendar, calendars: Calendars) -> Reply:
    """Change the calendar, and tell what it does to the norms."""
    to_day = date.fromisoformat(asked.to_day) if asked.to_day else None
    change = CalendarChange(ChangeKind(asked.kind), date.fromisoformat(asked.day), to_day)
    news = await calendars.change(turn.portal, turn.employee, change, turn.now)
    return turn.conclude(_done(t("✅ The calendar is changed."), *news_lines(news)))


@router.agreed(ConfirmCountry)
async def change_country(turn: Turn, asked: ConfirmCountry, calendars: Calendars) -> Reply:
    """Let the calendar of another country count; say so where it does not know the present year."""
    news = await calendars.change_country(turn.portal, turn.employee, asked.country, turn.now)
    name = country_name(asked.country, turn.employee.locale)
    done = t("✅ The calendar of {country} counts from now on: /calendar", country=name)
    year = turn.now.astimezone(turn.zone).year
    return turn.conclude(_done(done, None if news.after.knows(year) else UnknownYear(year).phrase))


def _done(*said: Phrase | None) -> Lines:
    return lines(
        *said, t("Norms and balances are worked out anew from it, for past days as well. No mark has changed.")
    )


def _change(intent: str, slots: Mapping[str, Any]) -> CalendarChange:
    if intent == "calendar_move":
        return CalendarChange(ChangeKind.MOVE, slots["from_day"], slots["to_day"])
    if slots.get("is_short"):
        return CalendarChange(ChangeKind.SHORT, slots["day"])
    return CalendarChange(ChangeKind.OFF if slots.get("is_off") else ChangeKind.WORKING, slots["day"])
