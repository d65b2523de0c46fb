"""Statements about business processes: calls of our robot, and people's own tasks."""

from typing import Any

from sqlalchemy import delete, func, or_, select, update

from storage.engines.statement import Statement, excluded, number, parameters, text_of, word
from storage.schema import native_task, process_call

_OF_PORTAL = process_call.c.portal_id == number("portal_id")
CALL = Statement("process call", lambda _: select(*process_call.c).where(_OF_PORTAL, process_call.c.id == number("id")))
CALL_BY_KEY = Statement(
    "process call by key", lambda _: select(*process_call.c).where(_OF_PORTAL, process_call.c.key == text_of("key"))
)
CALLS_OF_REQUEST = Statement(
    "process calls of a request",
    lambda _: (
        select(*process_call.c)
        .where(_OF_PORTAL, process_call.c.request_id == number("request_id"))
        .order_by(process_call.c.id)
    ),
)
CALLS_OF_PORTAL = Statement(
    "process calls of a portal",
    lambda _: (
        select(*process_call.c)
        .where(_OF_PORTAL, process_call.c.state == text_of("state"), process_call.c.id > number("id"))
        .order_by(process_call.c.id)
        .limit(number("size"))
    ),
)
CALLS_WAITING = Statement(
    "how many process calls wait",
    lambda _: select(func.count()).where(_OF_PORTAL, process_call.c.state == word("waiting")),
)
CALLS_IN_STATE = Statement(
    "process calls in a state",
    lambda _: (
        select(*process_call.c)
        .where(process_call.c.state == text_of("state"), process_call.c.id > number("id"))
        .order_by(process_call.c.id)
        .limit(number("size"))
    ),
)


def _add(insert: Any) -> Any:
    return insert(process_call).on_conflict_do_nothing(index_elements=["portal_id", "key"])


ADD_CALL = Statement("add process call", _add, rank=106, lock="id")
SEALED_CALLS = Statement(
    "sealed calls of processes",
    lambda _: select(process_call.c.portal_id, process_call.c.id, process_call.c.token).where(
        or_(*(process_call.c.state == word(each) for each in ("waiting", "asked")))
    ),
)
RESEAL_CALL = Statement(
    "reseal call of a process",
    lambda _: (
        update(process_call)
        .where(process_call.c.id == number("the_id"), process_call.c.token == text_of("former"))
        .values(token=text_of("sealed"))
    ),
    rank=107,
    many=True,
)
_KEPT = ("id", "portal_id", "key", "token", "code", "workflow", "document", "properties", "waits", "called_at")
PUT_CALL = Statement(
    "put process call",
    lambda _: (
        update(process_call)
        .where(process_call.c.id == number("the_id"), process_call.c.version == number("seen"))
        .values(**parameters(process_call, *_KEPT))
    ),
    rank=107,
    lock="the_id",
    key="the_id",
)
DROP_CALLS = Statement(
    "drop process calls",
    lambda _: delete(process_call).where(process_call.c.portal_id == number("the_portal_id")),
    rank=108,
    many=True,
)
DROP_OLD_CALLS = Statement(
    "drop old process calls",
    lambda _: delete(process_call).where(
        or_(*(process_call.c.state == word(each) for each in ("answered", "over"))),
        process_call.c.id < number("before"),
    ),
    many=True,
)

TASK = Statement(
    "native task",
    lambda _: select(*native_task.c).where(
        native_task.c.portal_id == number("portal_id"),
        native_task.c.account == text_of("account"),
        native_task.c.task_id == number("task_id"),
    ),
)
TASKS_OF = Statement(
    "native tasks of a person",
    lambda _: (
        select(*native_task.c)
        .where(native_task.c.portal_id == number("portal_id"), native_task.c.account == text_of("account"))
        .order_by(native_task.c.task_id)
    ),
)


def _put_task(insert: Any) -> Any:
    statement = insert(native_task)
    changed = excluded(statement, "portal_id", "account", "task_id")
    return statement.on_conflict_do_update(
        index_elements=["portal_id", "account", "task_id"],
        set_=changed,
        where=native_task.c.version == statement.excluded.version - 1,
    )


PUT_TASK = Statement("put native task", _put_task, rank=109, lock="task_id")
DROP_TASKS = Statement(
    "drop native tasks",
    lambda _: delete(native_task).where(
        native_task.c.portal_id == number("the_portal_id"), native_task.c.account == text_of("the_account")
    ),
    rank=110,
    many=True,
)
DROP_OLD_TASKS = Statement(
    "drop old native tasks",
    lambda _: delete(native_task).where(native_task.c.listed_at < number("before")),
    many=True,
)
