"""From an account to the data of a picture, in the reader's words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.domain.days import months_of, weeks_of
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.leave.away import is_whole_day
from bot.domain.reports.account import Account, DayAccount, Flag
from bot.domain.reports.pauses import presence
from bot.domain.reports.standing import balance_by, balance_of, has_norm, so_far, target_of
from bot.i18n import Translator
from bot.pictures.chart import Bar, Chart, Ink, Row, TeamChart
from bot.text import Duration, Period, Phrase, t, tn
from bot.words.hours import is_blank, signed

BY_DAYS = 62
"""More days than that are drawn as months."""
WITH_CAPTIONS = 14
"""More bars than that carry no hours; their weeks do."""
TEAM = 20
"""People on one picture."""
_INKS = {
    Flag.MISSING: Ink.MISSING,
    Flag.UNCONFIRMED: Ink.UNCONFIRMED,
    Flag.PENDING: Ink.PENDING,
    Flag.RUNNING: Ink.RUNNING,
}


def chart_of(account: Account, person: str, speak: Translator) -> Chart:
    """Return the picture of one person's days, or of their months where the days are many."""
    if len(account.days) > BY_DAYS:
        bars = [_month_bar(account.part(*month), speak) for month in months_of(account.first, account.last)]
    else:
        bars = [_day_bar(day, speak) for day in account.days]
    weeks = weeks_of(account.first, account.last) if WITH_CAPTIONS < len(bars) else ()
    return Chart(
        title=_title(account.first, account.last, speak),
        person=person,
        total=speak.duration(account.worked),
        balance=_balance([account], speak),
        bars=bars,
        sums=[_hours(account.part(*week).worked) for week in weeks],
        legend=_legend(bars, speak),
        hour=speak.plain(t("h")),
        empty=speak.plain(t("No marks in these days.")) if is_blank(account) else "",
    )


def team_chart_of(team: str, rows: Sequence[tuple[str, Account]], speak: Translator, most: int = TEAM) -> TeamChart:
    """Return the picture of people against their norms, in the order given; whoever has no room is counted."""
    today = speak.now.astimezone(ZoneInfo(speak.zone)).date()
    shown = [_row(name, account, speak, today) for name, account in rows[:most]]
    accounts = [account for _, account in rows]
    rest = len(rows) - len(shown)
    inks = {ink for row in shown for ink in row.inks}
    inks |= {Ink.WORKED} if any(row.worked for row in shown) else set()
    inks |= {Ink.PLAN} if any(row.norm for row in shown) else set()
    inks |= {Ink.DUE} if any(row.due for row in shown) else set()
    inks |= {Ink.OVER} if any(row.worked > row.norm > timedelta() for row in shown) else set()
    words = {**_words(), Ink.PLAN: t("norm"), Ink.DUE: t("due up to yesterday"), Ink.OVER: t("over the norm")}
    return TeamChart(
        title=_title(accounts[0].first, accounts[0].last, speak) if accounts else "",
        team=team,
        total=speak.duration(sum((each.worked for each in accounts), timedelta())),
        balance=_balance(accounts, speak),
        rows=shown,
        more=speak.plain(tn("… and {count} more", "… and {count} more", rest)) if rest > 0 else "",
        legend=[(ink, speak.plain(words[ink])) for ink in Ink if ink in inks],
        empty="" if rows else speak.plain(t("There is nobody to show.")),
    )


def _day_bar(day: DayAccount, speak: Translator) -> Bar:
    words = [
        absence_words(each.kind) for each in day.absences if is_whole_day(each) and each.kind is not AbsenceKind.REMOTE
    ]
    inks = {_INKS[flag] for flag in day.flags if flag in _INKS}
    if day.calendar.is_holiday and day.calendar.is_off:
        inks.add(Ink.HOLIDAY)
    elif not day.is_workday:
        inks.add(Ink.DAY_OFF)
    return Bar(
        label=speak.weekday(day.day),
        number=str(day.day.day),
        worked=day.worked,
        over=day.over,
        on_break=max(presence(day.sessions, speak.now) - day.worked, timedelta()),
        plan=day.plan,
        caption=_hours(day.worked),
        absence=speak.plain(words[0]) if words else "",
        inks=frozenset(inks),
        begins=day.day.weekday() == 0,
    )


def _month_bar(month: Account, speak: Translator) -> Bar:
    inks = {ink for flag, ink in _INKS.items() if month.flagged(flag)}
    norm = month.norm or timedelta()
    return Bar(
        label=speak.month_letters(month.first),
        number=f"{month.first:%y}",
        worked=month.worked,
        over=min(month.over, month.worked),
        plan=norm if has_norm(month) else timedelta(),
        caption=str(int(month.worked.total_seconds()) // 3600) if month.worked else "",
        inks=frozenset(inks),
    )


def _row(name: str, account: Account, speak: Translator, today: date) -> Row:
    away = sum(each.days for kind, each in account.absences.items() if kind is not AbsenceKind.REMOTE)
    return Row(
        name=name,
        worked=account.worked,
        norm=target_of(account) if has_norm(account) else timedelta(),
        due=_due(account, today),
        caption=speak.duration(account.worked),
        note=speak.plain(tn("away for {count} day", "away for {count} days", away)) if away else "",
        inks=frozenset(ink for flag, ink in _INKS.items() if account.flagged(flag)),
    )


def _due(account: Account, today: date) -> timedelta:
    """Return what was due up to yesterday, while the days run and it means something."""
    if account.last < today or balance_by(account, today) is None:
        return timedelta()
    return target_of(so_far(account, today))


def _title(first: date, last: date, speak: Translator) -> str:
    words = speak.plain(t("{period}", period=Period(first, last)))
    return words[:1].upper() + words[1:]


def _balance(accounts: Sequence[Account], speak: Translator) -> str:
    """Say the norm, and the balance once the days are over."""
    compared = [each for each in accounts if has_norm(each)]
    if not compared:
        return ""
    norm = Duration(sum((target_of(each) for each in compared), timedelta()))
    today = speak.now.astimezone(ZoneInfo(speak.zone)).date()
    balance = sum((balance_of(each) for each in compared), timedelta())
    if compared[0].last >= today or not balance:
        return speak.plain(t("of {norm}", norm=norm))
    return speak.plain(t("of {norm} · {balance}", norm=norm, balance=signed(balance)))


def _legend(bars: Iterable[Bar], speak: Translator) -> list[tuple[Ink, str]]:
    """Explain only what occurs."""
    inks = {ink for bar in bars for ink in _drawn(bar)}
    words = _words()
    return [(ink, speak.plain(words[ink])) for ink in Ink if ink in inks]


def _drawn(bar: Bar) -> Iterator[Ink]:
    yield from bar.inks - {Ink.DAY_OFF}
    if bar.worked:
        yield Ink.WORKED
    if bar.over:
        yield Ink.OVER
    if bar.on_break:
        yield Ink.BREAK
    if bar.plan and Ink.MISSING not in bar.inks:
        yield Ink.PLAN
    if bar.absence:
        yield Ink.ABSENCE


def _words() -> dict[Ink, Phrase]:
    return {
        Ink.WORKED: t("worked"),
        Ink.OVER: t("over the plan"),
        Ink.BREAK: t("breaks"),
        Ink.PLAN: t("plan"),
        Ink.DUE: t("due up to yesterday"),
        Ink.ABSENCE: t("away"),
        Ink.HOLIDAY: t("holiday"),
        Ink.RUNNING: t("still at work"),
        Ink.UNCONFIRMED: t("unconfirmed"),
        Ink.PENDING: t("waits for a decision"),
        Ink.MISSING: t("no marks"),
    }


def _hours(length: timedelta) -> str:
    """Return hours and minutes as a clock shows them, cut to the minute; nothing for less than one."""
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else ""
