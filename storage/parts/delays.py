"""What people said about coming later ⇄ rows."""

from collections.abc import Sequence
from datetime import date

from bot.domain.workday.delay import Delay
from storage import schema
from storage.engines.engine import Reader, Write
from storage.part import Part
from storage.shape import Shape
from storage.sql import delays

_SHAPE = Shape(Delay, schema.delay)


class Delays(Part):
    """What people said about coming later: one row a person and date, the last word."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._noted: dict[tuple[int, int, date], Delay] = {}
        self._dropped: list[Write] = []

    async def since(self, portal_id: int, first: date) -> Sequence[Delay]:
        """Return what was said about that day and those after it, by day."""
        values = {"portal_id": portal_id, "first": first.isoformat()}
        rows = await self._rows(delays.DELAYS_SINCE, values)
        found = {_key(each): each for each in map(_SHAPE.read, rows)}
        found |= {key: each for key, each in self._noted.items() if each.portal_id == portal_id and each.day >= first}
        return sorted(found.values(), key=lambda each: (each.day, each.employee_id))

    def put(self, delay: Delay) -> None:
        """Note what was said, instead of what the person had said about that day."""
        self._noted[_key(delay)] = delay

    def drop_before(self, portal_id: int, first: date) -> None:
        """Note that days before are forgotten."""
        values = {"the_portal_id": portal_id, "the_first": first.isoformat()}
        self._dropped.append(Write(delays.DROP_DELAYS, values))

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()
        self._dropped.clear()

    def writes(self) -> list[Write]:
        """Return what was noted."""
        return [*self._dropped, *(Write(delays.PUT_DELAY, _SHAPE.values(each)) for each in self._noted.values())]


def _key(delay: Delay) -> tuple[int, int, date]:
    return delay.portal_id, delay.employee_id, delay.day
