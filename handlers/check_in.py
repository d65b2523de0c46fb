"""Check-in: an employee starts the work day."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.time_clock import TimeClock
from bot.services.timesheets import Timesheets
from bot.text import t
from handlers.cards import CheckInPressed
from handlers.punches import punch

router = Router("check-in")


@router.command("checkin", t("Check in"), intents=("check_in",), params=t("time, if not now"))
@router.pressed(CheckInPressed)
async def check_in(turn: Turn, clock: TimeClock, timesheets: Timesheets) -> Reply:
    """Start the work day."""
    return await punch(turn, clock.check_in, timesheets)
