"""A team's hours for a lead's phone: a line a person; who was late; who worked over the plan."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.account import Account, DayAccount, Flag
from bot.domain.employee import Employee
from bot.domain.limits import LimitKind, LimitWarning
from bot.text import Duration, Lines, Mention, Period, Phrase, Time, lines, t, tn
from handlers.totals import balance_of, has_norm, noted, signed, target_of

SHOWN = 30
_OPEN = (Flag.MISSING, Flag.UNCONFIRMED, Flag.PENDING)


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their account."""

    employee: Employee
    account: Account

    @property
    def mention(self) -> Mention:
        """The name, as a link where it can be one."""
        return Mention(self.employee.name, self.employee.accounts)

    @property
    def troubles(self) -> int:
        """On how many days something is not right yet."""
        return sum(bool(day.flags & set(_OPEN)) for day in self.account.days)


def members_of(people: Iterable[Employee], accounts: Mapping[int, Account]) -> list[Member]:
    """Return the people with something to mend first, then by name; who left is shown where there are hours."""
    found = [Member(each, accounts[each.id]) for each in people]
    found = [each for each in found if not each.employee.is_disabled or each.account.worked]
    return sorted(found, key=lambda each: (-each.troubles, each.employee.name))


def team_text(team: Phrase, members: Sequence[Member], first: date, last: date, today: date) -> Lines:
    """Lay a team out: a line a person and what they come to together."""
    heading = _heading(team, first, last)
    if not members:
        return lines(heading, t("Nobody is in the team yet."))
    is_over = last < today
    rows = [row for each in members if (row := _row(each, is_over=is_over))]
    return lines(
        heading,
        *rows[:SHOWN],
        _more(len(rows)),
        t("Nobody worked.") if not rows else None,
        _together([each.account for each in members]),
        t("_Hours count for the day on which the shift began._"),
    )


def late_text(team: Phrase, members: Sequence[Member], first: date, last: date) -> Lines:
    """Say who was late, the latest first, and of whom there are no marks at all."""
    late = sorted((each for each in members if each.account.late), key=lambda each: -each.account.late)
    missing = [each for each in members if each.account.flagged(Flag.MISSING)]
    rows = [_late_row(each) for each in late]
    return lines(
        _heading(team, first, last),
        *(rows[:SHOWN] or [t("Nobody was late.")]),
        _more(len(rows)),
        *(_missing_row(each) for each in missing[:SHOWN]),
        _more(len(missing)),
    )


def overtime_text(
    team: Phrase, members: Sequence[Member], first: date, last: date, warnings: Sequence[tuple[Member, LimitWarning]]
) -> Lines:
    """Say who worked over the plan, the most first; over the plan becomes overtime only where it is approved."""
    over = sorted((each for each in members if each.account.over), key=lambda each: -each.account.over)
    rows = [_over_row(each) for each in over]
    return lines(
        _heading(team, first, last),
        *(rows[:SHOWN] or [t("Nobody worked over the plan.")]),
        _more(len(rows)),
        *(_warning(member, warning) for member, warning in warnings[:SHOWN]),
        t("_Over the plan becomes overtime once it is approved._") if rows else None,
    )


def _heading(team: Phrase, first: date, last: date) -> Phrase:
    return t("👥 *{period}* – {team}", period=Period(first, last), team=team)


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
    if missing := len(account.flagged(Flag.MISSING)):
        yield tn("❗ {count} day without marks", "❗ {count} days without marks", missing)
    if unconfirmed := len(account.flagged(Flag.UNCONFIRMED)):
        yield t("❓ {count} unconfirmed", count=unconfirmed)
    if pending := len(account.flagged(Flag.PENDING)):
        yield t("⏳ {count} waiting", count=pending)
    if account.late_times:
        yield tn("late {count} time", "late {count} times", account.late_times)
    if days := sum(each.workdays for each in account.absences.values()):
        yield tn("🌴 {count} workday away", "🌴 {count} workdays away", days)


def _day_row(member: Member, day: DayAccount) -> Phrase | None:
    """Say when a person came and left; nobody is named who had neither work nor a plan."""
    if day.sessions:
        return noted(_presence(member, day), _day_notes(day))
    if day.absences:
        return t("{person}: 🌴 away", person=member.mention)
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


def _late_row(member: Member) -> Phrase:
    account, length = member.account, Duration(member.account.late)
    first = account.days[0].sessions
    if len(account.days) == 1 and first:
        came = Time(first[0].started_at, first[0].zone)
        return t("🕘 {person}: came at {time}, late by {length}", person=member.mention, time=came, length=length)
    times = tn("{count} time", "{count} times", account.late_times)
    return t("🕘 {person}: {times}, {length}", person=member.mention, times=times, length=length)


def _missing_row(member: Member) -> Phrase:
    days = len(member.account.flagged(Flag.MISSING))
    if len(member.account.days) == 1:
        return t("{person}: ❗ no marks", person=member.mention)
    return tn(
        "{person}: ❗ {count} day without marks", "{person}: ❗ {count} days without marks", days, person=member.mention
    )


def _over_row(member: Member) -> Phrase:
    account, over = member.account, Duration(member.account.over)
    if account.overtime:
        approved = Duration(account.overtime)
        return t("{person}: *{over}*, approved {approved}", person=member.mention, over=over, approved=approved)
    return t("{person}: *{over}*", person=member.mention, over=over)


def _warning(member: Member, warning: LimitWarning) -> Phrase:
    """Name a limit of the law that was passed: it warns and blocks nothing (§4.5)."""
    overtime, limit = Duration(warning.overtime), Duration(warning.limit)
    if warning.kind is LimitKind.YEAR:
        return t(
            "⚠️ {person}: {overtime} of overtime this year, at most {limit} are allowed",
            person=member.mention,
            overtime=overtime,
            limit=limit,
        )
    return t(
        "⚠️ {person}: {overtime} of overtime in two days ({days}), at most {limit} are allowed",
        person=member.mention,
        overtime=overtime,
        days=Period(warning.first, warning.last),
        limit=limit,
    )


def _together(accounts: Sequence[Account]) -> Phrase | None:
    worked = sum((each.worked for each in accounts), timedelta())
    compared = [each for each in accounts if has_norm(each)]
    if len(accounts) < 2 or not worked:
        return None
    if not compared:
        return t("Together *{worked}*", worked=Duration(worked))
    norm = sum((target_of(each) for each in compared), timedelta())
    return t("Together *{worked}*, norm {norm}", worked=Duration(worked), norm=Duration(norm))


def _more(count: int) -> Phrase | None:
    rest = count - SHOWN
    return (
        tn("… and {count} more, all of them in the file", "… and {count} more, all of them in the file", rest)
        if rest > 0
        else None
    )
