"""The portals to be served where the settings name one incoming webhook and there is no application."""

from collections.abc import Sequence

from bot.channels.bitrix24.credentials import IncomingWebhook
from bot.ports.connections import Connection, Credentials


class OneWebhook:
    """The quick start: one portal, by its incoming webhook."""

    def __init__(self, key: str, url: str) -> None:
        """Serve the portal of that key."""
        self._connection = Connection(key, "webhook", url)
        self._credentials = IncomingWebhook(url)

    async def all(self) -> Sequence[Connection]:
        """Return it."""
        return [self._connection]

    async def of(self, key: str) -> Connection | None:
        """Return it, if that is its key."""
        return self._connection if key == self._connection.key else None

    def credentials(self, key: str) -> Credentials:  # noqa: ARG002 - there is one
        """Return what opens it."""
        return self._credentials
