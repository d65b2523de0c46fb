"""Outcomes: what an approved matter does, and what a matter that waits is on the hours of now; by type of matter.

A new kind of matter is carried out by one more function here, `@carries_out(ItsMatter)`, and where something can come
between the question and the answer it is looked at again by another, `@looks_again(ItsMatter)`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.domain.approvals.matter import (
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.approvals.request import CHANGED, REMOVED, TAKEN, ApprovalRequest
from bot.domain.leave.asked import absence_asked
from bot.domain.people.employee import Employee
from bot.domain.periods.period import PeriodClosed
from bot.domain.workday.refit import Contradiction
from bot.ids import new_id
from bot.ports import ApprovedOvertime, UnitOfWork
from bot.services.approvals.reopening import Reopening
from bot.services.leave.changes import LeaveChanges, LeaveIsAnother
from bot.services.leave.leaves import DaysTaken, Leaves
from bot.services.periods.locks import Locks
from bot.services.unit_service import UnitService
from bot.services.workday.corrections import Corrections

_Its = TypeVar("_Its", bound=Matter)


@dataclass(frozen=True, slots=True)
class Case(Generic[_Its]):
    """A request with its matter, and whom it is about, at an instant."""

    request: ApprovalRequest
    matter: _Its
    subject: Employee
    at: datetime
    decider_id: int | None = None
    """Who approved it; nobody while it waits."""


Deed = Callable[[UnitOfWork, Case[_Its]], Awaitable[None]]
"""Does what was asked for; PeriodClosed or DaysTaken when that cannot be any more."""
Look = Callable[[UnitOfWork, Case[_Its]], Awaitable[ApprovalRequest]]
"""Returns a request as it is now: the very same, restated, or failed (case 36)."""

_DEEDS: dict[type, Deed[Any]] = {}
_LOOKS: dict[type, Look[Any]] = {}


def carries_out(kind: type[_Its]) -> Callable[[Deed[_Its]], Deed[_Its]]:
    """Register what an approved matter of that type does."""

    def register(deed: Deed[_Its]) -> Deed[_Its]:
        _DEEDS[kind] = deed
        return deed

    return register


def looks_again(kind: type[_Its]) -> Callable[[Look[_Its]], Look[_Its]]:
    """Register how a matter of that type is held against what happened since; others stay as they were asked."""

    def register(look: Look[_Its]) -> Look[_Its]:
        _LOOKS[kind] = look
        return look

    return register


class Outcomes(UnitService):
    """Carries requests out, and says what one that waits would do now."""

    async def do(self, request: ApprovalRequest, subject: Employee, decider_id: int | None, at: datetime) -> None:
        """Do what an approved request asks for."""
        await _DEEDS[type(request.matter)](self._uow, Case(request, request.matter, subject, at, decider_id))

    async def as_now(self, request: ApprovalRequest, subject: Employee, at: datetime) -> ApprovalRequest:
        """Return a request as it is on the hours of now."""
        look = _LOOKS.get(type(request.matter))
        return request if look is None else await look(self._uow, Case(request, request.matter, subject, at))


@carries_out(CorrectionMatter)
async def _correct(uow: UnitOfWork, case: Case[CorrectionMatter]) -> None:
    await Corrections(uow).apply(case.subject, case.matter.plan, case.request, case.decider_id, case.at)


@looks_again(CorrectionMatter)
async def _fit(uow: UnitOfWork, case: Case[CorrectionMatter]) -> ApprovalRequest:
    request, shown = case.request, case.matter.plan
    try:
        plan = await Corrections(uow).refit(case.subject, shown, request.created_at, case.at)
    except Contradiction as against:
        why = CHANGED if against.present else REMOVED
        left = CorrectionMatter(replace(shown, before=against.present))
        return request.restated(left, case.at).failed(case.at, why)
    return request if plan == shown else request.restated(CorrectionMatter(plan), case.at)


@carries_out(LeaveMatter)
async def _leave(uow: UnitOfWork, case: Case[LeaveMatter]) -> None:
    await Locks(uow).check_of(case.subject, case.matter.days)
    await Leaves(uow).check_free(case.subject, case.matter.wish)
    uow.employees.put(case.subject)  # of two absences that are approved at once, the later looks again
    absence = absence_asked(case.request)
    if absence is not None:
        uow.absences.add(absence)


@looks_again(LeaveMatter)
async def _free(uow: UnitOfWork, case: Case[LeaveMatter]) -> ApprovalRequest:
    """A leave on whose days another absence was approved meanwhile cannot be had any more."""
    try:
        await Leaves(uow).check_free(case.subject, case.matter.wish)
    except DaysTaken:
        return case.request.failed(case.at, TAKEN)
    return case.request


@carries_out(LeaveChangeMatter)
async def _change_leave(uow: UnitOfWork, case: Case[LeaveChangeMatter]) -> None:
    await LeaveChanges(uow).carry_out(case.subject, case.matter.change, case.at)


@looks_again(LeaveChangeMatter)
async def _as_shown(uow: UnitOfWork, case: Case[LeaveChangeMatter]) -> ApprovalRequest:
    """An absence that was changed meanwhile is not changed again, nor moved to days that were taken (case 36)."""
    try:
        await LeaveChanges(uow).check(case.subject, case.matter.change)
    except LeaveIsAnother:
        return case.request.failed(case.at, CHANGED)
    except DaysTaken:
        return case.request.failed(case.at, TAKEN)
    except PeriodClosed:
        return case.request  # told when it would be carried out
    return case.request


@carries_out(OvertimeMatter)
async def _overtime(uow: UnitOfWork, case: Case[OvertimeMatter]) -> None:
    matter, request = case.matter, case.request
    await Locks(uow).check_of(case.subject, matter.days)
    uow.overtimes.add(
        ApprovedOvertime(new_id(), request.portal_id, request.subject_id, matter.day, matter.length, request.id)
    )


@carries_out(ReopenMatter)
async def _reopen(uow: UnitOfWork, case: Case[ReopenMatter]) -> None:
    request, decider_id = case.request, case.decider_id
    for closing in await uow.periods.closings(request.portal_id):
        if closing.id == case.matter.closing_id and closing.is_closed and decider_id is not None:
            await Reopening(uow).open(closing, decider_id, request.reason, case.at, asked_in=request.id)
            what = f"reopened {closing.first}..{closing.last}"
            uow.audit.add(
                request.portal_id, actor_id=decider_id, subject_id=request.requester_id, what=what, at=case.at
            )
