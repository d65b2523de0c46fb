"""How the control calls show things: the world's objects as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Protocol, runtime_checkable

from aiohttp import web

from bot.sandbox.world import Call, SandboxPerson, ShownFile, ShownMessage

POLLS = frozenset({"getupdates", "imbot.v2.event.get"})
"""The methods that are called again and again while nothing happens, in small letters."""


@runtime_checkable
class HasMenu(Protocol):
    """A messenger that can tell which commands its menu offers a person, even after a restart."""

    def menu(self, person: SandboxPerson) -> list[dict[str, str]]:
        """Return `command` and `description` of each."""
        ...


def answer(body: Any) -> web.Response:
    """Return a JSON answer; what JSON does not know (bytes, dates of a journal) is shown as text."""
    return web.json_response(text=json.dumps(body, default=str), headers={"Cache-Control": "no-store"})


def person(who: SandboxPerson, state: Mapping[str, Any]) -> dict[str, Any]:
    """Show a person as `state` does; there is no Telegram account to name before it is linked."""
    return {
        "key": who.key,
        "name": who.name,
        "roles": list(state["roles"]),
        "bitrix24_user_id": who.bitrix24_user_id,
        "telegram_user_id": who.telegram_user_id if state["linked"] else None,
        "locale": state["locale"],
        "zone": state["zone"],
        "portal": who.portal,
    }


def message(shown: ShownMessage) -> dict[str, Any]:
    """Show a message with exactly the promised fields."""
    return {
        "id": shown.id,
        "author": shown.author,
        "text": shown.text,
        "markup": shown.markup,
        "buttons": [
            {"text": button.text, "kind": button.kind, "index": index} for index, button in enumerate(shown.buttons)
        ],
        "edited": shown.edited,
        "files": [{"id": file_id(file), "name": file.name, "size": file.size} for file in shown.files],
    }


def file_id(file: ShownFile) -> str:
    """Return by what a file is asked for: the end of the address under which its messenger has it."""
    return file.url.rstrip("/").rpartition("/")[2]


def full_message(shown: ShownMessage) -> dict[str, Any]:
    """Show a message with everything that the page draws."""
    return {
        **message(shown),
        "at": shown.at.isoformat(),
        "buttons": [
            {
                "text": button.text,
                "kind": button.kind,
                "row": button.row,
                "url": button.url,
                "style": button.style,
                "disabled": button.disabled,
            }
            for button in shown.buttons
        ],
        "files": [{"id": file_id(file), **asdict(file)} for file in shown.files],
    }


def call(each: Call) -> dict[str, Any]:
    """Show a request of the journal."""
    return {
        "channel": each.channel,
        "method": each.method,
        "params": each.params,
        "status": each.status,
        "at": each.at.isoformat(),
        **({"portal": each.portal} if each.portal else {}),
    }


def is_poll(each: Call) -> bool:
    """Whether a request only asked for news and was answered; one refused or cut off is worth a look."""
    return each.method.lower() in POLLS and 200 <= each.status < 300


def menu(journal: Iterable[Call], locale: str) -> list[dict[str, str]]:
    """Find the Telegram menu in the journal: the commands last set for the language, else those for all."""
    found: dict[str, list[dict[str, str]]] = {}
    for each in journal:
        if each.method.lower() == "setmycommands" and each.status == 200:
            found[str(each.params.get("language_code") or "")] = list(_commands(each.params.get("commands")))
    return found.get(locale) or found.get("") or []


def _commands(value: Any) -> Iterator[dict[str, str]]:
    """Read the parameter `commands`, which comes as a list or as JSON text; what is no command is passed over."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict) and isinstance(each.get("command"), str):
            yield {"command": each["command"], "description": str(each.get("description", ""))}
