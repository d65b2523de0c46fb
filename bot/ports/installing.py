"""The application on portals, as it is stored: installations, companies, hosts, and tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.installation import Grant, Installation, Purpose, TokenPair
from bot.domain.portal import Portal


class Installations(Protocol):
    """The application on portals, in a unit of work."""

    async def of(self, portal_id: int) -> Installation | None:
        """Return the installation on a portal."""
        ...

    async def all(self) -> Sequence[tuple[Portal, Installation]]:
        """Return every installation with its portal, by key."""
        ...

    async def by_key(self, key: str) -> tuple[Portal, Installation] | None:
        """Return the installation on the portal of that key."""
        ...

    def put(self, installation: Installation) -> None:
        """Note an installation as a verified call told it, instead of what was there."""
        ...

    def mark(self, installation: Installation) -> None:
        """Note how an installation stands; its token and its address stay as they are stored."""
        ...

    def move(self, installation: Installation) -> None:
        """Note where an installation is."""
        ...

    def drop(self, portal_id: int) -> None:
        """Note that a portal has no installation of its own, and no tokens."""
        ...

    async def grants(self, portal_id: int) -> Sequence[Grant]:
        """Return whose tokens of a portal are kept."""
        ...

    def keep(self, grant: Grant) -> None:
        """Note tokens, instead of those that the same person let us keep before."""
        ...

    def drop_grants(self, portal_id: int, account: str | None = None) -> None:
        """Note that the tokens of a portal, or of one person there, are kept no longer."""
        ...

    async def portal_of_company(self, member_id: str) -> Portal | None:
        """Return the tenant of a company, by its permanent id."""
        ...

    async def portal_at(self, host: str) -> Portal | None:
        """Return the tenant that was last reached under a host; that proves nothing about who is there now."""
        ...

    def name_company(self, portal_id: int, member_id: str) -> None:
        """Note which company a tenant is; whichever tenant was that before is none any more."""
        ...

    def point(self, host: str, portal_id: int, now: datetime) -> None:
        """Note that a host is this tenant's; whichever tenant had it before has it no more."""
        ...


class Grants(Protocol):
    """Tokens in use: read before each request, and renewed by one process at a time."""

    async def all(self) -> Sequence[tuple[Portal, Installation]]:
        """Return every installation with its portal, by key."""
        ...

    async def installation(self, key: str) -> tuple[Portal, Installation] | None:
        """Return the installation on the portal of that key."""
        ...

    async def of(self, portal_id: int) -> Sequence[Grant]:
        """Return whose tokens of a portal are kept."""
        ...

    async def stale(self, before: datetime, *, after: Grant | None = None) -> Sequence[tuple[str, Grant]]:
        """Return the next pairs `after` one that nobody renewed since, in a lasting order, with their portals' keys."""
        ...

    async def accounts(self, purpose: Purpose) -> Sequence[tuple[str, int, str]]:
        """Return whose tokens are kept for a purpose: key and id of the portal, and the account there."""
        ...

    async def claim(self, grant: Grant, seconds: float) -> bool:
        """Take the renewal of exactly this pair upon us for so long; False where another does it, or did."""
        ...

    async def renew(self, grant: Grant, pair: TokenPair, now: datetime) -> None:
        """Store the next pair in place of this one."""
        ...

    async def lose(self, grant: Grant) -> None:
        """Note that this pair is worth nothing; one that came in its place meanwhile stays."""
        ...

    async def release(self, grant: Grant) -> None:
        """Give the renewal back undone; another may try at once."""
        ...
