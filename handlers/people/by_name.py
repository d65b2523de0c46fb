"""Hours asked for by a name in small letters: «неделя бориса» is a report only if somebody is called so."""

from bot.dispatch.turn import Turn
from bot.domain.errors import UnknownPerson
from bot.messages import Reply
from bot.services.people.people import People
from bot.understanding import understand

_OF_SOMEBODY = ("report", "today")


async def hours_by_name(turn: Turn, people: People) -> Reply | None:
    """Return the report that words mean where one of them is somebody's name; None where it is nobody's."""
    text, who = turn.message.text, turn.employee
    meant = understand(text, locale=who.locale, zone=turn.zone, now=turn.now, any_name=True)
    name = meant.slots.get("person")
    if meant.intent not in _OF_SOMEBODY or meant.ambiguous or not isinstance(name, str):
        return None
    try:
        await people.find(turn.portal, name)
    except UnknownPerson:
        return None
    return Reply(instead=(meant.intent, meant.slots))
