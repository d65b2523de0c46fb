"""Stages and fields of a portal by their names, kept for some minutes, and objects of it as they stand."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import structlog

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.ports.catalogue import StageName

PATIENCE: Final = 8.0
"""Seconds that an administrator who makes a rule waits for the portal."""
KEPT_FOR: Final = 300.0
"""Seconds for which names are kept: a stage that was just made is there soon."""
_MOST_PIPELINES: Final = 20
_TASK_FIELDS: Final = (
    "ID", "TITLE", "STATUS", "REAL_STATUS", "RESPONSIBLE_ID", "CREATED_BY", "DEADLINE", "PRIORITY", "GROUP_ID",
    "STAGE_ID", "CHANGED_DATE", "CHANGED_BY", "CLOSED_DATE", "MARK", "DESCRIPTION",
)  # fmt: skip

_Found = TypeVar("_Found")
log = structlog.get_logger(__name__)


class PortalCatalogue:
    """Asks one portal."""

    def __init__(self, client: Client, realm: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Ask through `client`; nothing is asked yet."""
        self._client = client
        self._realm = realm
        self._monotonic = monotonic
        self._kept: dict[tuple[str, str, int], tuple[float, Any]] = {}

    async def smart_processes(self) -> Mapping[int, str]:
        """Return what the smart processes are called, by their types; none where they cannot be read now."""
        return await self._known(("types", "smart_process", 0), self._types) or {}

    async def stages(self, kind: ObjectKind, type_id: int = 0) -> Sequence[StageName]:
        """Return the stages of such objects in their order; none where they cannot be read now."""
        if kind == "task":
            return ()
        return await self._known(("stages", kind, type_id), lambda: self._stages(kind, type_id)) or ()

    async def fields(self, kind: ObjectKind, type_id: int = 0) -> Mapping[str, str]:
        """Return the titles of the fields by their names; none where they cannot be read now."""
        if kind == "task":
            return {}
        return await self._known(("fields", kind, type_id), lambda: self._fields(kind, type_id)) or {}

    async def values(self, ref: ObjectRef) -> Mapping[str, Any] | None:
        """Return an object with all its fields; None where it is not there, not ours, or cannot be read now."""
        read = self._task(ref.number) if ref.kind == "task" else self._item(ref)
        return await self._patiently(read)

    async def _known(self, name: tuple[str, str, int], ask: Callable[[], Awaitable[_Found]]) -> _Found | None:
        now = self._monotonic()
        kept = self._kept.get(name)
        if kept is not None and kept[0] > now:
            found: _Found = kept[1]
            return found
        asked = await self._patiently(ask())
        if asked:
            self._kept[name] = (now + KEPT_FOR, asked)
        return asked

    async def _patiently(self, asking: Awaitable[_Found]) -> _Found | None:
        try:
            async with asyncio.timeout(PATIENCE):
                return await asking
        except RestError as error:
            log.info("bitrix24.names_not_read", realm=self._realm, code=error.code)
        except TimeoutError:
            log.info("bitrix24.names_not_read", realm=self._realm, code="TOO_SLOW")
        return None

    async def _types(self) -> dict[int, str]:
        answer = await self._client.call("crm.type.list", {"order": {"id": "ASC"}})
        rows = map(mapping, items(mapping(answer.result).get("types")))
        return {number(each.get("entityTypeId")): _line(each.get("title")) for each in rows}

    async def _stages(self, kind: ObjectKind, type_id: int) -> list[StageName]:
        pipelines = [] if kind == "lead" else await self._pipelines(ObjectRef(kind, 0, type_id).entity_type or 0)
        if kind == "lead":
            groups = [("STATUS", "")]
        elif kind == "deal":
            groups = [(f"DEAL_STAGE_{each}" if each else "DEAL_STAGE", name) for each, name in pipelines]
        else:
            groups = [(f"DYNAMIC_{type_id}_STAGE_{each}", name) for each, name in pipelines]
        found: list[StageName] = []
        for group, pipeline in groups[:_MOST_PIPELINES]:
            form = {"filter": {"ENTITY_ID": group}, "order": {"SORT": "ASC"}}
            answer = await self._client.call("crm.status.list", form)
            for row in map(mapping, items(answer.result)):
                if text(row.get("ENTITY_ID")) == group and text(row.get("STATUS_ID")):
                    name = _line(row.get("NAME"))
                    found.append(StageName(text(row["STATUS_ID"]), name, pipeline if len(groups) > 1 else ""))
        return found

    async def _pipelines(self, entity_type: int) -> list[tuple[int, str]]:
        answer = await self._client.call("crm.category.list", {"entityTypeId": entity_type})
        rows = map(mapping, items(mapping(answer.result).get("categories")))
        return [(number(each.get("id")), _line(each.get("name"))) for each in rows]

    async def _fields(self, kind: ObjectKind, type_id: int) -> dict[str, str]:
        answer = await self._client.call("crm.item.fields", {"entityTypeId": ObjectRef(kind, 0, type_id).entity_type})
        rows = mapping(mapping(answer.result).get("fields"))
        return {text(name): _line(mapping(each).get("title")) or text(name) for name, each in rows.items()}

    async def _item(self, ref: ObjectRef) -> Mapping[str, Any] | None:
        answer = await self._client.call("crm.item.get", {"entityTypeId": ref.entity_type, "id": ref.number})
        item = mapping(mapping(answer.result).get("item"))
        return item if number(item.get("id")) == ref.number else None

    async def _task(self, wanted: int) -> Mapping[str, Any] | None:
        answer = await self._client.call("tasks.task.get", {"taskId": wanted, "select": list(_TASK_FIELDS)})
        task = mapping(mapping(answer.result).get("task"))
        return task if number(task.get("id")) == wanted else None


def _line(value: Any) -> str:
    return " ".join(text(value).split())
