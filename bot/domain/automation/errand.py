"""Errands: what is to be done on a portal, stored in the commit that causes it and carried out afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final


class ErrandKind(Enum):
    """What is to be done. Each kind knows how to look first whether it was done already."""

    TASK_ADD = "task.add"
    TASK_UPDATE = "task.update"
    TASK_COMPLETE = "task.complete"
    TASK_APPROVE = "task.approve"
    TASK_DISAPPROVE = "task.disapprove"
    TASK_COMMENT = "task.comment"
    TASK_RESULT = "task.result"
    CRM_ADD = "crm.add"
    CRM_UPDATE = "crm.update"
    TIMELINE_COMMENT = "timeline.comment"
    NOTIFY = "notify"
    PROCESS_ANSWER = "process.answer"
    """A waiting robot or activity is told what was decided (`bizproc.event.send`)."""
    PROCESS_ROBOTS = "process.robots"
    """Our robot and activity are registered, or described as they are now (`bizproc.robot.*`, `bizproc.activity.*`)."""
    PROCESS_START = "process.start"
    PROCESS_TASK = "process.task"
    """Somebody's own task of a business process is completed (`bizproc.task.complete`)."""
    WEBHOOK = "webhook"
    """A program is told what became of a request; the hook's own queue carries it out."""
    WORKDAY = "workday"
    """The portal's own working day of somebody is opened, paused, resumed or closed (`timeman.*`)."""


OWN_AFFAIRS: Final = frozenset({ErrandKind.PROCESS_TASK, ErrandKind.WORKDAY})
"""Kinds about which nobody but the person says anything: one that failed is told them, and begun anew by them."""


KEPT_OF_FORM: Final = frozenset({"object", "type", "template", "account", "site"})
"""What is kept of the form of an errand that will not be done again: what it was about, no words of people."""


class ErrandState(Enum):
    """How an errand stands."""

    OFFERED = "offered"
    """An administrator is asked whether it is still to be done."""
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    """The portal refused it for good, or it was tried for long enough; an administrator may have it tried again."""
    LEFT = "left"
    """It is not done, for an administrator said so, or there is nothing any more to do it to."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to be done on a portal: sent at least once, seen there once."""

    id: int
    portal_id: int
    kind: ErrandKind
    form: Mapping[str, Any]
    """What the kind needs, by its own names; values of strangers in it are escaped by whoever carries it out."""
    key: str
    """Unique on the portal: what is noted again under it changes nothing."""
    cause: str
    """What it comes of: `request:12`, `rule:deal_contract:deal:4711:3`, `day:17`."""
    created_at: datetime
    lane: str = ""
    """What it is done to, such as `deal:12`: errands of one lane are carried out in order. "" waits for no other."""
    account: str = ""
    """Whose rights it needs, by their account on the portal; "" is the installer, else who stands in."""
    state: ErrandState = ErrandState.WAITING
    tries: int = 0
    is_doubtful: bool = False
    """Whether a try may have reached the portal without its answer reaching us: then it is looked for first."""
    due_at: datetime | None = None
    """When it is to be tried; None is at once."""
    reason: str = ""
    """The code of why it failed or was left; words are made of it for whoever reads."""
    result: Mapping[str, Any] = field(default_factory=dict)
    """What the portal gave: the id of a task, of a deal."""
    ended_at: datetime | None = None
    version: int = 0
