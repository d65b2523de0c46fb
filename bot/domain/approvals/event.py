"""What happens to a request on a route, and why something is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from bot.domain.approvals.people import PersonId

Do = Literal[
    "start", "approve", "reject", "return", "comment", "ask", "delegate", "undo", "resubmit", "change",
    "withdraw", "replace", "dismiss", "unreached", "outside", "tick",
]  # fmt: skip
DOES: tuple[Do, ...] = tuple(each for each in get_args(Do) if each not in {"unreached", "outside"})
"""What a file of events may say; what a messenger or a portal does with a request is known to the service alone."""

Outside = Literal["decided", "gone", "removed", "process"]
"""How a request ends without its route: decided on the portal itself (E19), its subject is gone or closed (E52), the
application was removed from the portal (E66), the process that had asked for it waits for it no more (E62)."""

RefusalCode = Literal[
    "not_your_seat", "already_answered", "already_decided", "expired", "comment_required", "not_allowed",
    "too_late_to_take_back", "nothing_to_take_back", "bad_delegate", "unknown_person", "not_started",
]  # fmt: skip

NAMED: Mapping[Do, tuple[str, ...]] = {
    "delegate": ("by", "to"),
    "replace": ("by", "holder", "to"),
    "dismiss": ("person",),
    "unreached": ("person",),
    "change": (),
    "outside": (),
    "tick": (),
}
"""Whom an event must name; all others name who acts."""


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
    ending: str = ""
    """How it ends, where that is told from outside."""

    @property
    def named(self) -> tuple[PersonId | None, ...]:
        """Return everybody whom it names or ought to; None for who is missing."""
        needed = tuple(getattr(self, name) for name in NAMED.get(self.do, ("by",)))
        return (*needed, self.by) if self.do == "change" and self.by is not None else needed
