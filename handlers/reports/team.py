"""A team's hours for a lead's phone: a line a person and what they come to together."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.reports.account import Account, DayAccount, Flag
from bot.domain.reports.standing import apart_of, balance_of, has_norm, target_of
from bot.text import EMPTY_LINE, Duration, Lines, Phrase, Time, lines, t, tn
from bot.words.hours import noted, signed
from bot.words.leave import absence_icon
from handlers.reports.members import SHOWN, Member, more_than, team_heading


def team_text(team: Phrase, members: Sequence[Member], first: date, last: date, today: date) -> Lines:
    """Lay a team out: a line a person and what they come to together."""
    heading = team_heading(team, first, last)
    if not members:
        return lines(heading, t("There is nobody to show."))
    is_over = last < today
    rows = [row for each in members if (row := _row(each, is_over=is_over))]
    return lines(
        heading,
        *rows[:SHOWN],
        more_than(len(rows)),
        t("Nobody worked.") if not rows else None,
        EMPTY_LINE,
        _together([each.account for each in members]),
        t("_Hours count for the day on which the shift began._"),
    )


def _row(member: Member, *, is_over: bool) -> Phrase | None:
    """Say what a person worked, and what is not right; of a single day also from when to when."""
    account = member.account
    if len(account.days) == 1:
        return _day_row(member, account.days[0])
    worked = Duration(account.worked)
    if is_over and has_norm(account):
        balance = signed(balance_of(account))
        line = t("{person}: {worked}, {balance}", person=member.mention, worked=worked, balance=balance)
    else:
        line = t("{person}: {worked}", person=member.mention, worked=worked)
    return noted(line, _counts(account))


def _counts(account: Account) -> Iterator[Phrase]:
    """Count what is to be looked at."""
    if apart := apart_of(account):
        yield t("{length} without a schedule", length=Duration(apart))
    if missing := len(account.flagged(Flag.MISSING)):
        yield tn("❗ {count} day without marks", "❗ {count} days without marks", missing)
    if unconfirmed := len(account.flagged(Flag.UNCONFIRMED)):
        yield t("❓ {count} unconfirmed", count=unconfirmed)
    if pending := len(account.flagged(Flag.PENDING)):
        yield t("⏳ {count} waiting", count=pending)
    if account.late_times:
        yield tn("late {count} time", "late {count} times", account.late_times)
    for kind, away in account.absences.items():
        if away.workdays:
            yield _days_of(kind, away.workdays)


def _days_of(kind: AbsenceKind, days: int) -> Phrase:
    """Say how many workdays were spent elsewhere or away; the picture tells a lead which."""
    match kind:
        case AbsenceKind.REMOTE:
            return tn("🏠 {count} workday at home", "🏠 {count} workdays at home", days)
        case AbsenceKind.BUSINESS_TRIP:
            return tn("🧳 {count} workday on a trip", "🧳 {count} workdays on a trip", days)
    away = tn("{icon} {count} workday away", "{icon} {count} workdays away", days)
    return Phrase(away.message, {**away.values, "icon": absence_icon(kind)}, away.plural, away.count)


def _day_row(member: Member, day: DayAccount) -> Phrase | None:
    """Say when a person came and left; nobody is named who had neither work nor a plan."""
    if day.sessions:
        return noted(_presence(member, day), _day_notes(day))
    if day.absences:
        kind = min(day.absences, key=lambda each: each.kind is not AbsenceKind.SICK).kind
        icon = absence_icon(kind)
        return t("{person}: {icon} {what}", person=member.mention, icon=icon, what=absence_words(kind))
    if Flag.MISSING in day.flags:
        return t("{person}: ❗ no marks", person=member.mention)
    return t("{person}: no marks yet", person=member.mention) if day.is_workday else None


def _presence(member: Member, day: DayAccount) -> Phrase:
    begun, last = day.sessions[0], day.sessions[-1]
    start = Time(begun.started_at, begun.zone)
    if last.ended_at is None:
        return t("{person}: since {start}", person=member.mention, start=start)
    return t(
        "{person}: {start} – {end}, {worked}",
        person=member.mention,
        start=start,
        end=Time(last.ended_at, last.zone),
        worked=Duration(day.worked),
    )


def _day_notes(day: DayAccount) -> Iterator[Phrase]:
    if day.late:
        yield t("late by {length}", length=Duration(day.late))
    if Flag.UNCONFIRMED in day.flags:
        yield t("❓ unconfirmed")
    if Flag.PENDING in day.flags:
        yield t("⏳ a correction waits")


def _together(accounts: Sequence[Account]) -> Phrase | None:
    worked = sum((each.worked for each in accounts), timedelta())
    compared = [each for each in accounts if has_norm(each)]
    if len(accounts) < 2 or not worked:
        return None
    if not compared:
        return t("Together *{worked}*", worked=Duration(worked))
    norm = sum((target_of(each) for each in compared), timedelta())
    return t("Together *{worked}*, norm {norm}", worked=Duration(worked), norm=Duration(norm))
