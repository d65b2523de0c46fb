"""Happenings: what programs outside are told of, by webhooks and by the feed of changes. Ids and states, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

KEPT: Final = timedelta(days=7)
"""So far back can be read what happened; what nobody took until then is told no more."""


class HappeningType(StrEnum):
    """What happened, in past tense."""

    REQUEST_ASKED = "request.asked"
    REQUEST_DECIDED = "request.decided"
    REQUEST_UNDONE = "request.undone"
    REQUEST_SETTLED = "request.settled"
    REQUEST_WITHDRAWN = "request.withdrawn"
    REQUEST_MOVED = "request.moved"
    REQUEST_EXPIRED = "request.expired"
    DAY_CHANGED = "day.changed"
    PERIOD_CONFIRMED = "period.confirmed"
    PERIOD_CLOSED = "period.closed"
    PERIOD_REOPENED = "period.reopened"
    PERSON_CHANGED = "person.changed"
    EFFECT_FAILED = "effect.failed"
    REQUEST_OUTCOME = "request.outcome"
    """A route's outcome says that the hook of a name is to be told: that hook alone."""
    WEBHOOK_TEST = "webhook.test"
    """An administrator tries a hook: that hook alone."""


OF_ONE_HOOK: Final = frozenset({HappeningType.REQUEST_OUTCOME, HappeningType.WEBHOOK_TEST})
"""Types that are told to one hook, and stand in no feed."""
SUBSCRIBABLE: Final = tuple(each for each in HappeningType if each not in OF_ONE_HOOK)
"""Types that a hook may choose among."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened on a portal, noted in the commit in which it did."""

    id: int
    portal_id: int
    type: HappeningType
    about: str
    """The object, such as `request:12`: hooks are told of one object in order."""
    person_id: int
    """Whom it is about; 0 where it is about nobody."""
    at: datetime
    data: Mapping[str, Any]
    position: int | None = None
    """Its place in the feed, which is given after its commit; None until then, and below 0 what is in no feed."""
