"""`parse_mode` HTML, parsed as Telegram parses it and refused in its words."""

import re
from dataclasses import dataclass

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.text import Entity, FormattedText, checked_link, trim, utf16_length

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = frozenset({*_SIMPLE, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"})
_PIECE = re.compile(r"[^<&]+|&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?|[<&]")
_START_TAG = re.compile(r"<([^\s>]*)")
_END_TAG = re.compile(r"</([^\s>]*)\s*")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']*)\s*(=\s*)?""")
_VALUE = re.compile(r""""([^"]*)"?|'([^']*)'?|([A-Za-z0-9.\-]*)""")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_USER = re.compile(r"tg://user\?id=(\d{1,18})")


def format_text(text: str, parse_mode: str) -> FormattedText:
    """Parse by the parse mode, drop what Telegram drops, and trim; length is not judged here."""
    mode = parse_mode.lower()
    if mode not in {"", "html", "none"}:
        raise bad_request(f"parse_mode {parse_mode} is not emulated")
    text = "".join(char for char in text if char != "\r")
    parsed = HtmlParser(text).parse() if mode == "html" else FormattedText(text, [])
    return trim(parsed)


def _decode(piece: re.Match[str]) -> str:
    """Return the characters that a piece of text stands for; an unknown reference stands for itself, as in Telegram."""
    hexadecimal, decimal, named = piece.groups()
    if named:
        return _NAMED[named]
    if hexadecimal or decimal:
        code = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return chr(code) if 0 < code < 0x10FFFF else piece[0]
    return piece[0]


def _decode_all(text: str) -> str:
    """Resolve the references of an attribute value."""
    return _PIECE.sub(_decode, text)


@dataclass(frozen=True, slots=True)
class _Open:
    """A tag that waits for its end."""

    tag: str
    attributes: dict[str, str]
    offset: int
    index: int


class HtmlParser:
    """One pass over the text; `parse` is called once."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._out: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        """Return the text without tags; 400 in Telegram's wording when it cannot be parsed."""
        while self._at < len(self._source):
            piece = _PIECE.match(self._source, self._at)
            if piece is None or piece[0] == "<":
                self._tag()
                continue
            self._add(_decode(piece))
            self._at = piece.end()
        if self._open:
            raise self._error(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        text = "".join(self._out)
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise self._error(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units"
            )
        for each in self._entities:
            each.pop("_language", None)
        self._entities.sort(key=lambda each: (each["offset"], -each["length"]))
        return FormattedText(text, self._entities)

    def _add(self, text: str) -> None:
        """Append plain text."""
        self._out.append(text)
        self._length += utf16_length(text)

    def _error(self, reason: str) -> Exception:
        """Build the refusal."""
        return bad_request(f"can't parse entities: {reason}")

    def _error_at(self, reason: str, position: int) -> Exception:
        """Build the refusal that ends in a byte offset."""
        return self._error(f"{reason} at byte offset {len(self._source[:position].encode())}")

    def _tag(self) -> None:
        """Take one start or end tag."""
        if self._source.startswith("</", self._at):
            self._end_tag()
        else:
            self._start_tag()

    def _start_tag(self) -> None:
        """Take a start tag with its attributes."""
        begin = self._at
        match = _START_TAG.match(self._source, begin)
        if match is None or match.end() == len(self._source):
            raise self._error_at("Unclosed start tag", begin)
        tag = match[1].lower()
        if tag not in _TAGS:
            raise self._error_at(f'Unsupported start tag "{tag}"', begin)
        self._at = match.end()
        attributes: dict[str, str] = {}
        while not self._closes():
            name, value = self._attribute(tag, begin)
            attributes[name] = value
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error_at('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_Open(tag, attributes, self._length, len(self._out)))

    def _closes(self) -> bool:
        """Skip white space, and the `>` if it comes next."""
        while self._source[self._at : self._at + 1].isspace():
            self._at += 1
        if self._source.startswith(">", self._at):
            self._at += 1
            return True
        return False

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        """Take one attribute; one without a value has the value of its name."""
        match = _ATTRIBUTE.match(self._source, self._at)
        if match is None or not match[1]:
            if self._at >= len(self._source):
                raise self._error_at(f'Unclosed start tag "{tag}"', begin)
            raise self._error_at(f'Empty attribute name in the tag "{tag}"', begin)
        self._at = match.end()
        if not match[2]:
            if self._at >= len(self._source):
                raise self._error_at(f'Unclosed start tag "{tag}"', begin)
            return match[1], match[1]
        value = _VALUE.match(self._source, self._at)
        if value is None or value.end() >= len(self._source):
            raise self._error_at("Unclosed start tag", begin)
        token_at, self._at = self._at, value.end()
        if value[3] is None:
            return match[1], _decode_all(value[1] if value[1] is not None else value[2])
        if not (self._source[self._at].isspace() or self._source[self._at] == ">"):
            raise self._error_at("Unexpected end of name token", token_at)
        return match[1], value[3].lower()

    def _end_tag(self) -> None:
        """Take an end tag and make the entity of what it closes."""
        begin = self._at
        if not self._open:
            raise self._error_at("Unexpected end tag", begin)
        match = _END_TAG.match(self._source, begin)
        if match is None or not self._source.startswith(">", match.end()):
            raise self._error_at("Unclosed end tag", begin)
        self._at = match.end() + 1
        opened = self._open.pop()
        found = match[1].lower()
        if found and found != opened.tag:
            position = len(self._source[:begin].encode())
            raise self._error(
                f'Unmatched end tag at byte offset {position}, expected "</{opened.tag}>", found "</{found}>"'
            )
        if self._length > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        """Add the entity of a closed tag, if it makes one."""
        entity = {"offset": opened.offset, "length": self._length - opened.offset}
        same = self._entities[-1] if self._entities and entity.items() <= self._entities[-1].items() else None
        attributes = opened.attributes
        language = attributes.get("class", "").removeprefix("language-")
        has_language = attributes.get("class", "").startswith("language-") and bool(language)
        match opened.tag:
            case "a":
                self._link(entity, attributes.get("href") or "".join(self._out[opened.index :]))
            case "code" if same and same["type"] == "pre" and has_language:
                same["language"] = language
            case "code":
                self._entities.append({"type": "code", **entity, **({"_language": language} if has_language else {})})
            case "pre" if same and same["type"] == "code" and "_language" in same:
                same["type"] = "pre"
                same["language"] = same.pop("_language")
            case "tg-emoji":
                identifier = attributes.get("emoji-id", "")
                if not _NUMBER.fullmatch(identifier):
                    raise bad_request("invalid custom emoji identifier specified")
                self._entities.append({"type": "custom_emoji", **entity, "custom_emoji_id": identifier})
            case "tg-time":
                self._time(entity, attributes)
            case "blockquote" if "expandable" in attributes:
                self._entities.append({"type": "expandable_blockquote", **entity})
            case "pre" | "blockquote":
                self._entities.append({"type": opened.tag, **entity})
            case _:
                self._entities.append({"type": _SIMPLE[opened.tag], **entity})

    def _link(self, entity: Entity, url: str) -> None:
        """Add a link or a mention; a link that Telegram would not keep is dropped in silence, as there."""
        user = _USER.fullmatch(url)
        if user:
            self._entities.append({"type": "text_mention", **entity, "user": {"id": int(user[1])}})
        elif link := checked_link(url):
            self._entities.append({"type": "text_link", **entity, "url": link})

    def _time(self, entity: Entity, attributes: dict[str, str]) -> None:
        """Add an instant that each reader sees in their own zone."""
        instant = attributes.get("unix", "")
        if _NUMBER.fullmatch(instant) and int(instant) < 2**31:
            shape = {"date_time_format": attributes["format"]} if attributes.get("format") else {}
            self._entities.append({"type": "date_time", **entity, "unix_time": int(instant), **shape})
