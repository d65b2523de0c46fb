"""What happens to a request on a route, and why something is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from bot.domain.approvals.people import PersonId

Do = Literal[
    "start", "approve", "reject", "return", "comment", "ask", "delegate", "undo", "resubmit", "change",
    "withdraw", "replace", "dismiss", "tick",
]  # fmt: skip
DOES: tuple[Do, ...] = get_args(Do)

RefusalCode = Literal[
    "not_your_seat", "already_answered", "already_decided", "expired", "comment_required", "not_allowed",
    "too_late_to_take_back", "nothing_to_take_back", "bad_delegate", "unknown_person", "not_started",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One event; who is named in it depends on what it is."""

    at: datetime
    do: Do
    by: PersonId | None = None
    to: PersonId | None = None
    holder: PersonId | None = None
    person: PersonId | None = None
    track: str | None = None
    reason: str = ""
    subject: Mapping[str, Any] | None = None

    @property
    def named(self) -> tuple[PersonId, ...]:
        """Return everybody whom it names."""
        return tuple(each for each in (self.by, self.to, self.holder, self.person) if each is not None)
