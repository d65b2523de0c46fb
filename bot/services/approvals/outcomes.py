"""Outcomes: what an approved request does, one small function a kind, and which dates it would change."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta

from bot.domain.approvals.request import ApprovalRequest, RequestKind
from bot.domain.leave.absence import Absence
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.domain.periods.period import days_between
from bot.ids import new_id
from bot.ports import ApprovedOvertime, UnitOfWork
from bot.services.approvals.reopening import Reopening
from bot.services.leave.leaves import Leaves
from bot.services.periods.locks import Locks
from bot.services.unit_service import UnitService
from bot.services.workday.corrections import Corrections, plan_of

Deed = Callable[[ApprovalRequest, Employee, int | None, datetime], Awaitable[None]]
"""Does what a request asks for: the request, whom it is about, who decided, and when."""


class Outcomes(UnitService):
    """Carries requests out; PeriodClosed when that is not possible any more."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        super().__init__(uow)
        self._by_kind: Mapping[RequestKind, Deed] = {
            RequestKind.CORRECTION: self._correct,
            RequestKind.LEAVE: self._leave,
            RequestKind.OVERTIME: self._overtime,
            RequestKind.REOPEN: self._reopen,
        }

    async def do(self, request: ApprovalRequest, subject: Employee, actor_id: int | None, at: datetime) -> None:
        """Do what an approved request means."""
        await self._by_kind[request.kind](request, subject, actor_id, at)

    async def _correct(self, request: ApprovalRequest, subject: Employee, actor_id: int | None, at: datetime) -> None:
        await Corrections(self._uow).apply(subject, plan_of(request.payload), request, actor_id, at)

    async def _leave(self, request: ApprovalRequest, subject: Employee, actor_id: int | None, at: datetime) -> None:
        del actor_id, at
        await Locks(self._uow).check_of(subject, days_of(request))
        await Leaves(self._uow).check_free(subject, LeaveWish.of_payload(request.payload))
        self._uow.employees.put(subject)  # of two absences that are approved at once, the later looks again
        self._uow.absences.add(absence_of(request))

    async def _overtime(self, request: ApprovalRequest, subject: Employee, actor_id: int | None, at: datetime) -> None:
        del actor_id, at
        await Locks(self._uow).check_of(subject, days_of(request))
        self._uow.overtimes.add(overtime_of(request))

    async def _reopen(self, request: ApprovalRequest, subject: Employee, actor_id: int | None, at: datetime) -> None:
        del subject
        wanted = int(request.payload["closing_id"])
        for closing in await self._uow.periods.closings(request.portal_id):
            if closing.id == wanted and closing.is_closed and actor_id is not None:
                await Reopening(self._uow).open(closing, actor_id, request.reason, at, asked_in=request.id)
                what = f"reopened {closing.first}..{closing.last}"
                self._uow.audit.add(
                    request.portal_id, actor_id=actor_id, subject_id=request.requester_id, what=what, at=at
                )


def days_of(request: ApprovalRequest) -> tuple[date, ...]:
    """Return the work dates that a request would change."""
    match request.kind:
        case RequestKind.CORRECTION:
            return plan_of(request.payload).days
        case RequestKind.LEAVE:
            absence = absence_of(request)
            return tuple(days_between(absence.first, absence.last))
        case RequestKind.OVERTIME:
            return (overtime_of(request).day,)
        case RequestKind.REOPEN:
            return ()


def absence_of(request: ApprovalRequest) -> Absence:
    """Return the absence that a leave request asks for."""
    wish = LeaveWish.of_payload(request.payload)
    return Absence(
        request.id,
        request.portal_id,
        request.subject_id,
        wish.kind,
        wish.first,
        wish.last,
        wish.start,
        wish.end,
        request.reason,
        request.id,
    )


def overtime_of(request: ApprovalRequest) -> ApprovedOvertime:
    """Return the overtime that a request asks to count."""
    form = request.payload
    length = timedelta(seconds=int(form["seconds"]))
    day = date.fromisoformat(form["day"])
    return ApprovedOvertime(new_id(), request.portal_id, request.subject_id, day, length, request.id)
