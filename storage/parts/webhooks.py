"""Webhooks and messages to them ⇄ rows; their secrets are sealed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain.automation.happening import HappeningType
from bot.domain.automation.webhook import HookDelivery, Webhook
from bot.ports import WrongKey
from storage import schema
from storage.engines.engine import Reader
from storage.part import Part
from storage.rows import Row, clean
from storage.shape import Form, Shape
from storage.sql import webhooks as sql
from storage.vault import Box, hook_name

_KNOWN = frozenset(HappeningType)
_TYPES = Form(
    lambda stored: frozenset(HappeningType(each) for each in stored.split() if each in _KNOWN),
    lambda types: f" {' '.join(sorted(types))} " if types else "",
)
_HOOK = Shape(Webhook, schema.webhook, forms={"types": _TYPES})
_DELIVERY = Shape(HookDelivery, schema.hook_delivery)


def hook_of(row: Row, box: Box) -> Webhook:
    """Return the hook of a row; a secret that does not open is none."""
    hook = _HOOK.read(row)
    return replace(hook, secret=_opened(box, hook.id, hook.secret), former=_opened(box, hook.id, hook.former))


def _opened(box: Box, hook_id: int, stored: str) -> str:
    if not stored:
        return ""
    try:
        return box.open(stored, hook_name(hook_id))
    except WrongKey:
        return ""


class Webhooks(Part):
    """Where programs of portals are told what happens."""

    def __init__(self, engine: Reader, box: Box) -> None:
        """Read through `engine`; seal and open with `box`."""
        super().__init__(engine)
        self._box = box

    async def get(self, portal_id: int, hook_id: int) -> Webhook | None:
        """Return the hook of that id."""
        return self._one(await self._rows(sql.WEBHOOK, {"portal_id": portal_id, "hook_id": hook_id}))

    async def by_name(self, portal_id: int, name: str) -> Webhook | None:
        """Return the hook of that name."""
        return self._one(await self._rows(sql.WEBHOOK_BY_NAME, {"portal_id": portal_id, "name": clean(name)}))

    async def of(self, portal_id: int) -> Sequence[Webhook]:
        """Return the hooks of a portal, by name."""
        return [hook_of(row, self._box) for row in await self._rows(sql.WEBHOOKS, {"portal_id": portal_id})]

    def add(self, hook: Webhook) -> None:
        """Note a new hook; a second one of the same name is a Conflict."""
        self._note(sql.ADD_WEBHOOK, self._values(hook))

    def put(self, hook: Webhook) -> None:
        """Note a change of a hook; a Conflict when it is not the one that was read any more."""
        self._note(sql.PUT_WEBHOOK, {**self._values(hook), "the_id": hook.id, "seen": hook.version}, 1)

    def drop(self, hook: Webhook) -> None:
        """Note that a hook goes, with all that waited for it."""
        self._note(sql.DROP_WEBHOOK, {"the_id": hook.id, "the_portal_id": hook.portal_id}, 1)
        self._note(sql.DROP_ITS_DELIVERIES, {"the_hook_id": hook.id})

    async def deliveries(self, hook: Webhook, before: int, size: int) -> Sequence[HookDelivery]:
        """Return messages to a hook, newest first, those older than that one."""
        values = {"portal_id": hook.portal_id, "hook_id": hook.id, "before": before, "size": size}
        return [_DELIVERY.read(row) for row in await self._rows(sql.DELIVERIES, values)]

    async def outcomes_waiting(self, hook: Webhook) -> Sequence[HookDelivery]:
        """Return the outcomes of requests that are still to be told to a hook."""
        return [_DELIVERY.read(row) for row in await self._rows(sql.OUTCOMES_WAITING, {"hook_id": hook.id})]

    def send_again(self, delivery: HookDelivery) -> None:
        """Note that a message that failed is sent again; a Conflict where it is not failed any more."""
        its = {"the_hook_id": delivery.hook_id, "the_happening_id": delivery.happening_id}
        self._note(sql.SEND_AGAIN, {**its, "the_portal_id": delivery.portal_id, "none": None}, 1)

    def _one(self, rows: Sequence[Row]) -> Webhook | None:
        return hook_of(rows[0], self._box) if rows else None

    def _values(self, hook: Webhook) -> dict[str, Any]:
        sealed = {
            name: self._box.seal(value, hook_name(hook.id)) if value else ""
            for name, value in (("secret", hook.secret), ("former", hook.former))
        }
        return {**_HOOK.values(hook), **sealed}
