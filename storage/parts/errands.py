"""Errands ⇄ rows."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.domain.automation.errand import OWN_AFFAIRS, Errand, ErrandState
from bot.ports.errands import MOST_LISTED
from storage import schema
from storage.engines.engine import Reader
from storage.engines.statement import Statement
from storage.part import Part
from storage.queues.conversations import Now
from storage.rows import Row, compact, millis
from storage.sealed import opened_form, sealed_form
from storage.shape import Form, Shape
from storage.sql import errands as sql
from storage.vault import Box

_JSON = Form(json.loads, lambda held: compact(dict(held)))
SHAPE = Shape(Errand, schema.errand, forms={"form": _JSON, "result": _JSON})


class Errands(Part):
    """What is to be done on portals. What was noted wins over what was read."""

    def __init__(self, engine: Reader, now: Now, box: Box) -> None:
        """Read through `engine`; `now` tells the machine's clock, by which errands rest. Tokens are sealed by `box`."""
        super().__init__(engine)
        self._now = now
        self._box = box
        self._noted: dict[int, Errand] = {}

    def add(self, errand: Errand) -> None:
        """Note an errand; under a key that is known on the portal nothing changes."""
        self._noted[errand.id] = errand
        self._note(sql.ADD_ERRAND, self._values(errand))

    def put(self, errand: Errand, *, rest: float = 0.0) -> None:
        """Note how an errand stands now; a Conflict when it is not the one that was read any more."""
        self._noted[errand.id] = errand
        until = self._now() + int(rest * 1000) if rest > 0 else 0
        seen = {"the_id": errand.id, "seen": errand.version, "rests_until": until}
        self._note(sql.PUT_ERRAND, {**self._values(errand), **seen}, 1)

    def drop_of(self, portal_id: int) -> None:
        """Note that all errands of a portal go."""
        self._note(sql.DROP_ERRANDS, {"the_portal_id": portal_id})

    async def get(self, portal_id: int, errand_id: int) -> Errand | None:
        """Return the errand of that id."""
        if errand_id in self._noted:
            return self._noted[errand_id]
        rows = await self._rows(sql.ERRAND, {"portal_id": portal_id, "errand_id": errand_id})
        return self._errand(rows[0]) if rows else None

    async def of_cause(self, portal_id: int, cause: str) -> Sequence[Errand]:
        """Return what came of a cause, in the order in which it was noted."""
        rows = await self._rows(sql.ERRANDS_OF_CAUSE, {"portal_id": portal_id, "cause": cause})
        found = {each.id: each for each in map(self._errand, rows)}
        keys = {each.key for each in found.values()}
        for each in self._noted.values():
            is_new = each.id not in found and each.key not in keys
            if (each.portal_id, each.cause) == (portal_id, cause) and (is_new or each.id in found):
                found[each.id] = each
        return sorted(found.values(), key=lambda each: each.id)

    async def last_of_cause(self, portal_id: int, cause: str) -> Errand | None:
        """Return what came of a cause last."""
        rows = await self._rows(sql.LAST_OF_CAUSE, {"portal_id": portal_id, "cause": cause})
        found = {each.id: each for each in map(self._errand, rows)}
        noted = (each for each in self._noted.values() if (each.portal_id, each.cause) == (portal_id, cause))
        found |= {each.id: each for each in noted}
        return max(found.values(), key=lambda each: each.id, default=None)

    async def about(self, portal_id: int, thing: str, since: datetime) -> Sequence[Errand]:
        """Return what was done, or may have been, to an object since then, or made it; whenever it was noted."""
        values = {"portal_id": portal_id, "lane": thing, "size": MOST_LISTED}
        rows = [
            *await self._rows(sql.ERRANDS_ENDED_OF_OBJECT, {**values, "since": millis(since)}),
            *await self._rows(sql.ERRANDS_TRIED_OF_OBJECT, values),
        ]
        found = sorted(map(self._errand, rows), key=lambda each: each.id)
        return [each for each in found if thing in (each.result.get("object"), each.form.get("object"))]

    async def failed(self, portal_id: int) -> Sequence[Errand]:
        """Return what failed on a portal and an administrator may repeat or leave, the newest first."""
        found = await self._in(sql.ERRANDS_FAILED, portal_id, ErrandState.FAILED)
        return [each for each in found if each.kind not in OWN_AFFAIRS]

    async def offered(self, portal_id: int) -> Sequence[Errand]:
        """Return what an administrator is asked about, the newest first."""
        return await self._in(sql.ERRANDS_OFFERED, portal_id, ErrandState.OFFERED)

    async def waiting(self, portal_id: int) -> Sequence[Errand]:
        """Return what is still to be done on a portal, the newest first."""
        return await self._in(sql.ERRANDS_WAITING, portal_id, ErrandState.WAITING)

    async def _in(self, statement: Statement, portal_id: int, state: ErrandState) -> Sequence[Errand]:
        values: dict[str, Any] = {"portal_id": portal_id, "size": MOST_LISTED}
        found = {each.id: each for each in map(self._errand, await self._rows(statement, values))}
        found |= {each.id: each for each in self._noted.values() if each.portal_id == portal_id}
        return sorted((each for each in found.values() if each.state is state), key=lambda each: -each.id)

    def _values(self, errand: Errand) -> dict[str, Any]:
        return {**SHAPE.values(errand), "form": compact(dict(sealed_form(self._box, errand)))}

    def _errand(self, row: Row) -> Errand:
        return opened_form(self._box, SHAPE.read(row))

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()
