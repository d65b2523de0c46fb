"""What stands out in a team: who was late, who worked over the plan."""

from collections.abc import Sequence
from datetime import date

from bot.domain.reports.account import Flag
from bot.domain.reports.limits import LimitKind, LimitWarning
from bot.text import Duration, Lines, Period, Phrase, Time, lines, t, tn
from handlers.reports.members import SHOWN, Member, more_than, team_heading


def late_text(team: Phrase, members: Sequence[Member], first: date, last: date) -> Lines:
    """Say who was late, the latest first, and of whom there are no marks at all."""
    late = sorted((each for each in members if each.account.late), key=lambda each: -each.account.late)
    missing = [each for each in members if each.account.flagged(Flag.MISSING)]
    rows = [_late_row(each) for each in late]
    return lines(
        team_heading(team, first, last),
        *(rows[:SHOWN] or [t("Nobody was late.")]),
        more_than(len(rows)),
        *(_missing_row(each) for each in missing[:SHOWN]),
        more_than(len(missing)),
    )


def overtime_text(
    team: Phrase, members: Sequence[Member], first: date, last: date, warnings: Sequence[tuple[Member, LimitWarning]]
) -> Lines:
    """Say who worked over the plan, the most first; over the plan becomes overtime only where it is approved."""
    over = sorted((each for each in members if each.account.over), key=lambda each: -each.account.over)
    rows = [_over_row(each) for each in over]
    return lines(
        team_heading(team, first, last),
        *(rows[:SHOWN] or [t("Nobody worked over the plan.")]),
        more_than(len(rows)),
        *(_warning(member, warning) for member, warning in warnings[:SHOWN]),
        t("_Over the plan becomes overtime once it is approved._") if rows else None,
    )


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
