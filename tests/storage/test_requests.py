"""Approval requests: which of a portal wait for an answer."""

from dataclasses import replace

from bot.domain.approvals.request import ApprovalRequest, RequestKind, RequestState, Seat
from storage import Database
from tests.storage.given import NOW, PORTAL, given, person

HERS = ApprovalRequest(
    50, PORTAL.id, RequestKind.CORRECTION, 10, 10, "correction:a", {"days": 1}, NOW, (Seat(60, 11, (11,)),)
)


async def test_pending_are_the_open_requests_of_the_portal(storage: Database) -> None:
    """Oldest first, whole, of everybody; not what has an outcome, nor what another portal asks."""
    other = replace(PORTAL, id=2, key="other.example")
    await given(storage, person(10), person(11))
    await given(storage, person(20, portal=other), portal=other)
    leave = replace(
        HERS, id=52, kind=RequestKind.LEAVE, subject_key="leave:b", subject_id=11, seats=(Seat(62, 10, (10,)),)
    )
    done = replace(HERS, id=53, subject_key="correction:c", state=RequestState.APPROVED, seats=(), settles_at=NOW)
    foreign = replace(HERS, id=54, portal_id=2, requester_id=20, subject_id=20, seats=())
    async with storage.unit_of_work() as unit:
        for each in (leave, done, foreign, HERS):
            unit.requests.add(each)
        await unit.commit()
    async with storage.unit_of_work() as unit:
        assert [HERS, leave] == list(await unit.requests.pending(PORTAL.id))
        unit.requests.put(replace(HERS, state=RequestState.WITHDRAWN, settled_at=NOW, version=1))
        assert [leave] == list(await unit.requests.pending(PORTAL.id))
