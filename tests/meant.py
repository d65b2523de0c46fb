"""Words with a set meaning: `/meant INTENT name=value…` is routed as if that had been understood.

So a conversation is tested by its intent, whatever sentences lead there.
"""

from datetime import date, datetime

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.messages import Reply
from bot.text import verbatim
from handlers import router as handlers
from tests.people import Company

meaning = Router("meaning")


@meaning.command("meant", verbatim("As if that had been understood"))
async def meant(turn: Turn) -> Reply:
    """Route the turn by the intent and the slots that are written; a `_` in a name or a reason is a space."""
    intent, *said = turn.arguments.split()
    slots = {name: _value(name, value, turn) for name, _, value in (each.partition("=") for each in said)}
    return Reply(instead=(intent, slots))


def _value(name: str, value: str, turn: Turn) -> object:
    if name.endswith("_day") or name == "day":
        return date.fromisoformat(value)
    if name in ("from", "to", "at", "until"):
        return datetime.fromisoformat(value).replace(tzinfo=turn.zone)
    if name.endswith("seconds") or name == "minutes":
        return int(value)
    return True if name == "all" else value.replace("_", " ") if name in ("person", "reason") else value


router = Router("smena with meanings")
router.include(meaning, handlers)


class MeantCompany(Company):
    """A company whose people can also say what they mean by name."""

    router = router
