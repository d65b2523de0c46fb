"""What is not right in my month: each day with the button that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.absence import AbsenceKind, absence_words
from bot.domain.days import month_of
from bot.domain.gaps import Gap, GapKind
from bot.messages import Button, Keyboard, Reply, State
from bot.services.gaps import Gaps
from bot.text import Day, Duration, Lines, Period, Phrase, Time, lines, t, tn
from bot.understanding import understand
from handlers.forgotten import ConfirmEndPressed, OtherEndPressed
from handlers.report_request import check_press

router = Router("gaps")
AT_ONCE = 5
"""More of them are behind a button: nobody mends twenty days in one go."""
GAPS = "gaps"
"""The slot of the list, in which its pages are turned."""
_KINDS = (AbsenceKind.DAY_OFF, AbsenceKind.SICK, AbsenceKind.VACATION, AbsenceKind.UNPAID)
_SAID = {"worked": ("был", "worked"), "break": ("обед", "lunch"), "back": ("вернулся", "back")}
_MEANT = {"worked": ("worked", "leave"), "break": ("break_start",), "back": ("break_end",)}


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
        if self.what not in _SAID:
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


@dataclass(frozen=True, slots=True)
class AskMend(State):
    """We asked for the times of a day."""

    day: int
    what: str


@router.command("gaps", t("What is not right in my month"))
async def month_gaps(turn: Turn, gaps: Gaps) -> Reply:
    """List what is not right in the present month."""
    return await gaps_reply(turn, gaps, *month_of(turn.now.astimezone(turn.zone).date()))


async def gaps_reply(turn: Turn, gaps: Gaps, first: date, last: date) -> Reply:
    """List what is not right in one's own days."""
    found = await gaps.of(turn.portal, turn.employee, first, last, turn.now)
    text, buttons = _page(found, first, last, 0)
    return Reply((turn.place(text, buttons, GAPS),))


@router.pressed(GapsPressed)
async def more(turn: Turn, press: GapsPressed, gaps: Gaps) -> Reply:
    """Show the next ones."""
    first, last = date.fromordinal(press.first), date.fromordinal(press.last)
    found = await gaps.of(turn.portal, turn.employee, first, last, turn.now)
    text, buttons = _page(found, first, last, press.skip if press.skip < len(found) else 0)
    return Reply((turn.place(text, buttons, GAPS),))


@router.pressed(AsPlannedPressed)
async def as_planned(turn: Turn, press: AsPlannedPressed, gaps: Gaps) -> Reply:
    """Ask for the planned hours of that day, as if they had been written."""
    day = date.fromordinal(press.day)
    for gap in await gaps.of(turn.portal, turn.employee, day, day, turn.now):
        shift = gap.day.shift
        if gap.kind is GapKind.MISSING and shift is not None:
            pause = int(shift.pause.length.total_seconds())
            slots = {"from": shift.starts_at.astimezone(turn.zone), "to": shift.ends_at.astimezone(turn.zone)}
            return Reply(instead=("worked", {**slots, "break_seconds": pause} if pause else slots))
    return turn.say(t("{day} is all right already.", day=Day(day)))


@router.pressed(MendPressed)
async def ask(turn: Turn, press: MendPressed) -> Reply:
    """Ask for the times; of a day without marks, offer to say why."""
    day = Day(date.fromordinal(press.day))
    state = AskMend(press.day, press.what)
    if press.what == "break":
        return turn.ask(state, t("When was your break on {day}? For example: from 13:00 to 13:40", day=day))
    if press.what == "back":
        return turn.ask(state, t("When were you back from the break on {day}? For example: 13:40", day=day))
    kinds = [Button(absence_words(kind), WasAwayPressed(press.day, kind.value)) for kind in _KINDS]
    question = lines(
        t("When did you work on {day}? For example: from 9:00 to 18:00", day=day),
        t("If you were away, choose why:"),
    )
    return turn.ask(state, question, Keyboard.of(tuple(kinds[:2]), tuple(kinds[2:])))


@router.pressed(WasAwayPressed)
async def was_away(turn: Turn, press: WasAwayPressed) -> Reply:
    """Ask for leave on that day, as if it had been written."""
    del turn
    day = date.fromordinal(press.day)
    return Reply(instead=("leave", {"kind": press.kind, "from_day": day, "to_day": day}), ends=True)


@router.answered(AskMend)
async def answer(turn: Turn, asked: AskMend) -> Reply:
    """Read the times as those of the day that was asked about; other words are a new message."""
    said = f"{date.fromordinal(asked.day):%d.%m.%Y}"
    for words in ("", *_SAID[asked.what]):
        text = f"{said} {words} {turn.message.text}"
        meant = understand(text, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
        if meant.intent in _MEANT[asked.what] and not meant.ambiguous:
            return Reply(instead=(meant.intent, meant.slots))
    if turn.understood.intent is not None:
        return turn.pass_on()
    return turn.ask(asked, t("I did not understand the times. Write them like this: from 9:00 to 18:00"))


def _page(found: Sequence[Gap], first: date, last: date, skip: int) -> tuple[Lines, Keyboard]:
    """Return a page of the list and the buttons that mend what is on it."""
    period = Period(first, last)
    if not found:
        return lines(t("✅ *{period}* – everything is all right.", period=period)), Keyboard()
    shown = list(enumerate(found, 1))[skip : skip + AT_ONCE]
    rest = len(found) - skip - len(shown)
    text = lines(
        t("🔎 *{period}* – what can be mended", period=period),
        *(t("{number}. {day}: {what}", number=number, day=Day(gap.day.day), what=_words(gap)) for number, gap in shown),
        tn("… and {count} more", "… and {count} more", rest) if rest else None,
    )
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
            return t("closed at {time} by itself, not confirmed", time=Time(gap.session.ended_at, gap.session.zone))
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
            other = Button(t("{number} · ✏️ Otherwise", number=number), MendPressed(day, "worked"))
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
            other = Button(t("{number} · ✏️ Otherwise", number=number), OtherEndPressed(*known))
            return Button(left, ConfirmEndPressed(*known)), other
        case GapKind.LONG_BREAK:
            return (Button(t("{number} · ✏️ When I was back", number=number), MendPressed(day, "back")),)
        case GapKind.NO_BREAK:
            return (Button(t("{number} · ☕ Add the break", number=number), MendPressed(day, "break")),)
        case _:
            return ()
