"""From spans to BBCode and from keyboards to the portal's buttons; foreign text can never add markup."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from bot.channels.bitrix24.events import BUTTON_COMMAND, CHANNEL
from bot.channels.bitrix24.query import WORD_JOINER
from bot.i18n import Translator
from bot.messages import Button, Keyboard
from bot.text import Span

MAX_MESSAGE = 20_000
MAX_LABEL = 200
_CUT = "…"
_TAGS = {"bold": "b", "italic": "i"}
_TOKENS = {"primary": "primary", "success": "primary", "danger": "alert"}
_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f]")
_LINE_MARKUP = re.compile(r"[ \t\u00a0]*(?:>>|------|/)")


def message_text(spans: Sequence[Span]) -> str:
    """Return spans as BBCode of at most 20,000 characters, cut between lines where that is possible."""
    shown: list[str] = []
    length = 0
    for line in _lines(spans):
        written = _line(line)
        if length + len(written) + 1 + len(_CUT) + 1 > MAX_MESSAGE:
            shown.append(_CUT if shown else _cut_line(line))
            break
        shown.append(written)
        length += len(written) + 1
    return "\n".join(shown)


def keyboard_buttons(keyboard: Keyboard, bot_id: int, translator: Translator) -> dict[str, Any]:
    """Return a keyboard as the portal takes it, with the bot that its presses go to."""
    buttons: list[dict[str, Any]] = []
    for row in keyboard.rows:
        if buttons:
            buttons.append({"TYPE": "NEWLINE"})
        display = "LINE" if len(row) > 1 else "BLOCK"
        buttons.extend(_button(button, display, translator) for button in row)
    return {"BOT_ID": bot_id, "BUTTONS": buttons}


def neutral(text: str, *, is_line_start: bool = True) -> str:
    """Return a line of foreign text in which nothing is markup: it looks the same and means only itself."""
    text = text.replace("[", f"[{WORD_JOINER}").replace("#BR#", f"#{WORD_JOINER}BR#")
    return WORD_JOINER + text if is_line_start and _LINE_MARKUP.match(text) else text


def _button(button: Button, display: str, translator: Translator) -> dict[str, Any]:
    label = " ".join(_clean(translator.plain(button.text)).split())[:MAX_LABEL] or _CUT
    shown: dict[str, Any] = {"TEXT": neutral(label, is_line_start=False)}
    if button.link:
        shown["LINK"] = button.link
    else:
        shown["COMMAND"] = BUTTON_COMMAND
        shown["COMMAND_PARAMS"] = button.action.pack() if button.action is not None else ""
    shown["DISPLAY"] = display
    if button.style in _TOKENS:
        shown["BG_COLOR_TOKEN"] = _TOKENS[button.style]
    return shown


def _clean(text: str) -> str:
    """Leave one kind of line break and no control character, no lone surrogate."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", text)).encode(errors="replace").decode()


def _lines(spans: Sequence[Span]) -> Iterable[list[Span]]:
    """Split spans into lines, so that no tag spans a line break, and join neighbours that look the same."""
    line: list[Span] = []
    for span in spans:
        for number, part in enumerate(_clean(span.text).split("\n")):
            if number:
                yield _joined(line)
                line = []
            if part:
                line.append(Span(part, span.style, span.mention))
    yield _joined(line)


def _joined(line: list[Span]) -> list[Span]:
    groups = groupby(line, key=lambda span: (span.style, span.mention))
    return [Span("".join(span.text for span in group), style, mention) for (style, mention), group in groups]


def _line(line: Sequence[Span]) -> str:
    # The look of the whole line decides what leads it: a tag before it does not make `>>` any less a quote.
    written = "".join(_span(span) for span in line)
    return WORD_JOINER + written if _LINE_MARKUP.match("".join(span.text for span in line)) else written


def _span(span: Span) -> str:
    text = neutral(span.text, is_line_start=False)
    account = dict(span.mention.accounts).get(CHANNEL, "") if span.mention else ""
    if account.isascii() and account.isdecimal():
        text = f"[user={account}]{text}[/user]"
    tag = _TAGS.get(span.style)
    return f"[{tag}]{text}[/{tag}]" if tag else text


def _cut_line(line: Sequence[Span]) -> str:
    """Return the beginning of a line that is too long by itself."""
    kept: list[Span] = []
    left = MAX_MESSAGE - len(_CUT)
    for span in line:
        room = left - len(_line([*kept, Span("", span.style, span.mention)])) - 1
        part = span.text[: max(room, 0)]
        while part and len(_line([*kept, Span(part, span.style, span.mention)])) > left:
            part = part[: len(part) // 2]
        if part:
            kept.append(Span(part, span.style, span.mention))
        if part != span.text:
            break
    return _line(kept) + _CUT
