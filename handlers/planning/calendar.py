"""The production calendar in chat: what a month or a year asks for, and which days are not like others."""

from datetime import date

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.planning.calendar import FIRST_YEAR, LAST_YEAR, ProductionCalendar
from bot.domain.planning.calendar_change import CalendarChange, ChangeKind
from bot.domain.rights import Right, may
from bot.messages import Keyboard, Reply
from bot.services.planning.calendars import Calendars
from bot.text import Lines, lines, t
from bot.understanding import understand_range
from bot.understanding.orders.dates import year_of
from bot.words.calendar import month_card, vouching_lines, year_card
from handlers.planning.calendar_cards import MonthPressed, VouchPressed, YearPressed, month_keyboard, year_keyboard
from handlers.planning.calendar_changes import ask_about_country

router = Router("calendar")
_SLOT = "calendar"
_COUNTRY = ("country", "страна")


@router.command("calendar", t("Production calendar"), intents=("calendar",), params=t("month or year"))
async def calendar(turn: Turn, calendars: Calendars) -> Reply:
    """Show this month, or the month or year that was named; `country` and a country change whose calendar it is."""
    word, _, rest = turn.arguments.partition(" ")
    if word.casefold() in _COUNTRY:
        return await ask_about_country(turn, calendars, rest.strip())
    known = await calendars.of(turn.portal)
    slots = {} if turn.arguments else turn.understood.slots
    if isinstance(number := slots.get("year"), int):
        return _shown(turn, *_year(turn, known, _near(number)))
    if isinstance(first := slots.get("from_day"), date) and FIRST_YEAR <= first.year <= LAST_YEAR:
        return _shown(turn, month_card(known, first, turn.employee.locale), month_keyboard(first))
    if word.isdecimal() and not rest and FIRST_YEAR <= int(word) <= LAST_YEAR:
        return _shown(turn, *_year(turn, known, int(word)))
    first = _month_of(turn)
    if first is None:
        return turn.say(t("Write a month or a year, for example: /calendar May, /calendar 2027"))
    return _shown(turn, month_card(known, first, turn.employee.locale), month_keyboard(first))


@router.pressed(MonthPressed)
async def month(turn: Turn, press: MonthPressed, calendars: Calendars) -> Reply:
    """Turn the page to another month."""
    first = date(_near(press.year), min(max(press.month, 1), 12), 1)
    return _shown(turn, month_card(await calendars.of(turn.portal), first, turn.employee.locale), month_keyboard(first))


@router.pressed(YearPressed)
async def year(turn: Turn, press: YearPressed, calendars: Calendars) -> Reply:
    """Turn the page to a year."""
    return _shown(turn, *_year(turn, await calendars.of(turn.portal), _near(press.year)))


@router.pressed(VouchPressed)
async def vouch(turn: Turn, press: VouchPressed, calendars: Calendars) -> Reply:
    """Whoever keeps the calendar says that every moved day of a year has been entered: from now on it is counted."""
    change = CalendarChange(ChangeKind.YEAR, date(_near(press.year), 1, 1))
    news = await calendars.change(turn.portal, turn.employee, change, turn.now)
    return _shown(turn, *_year(turn, news.after, change.day.year))


def _shown(turn: Turn, card: Lines, keyboard: Keyboard) -> Reply:
    return Reply((turn.place(card, keyboard, _SLOT),))


def _year(turn: Turn, known: ProductionCalendar, number: int) -> tuple[Lines, Keyboard]:
    card = year_card(known, number, turn.employee.locale)
    may_vouch = may(turn.employee, Right.KEEP_CALENDAR)
    if may_vouch and not known.knows(number):
        card = lines(*card.lines, *vouching_lines(known, number))
    return card, year_keyboard(known, number, may_vouch=may_vouch)


def _month_of(turn: Turn) -> date | None:
    """Return the month that was named: of this year, or of the next where that is nearer; else this month."""
    today = turn.today
    if not turn.arguments:
        return today.replace(day=1)
    found = [
        first
        for ahead in (False, True)
        for reading in understand_range(
            turn.arguments, locale=turn.employee.locale, zone=turn.zone, now=turn.now, ahead=ahead
        )
        if isinstance(first := reading.slots["from_day"], date) and FIRST_YEAR <= first.year <= LAST_YEAR
    ]
    found.sort(key=lambda first: first.year != year_of(first.month, today))
    return found[0].replace(day=1) if found else None


def _near(year: int) -> int:
    return min(max(year, FIRST_YEAR), LAST_YEAR)
