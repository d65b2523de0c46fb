"""Corrections: a wish becomes a plan, a plan a request or at once a change; the log is only ever added to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approval import ApprovalRequest, RequestKind
from bot.domain.correction import Plan, Wish, fingerprint, of_days, plan_from_json, plan_to_json
from bot.domain.employee import Employee
from bot.domain.events import DayChanged
from bot.domain.pauses import NEEDS_NO_BREAK
from bot.domain.planner import Planner
from bot.domain.portal import Portal
from bot.domain.workday import AUTO, CORRECTED, Punch, PunchKind, derive, live
from bot.ids import new_id
from bot.ports import Log, UnitOfWork
from bot.services.locks import Locks
from bot.services.rosters import Rosters

MARGIN = timedelta(days=2)


class BaseChanged(Exception):
    """The sessions that a plan rests on are not what they were when it was made (case 36)."""


class Corrections:
    """Plans and applies changes of recorded time."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        self._uow = uow

    async def plan(self, subject: Employee, wish: Wish, now: datetime) -> Plan:
        """Fit a wish to the person's log; Misfit or Overlap says why it does not."""
        log = await self._log(subject, wish, now)
        wish = await self._with_usual_break(subject, wish, log)
        plan = Planner(log.punches, subject.zone, now).plan(wish)
        await Locks(self._uow).check_of(subject, plan.days)
        return plan

    async def _with_usual_break(self, subject: Employee, wish: Wish, log: Log) -> Wish:
        """A forgotten day gets the break that was planned, unless another one or none was said (case 30)."""
        portal = await self._uow.portals.get(subject.portal_id)
        start, end = wish.at, wish.until
        if portal is None or start is None or end is None or wish.break_for is not None:
            return wish
        if any(each.started_at < end and (each.ended_at or end) > start for each in derive(log.punches)):
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
        return plan.shift is not None and plan.shift <= portal.free_correction

    async def fits(self, subject: Employee, request: ApprovalRequest) -> bool:
        """Whether the sessions that the request's plan rests on are still what they were, or only went on."""
        plan = plan_of(request.payload)
        log = await self._uow.punches.log(subject, _earliest(plan) - MARGIN)
        return _fits(plan, log, request)

    async def apply(
        self, subject: Employee, plan: Plan, request: ApprovalRequest, actor_id: int | None, at: datetime
    ) -> None:
        """Add the plan's marks to the log; BaseChanged or PeriodClosed when that is not possible any more."""
        await Locks(self._uow).check_of(subject, plan.days)
        log = await self._uow.punches.log(subject, _earliest(plan) - MARGIN)
        if not _fits(plan, log, request):
            raise BaseChanged
        added = tuple(self._punches(plan, log, request, actor_id, at))
        sessions = tuple(derive((*log.punches, *added)))
        self._uow.punches.add(subject, added, log, sessions)
        self._uow.events.append(DayChanged(subject.portal_id, subject.id))

    def _punches(
        self, plan: Plan, log: Log, request: ApprovalRequest, actor_id: int | None, at: datetime
    ) -> list[Punch]:
        known = {punch.id: punch for punch in log.punches}
        made: list[Punch] = []
        # An end that the service put there by itself, perhaps since the plan was made, gives way to what people say.
        replaced = {span.start for span in plan.before}
        ends = {each.ended_at for each in derive(log.punches) if each.is_auto and each.started_at in replaced}
        autos = [punch.id for punch in live(log.punches) if punch.mark == AUTO and punch.at in ends]
        for number, target in enumerate(dict.fromkeys((*plan.voids, *autos))):
            if target not in known:
                raise BaseChanged
            made.append(
                Punch(
                    new_id(),
                    PunchKind.VOID,
                    known[target].at,
                    at,
                    known[target].zone,
                    source="correction",
                    event=f"request:{request.id}:v{number}",
                    actor_id=actor_id,
                    target=target,
                )
            )
        for number, mark in enumerate(plan.adds):
            made.append(
                Punch(
                    new_id(),
                    mark.kind,
                    mark.at,
                    at,
                    plan.zone,
                    source="correction",
                    event=f"request:{request.id}:a{number}",
                    actor_id=actor_id,
                    reason=request.reason,
                    mark=CORRECTED,
                )
            )
        return made

    async def _log(self, subject: Employee, wish: Wish, now: datetime) -> Log:
        moments = [each for each in (wish.at, wish.until) if each is not None]
        if wish.day is not None:
            moments.append(datetime.combine(wish.day, datetime.min.time(), tzinfo=now.tzinfo))
        return await self._uow.punches.log(subject, min([now, *moments]) - MARGIN)


def _earliest(plan: Plan) -> datetime:
    return min((*(each.start for each in (*plan.before, *plan.after)), *(mark.at for mark in plan.adds)))


def _fits(plan: Plan, log: Log, request: ApprovalRequest) -> bool:
    """Whether the base is what it was; a day that was running then may have gone on by the person's own marks."""
    if _base(plan, log.punches) == plan.base:
        return True
    was_running = any(span.end is None for span in plan.after)
    return was_running and _base(plan, [each for each in log.punches if not _goes_on(each, request)]) == plan.base


def _base(plan: Plan, punches: Sequence[Punch]) -> str:
    return fingerprint(of_days(derive(punches), plan.days, plan.zone))


def _goes_on(punch: Punch, request: ApprovalRequest) -> bool:
    """Whether a mark was made live after the request; a correction by anybody is something else."""
    return punch.source != "correction" and punch.id > request.id and punch.at >= request.created_at


def correction_request(
    portal: Portal, requester: Employee, subject: Employee, plan: Plan, reason: str, now: datetime, request_id: int
) -> ApprovalRequest:
    """Return a new request for a plan, without seats yet."""
    return ApprovalRequest(
        request_id,
        portal.id,
        RequestKind.CORRECTION,
        requester.id,
        subject.id,
        f"correction:{plan.target}",
        plan_to_json(plan),
        now,
        (),
        reason=reason,
    ).recorded("asked", requester.id, now)


def plan_of(payload: Mapping[str, Any]) -> Plan:
    """Read the plan of a correction request."""
    return plan_from_json(dict(payload))
