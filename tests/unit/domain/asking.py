"""Approval requests as the tests need them: one seat with two holders, asked by somebody else."""

from datetime import UTC, datetime, timedelta

from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.approvals.request import ApprovalRequest, KeptSeat
from bot.domain.workday.correction import Plan, Subject

ASKED_AT = datetime(2026, 7, 15, 10, 0, tzinfo=UTC)
REQUESTER, LEAD, DEPUTY, STRANGER = 1, 2, 3, 4
MATTER = CorrectionMatter(Plan(Subject.CHECK_OUT, "Europe/Moscow", (), (), (), (), None, "check_out:9"))


def after(seconds: float) -> datetime:
    """Return the instant that many seconds after the request was made."""
    return ASKED_AT + timedelta(seconds=seconds)


def asked(*holders: int, requester: int = REQUESTER, number: int = 77) -> ApprovalRequest:
    """Return a pending request whose one seat the holders share."""
    seat = KeptSeat(500, (holders or (LEAD,))[0], holders or (LEAD, DEPUTY))
    request = ApprovalRequest(number, 1, requester, requester, MATTER, ASKED_AT, (seat,))
    return request.recorded("asked", requester, ASKED_AT)
