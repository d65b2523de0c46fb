"""Looks at objects of a portal: single ones in batches, their moves, and what changed since an instant.

A portal's events never tell what changed, some are lost, and an object may be gone or forbidden when it is read.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from bot.channels.bitrix24.binding import Binding
from bot.channels.bitrix24.client import BATCH_LIMIT, Call, Client
from bot.channels.bitrix24.errors import OPERATION_LIMIT, QUERY_LIMIT, RestError
from bot.channels.bitrix24.values import instant, items, mapping, number, text
from bot.clock import Clock
from bot.domain.automation.change import Move
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import Family
from bot.ports.eyes import NotSeen, Page, Seen

PAGE: Final = 50
_MOST_PAGES: Final = 20
_MOST_FIELDS: Final = 400
_LONGEST: Final = 2_000
"""Characters of a field that are kept; a description may be a book."""
_TASK_FIELDS: Final = (
    "ID", "TITLE", "DESCRIPTION", "STATUS", "PRIORITY", "RESPONSIBLE_ID", "CREATED_BY", "CREATED_DATE", "CHANGED_BY",
    "CHANGED_DATE", "DEADLINE", "CLOSED_BY", "CLOSED_DATE", "GROUP_ID", "STAGE_ID", "PARENT_ID", "UF_CRM_TASK",
)  # fmt: skip
_PASSING: Final = frozenset({QUERY_LIMIT, OPERATION_LIMIT, "INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER"})
_NO_RIGHT: Final = frozenset(
    {"INSUFFICIENT_SCOPE", "ERROR_METHOD_NOT_FOUND", "INVALID_CREDENTIALS", "ALLOWED_ONLY_INTRANET_USER"}
)
"""What is refused whatever object it is about. A plain ACCESS_DENIED is about one, or about a family."""
_GONE: Final = "NOT_FOUND"
"""The one code that says that an object is gone; whoever lost a right is told of the right."""
_UNREADABLE: Final = "UNREADABLE_OBJECT"


class PortalEyes:
    """Looks at the objects of one portal."""

    def __init__(self, client: Client, clock: Clock, binding: Binding | None, newcomer: Callable[[], None]) -> None:
        """Ask through `client`; `binding`, where there is one, says what is to be told; `newcomer` has people read."""
        self._client = client
        self._clock = clock
        self._binding = binding
        self._newcomer = newcomer

    async def look(self, refs: Sequence[ObjectRef]) -> Seen:
        """Look at some objects; each is read once, fifty in one request."""
        objects: dict[ObjectRef, Mapping[str, Any]] = {}
        gone: set[ObjectRef] = set()
        empty: set[ObjectRef] = set()
        refused: dict[ObjectRef, str] = {}
        for at in range(0, len(refs), BATCH_LIMIT):
            some = {str(each): each for each in refs[at : at + BATCH_LIMIT]}
            answers, errors = await self._asked({name: _get(each) for name, each in some.items()})
            for name, ref in some.items():
                if name in errors:
                    if errors[name].code == _GONE:
                        gone.add(ref)
                    elif not _may_pass(errors[name]):
                        refused[ref] = errors[name].code
                elif name in answers:
                    found = _object(ref, answers[name])
                    if found is not None:
                        objects[ref] = found
                    elif ref.kind == "task":
                        empty.add(ref)
                    else:
                        refused[ref] = _UNREADABLE
        return Seen(objects, frozenset(gone), frozenset(empty), refused)

    async def _asked(self, calls: Mapping[str, Call]) -> tuple[Mapping[str, Any], Mapping[str, RestError]]:
        """Return what calls brought; a lone one needs no batch."""
        try:
            if len(calls) == 1:
                ((name, (method, form)),) = calls.items()
                try:
                    return {name: (await self._client.call(method, form)).result}, {}
                except RestError as error:
                    if error.code not in _NO_RIGHT and _is_of_the_portal(error):
                        raise
                    return {}, {name: error}
            answer = await self._client.run(calls)
        except RestError as error:
            raise _not_seen(error) from None
        return answer.results, answer.errors

    async def _call(self, method: str, form: Mapping[str, Any]) -> tuple[Any, datetime, int | None]:
        try:
            answer = await self._client.call(method, form)
        except RestError as error:
            raise _not_seen(error) from None
        return answer.result, instant(answer.time.get("date_start")) or self._clock.now(), answer.next

    async def moves(self, family: Family, numbers: Sequence[int], after: int) -> Mapping[int, Sequence[Move]]:
        """Return the moves of some objects behind the move of that number, oldest first."""
        form: dict[str, Any] = {
            "entityTypeId": _entity_type(family),
            "filter": {"@OWNER_ID": list(numbers), ">ID": after},
            "order": {"ID": "ASC"},
            "start": 0,
        }
        found: dict[int, list[Move]] = {}
        for _ in range(_MOST_PAGES):
            result, _at, following = await self._call("crm.stagehistory.list", form)
            for row in map(mapping, items(mapping(result).get("items"))):
                stage = text(row.get("STAGE_ID")) or text(row.get("STATUS_ID"))
                made_at = instant(row.get("CREATED_TIME"))
                if stage and made_at is not None:
                    found.setdefault(number(row.get("OWNER_ID")), []).append(
                        Move(stage, made_at, number(row.get("ID")))
                    )
            if following is None:
                break
            form["start"] = following
        return found

    async def changed(self, family: Family, since: datetime, after: int, fields: Collection[str] = ()) -> Page:
        """Return some of what changed since an instant, of objects behind that number, with some of their fields."""
        wanted = {*fields, "changedDate" if family == "task" else "updatedTime"}
        asked = since.astimezone(UTC).isoformat(timespec="seconds")
        if family == "task":
            result, at, _ = await self._call(
                "tasks.task.list",
                {
                    "filter": {">=CHANGED_DATE": asked, ">ID": after},
                    "select": ["ID", *sorted(map(_upper, wanted))],
                    "order": {"ID": "asc"},
                    "start": -1,
                },
            )
            rows = items(mapping(result).get("tasks"))
        else:
            result, at, _ = await self._call(
                "crm.item.list",
                {
                    "entityTypeId": _entity_type(family),
                    "filter": {">=updatedTime": asked, ">id": after},
                    "select": ["id", *sorted(wanted)],
                    "order": {"id": "ASC"},
                    "start": -1,
                },
            )
            rows = items(mapping(result).get("items"))
        found = {
            _ref(family, number(row.get("id"))): {name: _kept(row[name]) for name in wanted if name in row}
            for row in map(mapping, rows)
            if number(row.get("id"))
        }
        return Page(found, len(rows) < PAGE, at)

    async def newest(self, family: Family) -> tuple[int, int]:
        """Return the numbers of the newest object and of the newest move of a family; 0 where there is none."""
        if family == "task":
            result, _, _ = await self._call("tasks.task.list", {"select": ["ID"], "order": {"ID": "desc"}, "start": 0})
            return _first(mapping(result).get("tasks"), "id"), 0
        kind = {"entityTypeId": _entity_type(family)}
        result, _, _ = await self._call(
            "crm.item.list", {**kind, "select": ["id"], "order": {"id": "DESC"}, "start": 0}
        )
        last = _first(mapping(result).get("items"), "id")
        result, _, _ = await self._call("crm.stagehistory.list", {**kind, "order": {"ID": "DESC"}, "start": 0})
        return last, _first(mapping(result).get("items"), "ID")

    async def listen(self, families: Collection[Family]) -> None:
        """Have the portal tell of these families, and of no others; where it cannot, nothing comes of it."""
        if self._binding is None:
            return
        try:
            await self._binding.bring_up_to_date(families)
            await self._binding.place()
        except RestError as error:
            raise _not_seen(error) from None

    async def meet(self) -> None:
        """Have the portal's people read soon, for somebody is new among them."""
        self._newcomer()


def _get(ref: ObjectRef) -> Call:
    if ref.kind == "task":
        return "tasks.task.get", {"taskId": ref.number, "select": list(_TASK_FIELDS)}
    return "crm.item.get", {"entityTypeId": ref.entity_type, "id": ref.number}


def _object(ref: ObjectRef, result: Any) -> Mapping[str, Any] | None:
    """Return the fields of an object; None where it is not there, as a task then is an empty list."""
    found = mapping(mapping(result).get("task" if ref.kind == "task" else "item"))
    if number(found.get("id")) != ref.number:
        return None
    fields: dict[str, Any] = {}
    for name, value in found.items():
        if len(fields) < _MOST_FIELDS:
            fields[text(name)] = _kept(value)
    return fields


def _kept(value: Any) -> Any:
    """Return what is kept of a value: a scalar, or a list of them; None for anything else, which is there as well."""
    if isinstance(value, str):
        return text(value)[:_LONGEST]
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, list) and len(value) <= PAGE and all(isinstance(each, str | int | float) for each in value):
        return [text(each)[:_LONGEST] if isinstance(each, str) else each for each in value]
    return None


def _ref(family: Family, wanted: int) -> ObjectRef:
    ref = ObjectRef.parse(f"{family}:{wanted}")
    if ref is None:
        raise ValueError("no family of objects")
    return ref


def _upper(name: str) -> str:
    """Return a task's field as lists are asked for it: `RESPONSIBLE_ID`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()


def _entity_type(family: Family) -> int | None:
    return _ref(family, 0).entity_type


def _first(rows: Any, name: str) -> int:
    return next((number(mapping(each).get(name)) for each in items(rows)), 0)


def _may_pass(error: RestError) -> bool:
    return error.code in _PASSING or error.status >= 500 or error.status == 429


def _is_of_the_portal(error: RestError) -> bool:
    """Whether a refusal says nothing of what was asked for."""
    return _may_pass(error) or error.status in {0, 401, 402}


def _not_seen(error: RestError) -> NotSeen:
    may_pass = error.code not in _NO_RIGHT and _is_of_the_portal(error)
    return NotSeen(error.code, may_pass=may_pass, retry_after=error.retry_after)
