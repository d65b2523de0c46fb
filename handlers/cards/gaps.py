"""How the list of what is not right looks, with the buttons that mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions import Action
from bot.domain.leave.absence import AbsenceKind
from bot.domain.people.employee import Employee
from bot.domain.reports.gaps import Gap, GapKind
from bot.messages import Button, Keyboard
from bot.text import Day, Duration, Lines, Period, Phrase, Time, lines, t, tn
from bot.words.people import mention
from handlers.cards.ends import ConfirmEndPressed, OtherEndPressed
from handlers.cards.wanted import check_press

AT_ONCE = 5
"""More of them are behind a button: nobody mends twenty days in one go."""
QUESTIONS = ("worked", "break", "back")
"""What can be asked about a day: when one worked, when the break was, when one was back."""


@dataclass(frozen=True, slots=True)
class GapsPressed(Action, code="gg"):
    """Show what is not right between two days, from the given place on."""

    first: int
    last: int
    skip: int

    def __post_init__(self) -> None:
        """Take no forged days for days."""
        check_press(self.first, self.last, "")


@dataclass(frozen=True, slots=True)
class AsPlannedPressed(Action, code="gw"):
    """I was there as planned on that day."""

    day: int

    def __post_init__(self) -> None:
        """Take no forged day for a day."""
        check_press(self.day, self.day, "")


@dataclass(frozen=True, slots=True)
class MendPressed(Action, code="gm"):
    """Ask what is missing: when I worked, when the break was, when I was back."""

    day: int
    what: str

    def __post_init__(self) -> None:
        """Take no forged day for a day, and ask nothing else."""
        check_press(self.day, self.day, "")
        if self.what not in QUESTIONS:
            raise ValueError(self.what)


@dataclass(frozen=True, slots=True)
class WasAwayPressed(Action, code="ga"):
    """I was away on that day, for that reason."""

    day: int
    kind: str

    def __post_init__(self) -> None:
        """Take no forged day for a day, and no other kind of absence."""
        check_press(self.day, self.day, "")
        AbsenceKind(self.kind)


def gaps_text(found: Sequence[Gap], first: date, last: date, of: Employee | None = None, skip: int = 0) -> Lines:
    """List what is not right, some of it at once; somebody else's with the name."""
    period = Period(first, last)
    name = t(", {person}", person=mention(of)) if of else ""
    if not found:
        return lines(t("✅ *{period}*{name} – everything is in order.", period=period, name=name))
    shown = list(enumerate(found, 1))[skip : skip + (AT_ONCE if of is None else len(found))]
    rest = len(found) - skip - len(shown)
    return lines(
        t("🔎 *{period}*{name} – what can be fixed", period=period, name=name),
        *(t("{number}. {day}: {what}", number=number, day=Day(gap.day.day), what=_words(gap)) for number, gap in shown),
        tn("… and {count} more", "… and {count} more", rest) if rest else None,
    )


def gaps_page(found: Sequence[Gap], first: date, last: date, skip: int) -> tuple[Lines, Keyboard]:
    """Return a page of the list and the buttons that mend what is on it."""
    text = gaps_text(found, first, last, skip=skip)
    shown = list(enumerate(found, 1))[skip : skip + AT_ONCE]
    rest = len(found) - skip - len(shown)
    following = GapsPressed(first.toordinal(), last.toordinal(), skip + AT_ONCE if rest else 0)
    turning = Button(t("More ▶") if rest else t("◀ From the beginning"), following)
    return text, Keyboard.of(*(_buttons(number, gap) for number, gap in shown), turning if rest or skip else None)


def _words(gap: Gap) -> Phrase:
    """Say what is not right."""
    match gap.kind:
        case GapKind.MISSING:
            shift = gap.day.shift
            if shift is None:
                return t("no marks")
            start, end = Time(shift.starts_at, shift.zone), Time(shift.ends_at, shift.zone)
            return t("no marks, planned {start} – {end}", start=start, end=end)
        case GapKind.UNCONFIRMED if gap.session is not None and gap.session.ended_at is not None:
            return t("closed automatically at {time}, not confirmed", time=Time(gap.session.ended_at, gap.session.zone))
        case GapKind.LONG_BREAK if gap.pause is not None and gap.pause.ended_at is not None:
            length = Duration(gap.pause.ended_at - gap.pause.started_at)
            return t("a break of {length}, usually at most {limit}", length=length, limit=Duration(gap.limit))
        case GapKind.PENDING:
            return t("a correction waits for a decision")
        case _:
            return t("no break")


def _buttons(number: int, gap: Gap) -> tuple[Button, ...]:
    """Return what mends it, with its number in the list."""
    day = gap.day.day.toordinal()
    session = gap.session
    match gap.kind:
        case GapKind.MISSING:
            other = Button(t("{number} · ✏️ Other times", number=number), MendPressed(day, "worked"))
            shift = gap.day.shift
            if shift is None:
                return (other,)
            start, end = Time(shift.starts_at, shift.zone, bare=True), Time(shift.ends_at, shift.zone, bare=True)
            planned = t("{number} · ✅ {start} – {end}", number=number, start=start, end=end)
            return Button(planned, AsPlannedPressed(day)), other
        case GapKind.UNCONFIRMED if session is not None and session.ended_at is not None:
            known = (session.id, int(session.started_at.timestamp()))
            left = t(
                "{number} · ✅ Left at {time}", number=number, time=Time(session.ended_at, session.zone, bare=True)
            )
            other = Button(t("{number} · ✏️ Other times", number=number), OtherEndPressed(*known))
            return Button(left, ConfirmEndPressed(*known)), other
        case GapKind.LONG_BREAK:
            return (Button(t("{number} · ✏️ When I was back", number=number), MendPressed(day, "back")),)
        case GapKind.NO_BREAK:
            return (Button(t("{number} · ☕ Add the break", number=number), MendPressed(day, "break")),)
        case _:
            return ()
