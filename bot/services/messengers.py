"""What handlers may know of the world outside: which messengers there are, and how to link to them and to us."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Messengers:
    """The connected channels. `links` makes the address that opens a channel with a one-time token.

    `site` gives the address at which people's devices reach this service, or None where only messengers do.
    """

    links: Mapping[str, Callable[[str], str | None]] = field(default_factory=dict)
    site: Callable[[], str | None] = lambda: None

    def link(self, channel: str, token: str) -> str | None:
        """Return the address that opens the channel with the token, or None where it is not connected (yet)."""
        make = self.links.get(channel)
        return make(token) if make else None
