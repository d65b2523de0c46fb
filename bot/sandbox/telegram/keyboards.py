"""Inline keyboards: what Telegram accepts, and how its client shows them."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.text import checked_link, utf16_length
from bot.sandbox.world import ShownButton

MAX_BUTTONS = 100
BUTTONS_IN_A_ROW = 8
MAX_DATA_BYTES = 64
MAX_COPY_TEXT = 256
STYLES = frozenset({"danger", "success", "primary"})

_KINDS = frozenset({"url", "callback_data", "copy_text", "disabled", "web_app"})
_START_LINK = re.compile(r"/([A-Za-z0-9_]+)/?")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")

Keyboard = dict[str, Any]


def read_keyboard(params: Params) -> Keyboard | None:
    """Read `reply_markup`; None when there is none or it has no button."""
    value = params.structure("reply_markup", "reply keyboard markup")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    for name in value:
        if name != "inline_keyboard":
            raise bad_request(f'reply markup with field "{name}" is not emulated')
    rows = value.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _unreadable(reason: str) -> Exception:
    """Build the refusal of a button that is not well formed."""
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _button(button: Any) -> dict[str, Any]:
    """Check one button; exactly one kind, where the real server silently takes the first."""
    if not isinstance(button, dict):
        raise _unreadable("InlineKeyboardButton must be an Object")
    if "text" not in button:
        raise _unreadable('Can\'t find field "text"')
    for name, value in button.items():
        if name not in {"text", "style", *_KINDS}:
            raise _unreadable(f'field "{name}" is unknown or not emulated')
        if name not in {"copy_text", "disabled", "web_app"} and not isinstance(value, str):
            raise _unreadable(f'Field "{name}" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if "style" in button and button["style"] not in STYLES:
        raise _unreadable("invalid button style specified")
    kinds = [name for name in _KINDS if button.get(name) not in (None, "")]
    if not kinds:
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise _unreadable(f"exactly one of {', '.join(sorted(kinds))} must be used")
    return {**button, **_kind(kinds[0], button[kinds[0]])}


def _kind(kind: str, value: Any) -> dict[str, Any]:
    """Check what the button does and return it as Telegram would keep it."""
    if kind == "callback_data" and len(value.encode()) > MAX_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if kind == "url":
        link = checked_link(value)
        if not link:
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        return {"url": link}
    if kind == "copy_text":
        if not isinstance(value, dict) or not isinstance(value.get("text"), str) or value.keys() != {"text"}:
            raise _unreadable('Field "copy_text" must be of type Object with field "text"')
        if not 1 <= utf16_length(value["text"]) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if kind == "web_app" and (not isinstance(value, dict) or not checked_link(str(value.get("url", "")))):
        raise bad_request("BUTTON_TYPE_INVALID")
    if kind == "disabled" and value != {}:
        raise _unreadable('Field "disabled" must be of type Object without fields')
    return {kind: value}


def buttons_of(keyboard: Keyboard | None) -> list[dict[str, Any]]:
    """Every button, row by row."""
    return [button for row in (keyboard or {}).get("inline_keyboard", []) for button in row]


def shown_buttons(keyboard: Keyboard | None) -> list[ShownButton]:
    """Lay the buttons out as the client does: a row of more than eight wraps."""
    shown: list[ShownButton] = []
    line = 0
    for row in (keyboard or {}).get("inline_keyboard", []):
        for start in range(0, len(row), BUTTONS_IN_A_ROW):
            shown.extend(_shown(button, line) for button in row[start : start + BUTTONS_IN_A_ROW])
            line += 1
    return shown


def _shown(button: dict[str, Any], line: int) -> ShownButton:
    """One button as it is shown."""
    return ShownButton(
        text=button["text"],
        kind="app" if "web_app" in button else "link" if "url" in button else "press",
        row=line,
        url=button.get("url", "") or button.get("web_app", {}).get("url", ""),
        style=button.get("style", ""),
        disabled="disabled" in button,
    )


def start_payload(url: str, username: str) -> str | None:
    """Return the payload of a link that starts this bot (`t.me/bot?start=…`), None for any other link."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    if parts.scheme == "tg" and parts.netloc == "resolve":
        name = query.get("domain", [""])[0]
    elif parts.scheme in {"http", "https"} and parts.hostname in {"t.me", "telegram.me", "telegram.dog"}:
        match = _START_LINK.fullmatch(parts.path)
        name = match[1] if match else ""
    else:
        return None
    payload = query.get("start", [""])[0]
    return payload if name.lower() == username.lower() and _PAYLOAD.fullmatch(payload) else None
