"""Statements about approval requests: the request, its seats with their holders, its ballots and its record."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.sql import ColumnElement

from storage.engines.statement import Statement, flag, number, text_of, word
from storage.schema import approval_ballot, approval_event, approval_holder, approval_request, approval_seat

PARTS = (approval_request, approval_seat, approval_holder, approval_ballot, approval_event)
_ORDER = {
    approval_request: (approval_request.c.id,),
    approval_seat: (approval_seat.c.id,),
    approval_holder: (approval_holder.c.seat_id, approval_holder.c.place),
    approval_ballot: (approval_ballot.c.at, approval_ballot.c.seat_id),
    approval_event: (approval_event.c.request_id, approval_event.c.seq),
}
_PENDING = approval_request.c.state == word("pending")
_OF_PORTAL = approval_request.c.portal_id == number("portal_id")


def _plan(name: str, wanted: Callable[[], Any]) -> tuple[Statement, ...]:
    """Return a read of each part of the requests that `wanted` selects the ids of."""
    return tuple(Statement(f"{part.name} {name}", _reading(part, wanted)) for part in PARTS)


def _reading(part: Any, wanted: Callable[[], Any]) -> Callable[[Any], Any]:
    id_of = part.c.id if part is approval_request else part.c.request_id
    return lambda _: select(*part.c).where(id_of.in_(wanted())).order_by(*_ORDER[part])


def _ids(*conditions: ColumnElement[bool]) -> Any:
    return select(approval_request.c.id).where(_OF_PORTAL, *conditions)


def _latest(*conditions: ColumnElement[bool]) -> Any:
    # A limit inside IN needs a table of its own.
    newest = _ids(*conditions).order_by(approval_request.c.id.desc()).limit(number("size")).subquery()
    return select(newest.c.id)


BY_ID = _plan("by id", lambda: _ids(approval_request.c.id == number("request_id")))
BY_SEAT = _plan(
    "by seat",
    lambda: select(approval_seat.c.request_id).where(
        approval_seat.c.id == number("seat_id"), approval_seat.c.portal_id == number("portal_id")
    ),
)
WAITING_FOR = _plan(
    "waiting for a person",
    lambda: (
        select(approval_request.c.id)
        .join(approval_holder, approval_holder.c.request_id == approval_request.c.id)
        .where(_OF_PORTAL, _PENDING, approval_holder.c.employee_id == number("employee_id"))
    ),
)
PENDING = _plan("pending", lambda: _ids(_PENDING))
OPEN_ABOUT = _plan(
    "open about a key",
    lambda: _ids(
        _PENDING,
        approval_request.c.subject_id == number("subject_id"),
        approval_request.c.subject_key == text_of("subject_key"),
    ),
)
ABOUT = _plan("about a person", lambda: _latest(approval_request.c.subject_id == number("subject_id")))
AUTOMATIC = _plan(
    "passed by themselves",
    lambda: _latest(approval_request.c.is_automatic == flag("yes"), approval_request.c.created_at >= number("since")),
)
OF_PORTAL = _plan("of a portal", _latest)

ADD_REQUEST = Statement("add request", lambda insert: insert(approval_request), rank=63)
PUT_REQUEST = Statement(
    "put request",
    lambda _: (
        update(approval_request)
        .where(approval_request.c.id == number("the_id"), approval_request.c.version == number("seen"))
        .values(
            subject_key=text_of("subject_key"),
            payload=text_of("payload"),
            state=text_of("state"),
            round=number("round"),
            version=number("version"),
            settles_at=number("settles_at"),
            settled_at=number("settled_at"),
        )
    ),
    rank=62,
    lock="the_id",
    key="the_id",
)


def _put_seat(insert: Any) -> Any:
    statement = insert(approval_seat)
    return statement.on_conflict_do_update(index_elements=["id"], set_={"undos_left": statement.excluded.undos_left})


PUT_SEAT = Statement("put seat", _put_seat, rank=64, lock="id")
DROP_HOLDERS = Statement(
    "drop holders",
    lambda _: delete(approval_holder).where(approval_holder.c.seat_id == number("the_seat_id")),
    rank=65,
    many=True,
)
ADD_HOLDER = Statement("add holder", lambda insert: insert(approval_holder), rank=66)


def _put_ballot(insert: Any) -> Any:
    statement = insert(approval_ballot)
    return statement.on_conflict_do_update(
        index_elements=["seat_id", "round", "cast_no"], set_={"undone_at": statement.excluded.undone_at}
    )


PUT_BALLOT = Statement("put ballot", _put_ballot, rank=67, lock="seat_id")
ADD_EVENT = Statement("add event", lambda insert: insert(approval_event), rank=68)
