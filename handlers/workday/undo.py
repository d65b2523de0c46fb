"""Undo: the last mark is taken back within five minutes."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.services.workday.recording import Recording
from bot.services.workday.timesheets import Timesheets
from bot.text import t
from handlers.cards.day import UndoPressed, day_card

router = Router("undo")


@router.command("undo", t("Take the last mark back"), intents=("undo",))
@router.pressed(UndoPressed)
async def undo(turn: Turn, recording: Recording, timesheets: Timesheets) -> Reply:
    """Take the last mark back and show the day as it is without it."""
    await recording.undo(turn.employee, turn.moment)
    view = await timesheets.day(turn.employee, turn.now)
    text, keyboard = day_card(view, t("↩️ The last mark is taken back."))
    return turn.card(text, keyboard)


@router.said("cancel")
async def cancel_or_undo(turn: Turn, recording: Recording, timesheets: Timesheets) -> Reply:
    """«отмена» drops the open question, and where there is none takes the last mark back (case 44)."""
    if turn.state is not None:
        return turn.conclude(t("Dropped. Nothing was changed."))
    taken_back: Reply = await undo(turn, recording, timesheets)
    return taken_back
