"""Keyboards under messages: what the portal accepts, and how its client lays the buttons out."""

import json
import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.params import as_integer
from bot.sandbox.world import ShownButton

MAX_CHARACTERS = 30_000
_ACTIONS = ("PUT", "SEND", "COPY", "CALL", "DIALOG")
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_ACTION_KEYS = ("LINK", "COMMAND", "ACTION")
_RULES: dict[str, Callable[[Any], bool]] = {
    "TEXT": lambda value: isinstance(value, str) and bool(value.strip()),
    "LINK": lambda value: isinstance(value, str) and value.startswith(("http://", "https://", "/")),
    "COMMAND": lambda value: isinstance(value, str) and bool(value.removeprefix("/")),
    "COMMAND_PARAMS": lambda value: isinstance(value, str),
    "ACTION": lambda value: value in _ACTIONS,
    "ACTION_VALUE": lambda value: isinstance(value, str) and bool(value),
    "APP_ID": lambda value: as_integer(value) is not None,
    "APP_PARAMS": lambda value: isinstance(value, str),
    "BLOCK": lambda value: value in ("Y", "N"),
    "DISABLED": lambda value: value in ("Y", "N"),
    "DISPLAY": lambda value: value in ("BLOCK", "LINE"),
    "CONTEXT": lambda value: value in ("ALL", "MOBILE", "DESKTOP"),
    "WIDTH": lambda value: (as_integer(value) or 0) > 0,
    "BG_COLOR_TOKEN": lambda value: value in ("primary", "secondary", "alert", "base"),
    "BG_COLOR": lambda value: isinstance(value, str) and bool(_HEX.fullmatch(value)),
    "TEXT_COLOR": lambda value: isinstance(value, str) and bool(_HEX.fullmatch(value)),
    "OFF_BG_COLOR": lambda value: isinstance(value, str) and bool(_HEX.fullmatch(value)),
    "OFF_TEXT_COLOR": lambda value: isinstance(value, str) and bool(_HEX.fullmatch(value)),
}


def _wrong(description: str) -> RestError:
    """Refuse a malformed keyboard."""
    return RestError("KEYBOARD_ERROR", description)


def read_keyboard(
    value: Any, *, bot_id: int, is_command: Callable[[str], bool], is_update: bool = False
) -> dict[str, Any] | None:
    """Return `{"BOT_ID", "BUTTONS"}`, or None for "N" and empty values, which remove the keyboard.

    Stricter than the portal in two places, to show mistakes at once: an update must carry BOT_ID beside BUTTONS
    (the portal would route the presses wrongly), and a COMMAND must be registered (the portal would deliver nothing).
    """
    if isinstance(value, str) and value not in ("", "N"):
        value = _from_json(value)
    if value in (None, "", "N", [], {}):
        return None
    if isinstance(value, list):
        value = {"BUTTONS": value}
    if not isinstance(value, dict) or set(value) - {"BOT_ID", "BUTTONS"}:
        raise _wrong("The keyboard must be a list of buttons or an object of BUTTONS and BOT_ID")
    buttons = value.get("BUTTONS")
    if not isinstance(buttons, list):
        raise _wrong("BUTTONS must be a list")
    if "BOT_ID" in value and as_integer(value["BOT_ID"]) != bot_id:
        raise _wrong("BOT_ID is not the bot that sends the keyboard")
    if is_update and "BOT_ID" not in value:
        raise _wrong("BOT_ID is required beside BUTTONS when a keyboard is updated")
    for button in buttons:
        _check_button(button, is_command)
    if len(json.dumps(buttons, ensure_ascii=False)) > MAX_CHARACTERS:
        raise RestError("KEYBOARD_OVERSIZE", f"The keyboard is longer than {MAX_CHARACTERS} characters")
    return {"BOT_ID": bot_id, "BUTTONS": buttons} if buttons else None


def _from_json(text: str) -> Any:
    """Read a keyboard that came as a JSON string."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise _wrong("The keyboard is not valid JSON") from wrong


def _check_button(button: Any, is_command: Callable[[str], bool]) -> None:
    """Refuse a button that the client could not show or that would do nothing."""
    if not isinstance(button, dict):
        raise _wrong("A button must be an object")
    if "TYPE" in button:
        if button != {"TYPE": "NEWLINE"}:
            raise _wrong("TYPE must be NEWLINE and stand alone")
        return
    for key, value in button.items():
        rule = _RULES.get(key)
        if rule is None:
            raise _wrong(f"Unknown key of a button: {key}")
        if not rule(value):
            raise _wrong(f"Wrong value of {key}")
    actions = [key for key in _ACTION_KEYS if key in button]
    if "TEXT" not in button or len(actions) != 1:
        raise _wrong("A button needs TEXT and exactly one of LINK, COMMAND and ACTION")
    if ("ACTION" in button) != ("ACTION_VALUE" in button):
        raise _wrong("ACTION and ACTION_VALUE go together")
    if ("COMMAND_PARAMS" in button or button.get("BLOCK") == "Y") and "COMMAND" not in button:
        raise _wrong("COMMAND_PARAMS and BLOCK work with COMMAND only")
    if "COMMAND" in button and not is_command(button["COMMAND"]):
        raise _wrong(f"The bot has no command {button['COMMAND']}")


def visible_buttons(keyboard: dict[str, Any] | None) -> list[tuple[dict[str, Any], int]]:
    """Return the buttons of the desktop client with their rows.

    A button of DISPLAY BLOCK, the default, has a row to itself; LINE buttons share one until NEWLINE or a BLOCK button.
    """
    laid: list[tuple[dict[str, Any], int]] = []
    row, is_row_open = -1, False
    for button in keyboard["BUTTONS"] if keyboard else ():
        if "TYPE" in button:
            is_row_open = False
        elif button.get("CONTEXT") != "MOBILE":
            is_line = button.get("DISPLAY") == "LINE"
            row += not (is_line and is_row_open)
            is_row_open = is_line
            laid.append((button, row))
    return laid


def shown_buttons(keyboard: dict[str, Any] | None, *, is_locked: bool) -> list[ShownButton]:
    """Return the buttons as the page draws them; a locked keyboard takes no press."""
    return [
        ShownButton(
            button["TEXT"],
            "link" if "LINK" in button else "press",
            row,
            button.get("LINK", ""),
            button.get("BG_COLOR_TOKEN", ""),
            disabled=button.get("DISABLED") == "Y" or (is_locked and "COMMAND" in button),
        )
        for button, row in visible_buttons(keyboard)
    ]
