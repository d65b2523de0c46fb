"""How an absence reads: what it is, when it is, and who is away beside it."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.leave.absence import Absence, AbsenceKind, absence_words
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.services.leave.around import Around
from bot.text import Day, DayTime, Mention, Period, Phrase, Time, t, tn

_ICONS = {
    AbsenceKind.VACATION: "🌴",
    AbsenceKind.DAY_OFF: "🌴",
    AbsenceKind.SICK: "🤒",
    AbsenceKind.REMOTE: "🏠",
    AbsenceKind.BUSINESS_TRIP: "🧳",
}
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
    return rows


def _people(found: Sequence[tuple[Employee, date, date]]) -> Phrase:
    shown = [
        t("{person} ({days})", person=Mention(who.name, who.accounts), days=Period(first, last))
        for who, first, last in found[:NAMED]
    ]
    joined = shown[0]
    for each in shown[1:]:
        joined = t("{first}, {second}", first=joined, second=each)
    rest = len(found) - NAMED
    return tn("{people} and {count} more", "{people} and {count} more", rest, people=joined) if rest > 0 else joined
