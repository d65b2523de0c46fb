"""Topics: what a commit is about, for pages that are open elsewhere. They name, and tell nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.events import (
    AccessChanged,
    DayChanged,
    DaysClosed,
    DaysReopened,
    DayVouched,
    DomainEvent,
    IdentityLinked,
    LeaveCancelled,
    PeriodAsked,
    PeriodConfirmed,
    RequestEvent,
    RequestMoved,
    RoleChanged,
    RoutedCarried,
    ScheduleChanged,
    SubstituteNamed,
    SubstituteTakenBack,
)

_DAYS = (DayChanged, DayVouched, LeaveCancelled)
_PERIODS = (PeriodConfirmed, PeriodAsked, DaysClosed, DaysReopened)
_PEOPLE = (RoleChanged, AccessChanged, IdentityLinked, SubstituteNamed, SubstituteTakenBack, ScheduleChanged)

CHANGES = frozenset({"changes"})
"""The topic of the feed of changes: something stands behind what its readers have read."""

SETTINGS = frozenset({"settings"})
"""The topic of whatever stands in the record of changes: what a portal's settings say may be another by now."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A commit on a portal: its topics, and whom it concerns."""

    portal_id: int
    topics: frozenset[str]
    concerned: frozenset[int]


def rung_by(events: Iterable[DomainEvent]) -> list[Rung]:
    """Return what the events of a commit ring about, one a portal."""
    found: dict[int, tuple[set[str], set[int]]] = {}
    for event in events:
        topics, people = _of(event)
        if topics:
            known = found.setdefault(event.portal_id, (set(), set()))
            known[0].update(topics)
            known[1].update({event.employee_id, *people})
    return [Rung(portal_id, frozenset(topics), frozenset(people)) for portal_id, (topics, people) in found.items()]


def _of(event: DomainEvent) -> tuple[set[str], set[int]]:
    match event:
        case RequestEvent(request=request):
            before = event.before if isinstance(event, RequestMoved) else ()
            people = {request.requester_id, request.subject_id, *request.holders, *before}
            return {"requests", f"request-{request.id}"}, people
        case RoutedCarried(before=earlier, after=after):
            people = {each.employee_id for each in (*after.asked, *(earlier.asked if earlier else ()))}
            return {"requests", f"request-{after.id}"}, people
        case _ if isinstance(event, _DAYS):
            return {"day", "presence"}, set()
        case _ if isinstance(event, _PERIODS):
            return {"periods"}, set()
        case _ if isinstance(event, _PEOPLE):
            return {"people"}, set()
    return set(), set()
