"""Who stands in for whom ⇄ rows."""

from collections.abc import Sequence
from datetime import date

from bot.domain.people.substitute import Substitute
from storage import schema
from storage.engines.engine import Reader, Write
from storage.part import Part
from storage.shape import Shape
from storage.sql import substitutes as sql

_SHAPE = Shape(Substitute, schema.substitute)


class Substitutes(Part):
    """Who stands in for whom, by portal."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._put: dict[int, Substitute] = {}
        self._dropped: dict[int, Substitute] = {}

    async def of_portal(self, portal_id: int, since: date) -> Sequence[Substitute]:
        """Return what holds on that day or later, in the order in which it was said."""
        rows = await self._rows(sql.SUBSTITUTES, {"portal_id": portal_id, "day": since.isoformat()})
        found = {each.id: each for each in map(_SHAPE.read, rows) if each.id not in self._dropped}
        found |= {each.id: each for each in self._put.values() if each.portal_id == portal_id}
        lasting = (each for each in found.values() if each.last_day is None or each.last_day >= since)
        return sorted(lasting, key=lambda each: each.order)

    def put(self, substitute: Substitute) -> None:
        """Note what is new, or has other days now."""
        self._put[substitute.id] = substitute
        self._dropped.pop(substitute.id, None)

    def drop(self, substitute: Substitute) -> None:
        """Note that it never comes to be."""
        self._put.pop(substitute.id, None)
        self._dropped[substitute.id] = substitute

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._put.clear()
        self._dropped.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        dropped = self._dropped.values()
        return [
            *(Write(sql.DROP_SUBSTITUTE, {"the_portal_id": each.portal_id, "the_id": each.id}) for each in dropped),
            *(Write(sql.PUT_SUBSTITUTE, _SHAPE.values(each)) for each in self._put.values()),
        ]
