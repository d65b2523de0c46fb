"""The portal: one Bitrix24 account, which is one tenant, and its policies."""

from dataclasses import dataclass
from datetime import timedelta


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
