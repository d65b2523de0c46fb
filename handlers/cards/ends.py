"""The buttons of a day that nobody ended: it ended when it was closed, or at another time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.actions import Action, Instant
from bot.messages import Button, Keyboard, Say
from bot.services.reminding.forgotten import Question
from bot.text import Day, Time, lines, t


@dataclass(frozen=True, slots=True)
class ConfirmEndPressed(Action, code="ce"):
    """Yes, that is when I left."""

    session: int
    started: Instant
    """Epoch seconds."""


@dataclass(frozen=True, slots=True)
class OtherEndPressed(Action, code="oe"):
    """I left at another time."""

    session: int
    started: Instant


def end_card(question: Question, now: datetime) -> Say:
    """Show the end that the service put there, with Yes and another time."""
    session = question.session
    end = Time(session.ended_at or now, session.zone)
    today = now.astimezone(ZoneInfo(session.zone)).date()
    heading = t("🕕 Did you leave at *{time}* on {day}?", time=end, day=Day(session.work_date))
    if session.work_date == today - timedelta(days=1):
        heading = t("🕕 Did you leave at *{time}* yesterday?", time=end)
    pause = question.guessed
    guessed = None
    if pause is not None and pause.ended_at is not None:
        start, stop = Time(pause.started_at, session.zone), Time(pause.ended_at, session.zone)
        guessed = t("Your break had no end either: I counted {start} – {end}.", start=start, end=stop)
    known = (session.id, int(session.started_at.timestamp()))
    yes = Button(t("✅ Yes, at {time}", time=end), ConfirmEndPressed(*known), style="success")
    other = Button(t("✏️ At another time"), OtherEndPressed(*known))
    text = lines(heading, t("There was no check-out, so I closed the day; it is not confirmed yet."), guessed)
    return Say(text, Keyboard.of(yes, other), slot=end_slot(session.id))


def end_slot(session_id: int) -> str:
    """Return the slot of the card about a day that nobody ended."""
    return f"end:{session_id}"
