"""Text of a message as Telegram counts and keeps it."""

import re
from dataclasses import dataclass
from typing import Any

MAX_TEXT = 4096
MAX_CAPTION = 1024

_LINK = re.compile(r"(?:https?://[^\s/?#]*\.[^\s]*|(?:tg|ton|mailto|tonsite):\S+)", re.IGNORECASE)

Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Plain text and the entities that style it; offsets and lengths are in UTF-16 code units."""

    text: str
    entities: list[Entity]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) + sum(char > "\uffff" for char in text)


def trim(given: FormattedText) -> FormattedText:
    """Cut white space at both ends and keep the entities in place."""
    left = len(given.text) - len(given.text.lstrip())
    text = given.text.strip()
    length = utf16_length(text)
    entities: list[Entity] = []
    for each in given.entities:
        start = max(0, each["offset"] - left)
        end = min(length, each["offset"] + each["length"] - left)
        if end > start:
            entities.append({**each, "offset": start, "length": end - start})
    return FormattedText(text, entities)


def checked_link(url: str) -> str:
    """Return the link as Telegram would keep it, or nothing when it would not."""
    if _LINK.fullmatch(url):
        return url
    return f"http://{url}" if _LINK.fullmatch(f"http://{url}") and ":" not in url.split("/", maxsplit=1)[0] else ""
