"""Approval requests: which of a portal wait for an answer."""

from dataclasses import replace

from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, KeptSeat, RequestState
from bot.domain.leave.absence import AbsenceKind
from bot.domain.leave.wish import LeaveWish
from bot.domain.workday.correction import Plan, Subject
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person


def correction(target: str) -> CorrectionMatter:
    """Return the matter of a correction about that."""
    return CorrectionMatter(Plan(Subject.DAY, "UTC", (), (), (), (), None, target))


HERS = ApprovalRequest(50, PORTAL.id, 10, 10, correction("a"), NOW, (KeptSeat(60, 11, (11,)),))
LEAVE = LeaveMatter(LeaveWish(AbsenceKind.VACATION, NOW.date(), NOW.date()))


async def test_pending_are_the_open_requests_of_the_portal(storage: Database) -> None:
    """Oldest first, whole, of everybody; not what has an outcome, nor what another portal asks."""
    other = replace(PORTAL, id=2, key="other.example")
    await given(storage, person(10), person(11))
    await given(storage, person(20, portal=other), portal=other)
    leave = replace(HERS, id=52, matter=LEAVE, subject_id=11, seats=(KeptSeat(62, 10, (10,)),))
    done = replace(HERS, id=53, matter=correction("c"), state=RequestState.APPROVED, seats=(), settles_at=NOW)
    foreign = replace(HERS, id=54, portal_id=2, requester_id=20, subject_id=20, seats=())
    async with storage.unit_of_work() as unit:
        for each in (leave, done, foreign, HERS):
            unit.requests.add(each)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        assert [HERS, leave] == list(await unit.requests.pending(PORTAL.id))
        unit.requests.put(replace(HERS, state=RequestState.WITHDRAWN, settled_at=NOW, version=1))
        assert [leave] == list(await unit.requests.pending(PORTAL.id))
