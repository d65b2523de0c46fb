"""How a day reads, a line for each stretch of work."""

from datetime import datetime

from bot.domain.workday.timesheet import DayTotal
from bot.text import Duration, Phrase, Time, t


def course(total: DayTotal, now: datetime) -> list[Phrase]:
    """Return one line a session, with its breaks below."""
    rows: list[Phrase] = []
    for session in total.sessions:
        start = Time(session.started_at, session.zone)
        if session.ended_at is None:
            rows.append(t("{start} – now", start=start))
        else:
            rows.append(t("{start} – {end}", start=start, end=Time(session.ended_at, session.zone)))
        for each in session.breaks:
            begun = Time(each.started_at, session.zone)
            length = Duration(each.length(now))
            if each.ended_at is None:
                rows.append(t("   ☕ since {start}, {length}", start=begun, length=length))
            else:
                end = Time(each.ended_at, session.zone)
                rows.append(t("   ☕ {start} – {end}, {length}", start=begun, end=end, length=length))
    return rows
