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
_SPEAKER: Final = re.compile(r"[^\W\d_][\w.'-]*(?: [A-ZА-ЯЁ][\w.'-]*){0,2}(?:,? \[?\d{1,2}[:.]\d\d\]?)?:\s")
_FORWARDED: Final = re.compile(r"(?:fwd?|re|переслано|переслал\w*|forwarded|цитата|quote|>)\b|>", re.IGNORECASE)
_OWN: Final = PUNCHES | {"worked", "leave", "late", "leave_early"}


def is_quoted(heard: Heard, found: tuple[Reading, ...]) -> bool:
    """Whether what would be recorded of whoever writes was said by somebody else: «Марина: я на обеде»."""
    text = heard.text
    if ":" not in text and ">" not in text:
        return False
    if not all(each.intent in _OWN and "person" not in each.slots for each in found):
        return False
    return bool(_FORWARDED.match(text)) or (bool(_SPEAKER.match(text)) and 0 in heard.unknown)
