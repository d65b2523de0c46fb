"""Undo: the last mark is taken back within five minutes."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.leave.leaves import Leaves
from bot.services.workday.time_clock import TimeClock
from bot.services.workday.timesheets import Timesheets
from bot.text import t
from handlers.cards.day import UndoPressed, day_card

router = Router("undo")


@router.command("undo", t("Take the last mark back"), intents=("undo",))
@router.pressed(UndoPressed)
async def undo(turn: Turn, clock: TimeClock, timesheets: Timesheets, leaves: Leaves) -> Reply:
    """Take the last mark back and show the day as it is without it."""
    done = await clock.undo(turn.employee, turn.moment)
    day = done.at.astimezone(turn.zone).date()
    if not any(each.work_date == day for each in done.sessions):
        await leaves.unmark_remote(turn.employee, day)
    view = await timesheets.day(turn.employee, turn.now)
    text, keyboard = day_card(view, t("↩️ The last mark is taken back."))
    return turn.card(text, keyboard)


@router.said("cancel")
async def cancel_or_undo(turn: Turn, clock: TimeClock, timesheets: Timesheets, leaves: Leaves) -> Reply:
    """«отмена» drops the open question, and where there is none takes the last mark back (case 44)."""
    if turn.state is not None:
        return turn.conclude(t("Dropped. Nothing was changed."))
    taken_back: Reply = await undo(turn, clock, timesheets, leaves)
    return taken_back
