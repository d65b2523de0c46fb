"""Meanwhile: a start or a return that waits for the lead does not run the clock; a button beside it does."""

from zoneinfo import ZoneInfo

from bot.dispatch.turn import Turn
from bot.domain.approvals.matter import CorrectionMatter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.workday.punch_log import PunchKind
from bot.messages import Button
from bot.text import Phrase, t
from handlers.cards.day import BACK, CHECK_IN


def meanwhile(turn: Turn, request: ApprovalRequest) -> tuple[Phrase, Button] | None:
    """Return what to tell and the button where a claim about today leaves the person off or on a break until then."""
    if not isinstance(request.matter, CorrectionMatter) or request.subject_id != turn.employee.id:
        return None
    plan = request.matter.plan
    today = turn.now.astimezone(ZoneInfo(plan.zone)).date()
    if not plan.after or plan.after[-1].end is not None or today not in plan.days:
        return None
    kinds = {mark.kind for mark in plan.adds}
    running = [span for span in plan.before if span.end is None]
    if PunchKind.BREAK_END in kinds and running and running[-1].breaks and running[-1].breaks[-1][1] is None:
        return t("Until then the break goes on. Back already? Tap the button; the answer still counts."), BACK
    if PunchKind.IN in kinds and not running:
        return t("Until then the clock stands. At work already? Tap the button; the answer still counts."), CHECK_IN
    return None
