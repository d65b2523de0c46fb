"""The portal: one Bitrix24 account, which is one tenant, and its policies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

LARGEST_SMALL_CHANGE = timedelta(hours=2)
"""No change of a mark beyond this passes without a lead."""


@dataclass(frozen=True, slots=True)
class Portal:
    """A tenant. `key` is what never changes about it: `member_id`, or the webhook's host in the quick start."""

    id: int
    key: str
    name: str = ""
    zone: str = "Europe/Moscow"
    locale: str = "ru"
    free_correction: timedelta = timedelta(minutes=15)
    """A change of at most this passes without a lead (Bitrix24's UF_TM_ALLOWED_DELTA)."""
    is_active: bool = True
    country: str = "RU"
    """Whose production calendar counts: an ISO 3166 code."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Policies that few portals change, by name, as JSON values."""
    lock_version: int = 0
    """Grows when a period is closed, so that a change of its hours cannot slip in at the same instant."""
    member_id: str | None = None
    """The company's permanent id on Bitrix24; None until something verified told it."""
    is_heard: bool = False
    """Whether anybody may want to know what happens: there is a webhook, or a key by which the feed can be read."""
