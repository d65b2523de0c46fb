"""What is shown to us in the name of a portal, and what of it is proven."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol, runtime_checkable

from bot.domain.automation.portal_object import ObjectRef
from bot.domain.installation import TokenPair


class Showing(Enum):
    """What a call of a portal is about."""

    INSTALLED = "installed"
    UPDATED = "updated"
    UNINSTALLED = "uninstalled"
    PAID = "paid"
    FRAME = "frame"
    """A page of ours was opened in the portal's frame."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a call shows; nothing of it is believed yet."""

    what: Showing
    member_id: str
    host: str
    """Under which name the portal says that it is reached; it proves nothing."""
    server_endpoint: str = ""
    application_token: str = field(default="", repr=False)
    pair: TokenPair | None = field(default=None, repr=False)
    version: str = ""
    status: str = ""
    locale: str = ""
    wants_clean: bool = False
    """Of a removal: whether the administrator asked for everything to go."""
    at: datetime | None = None
    """When it happened, as the event says."""
    placement: str = ""
    """Where on the portal the page was opened."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What it was opened about; anybody can write that."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven: of which company a call is, where it is reached, and who stands behind the call."""

    member_id: str
    host: str
    client_endpoint: str
    oauth_host: str
    account: str
    is_admin: bool
    scope: frozenset[str]
    status: str
    version: str
    application_token: str = field(repr=False)
    pair: TokenPair = field(repr=False)
    locale: str = ""
    at: datetime | None = None
    """When it happened, where an event of the portal says so."""


@dataclass(frozen=True, slots=True)
class SignedAccount:
    """Whose account a messenger says has opened our page, in words that it signed."""

    account: str
    mark: str
    """What the words are told by: the same ones are shown once."""
    locale: str = ""
    portal_id: int | None = None
    """The company to which the bot belongs, where it is one company's alone."""


@runtime_checkable
class SignsPeople(Protocol):
    """A channel whose messenger signs who opened a page of ours in its own frame."""

    def signed(self, data: str, now: datetime) -> SignedAccount | None:
        """Return whose words these are; None for what the messenger did not sign, or too long ago."""
        ...


class NotProven(Exception):
    """A call is not what it says it is, or could not be looked at now; `code` is for logs and pages."""

    def __init__(self, code: str, *, may_pass: bool = False) -> None:
        """Say why; `may_pass` tells that asking again helps."""
        super().__init__(code)
        self.code = code
        self.may_pass = may_pass


class Verifier(Protocol):
    """Proves what is shown in the name of a portal."""

    def read(self, query: Mapping[str, str], body: bytes, content_type: str) -> Shown:
        """Return what a call shows; NotProven where it is none of ours."""
        ...

    def is_same_token(self, shown: str, known: str) -> bool:
        """Whether a call carries the application token that is known; in constant time, and never without one."""
        ...

    async def prove(self, shown: Shown) -> Proof:
        """Return what the authorisation server confirms about the tokens of a call; NotProven where it does not."""
        ...

    async def redeem(self, code: str, oauth_host: str) -> Proof:
        """Return what a code of the authorisation flow proves; NotProven where it is worth nothing."""
        ...

    async def sees(self, proof: Proof, ref: ObjectRef) -> bool:
        """Whether whoever stands behind a call may see an object of their portal, asked with their own token."""
        ...

    def sign_in_address(self, host: str, state: str) -> str | None:
        """Return the page of a portal at which somebody lets us act for them; None for no address of a portal."""
        ...

    async def company_behind(self, key: str) -> str:
        """Return the company that the webhook of a tenant answers for, by a proven delivery; "" where none is known."""
        ...
