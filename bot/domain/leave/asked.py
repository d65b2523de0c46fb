"""A leave that is asked for, as the absence that it would be."""

from bot.domain.approvals.matter import LeaveMatter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import Absence


def absence_asked(request: ApprovalRequest) -> Absence | None:
    """Return the absence that a leave request asks for; None for anything else."""
    if not isinstance(request.matter, LeaveMatter):
        return None
    wish = request.matter.wish
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
