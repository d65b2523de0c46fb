"""Business processes of a portal as far as they ask us: a call of our robot, and what it is told in the end."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final

from bot.domain.automation.portal_object import ObjectRef

ROBOT: Final = "smena_approval"
ACTIVITY: Final = "smena_approval_activity"
"""Robots and activities share one catalogue of codes (api-reference/bizproc/bizproc-robot)."""
GONE: Final = "process_gone"
"""Why an answer was left: nobody waits for it there any more."""
DECISION, COMMENT, DECIDED_BY, DECIDED_AT, REQUEST = "decision", "comment", "decided_by", "decided_at", "request"
"""What a process is answered, by the names of the robot's results."""
CODES: Final = frozenset({ROBOT, ACTIVITY})
_DOCUMENT: Final = re.compile(r"(DEAL|LEAD|SMART_INVOICE|DYNAMIC_(\d{1,9}))_(\d{1,15})", re.ASCII)
_SMART_INVOICE: Final = 31
_ACCOUNT: Final = re.compile(r"(?:user_|.*\[)?(\d{1,15})\]?", re.ASCII | re.DOTALL)


class CallState(Enum):
    """How a call of our robot stands."""

    WAITING = "waiting"
    """It is stored, and nothing came of it yet."""
    ASKED = "asked"
    """Its request runs, and the process waits."""
    ANSWERED = "answered"
    """There is an outcome, and the errand that tells it."""
    OVER = "over"
    """The process waits for nothing any more: it was ended on the portal, its time was up, or it has its answer."""


@dataclass(frozen=True, slots=True)
class ProcessCall:
    """A business process that reached our robot or activity. What it says is data of strangers, never markup."""

    id: int
    portal_id: int
    key: str
    """Tells one waiting step of one process from all others: what comes twice under it is the same call."""
    token: str = field(repr=False)
    """With this the process is answered (`EVENT_TOKEN`); it stands in no log."""
    code: str
    workflow: str
    document: tuple[str, ...]
    """Module, entity and id, as the portal names what the process runs on."""
    properties: Mapping[str, Any]
    waits: bool
    called_at: datetime
    until: datetime | None = None
    """When the process goes on by itself, where its designer set a term."""
    state: CallState = CallState.WAITING
    request_id: int | None = None
    reason: str = ""
    """The code of why nothing was asked, or why it is over."""
    version: int = 0

    @property
    def about(self) -> ObjectRef | None:
        """Return the object that the process runs on; None for what is none of ours, such as an element of a list."""
        return document_ref(self.document)

    @property
    def is_open(self) -> bool:
        """Whether the process may still be waiting."""
        return self.state in (CallState.WAITING, CallState.ASKED)


def document_ref(document: Sequence[str]) -> ObjectRef | None:
    """Return the object that a document of a process is."""
    found = _DOCUMENT.fullmatch(document[2]) if len(document) == 3 and document[0] == "crm" else None
    if found is None:
        return None
    number = int(found[3])
    match found[1]:
        case "DEAL":
            return ObjectRef("deal", number)
        case "LEAD":
            return ObjectRef("lead", number)
        case "SMART_INVOICE":
            return ObjectRef("smart_process", number, _SMART_INVOICE)
        case _:
            return ObjectRef("smart_process", number, int(found[2]))


def accounts_in(value: Any) -> list[str]:
    """Return the accounts that a property of type `user` names: `user_17`, `17`, `Ann [17]`, one or a list of them.

    What names nobody stays as it was written, so that it can be told whom we do not know.
    """
    if isinstance(value, Mapping):
        value = list(value.values())
    values = value if isinstance(value, list | tuple) else [value]
    pieces = [piece.strip() for each in values for piece in re.split(r"[,;\n]", str(each or ""))]
    found = [(_ACCOUNT.fullmatch(each), each) for each in pieces if each]
    return list(dict.fromkeys(match[1] if match else each for match, each in found))
