"""What the four punches have in common: take the time that was said, record, and show the day card."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dispatch.turn import Turn
from bot.domain.errors import UnclearTime
from bot.domain.workday.correction import Span
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import PunchKind
from bot.messages import Reply, Say
from bot.services.leave.leaves import Leaves
from bot.services.reminding.forgotten import Forgotten
from bot.services.workday.recording import WISHES, Recording
from bot.services.workday.time_clock import Punched
from bot.services.workday.timesheets import Timesheets
from bot.text import DayTime, Duration, Phrase, Time, t
from bot.understanding import understand
from bot.words.intents import intent_words
from handlers.ambiguity import ask_which
from handlers.cards.day import day_card
from handlers.cards.ends import end_card
from handlers.impossible import check_possible
from handlers.workday.corrections import break_until_the_end, corrected, wish_of

_SAID = {"check_in": "check in", "check_out": "check out", "break_start": "break", "break_end": "back"}
"""What a slash command says in words, before what follows it."""


async def punch(turn: Turn, kind: PunchKind, recording: Recording, leaves: Leaves, timesheets: Timesheets) -> Reply:
    """Record a mark at the time that was said, or now; what lies further back goes the way of a correction."""
    intent = WISHES[kind]
    turn = after_command(turn, intent)
    if turn.understood.ambiguous:
        question: Reply = await ask_which(turn, recording, leaves)
        return question
    moment = moment_said(turn)
    wish = wish_of(intent, turn.understood.slots)
    done = await recording.record(turn.employee, kind, moment, wish)
    if not isinstance(done, Punched):
        return await corrected(turn, done, timesheets, replace(wish, at=moment.at), moment.reason, turn.employee)
    # What came late shows the day with all that is known meanwhile, not as it was when it was said.
    now = turn.now if done.is_latest else max(turn.now, turn.message.received_at)
    text, keyboard = day_card(await timesheets.day(turn.employee, now), *notes(turn, done))
    return turn.card(text, keyboard)


def after_command(turn: Turn, intent: str) -> Turn:
    """Return the turn with what follows its slash command taken for the rest of a sentence; refuse what is no time."""
    if not turn.arguments:
        return turn
    said = f"{_SAID[intent]} {turn.arguments}"
    meant = understand(said, locale=turn.employee.locale, zone=turn.zone, now=turn.now)
    if meant.intent != intent:
        check_possible(turn.arguments, turn)
        raise UnclearTime(turn.arguments)
    return turn.taken_as(meant)


def moment_said(turn: Turn) -> Moment:
    """Return the moment of this turn, at the time the person named if they named one."""
    at, reason = turn.understood.slots.get("at"), turn.understood.slots.get("reason")
    if not isinstance(at, datetime):
        return turn.moment
    return turn.moment.stated(at, str(reason) if reason else "")


def notes(turn: Turn, done: Punched) -> list[Phrase | None]:
    """Say what the card alone does not: an earlier mark, a late message, a short or an earlier session."""
    return [
        _past(turn, done),
        *(_recorded_line(turn, each.kind, each.at, each.zone) for each in done.overtook),
        t("↩️ The last mark is taken back.") if done.is_undone else None,
        _lateness(done),
        _break_length(done),
        _break_until_the_end(done),
        _short(done),
        _again(turn, done),
        _true_end(done),
        _closed(done),
    ]


def _past(turn: Turn, done: Punched) -> Phrase | None:
    """A mark of the past is shown back with its day, so that a misunderstanding is seen at once."""
    if (done.is_latest and done.mark != "stated") or done.kind is PunchKind.VOID:
        return None
    return _recorded_line(turn, done.kind, done.at, done.zone)


def _recorded_line(turn: Turn, kind: PunchKind, at: datetime, zone: str) -> Phrase:
    local = ZoneInfo(zone)
    is_today = at.astimezone(local).date() == turn.now.astimezone(local).date()
    when = Time(at, zone) if is_today else DayTime(at, zone)
    return t("✍️ Recorded: {what}, {when}", what=intent_words(WISHES[kind]), when=when)


def _lateness(done: Punched) -> Phrase | None:
    """A message that was long on its way counts for when it was written, and says so (case 17)."""
    if done.mark == "late" and done.recorded_at is not None:
        return t(
            "🕓 Your message of {sent} reached me at {arrived}; I counted {sent}.",
            sent=Time(done.at, done.zone),
            arrived=Time(done.recorded_at, done.zone),
        )
    return None


def _break_length(done: Punched) -> Phrase | None:
    session = done.session
    if done.kind not in (PunchKind.BREAK_END, PunchKind.IN) or session is None or not session.breaks:
        return None
    last = session.breaks[-1]
    if last.ended_at != done.at:
        return None
    return t("The break lasted {length}.", length=Duration(last.length(done.at)))


def _break_until_the_end(done: Punched) -> Phrase | None:
    is_end = done.kind is PunchKind.OUT and done.session is not None and done.session.ended_at == done.at
    return break_until_the_end(Span.of(done.session)) if is_end and done.session is not None else None


def _short(done: Punched) -> Phrase | None:
    """A session of no length is kept in the log and counts for nothing (case 43)."""
    if done.kind is PunchKind.OUT and (done.session is None or done.session.ended_at != done.at) and done.is_latest:
        return t("You checked in and out within one second: that does not count as work.")
    return None


def _again(turn: Turn, done: Punched) -> Phrase | None:
    """A second session of the day names what came before (case 10)."""
    session = done.session
    if done.kind is not PunchKind.IN or session is None or session.started_at != done.at:
        return None
    earlier = [each for each in done.sessions if each.work_date == session.work_date and each.id != session.id]
    worked = sum((each.worked(turn.now) for each in earlier), timedelta())
    if worked < timedelta(minutes=1):
        return None
    return t("Welcome back. Earlier today: {worked}.", worked=Duration(worked))


def _true_end(done: Punched) -> Phrase | None:
    """The day had been closed by itself; what the person does counts instead, and that is said (case 25)."""
    former = done.replaced
    if former is None or former.ended_at is None:
        return None
    return t("I had closed the day at {time}; your check-out counts.", time=Time(former.ended_at, former.zone))


def _closed(done: Punched) -> Phrase | None:
    """Nobody works through days: what began long ago is closed as forgotten, and is not ended by a mark of now."""
    if done.closed is None or done.kind is not PunchKind.VOID:
        return None
    began = DayTime(done.closed.started_at, done.closed.zone)
    return t("The day that began {start} was left open. I closed it where it probably ended.", start=began)


async def about_last_day(turn: Turn, forgotten: Forgotten) -> Say | None:
    """A day that was closed by itself is asked about as soon as the person is there (case 22)."""
    question = await forgotten.unasked(turn.employee, turn.now)
    return end_card(question, turn.now) if question else None
