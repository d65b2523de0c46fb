"""Check-out: an employee ends the work day."""

from dataclasses import replace

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.desk import Desk
from bot.services.reminding.forgotten import Forgotten
from bot.services.workday.time_clock import TimeClock
from bot.text import t
from handlers.workday.cards import CheckOutPressed
from handlers.workday.punches import about_last_day, punch

router = Router("check-out")


@router.command("checkout", t("Check out"), intents=("check_out",), params=t("time, if not now"))
@router.pressed(CheckOutPressed)
async def check_out(turn: Turn, clock: TimeClock, desk: Desk, forgotten: Forgotten) -> Reply:
    """End the work day, and a break that runs with it; what was left open for days is asked about."""
    reply = await punch(turn, "check_out", clock.check_out, desk)
    asked = await about_last_day(turn, forgotten) if reply.state is None else None
    return replace(reply, says=(asked, *reply.says)) if asked else reply
