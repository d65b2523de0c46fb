"""Marks by programs: whoever is marked by one is told of it, with its name."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.domain.events import MarkedByProgram
from bot.domain.workday.punch_log import PunchKind
from bot.messages import Say
from bot.services.people.people import People
from bot.text import Phrase, Time, t

router = Router("by_programs")


@router.happened(MarkedByProgram)
async def marked(event: MarkedByProgram, people: People) -> Sequence[Notice]:
    """Tell a person what a program recorded for them."""
    person = await people.get(event.employee_id, event.portal_id)
    return () if person is None else (Notice(person, Say(_words(event))),)


def _words(event: MarkedByProgram) -> Phrase:
    told: dict[str, str | Time] = {"program": event.program, "time": Time(event.at, event.zone)}
    match PunchKind(event.kind):
        case PunchKind.IN:
            return t("🤖 “{program}” recorded for you: at work since *{time}*. If that is wrong: /undo", **told)
        case PunchKind.BREAK_START:
            return t("🤖 “{program}” recorded for you: on a break since *{time}*. If that is wrong: /undo", **told)
        case PunchKind.BREAK_END:
            return t("🤖 “{program}” recorded for you: back from a break at *{time}*. If that is wrong: /undo", **told)
        case _:
            return t("🤖 “{program}” recorded for you: checked out at *{time}*. If that is wrong: /undo", **told)
