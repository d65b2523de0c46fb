"""An administrator changes the production calendar: read back, confirmed, and then told what it does to the norms."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.actions import Action
from bot.countries import country_called, country_name
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.calendar import UnknownYear
from bot.domain.calendar_change import CalendarChange, ChangeKind
from bot.domain.errors import UnknownCountry
from bot.messages import Button, Keyboard, Reply, State
from bot.services.calendars import Calendars
from bot.text import Day, Lines, Phrase, lines, t
from handlers.planning.calendar_cards import kind_words, news_lines

router = Router("calendar_changes")


@dataclass(frozen=True, slots=True)
class ConfirmCalendar(State):
    """We read a change of the calendar back and wait for a yes."""

    nonce: str
    kind: str
    day: str
    to_day: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmCountry(State):
    """We asked whether another country's calendar shall count."""

    nonce: str
    country: str


@dataclass(frozen=True, slots=True)
class ChangePressed(Action, code="cac"):
    """Yes, change it."""

    nonce: str


@dataclass(frozen=True, slots=True)
class KeepPressed(Action, code="cak"):
    """No, leave it."""

    nonce: str


@router.said("calendar_day", "calendar_move")
async def wish(turn: Turn, calendars: Calendars) -> Reply:
    """Read back what would change: «30 апреля рабочий», “move the day off from 2 May to 4 May”."""
    change = _change(turn.understood.intent or "", turn.understood.slots)
    news = await calendars.preview(turn.portal, turn.employee, change)
    if not news.days:
        now = kind_words(news.before.day(change.day))
        return turn.say(t("{day} is that already: {what}. Nothing to change.", day=Day(change.day), what=now))
    nonce = secrets.token_hex(4)
    state = ConfirmCalendar(
        nonce, change.kind, change.day.isoformat(), change.to_day.isoformat() if change.to_day else ""
    )
    return turn.ask(state, lines(t("Did I get it right?"), *news_lines(news)), _yes_or_no(nonce))


async def ask_about_country(turn: Turn, calendars: Calendars, name: str) -> Reply:
    """Ask whether the calendar of that country shall count."""
    country = country_called(name)
    if country is None:
        raise UnknownCountry(name[:60])
    await calendars.preview_country(turn.portal, turn.employee, country)
    nonce = secrets.token_hex(4)
    locale = turn.employee.locale
    question = t(
        "Use the calendar of {country} instead of {present}? Days changed by hand stay as they are.",
        country=country_name(country, locale),
        present=country_name(turn.portal.country, locale),
    )
    return turn.ask(ConfirmCountry(nonce, country), question, _yes_or_no(nonce))


@router.pressed(ChangePressed)
async def confirm(turn: Turn, press: ChangePressed, calendars: Calendars) -> Reply:
    """The administrator agreed."""
    state = turn.state
    if not isinstance(state, ConfirmCalendar | ConfirmCountry) or state.nonce != press.nonce:
        return turn.say(t("That question is over. Please write it again."))
    return await _changed(turn, state, calendars)


@router.pressed(KeepPressed)
async def keep(turn: Turn, press: KeepPressed) -> Reply:
    """The administrator thought better of it."""
    state = turn.state
    if not isinstance(state, ConfirmCalendar | ConfirmCountry) or state.nonce != press.nonce:
        return turn.say(t("That question is over. Nothing was changed."))
    return turn.settle(t("Dropped. Nothing was changed."))


@router.answered(ConfirmCalendar)
async def answer(turn: Turn, asked: ConfirmCalendar, calendars: Calendars) -> Reply:
    """A typed yes or no; anything else is a new message."""
    return await _answered(turn, asked, calendars)


@router.answered(ConfirmCountry)
async def answer_country(turn: Turn, asked: ConfirmCountry, calendars: Calendars) -> Reply:
    """A typed yes or no; anything else is a new message."""
    return await _answered(turn, asked, calendars)


async def _answered(turn: Turn, asked: ConfirmCalendar | ConfirmCountry, calendars: Calendars) -> Reply:
    if turn.understood.intent == "confirm":
        return await _changed(turn, asked, calendars)
    if turn.understood.intent in ("decline", "cancel", "undo"):
        return turn.settle(t("Dropped. Nothing was changed."))
    return turn.pass_on()


async def _changed(turn: Turn, state: ConfirmCalendar | ConfirmCountry, calendars: Calendars) -> Reply:
    if isinstance(state, ConfirmCountry):
        news = await calendars.change_country(turn.portal, turn.employee, state.country, turn.now)
        name = country_name(state.country, turn.employee.locale)
        done = t("✅ The calendar of {country} counts from now on: /calendar", country=name)
        year = turn.now.astimezone(turn.zone).year
        return turn.settle(_done(done, None if news.after.knows(year) else UnknownYear(year).phrase))
    to_day = date.fromisoformat(state.to_day) if state.to_day else None
    change = CalendarChange(ChangeKind(state.kind), date.fromisoformat(state.day), to_day)
    news = await calendars.change(turn.portal, turn.employee, change, turn.now)
    return turn.settle(_done(t("✅ The calendar is changed."), *news_lines(news)))


def _done(*said: Phrase | None) -> Lines:
    return lines(
        *said, t("Norms and balances are worked out anew from it, for past days as well. No mark has changed.")
    )


def _yes_or_no(nonce: str) -> Keyboard:
    return Keyboard.of(
        (
            Button(t("✅ Change it"), ChangePressed(nonce), style="success"),
            Button(t("✖️ No"), KeepPressed(nonce)),
        )
    )


def _change(intent: str, slots: Mapping[str, Any]) -> CalendarChange:
    if intent == "calendar_move":
        return CalendarChange(ChangeKind.MOVE, slots["from_day"], slots["to_day"])
    if slots.get("is_short"):
        return CalendarChange(ChangeKind.SHORT, slots["day"])
    return CalendarChange(ChangeKind.OFF if slots.get("is_off") else ChangeKind.WORKING, slots["day"])
