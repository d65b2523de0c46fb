"""How a channel learns that somebody looks at a page, so that what is done in the chat is seen there soon."""

from typing import Protocol, runtime_checkable


@runtime_checkable
class HearsOfPages(Protocol):
    """A channel that hears of presses and words the sooner the more often it asks for them."""

    def watched(self, realm: str) -> None:
        """Ask a portal often for half a minute, for somebody there has a page open; said again while they have."""
        ...
