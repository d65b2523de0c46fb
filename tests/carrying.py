"""Conversations that answer with files, beside those of the program: what carries a file can be tested before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import handlers
from bot.actions import Action
from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion, Turn
from bot.messages import Attachment, Button, Keyboard, Reply, Say
from bot.ports import Job
from bot.services.people.people import People
from bot.text import verbatim
from tests.pictures import png

PICTURE = Attachment("Неделя 29.png", png(640, 320), "photo")
SHEET = Attachment("Табель июль 2026.xlsx", bytes(range(256)) * 40, "document")
WORDS = "Ваша неделя: 40 ч"
SHEET_WORDS = "Табель за июль"
CARRIES = "carries"
"""The job that sends a person (`employee_id`) the sheet."""

own = Router("carrying")


@dataclass(frozen=True, slots=True)
class MorePressed(Action, code="t-more"):
    """The button under the picture."""


@own.command("carrypicture", verbatim("A picture with words and a button"))
@own.pressed(MorePressed)
async def picture(turn: Turn) -> Reply:
    """Answer with a picture, words and a button."""
    return turn.say(verbatim(WORDS), Keyboard.of(Button(verbatim("Ещё"), MorePressed())), file=PICTURE)


@own.command("carrysheet", verbatim("A document with words"))
async def sheet(turn: Turn) -> Reply:
    """Answer with a document."""
    return turn.say(verbatim(SHEET_WORDS), file=SHEET)


@own.due(CARRIES)
async def carries(job: Job, occasion: Occasion, people: People) -> Sequence[Notice]:
    """Send somebody the sheet."""
    person = await people.get(int(job.payload["employee_id"]), job.portal_id)
    return (Notice(person, Say(verbatim(SHEET_WORDS), file=SHEET)),) if person else ()


router = Router("smena and files")
router.include(own, handlers.router)
