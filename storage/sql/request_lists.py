"""Statements that list requests of both kinds, newest first, a page at a time by the key: one statement a list.

Each way in which somebody may see a request is an arm of its own, which goes down an index and stops at a page; the
arms are put together, cut to a page, and only of that is asked who holds what.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from storage.engines.statement import Statement, number, text_of, whole, word
from storage.schema import (
    approval_ballot,
    approval_holder,
    approval_request,
    approval_template,
    employee,
    routed_asked,
    routed_event,
    routed_request,
)

_TEXT, _NONE = literal_column("''", Text()), cast(null(), BigInteger)
_built, _routed = approval_request.c, routed_request.c
_PORTAL, _READER = number("portal_id"), number("reader_id")
_OPEN = ("pending", "rework")


class _Joined(FunctionElement[str]):
    """Texts of rows in one, with commas between; each database has its own name for that."""

    type = Text()
    inherit_cache = True


@compiles(_Joined, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **more)}, ',')"


@compiles(_Joined, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **more)}, ',')"


def _columns(*, is_routed: bool) -> list[Any]:
    if is_routed:
        values = {
            "id": _routed.id, "is_routed": whole(1), "kind": _TEXT, "number": cast(_routed.number, BigInteger),
            "template": _routed.template, "template_version": cast(_routed.template_version, BigInteger),
            "requester_id": _routed.initiator_id, "subject_id": _routed.initiator_id, "state": _routed.state,
            "round": cast(_routed.round, BigInteger), "version": cast(_routed.version, BigInteger),
            "created_at": _routed.started_at, "due_at": _routed.next_at, "ended_at": _routed.ended_at,
            "reason": _TEXT, "payload": _routed.running,
        }  # fmt: skip
    else:
        values = {
            "id": _built.id, "is_routed": whole(0), "kind": _built.kind, "number": whole(0),
            "template": _TEXT, "template_version": whole(0),
            "requester_id": _built.requester_id, "subject_id": _built.subject_id, "state": _built.state,
            "round": cast(_built.round, BigInteger), "version": cast(_built.version, BigInteger),
            "created_at": _built.created_at, "due_at": _built.settles_at, "ended_at": _built.settled_at,
            "reason": _built.reason, "payload": _built.payload,
        }  # fmt: skip
    return [column.label(name) for name, column in values.items()]


def _filters(*, is_routed: bool) -> list[ColumnElement[bool]]:
    table = _routed if is_routed else _built
    found: list[ColumnElement[bool]] = [
        table.portal_id == _PORTAL,
        table.id < number("before"),
        table.id >= number("since"),
        or_(text_of("state") == word(""), table.state == text_of("state")),
    ]
    person = number("person_id")
    if is_routed:
        found += [
            text_of("kind") == word(""),
            or_(text_of("about") == word(""), _routed.about == text_of("about")),
            or_(text_of("template") == word(""), _routed.template == text_of("template")),
            or_(person == whole(0), _routed.initiator_id == person),
        ]
    else:
        found += [
            text_of("template") == word(""),
            text_of("about") == word(""),
            or_(text_of("kind") == word(""), _built.kind == text_of("kind")),
            or_(person == whole(0), _built.subject_id == person),
        ]
    return found


def _arm(name: str, *conditions: ColumnElement[bool], is_routed: bool) -> Any:
    table = _routed if is_routed else _built
    arm = (
        select(*_columns(is_routed=is_routed))
        .where(*_filters(is_routed=is_routed), *conditions)
        .order_by(table.id.desc())
        .limit(number("size"))
        .subquery(f"chosen_{name}")
    )
    return select(*arm.c)


def _below() -> Any:
    """Return the people whose line of leads comes to the reader."""
    own = select(employee.c.id).where(employee.c.portal_id == _PORTAL, employee.c.lead_id == _READER)
    found = own.cte("chosen_below", recursive=True)
    other = employee.alias("other")
    return found.union(
        select(other.c.id).where(other.c.portal_id == _PORTAL, other.c.lead_id == found.c.id, other.c.id != _READER)
    )


def _mine() -> list[Any]:
    return [
        _arm("asked", _built.requester_id == _READER, is_routed=False),
        _arm("about", _built.subject_id == _READER, is_routed=False),
        _arm("begun", _routed.initiator_id == _READER, is_routed=True),
    ]


def _waiting() -> list[Any]:
    held = select(approval_holder.c.request_id).where(approval_holder.c.employee_id == _READER)
    asked = select(routed_asked.c.request_id).where(
        routed_asked.c.employee_id == _READER, routed_asked.c.seat_id.is_not(None)
    )
    return [
        _arm("held", _built.state == word("pending"), _built.id.in_(held), is_routed=False),
        _arm("awaited", _routed.id.in_(asked), is_routed=True),
    ]


def _answers() -> tuple[Any, Any]:
    """Return the reader's answers on routes, and what took one of them back."""
    said = (
        select(routed_event.c.request_id, routed_event.c.seq, routed_event.c.what)
        .where(
            routed_event.c.actor_id == _READER,
            routed_event.c.what.in_([word(each) for each in ("approve", "reject", "return")]),
        )
        .subquery("answer")
    )
    undo = routed_event.alias("undo")
    undone = select(undo.c.seq).where(
        undo.c.request_id == said.c.request_id,
        undo.c.actor_id == _READER,
        undo.c.what == word("undo"),
        undo.c.seq > said.c.seq,
    )
    return said, undone


def _decided() -> list[Any]:
    """Return what somebody answered, and did not take back."""
    ballots = select(approval_ballot.c.request_id).where(
        approval_ballot.c.by_id == _READER, approval_ballot.c.undone_at.is_(None)
    )
    asked = select(routed_asked.c.request_id).where(routed_asked.c.employee_id == _READER)
    answer, undone = _answers()
    answered = select(answer.c.seq).where(answer.c.request_id == _routed.id, ~undone.exists())
    return [
        _arm("balloted", _built.id.in_(ballots), is_routed=False),
        _arm("answered", _routed.id.in_(asked), answered.exists(), is_routed=True),
    ]


def _team() -> list[Any]:
    below = _below()
    return [
        _arm("team", _built.subject_id.in_(select(below.c.id)), is_routed=False),
        _arm("team_begun", _routed.initiator_id.in_(select(below.c.id)), is_routed=True),
    ]


def _taken_part() -> list[Any]:
    held = select(approval_holder.c.request_id).where(approval_holder.c.employee_id == _READER)
    decided = select(approval_ballot.c.request_id).where(approval_ballot.c.by_id == _READER)
    asked = select(routed_asked.c.request_id).where(routed_asked.c.employee_id == _READER)
    return [
        _arm("was_held", _built.id.in_(held), is_routed=False),
        _arm("decided", _built.id.in_(decided), is_routed=False),
        _arm("was_asked", _routed.id.in_(asked), is_routed=True),
    ]


def _all() -> list[Any]:
    return [_arm("all", is_routed=False), _arm("all_begun", is_routed=True)]


def _all_built() -> list[Any]:
    return [_arm("all", is_routed=False)]


def _own_answer(page: Any) -> Any:
    """Return what the reader answered last, and did not take back: only of what they have answered."""
    ballot = (
        select(approval_ballot.c.verdict)
        .where(
            approval_ballot.c.request_id == page.c.id,
            approval_ballot.c.by_id == _READER,
            approval_ballot.c.undone_at.is_(None),
        )
        .order_by(approval_ballot.c.at.desc(), approval_ballot.c.cast_no.desc())
        .limit(whole(1))
        .scalar_subquery()
    )
    answer, undone = _answers()
    event = (
        select(answer.c.what)
        .where(answer.c.request_id == page.c.id, ~undone.exists())
        .order_by(answer.c.seq.desc())
        .limit(whole(1))
        .scalar_subquery()
    )
    return func.coalesce(case((page.c.is_routed == whole(1), event), else_=ballot), _TEXT)


def _list(name: str, *ways: Any, may_meet: bool = True, with_answer: bool = False) -> Statement:
    """Return a list of what several ways lead to; where no two of them can lead to one request, none is looked for."""

    def build(_: Any) -> Any:
        arms = [arm for way in ways for arm in way()]
        together = (union if may_meet else union_all)(*arms).subquery("chosen_together")
        page = select(*together.c).order_by(together.c.id.desc()).limit(number("size")).subquery("chosen_page")
        held = (
            select(_Joined(cast(approval_holder.c.employee_id, Text)))
            .where(approval_holder.c.request_id == page.c.id)
            .scalar_subquery()
        )
        asked = (
            select(_Joined(cast(routed_asked.c.employee_id, Text)))
            .where(and_(routed_asked.c.request_id == page.c.id, routed_asked.c.seat_id.is_not(None)))
            .scalar_subquery()
        )
        holders = case((page.c.is_routed == whole(1), asked), else_=held)  # only one of them is looked for
        own = _own_answer(page) if with_answer else _TEXT
        return select(*page.c, holders, own.label("answer")).order_by(page.c.id.desc())

    return Statement(f"list of {name}", build)


WAITING = _list("requests that wait for a person", _waiting, may_meet=False)
MINE = _list("requests of a person", _mine)
DECIDED = _list("requests that a person decided", _decided, with_answer=True)
TEAM = _list("requests of a team", _team, may_meet=False)
ALL = _list("requests of a portal", _all, may_meet=False)
SEEN = _list("requests that a person may see", _mine, _taken_part)
SEEN_BY_LEAD = _list("requests that a lead may see", _mine, _taken_part, _team)
SEEN_BY_ALL = _list("requests about hours", _mine, _taken_part, _all_built)


_NEWEST = 500
"""So many requests of a portal are looked through for templates that it does not keep: those that processes bring."""


def _templates_of(name: str, *ways: Any) -> Statement:
    """Return the templates of what several ways lead to."""

    def build(_: Any) -> Any:
        return union(*(select(_routed.template).where(_routed.portal_id == _PORTAL, way()) for way in ways))

    return Statement(f"templates of {name}", build)


def _is_mine() -> Any:
    return _routed.initiator_id == _READER


def _is_asked() -> Any:
    return _routed.id.in_(select(routed_asked.c.request_id).where(routed_asked.c.employee_id == _READER))


def _is_of_team() -> Any:
    return _routed.initiator_id.in_(select(_below().c.id))


TEMPLATES = _templates_of("requests that a person may see", _is_mine, _is_asked)
TEMPLATES_OF_LEAD = _templates_of("requests that a lead may see", _is_mine, _is_asked, _is_of_team)


def _of_portal(_: Any) -> Any:
    """Return what was ever switched on, and what the newest requests run by: a portal's requests are many."""
    kept, newest = approval_template, select(_routed.template).where(_routed.portal_id == _PORTAL)
    newest = newest.order_by(_routed.id.desc()).limit(whole(_NEWEST))
    return union(
        select(kept.c.key).where(kept.c.portal_id == _PORTAL, kept.c.state != word("draft")),
        select(newest.subquery("chosen_newest").c.template),
    )


TEMPLATES_OF_ALL = Statement("templates of requests of a portal", _of_portal)
