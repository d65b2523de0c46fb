"""Approval requests as the tests need them: one seat with two holders, asked by somebody else."""

from datetime import UTC, datetime, timedelta

from bot.domain.approvals.request import ApprovalRequest, RequestKind, Seat

ASKED_AT = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
REQUESTER, LEAD, DEPUTY, STRANGER = 1, 2, 3, 4


def after(seconds: float) -> datetime:
    """Return the instant that many seconds after the request was made."""
    return ASKED_AT + timedelta(seconds=seconds)


def asked(*holders: int, requester: int = REQUESTER, number: int = 77) -> ApprovalRequest:
    """Return a pending request whose one seat the holders share."""
    seat = Seat(500, (holders or (LEAD,))[0], holders or (LEAD, DEPUTY))
    request = ApprovalRequest(
        number, 1, RequestKind.CORRECTION, requester, requester, "correction:check_out:9", {}, ASKED_AT, (seat,)
    )
    return request.recorded("asked", requester, ASKED_AT)
