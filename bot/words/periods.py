"""What stands in the way of closing a person's days, in words."""

from bot.domain.periods.period import Blocker, BlockerKind
from bot.domain.workday.punch_log import WorkSession
from bot.text import Day, Phrase, Time, t


def blocker_words(blocker: Blocker) -> Phrase:
    """Say what it is."""
    match blocker.kind:
        case BlockerKind.OPEN:
            return t("no check-out yet")
        case BlockerKind.UNCONFIRMED:
            session = blocker.session
            return t("closed automatically at {time}, not confirmed", time=end_of(session) if session else "?")
        case BlockerKind.PENDING:
            return t("a request waits for a decision")


def blocker_line(blocker: Blocker) -> Phrase:
    """Say what it is, and of which day."""
    return t("{day}: {what}", day=Day(blocker.day), what=blocker_words(blocker))


def end_of(session: WorkSession) -> Time:
    """Return when a session ended, by the clock of its own zone."""
    return Time(session.ended_at or session.started_at, session.zone)
