"""Check-out: an employee ends the work day."""

from dataclasses import replace

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.workday.punch_log import PunchKind
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.reminding.forgotten import Forgotten
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import t
from handlers.cards.day import CheckOutPressed
from handlers.workday.punches import about_last_day, punch

router = Router("check-out")


@router.command("checkout", t("Check out"), intents=("check_out",), params=t("time, if not now"))
@router.pressed(CheckOutPressed)
async def check_out(
    turn: Turn, recording: Recording, leaves: Leaves, timesheets: Timesheets, forgotten: Forgotten
) -> Reply:
    """End the work day, and a break that runs with it; what was left open for days is asked about."""
    reply = await punch(turn, PunchKind.OUT, recording, leaves, timesheets)
    asked = await about_last_day(turn, forgotten) if reply.state is None else None
    return replace(reply, says=(asked, *reply.says)) if asked else reply
