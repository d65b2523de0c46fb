"""In which language somebody is answered who has not chosen one: that of their own words, where we understood them."""

from bot.dispatch.turn import Turn
from bot.messages import IncomingKind
from bot.services.people.people import People


def in_their_language(turn: Turn, people: People) -> Turn:
    """Return the turn of the person as they speak; that is noted until they choose."""
    if turn.employee.locale_is_chosen or turn.message.kind is not IncomingKind.TEXT:
        return turn
    written = script_of(turn.message.text)
    if written is None or written == turn.employee.locale or turn.understood.intent is None:
        return turn
    return turn.with_employee(people.speak(turn.employee, written, is_chosen=False))


def script_of(text: str) -> str | None:
    """Return "ru" for Cyrillic words and "en" for Latin ones; None for commands and where there is no word."""
    if text.lstrip().startswith("/"):
        return None
    letters = [each for each in text if each.isalpha()]
    if any("а" <= each.lower() <= "я" or each.lower() == "ё" for each in letters):
        return "ru"
    return "en" if len([each for each in letters if each.isascii()]) > 1 else None
