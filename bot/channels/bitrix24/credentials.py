"""An incoming webhook as what opens a portal, and which new address of a portal may be followed."""

from urllib.parse import SplitResult, urlsplit

from bot.ports import Credentials
from bot.reachable import LOOPBACK, is_public_name

__all__ = ["Credentials", "IncomingWebhook", "is_public_name", "new_base"]


class IncomingWebhook:
    """An incoming webhook of one portal: the secret is part of its address."""

    def __init__(self, url: str) -> None:
        """Use the address that the portal showed."""
        self._base_url = url.rstrip("/") + "/"

    async def base_url(self) -> str:
        """Return the webhook's address."""
        return self._base_url

    async def token(self) -> str | None:
        """Return None: the address is the secret."""
        return None

    async def refresh(self, expired: str | None = None) -> None:
        """Do nothing: a webhook's secret is changed by hand."""

    async def refused(self, code: str, token: str | None = None) -> None:
        """Do nothing: whoever runs the service is told by its health."""

    async def moved(self, base_url: str) -> None:
        """Use the portal's new address until the service stops."""
        self._base_url = base_url

    def __repr__(self) -> str:
        """Show the host, never the secret."""
        return f"IncomingWebhook({urlsplit(self._base_url).hostname})"


def new_base(base_url: str, method: str, location: str) -> str | None:
    """Return the new root that a redirect of `base_url + method` means; None for one that must not be followed.

    A renamed portal answers with the same path on another host. The secret goes along, therefore only to a public
    https name; a local portal may also move among local addresses.
    """
    try:
        here, there = urlsplit(base_url), urlsplit(location)
        host, is_same_port = there.hostname or "", there.port == here.port or there.port is None
    except ValueError:
        return None
    if "@" in there.netloc or there.path != here.path + method:
        return None
    if here.hostname in LOOPBACK:
        is_safe = host in LOOPBACK and there.scheme in {here.scheme, "https"}
    else:
        is_safe = there.scheme == "https" and is_same_port and is_public_name(host)
    if not is_safe:
        return None
    return SplitResult(there.scheme, there.netloc, here.path, "", "").geturl()
