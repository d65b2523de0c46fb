"""Statements about requests on routes: the request, its seats, who is asked, its record and its files."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, literal_column, select, union_all, update
from sqlalchemy.sql import ColumnElement

from storage.engines.statement import Statement, excluded, number, parameters, text_of, whole
from storage.schema import routed_asked, routed_event, routed_file, routed_request, routed_seat

PARTS = (routed_request, routed_seat, routed_asked, routed_event, routed_file)
_ORDER = {
    routed_request: (routed_request.c.id,),
    routed_seat: (routed_seat.c.id,),
    routed_asked: (routed_asked.c.request_id, routed_asked.c.employee_id),
    routed_event: (routed_event.c.request_id, routed_event.c.seq),
    routed_file: (routed_file.c.id,),
}
_OF_PORTAL = routed_request.c.portal_id == number("portal_id")
_OPEN: ColumnElement[bool] = literal_column("state IN ('pending', 'rework')")
"""As it stands in the index: only so do databases use it. As a Boolean it would be compared with 1, and be another."""


def _plan(name: str, wanted: Callable[[], Any]) -> tuple[Statement, ...]:
    """Return a read of each part of the requests that `wanted` selects the ids of."""
    return tuple(Statement(f"{part.name} {name}", _reading(part, wanted)) for part in PARTS)


def _reading(part: Any, wanted: Callable[[], Any]) -> Callable[[Any], Any]:
    id_of = part.c.id if part is routed_request else part.c.request_id
    return lambda _: select(*part.c).where(id_of.in_(wanted())).order_by(*_ORDER[part])


def _ids(*conditions: ColumnElement[bool]) -> Any:
    return select(routed_request.c.id).where(_OF_PORTAL, *conditions)


def _latest(*conditions: ColumnElement[bool]) -> Any:
    # A limit inside IN needs a table of its own.
    newest = _ids(*conditions).order_by(routed_request.c.id.desc()).limit(number("size")).subquery()
    return select(newest.c.id)


BY_ID = _plan("by id", lambda: _ids(routed_request.c.id == number("request_id")))
BY_NUMBER = _plan("by number", lambda: _ids(routed_request.c.number == number("number")))
BY_SEAT = _plan(
    "by seat",
    lambda: select(routed_seat.c.request_id).where(
        routed_seat.c.id == number("seat_id"), routed_seat.c.portal_id == number("portal_id")
    ),
)
WAITING_FOR = _plan(
    "waiting for a person",
    lambda: select(routed_asked.c.request_id).where(
        routed_asked.c.portal_id == number("portal_id"),
        routed_asked.c.employee_id == number("employee_id"),
        routed_asked.c.seat_id.is_not(None),
    ),
)
OPEN_ABOUT = _plan(
    "open about a subject",
    lambda: _ids(
        _OPEN,
        routed_request.c.subject_key == text_of("subject_key"),
        routed_request.c.template == text_of("template"),
        routed_request.c.revision == text_of("revision"),
    ),
)
OPEN_OF = _plan("open of a subject", lambda: _ids(_OPEN, routed_request.c.subject_key == text_of("subject_key")))
OPEN_OF_OBJECT = _plan("open about an object", lambda: _ids(_OPEN, routed_request.c.about == text_of("about")))
OBJECTS = Statement(
    "objects of open requests",
    lambda _: select(routed_request.c.about).where(_OF_PORTAL, _OPEN, routed_request.c.about.is_not(None)).distinct(),
)
ASKED_ABOUT = Statement(
    "whether an open request is about an object",
    lambda _: select(whole(1)).where(_OF_PORTAL, _OPEN, routed_request.c.about == text_of("about")).limit(whole(1)),
)
BY_INITIATOR = _plan("by initiator", lambda: _latest(routed_request.c.initiator_id == number("initiator_id")))
OF_PORTAL = _plan("of a portal", _latest)
_BEGUN = routed_request.c.started_at < number("until")
OF_PERIOD = _plan(
    "of a period",
    lambda: union_all(_ids(_BEGUN, _OPEN), _ids(_BEGUN, routed_request.c.ended_at >= number("since"))),
)
"""Two searches by an index each: those that run, and those that ended since. Nothing is in both."""
RUNNING = Statement(
    "running by version",
    lambda _: (
        select(routed_request.c.template, routed_request.c.template_version, func.count())
        .where(_OF_PORTAL, _OPEN)
        .group_by(routed_request.c.template, routed_request.c.template_version)
    ),
)
LAST_NUMBER = Statement("last number", lambda _: select(func.max(routed_request.c.number)).where(_OF_PORTAL))

ADD_REQUEST = Statement("add routed request", lambda insert: insert(routed_request), rank=100, lock="id")
_KEPT = (
    "id", "portal_id", "number", "template", "template_version", "initiator_id", "subject_key", "revision",
    "started_at", "parent_id", "about",
)  # fmt: skip
PUT_REQUEST = Statement(
    "put routed request",
    lambda _: (
        update(routed_request)
        .where(routed_request.c.id == number("the_id"), routed_request.c.version == number("seen"))
        .values(**parameters(routed_request, *_KEPT))
    ),
    rank=99,
    lock="the_id",
    key="the_id",
)
ADD_SEAT = Statement("add routed seat", lambda insert: insert(routed_seat), rank=101, lock="id")


def _put_asked(insert: Any) -> Any:
    statement = insert(routed_asked)
    return statement.on_conflict_do_update(
        index_elements=["request_id", "employee_id"],
        set_=excluded(statement, "request_id", "employee_id", "portal_id"),
    )


PUT_ASKED = Statement("put routed asked", _put_asked, rank=102, lock="request_id")
ADD_EVENT = Statement("add routed event", lambda insert: insert(routed_event), rank=103, lock="request_id")
