"""Keys of the API: what a program shows to be let in, what it may do with that, and for how long.

The key itself is shown once and never kept: by its hash it is found, by its first characters it is named.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from bot.domain.people.employee import Employee
from bot.domain.rights import Reach, Right, may, reach

PREFIX = "smk_"
KEY_HEADER = f"Authorization: Bearer {PREFIX}…"
"""How a program shows its key."""
LENGTH = len(PREFIX) + 43
SHOWN = 8
"""By so many of its first characters a key is named, in lists and in the log."""
DEFAULT_DAYS, MOST_DAYS = 90, 366
MOST_KEYS = 20
"""So many keys that work may one person have, and so many the portal's programs."""
MOST_NAME = 60


class Scope(StrEnum):
    """What a key may be used for; whoever acts by it must have the right as well."""

    ME = "me"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    HOURS_READ = "hours:read"
    HOURS_WRITE = "hours:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_WRITE = "requests:write"
    REQUESTS_DECIDE = "requests:decide"
    TEMPLATES_READ = "templates:read"
    TEMPLATES_WRITE = "templates:write"
    PERIODS_READ = "periods:read"
    PERIODS_WRITE = "periods:write"
    REPORTS = "reports"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    WEBHOOKS = "webhooks"


_WANTS: dict[Scope, tuple[Right, ...]] = {
    Scope.PEOPLE_WRITE: (Right.GIVE_ROLES, Right.KEEP_PERSONNEL),
    Scope.TEMPLATES_WRITE: (Right.KEEP_RULES,),
    Scope.PLANS_WRITE: (Right.GIVE_SCHEDULES, Right.KEEP_CALENDAR),
    Scope.SETTINGS_READ: (Right.KEEP_OPTIONS,),
    Scope.SETTINGS_WRITE: (Right.KEEP_OPTIONS,),
    Scope.WEBHOOKS: (Right.INTEGRATE,),
}
"""Scopes that are worth nothing to whoever has none of these rights."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key: a person's own, or the portal's, which acts for no person and never decides."""

    id: int
    portal_id: int
    owner_id: int | None
    """Whose it is; None of a key of the portal."""
    name: str
    prefix: str
    hash: str
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: int
    expires_at: datetime
    used_on: date | None = None
    revoked_at: datetime | None = None

    @property
    def is_service(self) -> bool:
        """Whether it acts for the portal."""
        return self.owner_id is None

    def works(self, now: datetime) -> bool:
        """Whether it lets anybody in at an instant."""
        return self.revoked_at is None and now < self.expires_at


def new_token() -> str:
    """Return a key that nobody can guess."""
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return by what a key is found."""
    return sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether a text has the form of a key."""
    return len(text) == LENGTH and text.startswith(PREFIX) and text.isascii()


def usable_scopes(person: Employee) -> frozenset[Scope]:
    """Return the scopes that are worth something to a person, by what they may do now."""
    if person.is_disabled:
        return frozenset()
    return frozenset(each for each in Scope if each not in _WANTS or any(may(person, right) for right in _WANTS[each]))


def may_integrate(person: Employee) -> bool:
    """Whether a person may make keys of the portal."""
    return reach(person, Right.INTEGRATE) is Reach.ALL
