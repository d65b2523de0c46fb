"""Which domain events programs are told of, and as what: ids and states, under the names that the API gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.approvals.request import EXPIRED, ApprovalRequest, RequestState
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.errand import OWN_AFFAIRS, Errand, ErrandState
from bot.domain.automation.happening import HappeningType
from bot.domain.events import (
    AccessChanged,
    DayChanged,
    DaysClosed,
    DaysReopened,
    DomainEvent,
    ErrandEnded,
    IdentityLinked,
    PeriodConfirmed,
    RequestAsked,
    RequestDecided,
    RequestEvent,
    RequestMoved,
    RequestSettled,
    RequestUndone,
    RequestWithdrawn,
    RoleChanged,
    RoutedCarried,
    SubstituteNamed,
    SubstituteTakenBack,
)

_REQUEST: Mapping[type[DomainEvent], HappeningType] = {
    RequestAsked: HappeningType.REQUEST_ASKED,
    RequestDecided: HappeningType.REQUEST_DECIDED,
    RequestUndone: HappeningType.REQUEST_UNDONE,
    RequestSettled: HappeningType.REQUEST_SETTLED,
    RequestWithdrawn: HappeningType.REQUEST_WITHDRAWN,
    RequestMoved: HappeningType.REQUEST_MOVED,
}
_PERSON = (RoleChanged, AccessChanged, IdentityLinked, SubstituteNamed, SubstituteTakenBack)
_PERIOD: Mapping[type[DomainEvent], HappeningType] = {
    PeriodConfirmed: HappeningType.PERIOD_CONFIRMED,
    DaysClosed: HappeningType.PERIOD_CLOSED,
    DaysReopened: HappeningType.PERIOD_REOPENED,
}
_HEARD = frozenset({*_REQUEST, *_PERSON, *_PERIOD, DayChanged, RoutedCarried, ErrandEnded})
_ENDS: Mapping[str, HappeningType] = {
    "approved": HappeningType.REQUEST_SETTLED,
    "rejected": HappeningType.REQUEST_SETTLED,
    "failed": HappeningType.REQUEST_SETTLED,
    "expired": HappeningType.REQUEST_EXPIRED,
    "withdrawn": HappeningType.REQUEST_WITHDRAWN,
}
_ANSWERS = frozenset({"approve", "reject"})


@dataclass(frozen=True, slots=True)
class Noted:
    """What a program is told: what happened, to which object, whom it is about, and its ids."""

    type: HappeningType
    about: str
    person_id: int
    data: Mapping[str, Any]


def is_heard(event: DomainEvent) -> bool:
    """Whether programs may be told of an event of that kind."""
    return type(event) in _HEARD


def noted(event: DomainEvent) -> Sequence[Noted]:
    """Return what programs are told of an event."""
    match event:
        case RequestEvent(request=request):
            return [Noted(_type_of(event), f"request:{request.id}", request.subject_id, request_data(request))]
        case RoutedCarried(before=before, after=after, did=did, by_id=by_id):
            data = routed_data(after) | {"did": did or None, "by_id": _id_or_none(by_id if did else None)}
            return [Noted(each, f"request:{after.id}", after.initiator_id, data) for each in _steps(before, after, did)]
        case DayChanged(employee_id=person):
            return [Noted(HappeningType.DAY_CHANGED, f"day:{person}", person, {"person_id": str(person)})]
        case PeriodConfirmed(employee_id=person, first=first, last=last):
            return [_period(event, person, first, last)]
        case DaysClosed(first=first, last=last) | DaysReopened(first=first, last=last):
            return [_period(event, 0, first, last)]
        case ErrandEnded(errand=errand) if errand.state is ErrandState.FAILED and errand.kind not in OWN_AFFAIRS:
            return [Noted(HappeningType.EFFECT_FAILED, f"errand:{errand.id}", 0, errand_data(errand))]
        case _ if isinstance(event, _PERSON):
            person = event.employee_id
            return [Noted(HappeningType.PERSON_CHANGED, f"person:{person}", person, {"id": str(person)})]
    return []


def _type_of(event: RequestEvent) -> HappeningType:
    if isinstance(event, RequestSettled) and event.request.state is RequestState.FAILED:
        return _EXPIRED if event.request.why_failed == EXPIRED else HappeningType.REQUEST_SETTLED
    return _REQUEST[type(event)]


_EXPIRED = HappeningType.REQUEST_EXPIRED


def _steps(before: RoutedRequest | None, after: RoutedRequest, did: str) -> list[HappeningType]:
    """Return what one step of a route was, in the order in which it came about."""
    found = []
    if before is None:
        found.append(HappeningType.REQUEST_ASKED)
    elif did in _ANSWERS:
        found.append(HappeningType.REQUEST_DECIDED)
    elif did == "undo":
        found.append(HappeningType.REQUEST_UNDONE)
    was_open = before is None or before.is_open
    if was_open and not after.is_open:
        found.append(_ENDS.get(after.state, HappeningType.REQUEST_SETTLED))
    elif before is not None and set(after.holders) - set(before.holders):
        found.append(HappeningType.REQUEST_MOVED)
    return found


def request_data(request: ApprovalRequest) -> dict[str, Any]:
    """Return the ids and the state of a request without a template."""
    ballot = request.ballot
    return {
        "id": str(request.id),
        "number": None,
        "kind": request.matter.kind,
        "template": None,
        "state": request.state.value,
        "round": request.round,
        "person_id": str(request.subject_id),
        "requester_id": str(request.requester_id),
        "holder_ids": [str(each) for each in request.holders] if request.is_open else [],
        "did": None if ballot is None else ballot.verdict.value,
        "by_id": _id_or_none(None if ballot is None else ballot.by_id),
        "version": request.version,
    }


def routed_data(request: RoutedRequest) -> dict[str, Any]:
    """Return the ids and the state of a request on a route."""
    return {
        "id": str(request.id),
        "number": request.number,
        "kind": None,
        "template": request.template,
        "state": request.state,
        "round": request.round,
        "person_id": str(request.initiator_id),
        "requester_id": str(request.initiator_id),
        "holder_ids": [str(each) for each in request.holders],
        "did": None,
        "by_id": None,
        "version": request.version,
    }


def errand_data(errand: Errand) -> dict[str, Any]:
    """Return the ids of an errand, and why it failed."""
    kind, _, number = errand.cause.partition(":")
    return {
        "id": str(errand.id),
        "kind": errand.kind.value,
        "reason": errand.reason,
        "request_id": number if kind == "request" else None,
    }


def _period(event: DomainEvent, person: int, first: date, last: date) -> Noted:
    days = {"first": first.isoformat(), "last": last.isoformat()}
    about = f"period:{person}" if person else "period"
    return Noted(_PERIOD[type(event)], about, person, {"person_id": str(person) if person else None, **days})


def _id_or_none(number: int | None) -> str | None:
    return None if number is None else str(number)
