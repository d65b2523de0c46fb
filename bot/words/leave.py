"""How an absence reads: what it is, when it is, and who is away beside it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.domain.leave.absence import Absence, AbsenceKind, absence_words
from bot.domain.leave.balance import Left
from bot.domain.leave.changing import LeaveChange
from bot.domain.leave.entitlement import Unit
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.services.leave.around import Around
from bot.services.leave.balances import Standing
from bot.text import Day, DayTime, Period, Phrase, Time, t, tn
from bot.words.people import mention

_ICONS = {
    AbsenceKind.VACATION: "🌴",
    AbsenceKind.DAY_OFF: "🌴",
    AbsenceKind.SICK: "🤒",
    AbsenceKind.REMOTE: "🏠",
    AbsenceKind.BUSINESS_TRIP: "🧳",
}
HOW_TO_ASK_FOR_LEAVE = t(
    "To ask for one, just write it: “vacation from 1 to 14 July”, “day off on Friday from 9 to 13”."
)
NAMED = 3
"""So many colleagues are named; of more, how many they are."""


def absence_icon(kind: AbsenceKind) -> str:
    """Return the picture of a kind: the palm tree is for days off alone."""
    return _ICONS.get(kind, "🗓")


def absence_line(absence: Absence) -> Phrase:
    """Name an absence to somebody who may know what it is: to the person themselves, or to who leads them."""
    return t(
        "{icon} {what}: {span}",
        icon=absence_icon(absence.kind),
        what=absence_words(absence.kind),
        span=absence_when(absence),
    )


def absence_when(absence: Absence | LeaveWish) -> Phrase:
    """Name the days, or the hours by the clock of the person's zone where it is known."""
    zone = absence.zone if isinstance(absence, LeaveWish) else ""
    if absence.start is None or absence.end is None:
        return absence_span(absence.first, absence.last)
    return hours_span(absence.start, absence.end, zone)


def hours_span(start: datetime, end: datetime, zone: str) -> Phrase:
    """Name hours: the day once, where it is one; the place once, where it is not the reader's."""
    ends = Time(end, zone, bare=True) if end.date() == start.date() or not zone else DayTime(end, zone)
    return t("{start} – {end}", start=DayTime(start, zone), end=ends)


def absence_span(first: date, last: date) -> Phrase:
    """Name the days of an absence and how many they are."""
    if first == last:
        return t("{day}", day=Day(first))
    days = tn("{count} day", "{count} days", (last - first).days + 1)
    return t("{first} – {last}, {days}", first=Day(first), last=Day(last), days=days)


def change_title(change: LeaveChange) -> Phrase:
    """Name what shall become of an approved absence."""
    what = absence_words(change.kind)
    return t("{what}: cancel", what=what) if change.is_cancelled else t("{what}: other days", what=what)


def change_lines(change: LeaveChange) -> Sequence[Phrase]:
    """Say the days before and after; what an absence keeps while it gets more is told first."""
    before = absence_span(*change.before)
    if change.is_cancelled:
        return (t("{before} → *cancelled*", before=before),)
    *kept, new = (absence_span(*each) for each in change.after)
    after = t("{first}, {second}", first=kept[0], second=new) if kept else new
    return (t("{before} → *{after}*", before=before, after=after),)


def days_words(count: int, unit: Unit) -> Phrase:
    """Count days of leave; working days are named as such."""
    if unit is Unit.WORKING:
        return tn("{count} working day", "{count} working days", count)
    return tn("{count} day", "{count} days", count)


def standing_lines(standing: Standing) -> list[Phrase]:
    """Say in two or three lines how somebody's days stand."""
    kind, unit = standing.balance.kind, standing.balance.unit_on(standing.today)
    values: dict[str, Any] = {"icon": absence_icon(kind), "what": absence_words(kind)}
    if standing.available >= 0:
        values["days"] = days_words(standing.available, unit)
        rows = [t("{icon} *{what}*: *{days}* available today", **values)]
    else:
        values["days"] = days_words(-standing.available, unit)
        rows = [t("{icon} *{what}*: *{days}* taken in advance", **values)]
    end = Day(standing.year_end)
    if standing.by_year_end >= 0:
        rows.append(t("By {day}: {days}", day=end, days=days_words(standing.by_year_end, unit)))
    else:
        rows.append(t("By {day}: {days} in advance", day=end, days=days_words(-standing.by_year_end, unit)))
    planned, waiting = standing.planned, standing.waiting
    if planned and waiting:
        values = {"planned": days_words(planned, unit), "waiting": days_words(waiting, unit)}
        rows.append(t("Approved and ahead: {planned}; waits: {waiting}", **values))
    elif planned:
        rows.append(t("Approved and ahead: {planned}", planned=days_words(planned, unit)))
    elif waiting:
        rows.append(t("Waits for an answer: {waiting}", waiting=days_words(waiting, unit)))
    return rows


def left_lines(left: Left | None) -> list[Phrase]:
    """Say what would be left after a leave, and warn where it is taken in advance; nothing where nothing is kept."""
    if left is None:
        return []
    if left.days < 0:
        return [
            t(
                "⚠️ By {day} this is {days} more than will be earned: they would be taken in advance.",
                days=days_words(-left.days, left.unit),
                day=Day(left.by),
            )
        ]
    rows = [t("After this: {days} left", days=days_words(left.days, left.unit))]
    if left.short and left.short_on is not None:
        rows.append(
            t(
                "⚠️ For the leave from {day}, approved already, {days} would then be taken in advance.",
                days=days_words(left.short, left.unit),
                day=Day(left.short_on),
            )
        )
    return rows


def around_lines(around: Around) -> Sequence[Phrase]:
    """Say to whoever decides what else is on those days; the reasons of colleagues stay theirs."""
    rows = [
        t(
            "ℹ️ {what} ({days}) is approved for these days: it is to be moved or made longer (art. 124).",
            what=absence_words(each.kind),
            days=Period(each.first, each.last),
        )
        for each in around.displaced
    ]
    rows += [
        t(
            "⚠️ Another request waits for these days: {what}, {span}. Only one of them can be approved.",
            what=absence_words(each.kind),
            span=absence_when(each),
        )
        for each in around.rivals
    ]
    if around.away:
        rows.append(t("👥 Away on these days as well: {people}.", people=_people(around.away)))
    if around.asking:
        rows.append(t("👥 Ask for these days as well: {people}.", people=_people(around.asking)))
    if around.is_shared:
        rows.append(t("If all is approved, {left} of {all} of the team remain.", left=around.left, all=around.size))
    return [*left_lines(around.balance), *rows]


def _people(found: Sequence[tuple[Employee, date, date]]) -> Phrase:
    shown = [
        t("{person} ({days})", person=mention(who), days=Period(first, last)) for who, first, last in found[:NAMED]
    ]
    joined = shown[0]
    for each in shown[1:]:
        joined = t("{first}, {second}", first=joined, second=each)
    rest = len(found) - NAMED
    return tn("{people} and {count} more", "{people} and {count} more", rest, people=joined) if rest > 0 else joined
