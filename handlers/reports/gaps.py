"""What is not right in my month: each day with the button that mends it."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.days import month_of
from bot.domain.leave.absence import AbsenceKind, absence_words
from bot.domain.reports.gaps import GapKind
from bot.messages import Button, Keyboard, Reply, State
from bot.services.reports.gaps import Gaps
from bot.text import Day, Period, lines, t
from bot.understanding import understand
from handlers.cards.gaps import AsPlannedPressed, GapsPressed, MendPressed, WasAwayPressed, gaps_page
from handlers.impossible import check_possible

router = Router("gaps")
FIRST_DAYS = 4
"""So long in a month, whoever asks what is not right is told of the month that waits to be closed."""
GAPS = "gaps"
"""The slot of the list, in which its pages are turned."""
_KINDS = (AbsenceKind.DAY_OFF, AbsenceKind.SICK, AbsenceKind.VACATION, AbsenceKind.UNPAID)
_SAID = {"worked": ("был", "worked"), "break": ("обед", "lunch"), "back": ("вернулся", "back")}
_MEANT = {"worked": ("worked", "leave"), "break": ("break_start",), "back": ("break_end",)}


@dataclass(frozen=True, slots=True)
class AskMend(State):
    """We asked for the times of a day."""

    day: int
    what: str


@router.command("gaps", t("What is not right in my month"))
async def month_gaps(turn: Turn, gaps: Gaps) -> Reply:
    """List what is not right in the present month."""
    return await gaps_reply(turn, gaps, *month_of(turn.today))


async def gaps_reply(turn: Turn, gaps: Gaps, first: date, last: date) -> Reply:
    """List what is not right in one's own days; in the first days of a month also the one before, which waits."""
    found = await gaps.of(turn.portal, turn.employee, first, last, turn.now)
    text, buttons = gaps_page(found, first, last, 0)
    today = turn.today
    if (first, last) != month_of(today) or today.day > FIRST_DAYS:
        return Reply((turn.place(text, buttons, GAPS),))
    before = month_of(first - timedelta(days=1))
    waiting = await gaps.of(turn.portal, turn.employee, *before, turn.now)
    if not waiting or await gaps.is_closed(turn.portal, *before):
        return Reply((turn.place(text, buttons, GAPS),))
    if not found:
        return Reply((turn.place(*gaps_page(waiting, *before, 0), GAPS),))
    press = GapsPressed(before[0].toordinal(), before[1].toordinal(), 0)
    former = Button(t("◀ {period}: {count}", period=Period(*before), count=len(waiting)), press)
    return Reply((turn.place(text, Keyboard((*buttons.rows, (former,))), GAPS),))


@router.pressed(GapsPressed)
async def more(turn: Turn, press: GapsPressed, gaps: Gaps) -> Reply:
    """Show the next ones."""
    first, last = date.fromordinal(press.first), date.fromordinal(press.last)
    found = await gaps.of(turn.portal, turn.employee, first, last, turn.now)
    text, buttons = gaps_page(found, first, last, press.skip if press.skip < len(found) else 0)
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
    return turn.say(t("{day} is in order already.", day=Day(day)))


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
    check_possible(turn.message.text, turn)
    return turn.ask(asked, t("I did not understand the times. Write them like this: from 9:00 to 18:00"))
