"""The time clock: check in, start a break, end it, check out, and take the last mark back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.errors import AlreadyIn, AlreadyOnBreak, InFuture, NothingToUndo, NotIn, NotOnBreak, Refusal
from bot.domain.people.employee import Employee
from bot.domain.reminding.forgotten import automatic_end
from bot.domain.workday.moment import Moment
from bot.domain.workday.overtaken import counting_now, last_undoable, undone_already
from bot.domain.workday.punch_log import (
    IDLE,
    DayState,
    Punch,
    PunchKind,
    WorkSession,
    is_legal,
    last_before,
    live,
    state_at,
)
from bot.ids import new_id
from bot.ports import Log, UnitOfWork
from bot.services.periods.locks import Locks
from bot.services.reminding.forgotten import Forgotten
from bot.services.unit_service import UnitService
from bot.services.workday.marks import WINDOW, made, record, void_of
from bot.text import Time


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
    replaced: WorkSession | None = None
    """The session as the service had closed it, before the person's own check-out came (case 25)."""
    overtook: tuple[Punch, ...] = ()
    """Marks that had arrived before this one, though they were made after it, and that count now (case 15)."""
    is_undone: bool = False
    """The word that takes it back had arrived before it."""


class TimeClock(UnitService):
    """Records punches and derives the sessions anew, in one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        super().__init__(uow)
        self._forgotten = Forgotten(uow)

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
            raise _idle(NothingToUndo(), PunchKind.VOID, moment)
        await self._check_open(employee, last_before(log.sessions, last.at), last.at, last.zone)
        void = void_of(last, moment)
        return self._record(employee, log, void, moment)

    async def remember(self, employee: Employee, refusal: Refusal, at: datetime) -> None:
        """Keep what was refused, as idle: it counts if something was said before it that has not arrived yet."""
        if refusal.idle is not None:
            log = await self._uow.punches.log(employee, at - WINDOW)
            self._uow.punches.add(employee, (refusal.idle,), log, log.sessions)

    async def take_back(self, employee: Employee, session_id: int, moment: Moment) -> None:
        """Take back everything about the session that runs; NotIn when it does not run any more."""
        log = await self._uow.punches.log(employee, moment.at - WINDOW)
        _, session = log.state_at(moment.at)
        if session is None or session.id != session_id:
            raise NotIn(last_before(log.sessions, moment.at))
        await self._check_open(employee, session, session.started_at, session.zone)
        gone = [each for each in live(log.punches) if each.at >= session.started_at]
        record(self._uow, employee, log, [void_of(each, moment) for each in gone])

    async def _punch(self, employee: Employee, kind: PunchKind, moment: Moment) -> Punched:
        if moment.at > moment.recorded_at + timedelta(minutes=5):
            raise InFuture(Time(moment.at, moment.zone))
        log = await self._uow.punches.log(employee, moment.at - WINDOW)
        state, session = log.state_at(moment.at)
        if kind is PunchKind.IN and session is not None and _is_of_an_earlier_day(session, moment.at):
            out = await self._forgotten.ending_of(employee, log, session, moment)
            if out:
                return self._begin_anew(employee, log, session, out, moment)
        if kind is not PunchKind.IN and session is not None:
            out = await self._forgotten.impossible_by(employee, log, session, moment)
            if out:
                return self._only_closed(employee, log, session, out, moment)
        if kind is PunchKind.OUT and session is None:
            closed = await self._forgotten.closed_too_early(employee, log, moment.at)
            if closed is not None:
                return self._true_end(employee, log, closed, moment)
        if not is_legal(state, kind):
            raise _idle(_refusal(kind, session, log.sessions, moment.at), kind, moment)
        if moment.mark == "stated":
            await self._check_open(employee, session, moment.at, moment.zone)
        # A session keeps the zone it was begun in, whatever the profile says since (case 56).
        punch = made(kind, moment, zone=session.zone if session else "")
        undo = undone_already(log.punches, punch, moment.said_at)
        if undo is not None:
            void = replace(void_of(punch, moment), event=f"{undo.event}~", recorded_at=undo.recorded_at)
            return replace(self._record(employee, log, punch, moment, also=(void,)), is_undone=True)
        overtook = tuple(replace(each, id=new_id()) for each in counting_now(log.punches, punch, moment.said_at))
        out = await self._forgotten_before_the_next(employee, log, (punch, *overtook), moment)
        done = self._record(employee, log, punch, moment, also=(*overtook, *out))
        return replace(done, overtook=overtook) if overtook else done

    async def _forgotten_before_the_next(
        self, employee: Employee, log: Log, new: tuple[Punch, ...], moment: Moment
    ) -> tuple[Punch, ...]:
        """Return the end of a day whose check-in arrives after a later day's: it may not swallow that (case 22)."""
        begun = new[0]
        after = next((each for each in log.sessions if each.started_at > begun.at), None)
        if begun.kind is not PunchKind.IN or after is None:
            return ()
        known = [each for each in (*log.punches, *new) if each.at < after.started_at]
        _, running = state_at(known, after.started_at)
        if running is None or running.id != begun.id or not _is_of_an_earlier_day(running, after.started_at):
            return ()
        just_before = replace(moment, at=after.started_at - timedelta(seconds=1))
        return await self._forgotten.ending_of(employee, log, running, just_before)

    async def _check_open(self, employee: Employee, session: WorkSession | None, at: datetime, zone: str) -> None:
        """Refuse to change a closed work date afterwards (case 65); a mark that is made now is never refused."""
        day = session.work_date if session is not None else at.astimezone(ZoneInfo(zone)).date()
        await Locks(self._uow).check_of(employee, [day])

    def _begin_anew(
        self, employee: Employee, log: Log, stale: WorkSession, out: tuple[Punch, ...], moment: Moment
    ) -> Punched:
        """Close a forgotten session where it probably ended, unconfirmed, and check in (case 22)."""
        done = self._record(employee, log, made(PunchKind.IN, moment), moment, also=out)
        return replace(done, closed=next((each for each in done.sessions if each.id == stale.id), None))

    def _only_closed(
        self, employee: Employee, log: Log, stale: WorkSession, out: tuple[Punch, ...], moment: Moment
    ) -> Punched:
        """Close a session that nobody can have been at work through; the mark of now is no end of it (case 24)."""
        done = self._record(employee, log, out[-1], moment, also=out[:-1])
        closed = next((each for each in done.sessions if each.id == stale.id), None)
        return replace(done, kind=PunchKind.VOID, session=closed, closed=closed)

    def _true_end(self, employee: Employee, log: Log, closed: WorkSession, moment: Moment) -> Punched:
        """The check-out that comes after the service closed the day is the true one; nobody is asked (case 25)."""
        auto = automatic_end(log.punches, closed)
        out = made(PunchKind.OUT, moment, zone=closed.zone)
        return replace(self._record(employee, log, out, moment, also=(void_of(auto, moment),)), replaced=closed)

    def _record(
        self, employee: Employee, log: Log, punch: Punch, moment: Moment, also: tuple[Punch, ...] = ()
    ) -> Punched:
        sessions = record(self._uow, employee, log, (*also, punch))
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


def _idle(refusal: Refusal, kind: PunchKind, moment: Moment) -> Refusal:
    """Let a refusal carry what was said, unless it names a time: then it becomes a correction."""
    if moment.mark != "stated":
        refusal.idle = made(kind, moment, mark=IDLE)
    return refusal


def _refusal(kind: PunchKind, session: WorkSession | None, sessions: Sequence[WorkSession], at: datetime) -> Refusal:
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


def _is_of_an_earlier_day(session: WorkSession, at: datetime) -> bool:
    return at.astimezone(ZoneInfo(session.zone)).date() > session.work_date


def _same_day(session: WorkSession, at: datetime) -> bool:
    """Whether `at` falls on the session's work date, in the session's zone."""
    moved = replace(session, started_at=at)
    return moved.work_date in {session.work_date, _end_date(session)}


def _end_date(session: WorkSession) -> object:
    return replace(session, started_at=session.ended_at or session.started_at).work_date
