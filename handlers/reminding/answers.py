"""Bare answers: a typed yes or no to something that was asked with buttons, which nobody's hours may hang on."""

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import DAY_CARD, Reply, Say
from bot.services.approvals.approvals import Approvals
from bot.services.approvals.courses import Courses
from bot.services.approvals.seals import Seals
from bot.services.leave.around import Arounds
from bot.services.people.people import People
from bot.services.reminding.forgotten import Forgotten
from bot.services.workday.timesheets import Timesheets
from bot.text import lines, t
from bot.understanding.nods import is_nod
from bot.words.intents import suggestion
from handlers.cards.day import keyboard
from handlers.cards.ends import end_card
from handlers.verdicts import asked_by_button

router = Router("answers")


@router.said("confirm", "decline")
async def bare_answer(
    turn: Turn,
    forgotten: Forgotten,
    timesheets: Timesheets,
    people: People,
    approvals: Approvals,
    courses: Courses,
    arounds: Arounds,
    seals: Seals,
) -> Reply:
    """Show the question about the last evening once more if it waits, else the buttons of the day: never guess."""
    question = await forgotten.waiting(turn.employee, turn.now)
    if question is not None:
        return Reply((end_card(question, turn.now),))
    if (by_button := await asked_by_button(turn, approvals, courses, people, arounds, seals)) is not None:
        return by_button
    if is_nod(turn.message.text):
        return Reply((Say(t("👍")),))
    view = await timesheets.day(turn.employee, turn.now)
    which = t("Which question is that for? Please tap a button.")
    text = lines(which, suggestion(view.state, turn.employee.name))
    return Reply((Say(text, keyboard(view), slot=DAY_CARD),))
