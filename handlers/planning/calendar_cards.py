"""The production calendar in chat: from month to month and from year to year by buttons."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.actions import Action
from bot.domain.planning.calendar import ProductionCalendar
from bot.messages import Button, Keyboard
from bot.text import Month, t
from bot.words.calendar import last_of


@dataclass(frozen=True, slots=True)
class MonthPressed(Action, code="cam"):
    """Show that month."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class YearPressed(Action, code="cay"):
    """Show that year."""

    year: int


@dataclass(frozen=True, slots=True)
class VouchPressed(Action, code="cav"):
    """Every moved day of that year has been entered."""

    year: int


def month_keyboard(first: date) -> Keyboard:
    """Offer the months beside, and the year."""
    before, after = first - timedelta(days=1), last_of(first) + timedelta(days=1)
    beside = (
        Button(t("◀️ {month}", month=Month(before)), MonthPressed(before.year, before.month)),
        Button(t("{month} ▶️", month=Month(after)), MonthPressed(after.year, after.month)),
    )
    return Keyboard.of(beside, Button(t("📅 The year {year}", year=first.year), YearPressed(first.year)))


def year_keyboard(calendar: ProductionCalendar, year: int, *, may_vouch: bool) -> Keyboard:
    """Offer the years beside; to an administrator, to say that an unknown year is complete."""
    vouch = Button(t("✅ All days off of {year} are entered", year=year), VouchPressed(year), style="success")
    beside = (
        Button(t("◀️ {year}", year=year - 1), YearPressed(year - 1)),
        Button(t("{year} ▶️", year=year + 1), YearPressed(year + 1)),
    )
    return Keyboard.of(vouch if may_vouch and not calendar.knows(year) else None, beside)
