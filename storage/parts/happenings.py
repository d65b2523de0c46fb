"""What happened, and who is told of it ⇄ rows."""

import json
from collections.abc import Sequence

from bot.domain.automation.happening import OF_ONE_HOOK, Happening
from bot.ids import ID_BITS
from bot.ports.happenings import Place
from storage import schema
from storage.engines.engine import Reader
from storage.part import Part
from storage.queues.conversations import Now
from storage.rows import compact
from storage.shape import Form, Shape
from storage.sql import happenings as sql

SHAPE = Shape(Happening, schema.happening, forms={"data": Form(json.loads, lambda held: compact(dict(held)))})
_KEPT_MS = 7 * 24 * 60 * 60 * 1000


class Happenings(Part):
    """What happened on portals."""

    def __init__(self, engine: Reader, now: Now) -> None:
        """Read through `engine`; `now` tells the machine's clock, by which the age of ids is reckoned."""
        super().__init__(engine)
        self._now = now
        self.portals: set[int] = set()
        """Of which something was noted."""

    def add(self, happening: Happening, *, hook_id: int | None = None) -> None:
        """Note what happened, and a message to each hook that wants it; for one hook alone, and no feed, to that."""
        alone = happening.type in OF_ONE_HOOK
        values = {**SHAPE.values(happening), "yes": True, "none": None}
        if alone:
            values["position"] = -1
        self.portals.add(happening.portal_id)
        self._note(sql.ADD_HAPPENING, values)
        if not alone:
            self._note(sql.TELL_HOOKS, {**values, "pattern": f"% {happening.type.value} %"})
        elif hook_id is not None:
            self._note(sql.TELL_HOOK, {**values, "hook_id": hook_id})

    def hear(self, portal_id: int) -> None:
        """Note that from now on it is kept what happens on a portal."""
        self._note(sql.HEAR_PORTAL, {"the_portal_id": portal_id, "yes": True, "no": False})
        self._note(sql.ADD_HEAD, {"portal_id": portal_id, "position": 0})

    async def has_new(self, portal_id: int) -> bool:
        """Whether something has no place in the feed yet."""
        return bool(await self._rows(sql.NEW_HAPPENING, {"portal_id": portal_id}))

    def give_places(self, portal_id: int) -> None:
        """Note that what has no place in the feed gets one, behind all that have."""
        self._note(sql.LOCK_HEAD, {"the_portal_id": portal_id})
        self._note(sql.GIVE_PLACES, {"the_portal_id": portal_id})

    async def get(self, happening_id: int) -> Happening | None:
        """Return what happened under that id."""
        rows = await self._rows(sql.HAPPENING, {"happening_id": happening_id})
        return SHAPE.read(rows[0]) if rows else None

    async def after(self, portal_id: int, place: Place, size: int) -> Sequence[Happening]:
        """Return what stands in the feed behind a place, in the order of the feed, a week back at most."""
        since = (self._now() - _KEPT_MS) << ID_BITS
        values = {"portal_id": portal_id, "position": place[0], "id": place[1], "since": since, "size": size}
        return [SHAPE.read(row) for row in await self._rows(sql.HAPPENINGS_AFTER, values)]

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self.portals.clear()
