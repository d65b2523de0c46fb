"""Check-in: an employee starts the work day."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.desk import Desk
from bot.services.time_clock import TimeClock
from bot.text import t
from handlers.cards import CheckInPressed
from handlers.punches import punch

router = Router("check-in")


@router.command("checkin", t("Check in"), intents=("check_in",), params=t("time, if not now"))
@router.pressed(CheckInPressed)
async def check_in(turn: Turn, clock: TimeClock, desk: Desk) -> Reply:
    """Start the work day."""
    return await punch(turn, "check_in", clock.check_in, desk)
