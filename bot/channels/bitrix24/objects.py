"""Objects of the portal that requests speak of, read as they stand there now."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from bot.channels.bitrix24.client import Client
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.values import items, mapping, number, text
from bot.domain.automation.portal_object import ObjectKind, ObjectRef
from bot.ports import PortalObject

PATIENCE: Final = 4.0
"""Seconds that somebody who fills in a form waits for the portal; then the number alone is taken."""
NOT_ALLOWED_FOR: Final = 600.0
"""Seconds after which a portal that gave us no right to read is asked again."""
_PEOPLE: Final = ("assignedById", "createdBy", "updatedBy", "movedBy")
_NO_RIGHT: Final = frozenset({"INSUFFICIENT_SCOPE", "ERROR_METHOD_NOT_FOUND", "INVALID_CREDENTIALS"})

log = structlog.get_logger(__name__)


class Objects:
    """Reads objects of one portal, where its administrator gave us the right `crm`."""

    def __init__(self, client: Client, realm: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Ask through `client`; nothing is asked yet."""
        self._client = client
        self._realm = realm
        self._monotonic = monotonic
        self._rests_until = float("-inf")

    async def read(self, kind: ObjectKind, wanted: int, type_id: int = 0) -> PortalObject | None:
        """Return an object; None where it is not there, is not ours to read, or cannot be read now."""
        if self._monotonic() < self._rests_until:
            return None
        form = {"entityTypeId": ObjectRef(kind, wanted, type_id).entity_type, "id": wanted}
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._client.call("crm.item.get", form)
        except RestError as error:
            if error.code in _NO_RIGHT:
                self._rests_until = self._monotonic() + NOT_ALLOWED_FOR
            log.info("bitrix24.object_not_read", realm=self._realm, kind=kind, number=wanted, code=error.code)
            return None
        except TimeoutError:
            log.info("bitrix24.object_not_read", realm=self._realm, kind=kind, number=wanted, code="TOO_SLOW")
            return None
        return _object(kind, wanted, mapping(mapping(answer.result).get("item")))


def _object(kind: ObjectKind, wanted: int, item: Mapping[str, Any]) -> PortalObject | None:
    if number(item.get("id")) != wanted:
        return None
    people = {text(item.get(each)) for each in _PEOPLE} | {text(each) for each in items(item.get("observers"))}
    amount = _amount(item.get("opportunity"))
    return PortalObject(
        kind,
        wanted,
        " ".join(text(item.get("title")).split()),
        amount,
        "" if amount is None else text(item.get("currencyId")),
        frozenset(each for each in people if number(each)),
        text(item.get("assignedById")) if number(item.get("assignedById")) else "",
    )


def _amount(value: Any) -> int | float | None:
    """Return a sum above nothing, whole where it is whole."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    return int(value) if float(value).is_integer() else value
