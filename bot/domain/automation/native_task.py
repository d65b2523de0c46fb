"""Somebody's own task of a business process, as the portal lists it: what is asked, and how it may be answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final, Literal

Verdict = Literal["yes", "no", "ok", "cancel"]
STATUSES: Final[Mapping[Verdict, int]] = {"yes": 1, "no": 2, "ok": 3, "cancel": 4}
"""What `bizproc.task.complete` takes."""
_ALLOWED: Final[Mapping[str, tuple[Verdict, ...]]] = {
    "ApproveActivity": ("yes", "no"),
    "ReviewActivity": ("ok",),
    "RequestInformationActivity": (),
    "RequestInformationOptionalActivity": (),
}
"""Which answers a kind of task takes here; information is asked for by a form of the portal's own page."""


class TaskState(Enum):
    """How a task stands here."""

    OPEN = "open"
    DECIDED = "decided"
    """The person answered here, and the portal is being told."""
    OVER = "over"
    """It waits for nobody any more."""


@dataclass(frozen=True, slots=True)
class NativeTask:
    """A task of a business process. Its words are data of strangers, never markup."""

    portal_id: int
    account: str
    task_id: int
    employee_id: int
    body: Mapping[str, str]
    """What the portal says of it, by names of our own: `name`, `description`, `document`, `activity`, labels, rules."""
    state: TaskState
    said: str
    """How it was answered here, or how it ended."""
    listed_at: datetime
    version: int = 1

    @property
    def allowed(self) -> tuple[Verdict, ...]:
        """Return the answers that it takes here."""
        return _ALLOWED.get(self.body.get("activity", ""), ())

    @property
    def asks_for_information(self) -> bool:
        """Whether it is answered by filling in a form on the portal."""
        return self.body.get("activity", "").startswith("RequestInformation")

    def label(self, verdict: Verdict) -> str:
        """Return what the portal writes on the button; "" where it says nothing of its own."""
        return self.body.get(f"label_{verdict}", "")

    def needs_comment(self, verdict: Verdict) -> bool:
        """Whether that answer takes a comment: `Y` always, `YA` with an approval, `YR` with a rejection."""
        rule = self.body.get("comment_required", "N")
        return rule == "Y" or (rule == "YA" and verdict in ("yes", "ok")) or (rule == "YR" and verdict == "no")

    @property
    def takes_comment(self) -> bool:
        """Whether a comment may be said beside the answer."""
        return self.body.get("show_comment", "Y") != "N"


def same_words(one: NativeTask, other: Mapping[str, Any]) -> bool:
    """Whether a task reads as it did."""
    return dict(one.body) == dict(other)
