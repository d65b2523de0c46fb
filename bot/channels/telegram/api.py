"""The Bot API as the rest of this package sees it: a few calls, one kind of error, no library."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.messages import Attachment

NO_BOT_API = "no Bot API JSON"
"""How the detail of an error begins where a page was answered: by a proxy, or by another server altogether."""

Rows = list[list[dict[str, Any]]]
"""An inline keyboard: rows of buttons, each with the fields of an InlineKeyboardButton."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class WebhookStatus:
    """What Telegram knows of the webhook: its address, and the last delivery that failed."""

    url: str
    last_error: str = ""
    last_error_at: int = 0


class Api(Protocol):
    """Calls to the Bot API. Each raises DeliveryError and nothing else."""

    async def me(self) -> Me:
        """Return the bot's account."""
        ...

    async def updates(self, offset: int, *, timeout: int, allowed: Sequence[str]) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """Confirm what lies before `offset` and wait up to `timeout` seconds for what follows, unparsed."""
        ...

    async def send(self, chat: int, html: str, rows: Rows, *, thread: int = 0) -> int:
        """Send a message, into a topic of the chat if `thread` names one, and return its id."""
        ...

    async def send_file(self, chat: int, file: Attachment, html: str, rows: Rows, *, thread: int = 0) -> int:
        """Send a picture or a document with a caption, which may be empty, and return the message's id."""
        ...

    async def fetch(self, file_id: str, limit: int) -> bytes:
        """Return what a person sent, at most `limit` bytes; FileTooLarge beyond that."""
        ...

    async def edit(self, chat: int, message: int, html: str, rows: Rows) -> bool:
        """Make the message show this; False when it is gone or can no longer be edited."""
        ...

    async def answer(self, callback: str) -> None:
        """End the progress bar on a pressed button."""
        ...

    async def set_webhook(self, url: str, *, secret: str, allowed: Sequence[str]) -> None:
        """Have updates delivered to that address."""
        ...

    async def delete_webhook(self) -> None:
        """Have updates kept for polling; those that wait stay."""
        ...

    async def webhook(self) -> WebhookStatus:
        """Return how the webhook does."""
        ...

    async def set_commands(
        self, commands: Sequence[tuple[str, str]], language: str | None, *, chat: int | None = None
    ) -> None:
        """Set the command menu, as (name, title), for a language or for all others, or of one chat; none removes it."""
        ...

    async def set_descriptions(self, long: str, short: str, language: str | None) -> None:
        """Set what an empty chat and the profile say, for a language or for all others."""
        ...

    async def set_app_button(self, title: str, url: str) -> None:
        """Let the button beside the field open a page in Telegram's own frame."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...
