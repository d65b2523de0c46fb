"""Forgotten check-outs: days are closed where they probably ended, unconfirmed, until the person says how it was."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.errors import NotIn
from bot.domain.events import DayVouched
from bot.domain.leave.portal_absence import as_absences
from bot.domain.people.employee import Employee
from bot.domain.reminding.forgotten import Expectation, automatic_end
from bot.domain.reminding.morning import FARTHEST, next_morning
from bot.domain.rights import Right, check
from bot.domain.workday.correction import LONGEST_SESSION, Mark, Subject
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import (
    AUTO,
    CONFIRMED,
    Break,
    Punch,
    PunchKind,
    WorkSession,
    last_before,
    live,
)
from bot.ids import new_id
from bot.ports import Log, Told
from bot.services.periods.locks import Locks
from bot.services.planning.rosters import Rosters
from bot.services.reminding.timers import Timer, Timers
from bot.services.unit_service import UnitService
from bot.services.workday.marks import WINDOW, made, record, void_of

ASKED = "ask-end"
"""What is noted once a person was asked about the end of a session, by its id."""
_DAY = timedelta(days=1)
_LATEST = 10
"""Requests about a person that are looked through."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked about a day that the service closed: its end, and a break whose end was a guess."""

    session: WorkSession
    guessed: Break | None = None


class Forgotten(UnitService):
    """Closes what was left open, and takes the person's word for how it ended."""

    async def expectation(self, employee: Employee, session: WorkSession) -> Expectation:
        """Return what was planned for a session."""
        portal = await self._uow.portals.get(employee.portal_id)
        if portal is None:
            return Expectation()
        # The plan is read in the zone in which the session was begun, whatever the profile says since (case 56).
        there = replace(employee, zone=session.zone)
        return Expectation.of(await Rosters(self._uow).of(portal, there, session.work_date), session)

    async def close(self, employee: Employee, now: datetime) -> WorkSession | datetime | None:
        """Close the open session if it is too long to be true; otherwise return when it will be, or that none is open.

        Who is switched off is at work no longer: their session is closed whatever its length (case 72).
        """
        log = await self._uow.punches.log(employee, now - WINDOW)
        _, session = log.state_at(now)
        if session is None:
            return None
        expected = await self.expectation(employee, session)
        if expected.closes_at(session) > now and not employee.is_disabled:
            return expected.closes_at(session)
        moment = Moment(now, now, session.zone, "service", f"close:{new_id()}")
        sessions = record(self._uow, employee, log, _ended(log, session, expected, moment, AUTO))
        return next((each for each in sessions if each.id == session.id), None)

    async def leave_as_planned(self, employee: Employee, moment: Moment) -> WorkSession:
        """End the open session where its plan ends, on the person's word (case 23)."""
        log = await self._uow.punches.log(employee, moment.at - WINDOW)
        _, session = log.state_at(moment.at)
        if session is None:
            raise NotIn(last_before(log.sessions, moment.at))
        await Locks(self._uow).check_of(employee, [session.work_date])
        expected = await self.expectation(employee, session)
        sessions = record(self._uow, employee, log, _ended(log, session, expected, moment, "stated"))
        return next((each for each in sessions if each.id == session.id), session)

    async def correction_of(self, employee: Employee, session_id: int, started_at: datetime) -> ApprovalRequest | None:
        """Return the correction of that day's end which a lead is asked about; None where nothing waits."""
        _, session = await self._found(employee, session_id, started_at)
        return await self._correction(employee, session) if session is not None and session.is_auto else None

    async def confirm(self, employee: Employee, session_id: int, started_at: datetime, moment: Moment) -> WorkSession:
        """Take the end that the service put there as true; a session that needs no confirming stays as it is."""
        log, session = await self._found(employee, session_id, started_at)
        if session is None:
            raise NotIn
        if not session.is_auto:
            return session
        await Locks(self._uow).check_of(employee, [session.work_date])
        auto = automatic_end(log.punches, session)
        out = made(PunchKind.OUT, moment, at=auto.at, zone=auto.zone, mark=CONFIRMED)
        record(self._uow, employee, log, (void_of(auto, moment), out))
        if moment.actor_id is not None and moment.actor_id != employee.id:
            vouched = DayVouched(employee.portal_id, employee.id, auto.at, auto.zone, moment.actor_id)
            self._uow.events.append(vouched)
        return replace(session, is_auto=False)

    async def vouch(
        self, actor: Employee, employee: Employee, session_id: int, started_at: datetime, moment: Moment
    ) -> WorkSession:
        """Say for somebody that the end is true: on record, by whoever may (case 26)."""
        check(actor, Right.VOUCH_FOR_DAYS)
        return await self.confirm(employee, session_id, started_at, moment)

    async def question(self, employee: Employee, session_id: int, started_at: datetime) -> Question | None:
        """Return what is to be asked about a session; None where it is settled, or a lead is already asked."""
        log, session = await self._found(employee, session_id, started_at)
        if session is None or not session.is_auto or await self._correction(employee, session):
            return None
        return _question(log, session)

    async def unasked(self, employee: Employee, now: datetime) -> Question | None:
        """Return what is to be asked about the last closed day, if it was not yet; it then counts as asked."""
        question = await self.waiting(employee, now)
        return question if question and await self.note_asked(employee, question.session, now) else None

    async def waiting(self, employee: Employee, now: datetime) -> Question | None:
        """Return what is to be asked about the last closed day, asked already or not."""
        log = await self._uow.punches.log(employee, now - WINDOW)
        last = next((each for each in reversed(log.sessions) if not each.is_open), None)
        if last is None or not last.is_auto or await self._correction(employee, last):
            return None
        return _question(log, last)

    async def note_asked(self, employee: Employee, session: WorkSession, now: datetime) -> bool:
        """Note that the person is asked about a session; False when they were already."""
        told = await self._uow.reminders.of(employee.portal_id, employee.id, ASKED)
        if str(session.id) in {each.key for each in told}:
            return False
        self._uow.reminders.add(Told(employee.portal_id, employee.id, ASKED, str(session.id), now))
        Timers(self._uow).clear(employee, Timer.ASK_END)
        return True

    async def ask_at(self, employee: Employee, now: datetime) -> datetime:
        """Return the morning on which the person may be asked."""
        portal = await self._uow.portals.get(employee.portal_id)
        if portal is None:
            return now
        today = now.date()
        roster = await Rosters(self._uow).of(portal, employee, today)
        absences = await self._uow.absences.of(employee, today - _DAY, today + FARTHEST * _DAY)
        by_portal = await self._uow.portal_absences.of(employee, now - _DAY, now + FARTHEST * _DAY)
        return next_morning(employee, roster, [*absences, *as_absences(by_portal, employee.zone)], now)

    async def ending_of(self, employee: Employee, log: Log, session: WorkSession, moment: Moment) -> tuple[Punch, ...]:
        """Return the punches that close a session which is too long to be true at a moment, or none (case 22)."""
        expected = await self.expectation(employee, session)
        if expected.closes_at(session) > moment.at:
            return ()
        return _ended(log, session, expected, replace(moment, actor_id=None), AUTO)

    async def impossible_by(
        self, employee: Employee, log: Log, session: WorkSession, moment: Moment
    ) -> tuple[Punch, ...]:
        """Return the punches that close a session which cannot have lasted until a moment, or none (case 24).

        That is sixteen hours, or the longest that its schedule provides for.
        """
        if moment.at - session.started_at <= LONGEST_SESSION:
            return ()
        expected = await self.expectation(employee, session)
        return () if expected.could_last(session, moment.at) else await self.ending_of(employee, log, session, moment)

    async def closed_too_early(self, employee: Employee, log: Log, at: datetime) -> WorkSession | None:
        """Return the session that the service closed although the person may have been at work until `at` (case 25)."""
        last = last_before(log.sessions, at)
        if last is None or not last.is_auto or last.ended_at is None or last.ended_at > at:
            return None
        expected = await self.expectation(employee, last)
        return last if expected.could_last(last, at) else None

    async def _correction(self, employee: Employee, session: WorkSession) -> ApprovalRequest | None:
        """Return the open request about the session's end; its key is older where the check-in was corrected since."""
        key = f"{CorrectionMatter.kind}:{Subject.CHECK_OUT}:"
        found = await self._uow.requests.open_about(employee.portal_id, employee.id, f"{key}{session.id}")
        if found is not None:
            return found
        for each in await self._uow.requests.about(employee, _LATEST):
            if each.is_open and each.matter.key.startswith(key) and session.work_date in each.matter.days:
                return each
        return None

    async def _found(self, employee: Employee, session_id: int, started_at: datetime) -> tuple[Log, WorkSession | None]:
        """Return a session by its id, or the one of its date that took its place when the check-in was corrected."""
        log = await self._uow.punches.log(employee, started_at)
        sessions = log.sessions
        opened = next((each for each in log.punches if each.id == session_id), None)
        same = next((each for each in sessions if each.id == session_id), None)
        if same is not None or opened is None:
            return log, same
        day = opened.at.astimezone(ZoneInfo(opened.zone)).date()
        return log, next((each for each in sessions if each.is_auto and each.work_date == day), None)


def _ended(log: Log, session: WorkSession, expected: Expectation, moment: Moment, mark: str) -> tuple[Punch, ...]:
    """Return the punches that end a session where it probably ended; marks after that never counted, and are void."""
    marks = expected.ending(session, moment.at)
    ended = marks[-1].at
    idle = [each for each in live(log.punches) if ended < each.at <= moment.at and each.at >= session.started_at]
    punches = [_punch(each, session, moment, mark if each.kind is PunchKind.OUT else AUTO) for each in marks]
    return (*(void_of(each, moment) for each in idle), *punches)


def _punch(mark: Mark, session: WorkSession, moment: Moment, word: str) -> Punch:
    own = replace(moment, at=mark.at, event=f"{moment.event}:{mark.kind}", mark=word)
    return made(mark.kind, own, zone=session.zone)


def _question(log: Log, session: WorkSession) -> Question:
    guessed = {each.at for each in live(log.punches) if each.kind is PunchKind.BREAK_END and each.mark == AUTO}
    return Question(session, next((each for each in session.breaks if each.ended_at in guessed), None))
