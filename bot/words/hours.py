"""What accounts add up to, in words: the norm and the balance, nights and holidays, lateness, what is not right."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.reports.account import Account, DayAccount, Flag
from bot.domain.reports.standing import apart_of, balance_by, balance_of, has_norm, is_by_plan, target_of
from bot.text import Day, Duration, Period, Phrase, t, tn

NAMED = 5
"""Days that are named before the rest is counted."""


def is_blank(account: Account) -> bool:
    """Whether there is nothing to tell of the days."""
    return not any(day.worked or day.on_break or day.sessions or day.absences or day.flags for day in account.days)


def signed(length: timedelta) -> Phrase:
    """Return a balance with its sign."""
    if abs(length) < timedelta(minutes=1):
        return t("±0")
    if length < timedelta():
        return t("−{length}", length=Duration(-length))
    return t("+{length}", length=Duration(length))


def absences_of(account: Account) -> Sequence[Absence]:
    """Return each absence that touches the days, once."""
    return list({each.id: each for day in account.days for each in day.absences}.values())


def worked_line(account: Account) -> Phrase:
    """Say what was worked, on how many days."""
    days = tn("{count} day", "{count} days", account.days_worked)
    if account.on_break < timedelta(seconds=1):
        return t("Worked *{worked}* in {days}", worked=Duration(account.worked), days=days)
    return t(
        "Worked *{worked}* in {days}, breaks {breaks}",
        worked=Duration(account.worked),
        days=days,
        breaks=Duration(account.on_break),
    )


def norm_lines(account: Account, today: date) -> Iterator[Phrase]:
    """Say the norm and how far it is; while the days still run, also the balance of those that are over."""
    if not account.norm_is_known:
        years = sorted({day.day.year for day in account.days if not day.norm_is_known})
        yield t("I do not know the days off of {year} yet, so I cannot tell the norm.", year=str(years[0]))
        return
    if not has_norm(account):
        return
    if not target_of(account) and not account.worked:
        return
    if apart := apart_of(account):
        yield t("of it {length} without a schedule, outside the norm", length=Duration(apart))
    norm, balance = Duration(target_of(account)), balance_of(account)
    by_plan = is_by_plan(account)
    if account.last < today:
        message = t("Plan {norm}, balance *{balance}*") if by_plan else t("Norm {norm}, balance *{balance}*")
        yield replace(message, values={"norm": norm, "balance": signed(balance)})
        return
    if balance < timedelta():
        message = t("Plan {norm}, {left} to go") if by_plan else t("Norm {norm}, {left} to go")
        yield replace(message, values={"norm": norm, "left": Duration(-balance)})
    else:
        message = t("Plan {norm}, reached: {balance}") if by_plan else t("Norm {norm}, reached: {balance}")
        yield replace(message, values={"norm": norm, "balance": signed(balance)})
    yesterday = balance_by(account, today)
    if yesterday is not None:
        yield t("Up to yesterday: *{balance}*", balance=signed(yesterday))


def summed_lines(summed: Account | None, today: date) -> Iterator[Phrase]:
    """Say how far the accounting period is: at its end, and not daily, overtime is found (Labour Code art. 104)."""
    if summed is None or not has_norm(summed):
        return
    period, worked, norm = Period(summed.first, summed.last), Duration(summed.worked), Duration(target_of(summed))
    if summed.last < today:
        yield t(
            "Summed over {period}: {worked} of {norm}, balance *{balance}*",
            period=period,
            worked=worked,
            norm=norm,
            balance=signed(balance_of(summed)),
        )
    else:
        yield t("Summed over {period}: so far {worked} of {norm}", period=period, worked=worked, norm=norm)


def special_lines(account: Account) -> Iterator[Phrase]:
    """Say what is paid or looked at apart, one line each, only where there is any."""
    if account.night:
        yield t("🌙 At night: {length}", length=Duration(account.night))
    if account.holiday:
        yield t("🎉 On holidays: {length}", length=Duration(account.holiday))
    if account.off_day:
        yield t("On days off: {length}", length=Duration(account.off_day))
    yield from late_lines(account)
    if account.early:
        yield tn(
            "Left early {count} time: {length}",
            "Left early {count} times: {length}",
            account.early_times,
            length=Duration(account.early),
        )
    yield from over_lines(account)


def late_lines(account: Account) -> Iterator[Phrase]:
    """Say how often somebody was late, and how long in all."""
    if account.late:
        yield tn(
            "Late {count} time: {length}",
            "Late {count} times: {length}",
            account.late_times,
            length=Duration(account.late),
        )


def over_lines(account: Account) -> Iterator[Phrase]:
    """Say what was over the plan, and what of it is approved: only that is overtime (§4.5)."""
    if account.over and account.overtime:
        yield t(
            "Over the plan: {over}, approved: {overtime}",
            over=Duration(account.over),
            overtime=Duration(account.overtime),
        )
    elif account.over:
        yield t("Over the plan: {over}", over=Duration(account.over))


def sickness_lines(account: Account) -> Iterator[Phrase]:
    """Say which days of a vacation sickness took: somebody has to extend or move it (Labour Code art. 124)."""
    days = [day for day in account.days if any(each.kind is AbsenceKind.VACATION for each in day.displaced)]
    if days:
        yield tn(
            "🤒 {count} day of the vacation was sickness: it is extended or moved.",
            "🤒 {count} days of the vacation were sickness: it is extended or moved.",
            len(days),
        )


def open_lines(account: Account) -> Iterator[Phrase]:
    """Name the days that are not right yet."""
    if missing := account.flagged(Flag.MISSING):
        yield t("❗ No marks: {days}", days=_days(missing))
    if unconfirmed := account.flagged(Flag.UNCONFIRMED):
        yield t("❓ Unconfirmed: {days}", days=_days(unconfirmed))
    if pending := account.flagged(Flag.PENDING):
        yield t("⏳ A correction waits: {days}", days=_days(pending))


def day_notes(day: DayAccount) -> Iterator[Phrase]:
    """Say what is special about a day, for the end of its line."""
    if Flag.MISSING in day.flags:
        yield t("❗ no marks")
    if Flag.UNCONFIRMED in day.flags:
        yield t("❓ unconfirmed")
    if Flag.PENDING in day.flags:
        yield t("⏳ a correction waits")
    if day.late:
        yield t("late by {length}", length=Duration(day.late))
    if day.early:
        yield t("left {length} early", length=Duration(day.early))
    if day.holiday:
        yield t("on a holiday {length}", length=Duration(day.holiday))
    elif day.off_day == day.worked > timedelta():
        yield t("on a day off")
    elif day.off_day:
        yield t("on a day off {length}", length=Duration(day.off_day))
    if day.night:
        yield t("at night {length}", length=Duration(day.night))
    if Flag.AWAY in day.flags:
        yield t("during an absence")
    if Flag.CLOCKS in day.flags:
        yield t("clocks were changed")


def noted(line: Phrase, notes: Iterator[Phrase]) -> Phrase:
    """Put notes behind a line."""
    for note in notes:
        line = t("{line} · {note}", line=line, note=note)
    return line


def _days(days: Sequence[DayAccount]) -> Phrase:
    named = t("{day}", day=Day(days[0].day))
    for each in days[1:NAMED]:
        named = t("{first}; {second}", first=named, second=Day(each.day))
    rest = len(days) - NAMED
    return tn("{days} and {count} more", "{days} and {count} more", rest, days=named) if rest > 0 else named
