"""What a portal asks of the authorisation server."""

from typing import Any, Protocol

from bot.sandbox.portal.oauth.application import Application
from bot.sandbox.portal.oauth.grants import Grant, Grants


class TokenGiver(Protocol):
    """The authorisation server as portals see it."""

    application: Application
    grants: Grants

    @property
    def endpoint(self) -> str:
        """What is called `server_endpoint`."""
        ...

    @property
    def host(self) -> str:
        """Host and port of the server."""
        ...

    def tokens(self, portal_key: str, user_id: int) -> dict[str, Any]:
        """Give out a new pair for a person of a portal."""
        ...

    def access(self, portal_key: str, token: str) -> Grant:
        """Return whose access token that is on the portal, or refuse it."""
        ...
