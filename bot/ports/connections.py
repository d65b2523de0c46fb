"""Which portals are to be served, where each is reached, and what opens it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

Kind = Literal["webhook", "application"]
HEARD = "bitrix24:{key}:heard"
"""The vault's name for when a portal answered last, by its key."""


class Credentials(Protocol):
    """Where a portal's REST interface is and what opens it."""

    async def base_url(self) -> str:
        """Return the root of the REST interface, with a slash at its end."""
        ...

    async def token(self) -> str | None:
        """Return the access token for the body's `auth`; None where the address itself opens the door."""
        ...

    async def refresh(self, expired: str | None = None) -> None:
        """Get another token than this one, because the portal called it expired."""
        ...

    async def moved(self, base_url: str) -> None:
        """Note that the portal has a new address."""
        ...

    async def refused(self, code: str, token: str | None = None) -> None:
        """Note by which code the portal refuses this token for good; nothing but somebody's doing will mend it."""
        ...


@dataclass(frozen=True, slots=True)
class Connection:
    """A portal that is to be served now."""

    key: str
    """The tenant's key, which is the realm of everything stored about it. It never changes."""
    kind: Kind
    """By an incoming webhook, or by the application; each registers a bot under a code of its own."""
    base_url: str = field(repr=False)
    """The root of its REST interface now; a webhook's is a secret."""
    member_id: str = ""
    """The company's permanent id, as soon as something verified told it."""
    application_token: str = field(default="", repr=False)
    """What the application's events must carry; "" for a webhook, whose bot has a token of its own."""
    former_webhook: str = field(default="", repr=False)
    """The incoming webhook by which this portal was served before the application: the old bot is still behind it."""


@runtime_checkable
class HasStandIns(Protocol):
    """Credentials of a portal on which others have agreed to stand in for whoever the application works as."""

    async def stand_ins(self) -> Sequence[str]:
        """Return their accounts, whoever is to be asked first before all others."""
        ...


class Connections(Protocol):
    """The portals to be served: of every verified installation, and of the incoming webhook in the settings."""

    async def all(self) -> Sequence[Connection]:
        """Return those that are to be served now, by key; what sleeps or has to be mended first is not among them."""
        ...

    async def of(self, key: str) -> Connection | None:
        """Return one of them; None while it is not to be served."""
        ...

    def credentials(self, key: str, account: str = "") -> Credentials:
        """Return what opens a portal. It goes by what is stored, so that it outlives a new installation there.

        With an account it opens the portal in that person's own name, by the tokens that they let us keep.
        """
        ...

    async def chat(self, key: str) -> str:
        """Return the address at which people of that portal find the bot's chat; "" where it is not known."""
        ...


@runtime_checkable
class Serving(Protocol):
    """Serves portals, and is told when there is one more or one less; it also looks for itself now and then."""

    async def connect(self, portal_key: str) -> None:
        """Begin to serve a portal, or begin anew with what is stored of it now."""
        ...

    async def disconnect(self, portal_key: str) -> None:
        """Serve a portal no more."""
        ...
