"""Recording: a mark is recorded, passes as a small correction, or is proposed as one that a lead decides on."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.rights import Right
from bot.domain.workday.correction import Overlap, Plan, Wish
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import PunchKind, is_legal
from bot.services.approvals.approvals import Approvals, Passed, Sent
from bot.services.leave.leaves import Leaves
from bot.services.people.people import People
from bot.services.unit_service import UnitService
from bot.services.workday.corrections import Corrections
from bot.services.workday.time_clock import Punched, TimeClock
from bot.services.workday.timesheets import Timesheets

WISHES = {
    PunchKind.IN: "check_in",
    PunchKind.OUT: "check_out",
    PunchKind.BREAK_START: "break_start",
    PunchKind.BREAK_END: "break_end",
}
"""What a correction of each mark is called."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A correction that fits; whoever made it says yes before a lead is asked, or before it is done for another."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Choice:
    """The wished time overlaps what is recorded: the person says what to do (case 34)."""

    overlap: Overlap


class Recording(UnitService):
    """Marks of now and of the past, one's own and, for whoever may, somebody else's."""

    async def record(
        self, who: Employee, kind: PunchKind, moment: Moment, wish: Wish | None = None
    ) -> Punched | Passed | Proposed | Choice:
        """Record a mark at its moment; what lies further back than the portal lets pass is a correction.

        So is a mark that the state of that time has already: the person means to move it. `wish` is what was said
        beside the time, such as how long a break was.
        """
        if moment.mark != "stated":
            return await self._punch(who, kind, moment)
        said = replace(wish or Wish(WISHES[kind]), at=moment.at)
        now = moment.said_at
        portal = await self._uow.portals.get(who.portal_id)
        if portal is not None and now - moment.at <= portal.free_correction:
            try:
                return await self._punch(who, kind, moment)
            except Refusal:
                return await self.correct(who, said, now, reason=moment.reason)
        return await self.correct(who, said, now, reason=moment.reason)

    async def undo(self, who: Employee, moment: Moment) -> Punched:
        """Take the last mark back; a day without any is no day of work elsewhere any more."""
        done = await TimeClock(self._uow).undo(who, moment)
        day = done.at.astimezone(ZoneInfo(who.zone)).date()
        if not any(each.work_date == day for each in done.sessions):
            await Leaves(self._uow).unmark_remote(who, day)
        return done

    async def correct(
        self, by: Employee, wish: Wish, now: datetime, *, about: Employee | None = None, reason: str = ""
    ) -> Passed | Proposed | Choice:
        """Fit a wish to the log, and make it at once where it is one's own and small (case 31)."""
        subject = about or by
        await self.check(by, subject)
        try:
            plan = await Corrections(self._uow).plan(subject, wish, now)
        except Overlap as overlap:
            return Choice(overlap)
        approvals, matter = Approvals(self._uow), CorrectionMatter(plan)
        if subject.id == by.id and await approvals.passes(matter, by):
            return Passed((await approvals.ask(matter, by, now, reason=reason)).request)
        return Proposed(plan)

    async def send(
        self,
        by: Employee,
        wish: Wish,
        now: datetime,
        *,
        about: Employee | None = None,
        reason: str = "",
        request_id: int = 0,
    ) -> Sent | Passed:
        """Ask for what was proposed, as it fits the log of now; for somebody else it is done at once, on record."""
        subject = about or by
        await self.check(by, subject)
        plan = await Corrections(self._uow).plan(subject, wish, now)
        matter = CorrectionMatter(plan)
        return await Approvals(self._uow).ask(matter, by, now, about=subject, reason=reason, request_id=request_id)

    async def check(self, by: Employee, subject: Employee) -> None:
        """Refuse who may not correct that person's hours."""
        if subject.id != by.id:
            await People(self._uow).check(by, Right.CORRECT_OTHERS, subject)

    async def can_mark(self, who: Employee, kind: PunchKind, now: datetime) -> bool:
        """Whether what is recorded has a place for a mark of now: a forgotten day is closed by the next check-in."""
        view = await Timesheets(self._uow).day(who, now)
        today = who.today(now)
        is_stale = view.session is not None and view.session.work_date < today
        return is_legal(view.state, kind) or is_stale or any(each.is_auto for each in view.total.sessions)

    async def can_mark_at(self, who: Employee, wish: Wish, at: datetime, now: datetime) -> bool:
        """Whether a mark is not still to come, and would fit; one so near the clock itself takes, or says why not."""
        portal = await self._uow.portals.get(who.portal_id)
        if at > now or (portal is not None and now - at <= portal.free_correction):
            return at <= now
        return await self.can_correct(who, wish, now)

    async def can_correct(self, who: Employee, wish: Wish, now: datetime) -> bool:
        """Whether a wish would not be refused as soon as it is made."""
        try:
            await Corrections(self._uow).plan(who, wish, now)
        except Overlap:
            return True
        except Refusal:
            return False
        return True

    async def _punch(self, who: Employee, kind: PunchKind, moment: Moment) -> Punched:
        clock = TimeClock(self._uow)
        match kind:
            case PunchKind.IN:
                return await clock.check_in(who, moment)
            case PunchKind.OUT:
                return await clock.check_out(who, moment)
            case PunchKind.BREAK_START:
                return await clock.start_break(who, moment)
            case _:
                return await clock.end_break(who, moment)
