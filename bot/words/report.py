"""One person's hours, laid out for a phone: a line a day, a week or a month, and what it adds up to."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.domain.days import months_of, weeks_of
from bot.domain.people.employee import Employee
from bot.domain.reports.account import Account, DayAccount, Flag
from bot.text import EMPTY_LINE, Day, Duration, Lines, Period, Phrase, lines, t
from bot.words.hours import (
    absences_of,
    day_notes,
    is_blank,
    late_lines,
    norm_lines,
    noted,
    open_lines,
    over_lines,
    sickness_lines,
    special_lines,
    summed_lines,
    worked_line,
)
from bot.words.leave import absence_line
from bot.words.people import mention

BY_DAYS = 14
"""So many days have a line each; more of them have a line a week."""
BY_WEEKS = 62
"""More than that have a line a month."""


def hours_text(
    account: Account, today: date, of: Employee | None = None, topic: str = "", summed: Account | None = None
) -> Lines:
    """Lay out a period: a heading, what there was, the sums against the norm, and the days away; or one topic of it.

    `summed` is the longer accounting period that the days are part of, where hours are summed over one.
    """
    heading = heading_of(account, of)
    if topic == "late":
        late = [day_line(day) for day in account.days if day.late]
        return lines(heading, *(late or [t("Never late.")]), *late_lines(account))
    if topic == "overtime":
        over = [t("{day}: {worked}", day=Day(day.day), worked=Duration(day.over)) for day in account.days if day.over]
        return lines(heading, *(over or [t("Nothing over the plan.")]), *over_lines(account))
    if topic == "balance":
        worked = worked_line(account) if account.worked else t("No marks in these days.")
        return lines(heading, worked, *norm_lines(account, today), *summed_lines(summed, today))
    away = [absence_line(each) for each in absences_of(account)]
    if is_blank(account):
        return lines(heading, t("No marks in these days."), *norm_lines(account, today), *summed_lines(summed, today))
    is_long = len(account.days) > BY_DAYS
    return lines(
        heading,
        *(_parts(account) if is_long else _days(account)),
        EMPTY_LINE,
        worked_line(account) if account.worked else None,
        *norm_lines(account, today),
        *summed_lines(summed, today),
        *special_lines(account),
        *(open_lines(account) if is_long else ()),
        *away,
        *sickness_lines(account),
        t("_Hours count for the day on which the shift began._"),
    )


def heading_of(account: Account, of: Employee | None = None) -> Phrase:
    """Name the days, and the person where it is somebody else."""
    if of is not None:
        person = mention(of)
        return t("📅 *{period}* – {person}", period=Period(account.first, account.last), person=person)
    if account.first == account.last or len(account.days) > BY_DAYS:
        return t("📅 *{period}*", period=Period(account.first, account.last))
    return t("📅 *{first} – {last}*", first=Day(account.first), last=Day(account.last))


def day_line(day: DayAccount) -> Phrase:
    """Say what a day was."""
    if not day.sessions:
        return noted(t("{day}", day=Day(day.day)), day_notes(day))
    running = t(" (still running)") if Flag.RUNNING in day.flags else ""
    line = t("{day}: {worked}{running}", day=Day(day.day), worked=Duration(day.worked), running=running)
    if day.on_break >= timedelta(seconds=1):
        line = t(
            "{day}: {worked}, breaks {breaks}{running}",
            day=Day(day.day),
            worked=Duration(day.worked),
            breaks=Duration(day.on_break),
            running=running,
        )
    return noted(line, day_notes(day))


def _days(account: Account) -> Iterator[Phrase]:
    """A line for each day with something to tell."""
    for day in account.days:
        if day.sessions or day.flags:
            yield day_line(day)


def _parts(account: Account) -> Iterator[Phrase]:
    """A line for each week, or month, in which something was worked."""
    split = weeks_of if len(account.days) <= BY_WEEKS else months_of
    for first, last in split(account.first, account.last):
        part = account.part(first, last)
        if part.worked:
            yield t("{period}: {worked}", period=Period(first, last), worked=Duration(part.worked))
