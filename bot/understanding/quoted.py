"""Other people's words: a line of a chat with its name before a colon, a quotation, what was forwarded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.understanding.lexicon import PUNCHES

if TYPE_CHECKING:
    from bot.understanding.hearing import Heard
    from bot.understanding.model import Reading

QUOTED: Final = re.compile(r"[«“\"][^«»“”\"]+[»”\"]")
"""Words within quotation marks."""
_STAMP: Final = r"[\[(]?(?:\d{1,2}\.\d\d(?:\.\d{2,4})?,? )?\d{1,2}[:.]\d\d(?:, \d{1,2}\.\d\d\.\d{2,4})?[\])]?"
"""When a line of a chat was written: «10:15», «[24.11.2026 10:15]»."""
_SPEAKER: Final = re.compile(
    rf"(?:{_STAMP},? )?(?P<name>[^\W\d_][\w.'-]*(?: [A-ZА-ЯЁ][\w.'-]*){{0,2}})(?:,? {_STAMP})?"
    r"(?:,? (?:на)?(?:пиш|пис|сказ|говор|ответ|said|says?|writ|wrote|text)\w*)?:\s"
)
_FORWARDED: Final = re.compile(r"(?:fwd?|re|переслано|переслал\w*|forwarded|цитата|quote|>)\b|>", re.IGNORECASE)
_OWN: Final = PUNCHES | {"worked", "leave", "late", "leave_early"}


def is_quoted(heard: Heard, found: tuple[Reading, ...]) -> bool:
    """Whether what would be recorded was said by somebody else: «Марина: я на обеде», "[10:15] Kate: in at 9"."""
    text = heard.text
    if ":" not in text and ">" not in text:
        return False
    if all(each.intent in _OWN and "person" not in each.slots for each in found):
        return bool(_FORWARDED.match(text)) or _speaker(heard) is not None
    if any(each.intent != "correct" for each in found) or "fix" in heard.named:
        return False
    return all(each.slots.get("person") == _speaker(heard) for each in found)  # «Катя: пришла в 9» corrects nobody


def _speaker(heard: Heard) -> str | None:
    """Return the name with which a line of a chat begins; None where it is a word of ours: «приход: 9:05»."""
    said = _SPEAKER.match(heard.text)
    if said is None or not any(heard.tokens[place].start == said.start("name") for place in heard.unknown):
        return None
    return said["name"]
