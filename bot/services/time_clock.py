"""The time clock: check in, start a break, end it, check out, and take the last mark back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.correction import LONGEST_SESSION
from bot.domain.employee import Employee
from bot.domain.errors import AlreadyIn, AlreadyOnBreak, InFuture, NothingToUndo, NotIn, NotOnBreak, Refusal
from bot.domain.events import DayChanged
from bot.domain.workday import (
    AUTO,
    DayState,
    Punch,
    PunchKind,
    WorkSession,
    derive,
    is_legal,
    last_before,
    live,
    state_at,
)
from bot.ids import new_id
from bot.ports import Log, UnitOfWork
from bot.services.moment import Moment
from bot.text import Time

WINDOW = timedelta(days=2)
"""How far back a punch may lie; what is older is a correction of a day, not a punch."""
UNDO_WITHIN = timedelta(minutes=5)
NORM = timedelta(hours=8)
"""A day's work where no schedule says otherwise."""


@dataclass(frozen=True, slots=True)
class Punched:
    """What a punch led to. `session` is the one it concerns, None where the mark opened nothing that counts."""

    kind: PunchKind
    at: datetime
    zone: str
    sessions: tuple[WorkSession, ...]
    """All sessions of the window, as derived now."""
    session: WorkSession | None
    state: DayState
    """The state after the newest punch of the log."""
    is_latest: bool
    """False when the mark lies before others that were known already (case 15)."""
    mark: str = ""
    recorded_at: datetime | None = None
    closed: WorkSession | None = None
    """A session of an earlier day that was still open and has been closed, unconfirmed."""


class TimeClock:
    """Records punches and derives the sessions anew, in one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        self._uow = uow

    async def check_in(self, employee: Employee, moment: Moment) -> Punched:
        """Start a session, or end the break that runs (case 7)."""
        return await self._punch(employee, PunchKind.IN, moment)

    async def start_break(self, employee: Employee, moment: Moment) -> Punched:
        """Start a break."""
        return await self._punch(employee, PunchKind.BREAK_START, moment)

    async def end_break(self, employee: Employee, moment: Moment) -> Punched:
        """End the break that runs."""
        return await self._punch(employee, PunchKind.BREAK_END, moment)

    async def check_out(self, employee: Employee, moment: Moment) -> Punched:
        """End the session, and with it a break that runs (case 9)."""
        return await self._punch(employee, PunchKind.OUT, moment)

    async def undo(self, employee: Employee, moment: Moment) -> Punched:
        """Take back the person's last mark if it was made within five minutes (case 44)."""
        log = await self._uow.punches.log(employee, moment.at - WINDOW)
        last = last_undoable(log.punches, moment.recorded_at)
        if last is None:
            raise NothingToUndo
        void = Punch(
            new_id(),
            PunchKind.VOID,
            last.at,
            moment.recorded_at,
            last.zone,
            source=moment.source,
            event=moment.event,
            actor_id=moment.actor_id,
            target=last.id,
        )
        return self._record(employee, log, void, moment)

    async def _punch(self, employee: Employee, kind: PunchKind, moment: Moment) -> Punched:
        if moment.at > moment.recorded_at + timedelta(minutes=5):
            raise InFuture(Time(moment.at, moment.zone))
        log = await self._uow.punches.log(employee, moment.at - WINDOW)
        state, session = state_at(log.punches, moment.at)
        if kind is PunchKind.IN and session is not None and is_stale(session, moment.at):
            return self._begin_anew(employee, log, session, moment)
        if not is_legal(state, kind):
            raise _refusal(kind, session, derive(log.punches), moment.at)
        # A session keeps the zone it was begun in, whatever the profile says since (case 56).
        zone = session.zone if session else moment.zone
        punch = Punch(
            new_id(),
            kind,
            moment.at,
            moment.recorded_at,
            zone,
            source=moment.source,
            event=moment.event,
            actor_id=moment.actor_id,
            reason=moment.reason,
            mark=moment.mark,
        )
        return self._record(employee, log, punch, moment)

    def _begin_anew(self, employee: Employee, log: Log, stale: WorkSession, moment: Moment) -> Punched:
        """Close a forgotten session at a plausible time, unconfirmed, and check in (case 22)."""
        end = plausible_end(stale, moment.at)
        out = Punch(
            new_id(),
            PunchKind.OUT,
            end,
            moment.recorded_at,
            stale.zone,
            source=moment.source,
            event=f"{moment.event}:auto",
            actor_id=None,
            mark=AUTO,
        )
        start = Punch(
            new_id(),
            PunchKind.IN,
            moment.at,
            moment.recorded_at,
            moment.zone,
            source=moment.source,
            event=moment.event,
            actor_id=moment.actor_id,
            mark=moment.mark,
        )
        # A break that was never ended would swallow the rest of the day: it ends where it began (case 27).
        gone = [p for p in live(log.punches) if p.at > end and p.at >= stale.started_at]
        voids = [
            Punch(
                new_id(), PunchKind.VOID, p.at, moment.recorded_at, p.zone, event=f"{moment.event}:v{p.id}", target=p.id
            )
            for p in gone
        ]
        done = self._record(employee, log, start, moment, also=(*voids, out))
        return replace(done, closed=next((each for each in done.sessions if each.id == stale.id), None))

    def _record(
        self, employee: Employee, log: Log, punch: Punch, moment: Moment, also: tuple[Punch, ...] = ()
    ) -> Punched:
        new = (*also, punch)
        sessions = tuple(derive((*log.punches, *new)))
        self._uow.punches.add(employee, new, log, sessions)
        self._uow.events.append(DayChanged(employee.portal_id, employee.id))
        last = sessions[-1] if sessions else None
        state = DayState.OFF
        if last is not None and last.is_open:
            state = DayState.BREAK if last.running_break else DayState.WORK
        concerned = last_before(sessions, punch.at)
        newest = max((each.at for each in log.punches if each.kind is not PunchKind.VOID), default=None)
        return Punched(
            punch.kind,
            punch.at,
            punch.zone,
            sessions,
            concerned,
            state,
            is_latest=newest is None or punch.at >= newest,
            mark=moment.mark,
            recorded_at=moment.recorded_at,
        )


def is_stale(session: WorkSession, at: datetime) -> bool:
    """Whether an open session is too long to be true: it was begun on an earlier day, over 16 hours ago."""
    return at - session.started_at > LONGEST_SESSION and replace(session, started_at=at).work_date > session.work_date


def plausible_end(session: WorkSession, at: datetime) -> datetime:
    """Return when a forgotten session probably ended: after a day's norm of work, never after `at` (case 24)."""
    finished = [each for each in session.breaks if each.ended_at is not None]
    rest = sum((each.length(at) for each in finished), timedelta())
    return min(session.started_at + NORM + rest, at)


def last_undoable(punches: tuple[Punch, ...], at: datetime) -> Punch | None:
    """Return the mark that was recorded last, if it is not taken back already and not older than five minutes."""
    made = [punch for punch in live(punches) if punch.mark not in (AUTO, "corrected")]
    if not made:
        return None
    last = max(made, key=lambda punch: (punch.recorded_at, punch.id))
    return last if at - last.recorded_at <= UNDO_WITHIN else None


def _refusal(kind: PunchKind, session: WorkSession | None, sessions: list[WorkSession], at: datetime) -> Refusal:
    """Say why a punch of that kind changes nothing: the state has already what it asks for."""
    if session is None:
        last = last_before(sessions, at)
        today = last is not None and last.ended_at is not None and _same_day(last, at)
        return NotIn(last if today else None)
    if kind is PunchKind.IN:
        return AlreadyIn(session)
    if kind is PunchKind.BREAK_START:
        return AlreadyOnBreak(session)
    return NotOnBreak(session)


def _same_day(session: WorkSession, at: datetime) -> bool:
    """Whether `at` falls on the session's work date, in the session's zone."""
    moved = replace(session, started_at=at)
    return moved.work_date in {session.work_date, _end_date(session)}


def _end_date(session: WorkSession) -> object:
    return replace(session, started_at=session.ended_at or session.started_at).work_date
