"""Styled runs → Telegram's HTML, in pages that fit a message; Keyboard → inline keyboard."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from bot.channels.telegram.api import Rows
from bot.channels.telegram.facts import FACTS
from bot.channels.telegram.features import Features
from bot.i18n import Translator
from bot.messages import Button, Keyboard
from bot.text import Mention, Span, t

PAGE = 4096
"""UTF-16 units of a message, counted without markup."""
CAPTION = 1024
"""The same for the words under a file."""
_MORE = Span("…")
_TAGS = {"bold": "b", "italic": "i"}
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ACCOUNT = re.compile(r"[0-9]{1,18}")
_NAME = FACTS.name

Page = list[Span]


def units(text: str) -> int:
    """Return the length as Telegram counts it, in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(text: str) -> str:
    """Return text that can be sent: no NUL, no half of a surrogate pair."""
    text = text.replace("\x00", "")
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def escaped(text: str) -> str:
    """Return text in which nothing is markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_html(spans: Iterable[Span]) -> str:
    """Return the runs as HTML; only our own styles become tags."""
    return "".join(map(_html, spans))


def pages(spans: Iterable[Span], limit: int = PAGE) -> list[Page]:
    """Break the runs into messages: between lines where that is possible, inside a line that is itself too long."""
    found: list[Page] = [[]]
    room = limit
    for line in _lines(spans):
        size = sum(units(span.text) for span in line)
        if size > room and found[-1]:
            found.append([])
            room = limit
        if size <= room:
            found[-1].extend(line)
            room -= size
            continue
        for span in line:
            for piece in _pieces(span, limit):
                size = units(piece.text)
                if size > room:
                    found.append([])
                    room = limit
                found[-1].append(piece)
                room -= size
    return [page for page in found if page] or [[]]


def first_page(spans: Iterable[Span]) -> Page:
    """Return as much as one message shows, with an ellipsis where it was cut."""
    every = list(spans)
    if sum(units(span.text) for span in every) <= PAGE:
        return every
    return [*pages(every, PAGE - 1)[0], _MORE]


def to_rows(keyboard: Keyboard, translator: Translator, features: Features) -> Rows:
    """Return the keyboard as Telegram wants it; a button that does nothing is left out."""
    rows = [[shaped for button in row if (shaped := _button(button, translator, features))] for row in keyboard.rows]
    return [row for row in rows if row]


def to_app(app: str, page: str, translator: Translator) -> dict[str, Any]:
    """Return a button that opens a page of the application in Telegram's own frame; private chats alone have it."""
    return {"text": translator.plain(t("📱 Open here")), "web_app": {"url": f"{app}?{urlencode({'next': page})}"}}


def _button(button: Button, translator: Translator, features: Features) -> dict[str, str]:
    shaped = {"text": plain(translator.plain(button.text)) or "…"}
    if button.action is not None:
        shaped["callback_data"] = button.action.pack()
    elif button.link:
        shaped["url"] = button.link
    else:
        return {}
    if button.style and features.style:
        shaped["style"] = button.style
    return shaped


def _html(span: Span) -> str:
    html = escaped(plain(span.text))
    if not html:
        return ""
    account = _account(span.mention)
    if account:
        html = f'<a href="tg://user?id={account}">{html}</a>'
    tag = _TAGS.get(span.style)
    return f"<{tag}>{html}</{tag}>" if tag else html


def _account(mention: Mention | None) -> str:
    for channel, account in mention.accounts if mention else ():
        if channel == _NAME and _ACCOUNT.fullmatch(account):
            return account
    return ""


def _lines(spans: Iterable[Span]) -> Iterator[Page]:
    line: Page = []
    for span in spans:
        for text in _LINE.findall(span.text):
            line.append(Span(text, span.style, span.mention))
            if text.endswith("\n"):
                yield line
                line = []
    if line:
        yield line


def _pieces(span: Span, limit: int) -> Iterator[Span]:
    """Cut a run that is longer than a message, between characters."""
    start, size = 0, 0
    for at, char in enumerate(span.text):
        width = 2 if ord(char) > 0xFFFF else 1
        if size + width > limit:
            yield Span(span.text[start:at], span.style, span.mention)
            start, size = at, 0
        size += width
    if start < len(span.text):
        yield Span(span.text[start:], span.style, span.mention)
