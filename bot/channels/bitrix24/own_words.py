"""A message as its writer means it: BB codes are read as the words they show, and what is quoted is not their own.

Bold, coloured or linked words are words. A quotation is somebody else's, a struck-out word is taken back, and a picture
says nothing. The bot's own name before or behind the words only calls it.
"""

import re
from collections.abc import Sequence

from bot.channels.bitrix24.query import WORD_JOINER

_TAG = re.compile(r"\[(/?)([a-z]+)((?:[=\s][^\[\]]*)?)\]", re.IGNORECASE)
_SHOWN = frozenset({"b", "i", "u", "size", "color", "url", "user", "chat", "context", "code", "put", "send", "call"})
_UNSAID = frozenset({"s", "img", "quote"})
_SINGLE = frozenset({"icon", "disk"})
"""Tags that stand alone and show a picture or a file."""
_RULE = re.compile(r"-{6,}\s*")
_AROUND = ",:;–—-"


def own_words(text: str, bot_id: int, names: Sequence[str] = ()) -> str:
    """Return the writer's own words; `names` are what people call the bot, without the @."""
    plain = _without_tags(text.replace(WORD_JOINER, ""), bot_id, frozenset(each.casefold() for each in names))
    plain = "\n".join(_unquoted(plain.split("\n"))) if "--" in plain or ">>" in plain else plain
    if "@" in plain:
        for name in names:
            plain = re.sub(rf"(?<!\w)@{re.escape(name)}(?!\w)[{_AROUND}]?", " ", plain, flags=re.IGNORECASE)
    return (
        "\n".join(" ".join(line.split()) for line in plain.strip().split("\n")).strip()
        if plain != text
        else text.strip()
    )


def quotes(text: str) -> bool:
    """Whether something is quoted in a message."""
    plain = _without_tags(text, 0).split("\n")
    return "[quote" in text.lower() or len(_unquoted(plain)) < len(plain)


def _without_tags(text: str, bot_id: int, names: frozenset[str] = frozenset()) -> str:
    """Read tags as what they show. One that is never closed is no tag, but what somebody typed."""
    if "[" not in text:
        return text
    pieces: list[str] = []
    opened: dict[str, list[tuple[int, str]]] = {}
    at = 0
    for tag in _TAG.finditer(text):
        pieces.append(text[at : tag.start()])
        at = tag.end()
        is_end, name, value = bool(tag[1]), tag[2].lower(), tag[3].strip().lower()
        if name == "br" and not is_end:
            pieces.append("\n")
        elif name in _SINGLE and not is_end:
            pieces.append(" ")
        elif name not in _SHOWN | _UNSAID:
            pieces.append(tag[0])
        elif not is_end:
            opened.setdefault(name, []).append((len(pieces), value))
            pieces.append(tag[0])
        elif opened.get(name):
            place, value = opened[name].pop()
            is_call = name == "user" and _calls(value, pieces[place + 1 :], bot_id, names)
            if is_call or name in _UNSAID:
                del pieces[place:]
                for each in opened.values():
                    while each and each[-1][0] >= place:
                        each.pop()
                pieces.append(" ")
                at = _behind_call(text, at) if is_call else at
            else:
                pieces[place] = ""
        else:
            pieces.append(tag[0])
    return "".join([*pieces, text[at:]])


def _calls(value: str, inner: Sequence[str], bot_id: int, names: frozenset[str]) -> bool:
    """Whether a mention is of the bot: by its id, or by its name where an event does not tell the id."""
    return value.split()[:1] == [f"={bot_id}"] or (len(inner) == 1 and inner[0].strip().casefold() in names)


def _behind_call(text: str, at: int) -> int:
    """Pass over the comma or colon behind the bot's name."""
    return at + 1 if text[at : at + 1] and text[at] in ",:" else at


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Leave out what stands between two rules of dashes, and lines that begin with `>>`."""
    kept: list[str] = []
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line.strip())]
    quoted = {line for first, last in zip(rules[::2], rules[1::2], strict=False) for line in range(first, last + 1)}
    for number, line in enumerate(lines):
        if number not in quoted and not line.lstrip().startswith(">>"):
            kept.append(line)
    return kept
