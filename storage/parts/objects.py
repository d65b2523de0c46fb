"""Objects of portals ⇄ rows: what was seen, what is to be looked at, what is watched."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import BINDING, FamilyWatch, Hint, Sighting
from storage import schema
from storage.engines.engine import Read, Reader, Write
from storage.part import Part
from storage.queues.conversations import Now
from storage.rows import clean, compact
from storage.shape import Form, Shape
from storage.sql import objects as sql

DELAY_MS = 1_000
"""So long a word waits for others about the same object: what people and robots do comes in bursts."""


def _ref(stored: str) -> ObjectRef:
    found = ObjectRef.parse(stored)
    if found is None:
        raise ValueError("no object of a portal")
    return found


_SIGHTING = Shape(
    Sighting,
    schema.object_sighting,
    forms={"ref": Form(_ref, str), "fields": Form(json.loads, lambda fields: compact(dict(fields)))},
)
_WATCH = Shape(FamilyWatch, schema.object_watch)


def hint_values(hint: Hint, now: int) -> dict[str, Any]:
    """Return the row of a word of a portal that comes now."""
    return {
        "portal_id": hint.portal_id,
        "ref": clean(hint.ref),
        "actor": int(hint.actor),
        "latest": int(hint.actor),
        "revision": hint.revision,
        "looked": 0,
        "due_at": now if hint.ref == BINDING else now + DELAY_MS,
        "tries": 0,
    }


class SeenObjects(Part):
    """What was seen of objects of portals, and what is to be looked at."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """Read through `engine`; `now` tells the machine's clock in milliseconds."""
        super().__init__(engine)
        self._now = now

    async def sighting(self, portal_id: int, ref: ObjectRef) -> Sighting | None:
        """Return an object as it was when we last looked."""
        rows = await self._rows(sql.SIGHTING, {"portal_id": portal_id, "ref": str(ref)})
        return _SIGHTING.read(rows[0]) if rows else None

    async def sightings(self, portal_id: int, refs: Sequence[ObjectRef]) -> Mapping[ObjectRef, Sighting]:
        """Return some objects as they were; those that were never seen are left out."""
        plan = [Read(sql.SIGHTING, {"portal_id": portal_id, "ref": str(each)}) for each in refs]
        found = await self._engine.read(plan) if plan else []
        return {each: _SIGHTING.read(rows[0]) for each, rows in zip(refs, found, strict=True) if rows}

    def put(self, sighting: Sighting) -> None:
        """Note how an object is now."""
        self._note(sql.PUT_SIGHTING, {**_SIGHTING.values(sighting), "seen_at": self._now()})

    def drop(self, portal_id: int, ref: ObjectRef) -> None:
        """Note that an object is not kept any more."""
        self._note(sql.DROP_SIGHTING, {"the_portal_id": portal_id, "the_ref": str(ref)})

    def note(self, hint: Hint) -> None:
        """Note that something is to be looked at, soon; what waits already waits for as long as before."""
        self._note(sql.PUT_HINT, hint_values(hint, self._now()))

    def looked(self, hint: Hint) -> None:
        """Note that it was looked at; what the portal told of it meanwhile is to be looked at again."""
        key = {"the_portal_id": hint.portal_id, "the_ref": clean(hint.ref)}
        due_at = self._now() + DELAY_MS
        self._note(sql.LOOKED, {**key, "the_revision": hint.revision, "due_at": due_at}, 1)
        self._note(sql.DROP_LOOKED, key)

    async def watches(self, portal_id: int) -> Mapping[str, FamilyWatch]:
        """Return what is watched of a portal, by family."""
        rows = await self._rows(sql.WATCHES, {"portal_id": portal_id})
        return {each.family: each for each in map(_WATCH.read, rows)}

    def begin_watch(self, watch: FamilyWatch) -> None:
        """Note that a family is watched from now on; how its objects were before is not kept."""
        values = {"the_portal_id": watch.portal_id, "prefix": f"{watch.family}:"}
        self._note(sql.DROP_FAMILY, values)
        self.put_watch(watch)

    def put_watch(self, watch: FamilyWatch) -> None:
        """Note up to when a family was gone through."""
        self._note(sql.PUT_WATCH, _WATCH.values(watch))

    def drop_watch(self, portal_id: int, family: str) -> None:
        """Note that a family is watched no more."""
        self._note(sql.DROP_WATCH, {"the_portal_id": portal_id, "the_family": family})

    def forget_portal(self, portal_id: int) -> None:
        """Note that nothing is kept of a portal's objects."""
        for statement in (sql.DROP_SIGHTINGS, sql.DROP_HINTS, sql.DROP_WATCHES):
            self._note(statement, {"the_portal_id": portal_id})

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return self._writes
