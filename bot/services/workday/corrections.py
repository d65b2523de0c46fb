"""Corrections: a wish becomes a plan, a plan a request or at once a change; the log is only ever added to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import NEEDS_NO_BREAK
from bot.domain.portal import Portal
from bot.domain.workday.correction import Overlap, Plan, Wish
from bot.domain.workday.moment import Moment
from bot.domain.workday.planner import Planner
from bot.domain.workday.punch_log import CORRECTED, Punch
from bot.domain.workday.refit import refitted
from bot.ports import Log
from bot.services.periods.locks import Locks
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService
from bot.services.workday.marks import made, record, void_of

MARGIN = timedelta(days=2)


class Corrections(UnitService):
    """Plans and applies changes of recorded time."""

    async def plan(self, subject: Employee, wish: Wish, now: datetime) -> Plan:
        """Fit a wish to the person's log; Misfit or Overlap says why it does not."""
        log = await self._log(subject, wish, now)
        wish = await self._with_usual_break(subject, wish, log)
        try:
            plan = Planner(log.punches, subject.zone, now).plan(wish)
        except Overlap as overlap:
            # Of a closed day no ways out are offered that would be refused.
            await Locks(self._uow).check_of(subject, [overlap.wished[0].astimezone(ZoneInfo(subject.zone)).date()])
            raise
        await Locks(self._uow).check_of(subject, plan.days)
        return plan

    async def _with_usual_break(self, subject: Employee, wish: Wish, log: Log) -> Wish:
        """A forgotten day gets the break that was planned, unless another one or none was said (case 30)."""
        portal = await self._uow.portals.get(subject.portal_id)
        start, end = wish.at, wish.until
        if portal is None or start is None or end is None or wish.break_for is not None:
            return wish
        if any(each.started_at < end and (each.ended_at or end) > start for each in log.sessions):
            return wish
        zone = ZoneInfo(subject.zone)
        day = start.astimezone(zone).date()
        shift = (await Rosters(self._uow).of(portal, subject, day)).shift(day)
        if shift is None or end - start <= NEEDS_NO_BREAK or not timedelta() < shift.pause.length < end - start:
            return wish
        at = datetime.combine(day, shift.pause.start, zone).astimezone(UTC) if shift.pause.start else None
        is_inside = at is not None and start <= at <= end - shift.pause.length
        return replace(wish, break_for=shift.pause.length, break_at=at if is_inside else None)

    def is_free(self, portal: Portal, plan: Plan) -> bool:
        """Whether the change is small enough to pass without a lead (case 31)."""
        return plan.is_small(portal.free_correction)

    async def refit(self, subject: Employee, plan: Plan, made_at: datetime, now: datetime) -> Plan:
        """Return a plan that waited on the log as it is now; Contradiction where it cannot be."""
        log = await self._uow.punches.log(subject, _earliest(plan) - MARGIN)
        return refitted(plan, log.punches, made_at, now)

    async def apply(
        self, subject: Employee, plan: Plan, request: ApprovalRequest, actor_id: int | None, at: datetime
    ) -> None:
        """Add the marks of a plan that fits the log of now; PeriodClosed when its days are closed."""
        await Locks(self._uow).check_of(subject, plan.days)
        log = await self._uow.punches.log(subject, _earliest(plan) - MARGIN)
        record(self._uow, subject, log, _punches(plan, log, request, actor_id, at))

    async def _log(self, subject: Employee, wish: Wish, now: datetime) -> Log:
        moments = [each for each in (wish.at, wish.until) if each is not None]
        if wish.day is not None:
            moments.append(datetime.combine(wish.day, datetime.min.time(), tzinfo=now.tzinfo))
        return await self._uow.punches.log(subject, min([now, *moments]) - MARGIN)


def _earliest(plan: Plan) -> datetime:
    return min((*(each.start for each in (*plan.before, *plan.after)), *(mark.at for mark in plan.adds)))


def _punches(plan: Plan, log: Log, request: ApprovalRequest, actor_id: int | None, at: datetime) -> list[Punch]:
    """Return what a correction puts into the log; its event names make carrying it out twice impossible."""
    circumstances = Moment(at, at, plan.zone, "correction", f"request:{request.id}", actor_id)
    known = {punch.id: punch for punch in log.punches}
    gone = [void_of(known[target], circumstances) for target in plan.voids]
    stated = replace(circumstances, mark=CORRECTED, reason=request.reason)
    come = [
        made(mark.kind, replace(stated, at=mark.at, event=f"{stated.event}:a{number}"))
        for number, mark in enumerate(plan.adds)
    ]
    return [*gone, *come]
