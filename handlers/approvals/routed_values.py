"""What people write into a field of a form, read as its type wants it."""

from typing import Any

from bot.dispatch.turn import Turn
from bot.domain.approvals.filling import value_of as plain_value
from bot.domain.approvals.route import FormField
from bot.services.approvals.structure import person_id
from bot.services.people.people import People
from bot.text import Phrase, t
from bot.understanding.day_grammar import day_words
from bot.understanding.days import dates
from bot.understanding.phrases import Day
from bot.understanding.tokens import tokenise

MAX_TEXT = 1000


class Unreadable(Exception):
    """The words are not what the field wants; `phrase` says what to write instead."""

    def __init__(self, phrase: Phrase) -> None:
        """Carry the sentence that the person will read."""
        super().__init__(phrase.message)
        self.phrase = phrase


async def value_of(wanted: FormField, text: str, turn: Turn, people: People) -> Any:
    """Return the value that a text means for a field; Unreadable where it means none."""
    text = " ".join(text.split())
    if len(text) > MAX_TEXT:
        raise Unreadable(t("That is too long: {most} characters at most, please.", most=MAX_TEXT))
    if wanted.type == "person":
        return person_id(turn.portal, await people.find(turn.portal, text))
    value = plain_value(wanted, text)
    if value is None and wanted.type == "date":
        value = _day(text, turn)
    if value is None:
        raise Unreadable(_INSTEAD.get(wanted.type, t("A few words, please.")))
    return value


_INSTEAD: dict[str, Phrase] = {
    "number": t("I read a number here, such as 150 000 or 12.5. Please write it in digits."),
    "money": t("I read a sum here, such as 150 000. Please write it in digits."),
    "date": t("I read a day here, such as 15.08.2026 or “tomorrow”. Please write it so."),
    "file": t("I need the file itself here. Please send it as a document or a picture."),
    "choice": t("Please choose one of the buttons."),
}


def _day(text: str, turn: Turn) -> str | None:
    """Return a day said in words, the nearest to come."""
    tokens = tokenise(text)
    found = day_words(tokens, 0) if tokens else None
    if found is None or found[1] != len(tokens) or len(found[0]) != 1 or not isinstance(found[0][0], Day):
        return None
    today = turn.today
    meant = dates(found[0][0], today, ahead=True)
    return meant[0].isoformat() if len(meant) == 1 else None
