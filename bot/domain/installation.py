"""The application on a portal: how the installation stands, whose tokens are kept, and what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

KEEP_ALIVE = timedelta(days=150)
"""A pair that nobody used for so long is renewed: the authorisation server forgets it after 180 days."""
NEEDED_SCOPE = frozenset({"imbot", "im"})
"""Rights without which there is no bot."""
PROCESSES = "bizproc"
"""The right without which a portal has no robots of ours, and nobody their own tasks here; all else works."""
USER_SCOPES = ("user_brief", "user_basic", "user")
"""Of these rights one is needed, else nobody is known by name."""


class InstallationState(Enum):
    """Whether a portal's application works."""

    ACTIVE = "active"
    TROUBLED = "troubled"
    """Something has to be mended before the portal can be served; its data and its people stay."""
    WAITING = "waiting"
    """An administrator has to say first whether it belongs to a tenant that is here already."""
    ASLEEP = "asleep"
    """Removed from the portal, or taken from this tenant: its data stays and nobody is served."""

    @property
    def is_heard(self) -> bool:
        """Whether what the portal tells of its objects is taken; what has to be mended first is looked at then."""
        return self in (InstallationState.ACTIVE, InstallationState.TROUBLED)


class Trouble(Enum):
    """What is wrong with an installation; each has a sentence, somebody who can mend it, and a way back."""

    GRANT_LOST = "invalid_grant"
    """The authorisation server takes none of the stored tokens any more."""
    UNPAID = "payment_required"
    WRONG_CLIENT = "wrong_client"
    """The application's id or secret is not what the authorisation server knows: the operator's to mend."""
    NOT_INSTALLED = "not_installed"
    """The portal no longer has the application, and nobody told us."""
    PORTAL_DELETED = "portal_deleted"
    MOVED = "moved"
    """The portal answers from an address that the authorisation server does not confirm."""
    HOST_TAKEN = "host_taken"
    """Another company has this portal's former address."""
    RIGHTS_MISSING = "rights_missing"
    """It was installed again with fewer rights than the bot needs."""
    NO_ADMINISTRATOR = "no_administrator"
    """Whoever installed it is no administrator of the portal, and may not do for it what the application must."""
    UNREADABLE = "unreadable_tokens"
    """The stored tokens were sealed with another SECRET_KEY: the operator's to mend."""


BY_OPERATOR = frozenset({Trouble.WRONG_CLIENT, Trouble.UNREADABLE})
"""What no administrator of a portal can mend."""
SERVED_ALL_THE_SAME = frozenset({Trouble.NO_ADMINISTRATOR, Trouble.MOVED})
"""What is told, but hinders no conversation."""


class Purpose(Enum):
    """Why a person's tokens are kept; all others live for their request alone."""

    INSTALLER = "installer"
    STAND_IN = "stand_in"
    """An administrator who agreed that errands use their rights when the installer's do not work."""
    TASKS = "tasks"
    """The person decides their own tasks of business processes from another messenger."""


ERRANDS = (Purpose.INSTALLER, Purpose.STAND_IN)
"""By whose tokens the application works on a portal, in this order."""


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What the authorisation server gave: the access token, and what gets the next one, once."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """The tokens that one person of a portal let us keep."""

    portal_id: int
    account: str
    """The person's id on the portal."""
    purposes: frozenset[Purpose]
    pair: TokenPair
    refreshed_at: datetime
    is_lost: bool = False
    """Whether the authorisation server said that this pair is worth nothing."""
    version: int = 1
    """Grows with each pair, so that of two who found it expired one gets the next one."""

    @property
    def serves(self) -> bool:
        """Whether the application may work on the portal by it."""
        return not self.is_lost and not self.purposes.isdisjoint(ERRANDS)

    def is_stale(self, now: datetime) -> bool:
        """Whether it would be forgotten soon, because nobody used it."""
        return not self.is_lost and now - self.refreshed_at >= KEEP_ALIVE


def in_order(grants: Sequence[Grant]) -> Sequence[Grant]:
    """Return those by which the application may work on the portal, the installer's first."""
    serving = [each for each in grants if each.serves]
    return sorted(serving, key=lambda each: (Purpose.INSTALLER not in each.purposes, -each.refreshed_at.timestamp()))


@dataclass(frozen=True, slots=True)
class Installation:
    """The application on a portal."""

    portal_id: int
    state: InstallationState
    application_token: str = field(repr=False)
    """What every call of the portal carries; only a verified installation or update changes it. "" is not known yet."""
    oauth_host: str
    """The authorisation server of the portal's region."""
    client_endpoint: str
    """The root of the portal's REST interface, as the authorisation server told it."""
    scope: frozenset[str]
    status: str
    """The letter of the licence: L local, F free, D demo, T trial, P paid, S subscription."""
    version: str
    installed_by: str
    """The account on the portal of whoever installed it."""
    installed_at: datetime
    trouble: Trouble | None = None
    trouble_since: datetime | None = None
    last_installed_at: datetime | None = None
    """When it was proven to be installed last, by the portal's own time where its event tells one."""

    @property
    def is_served(self) -> bool:
        """Whether the portal is to be reached by it."""
        if self.state is InstallationState.TROUBLED:
            return self.trouble in SERVED_ALL_THE_SAME
        return self.state is InstallationState.ACTIVE


def missing_rights(scope: frozenset[str]) -> Sequence[str]:
    """Return the rights that the bot cannot do without and was not given."""
    missing = sorted(NEEDED_SCOPE - scope)
    return missing if not scope.isdisjoint(USER_SCOPES) else [*missing, USER_SCOPES[0]]
