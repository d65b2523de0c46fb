"""Duties: which process does what only one may do."""

from collections.abc import Collection

from storage.engines.engine import Engine, Read, Write
from storage.engines.statement import Statement
from storage.sql import duties


class Duties:
    """Duties, of which this process holds some in its name."""

    def __init__(self, engine: Engine, holder: str) -> None:
        """Hold in the name of `holder`, which no other living process has."""
        self._engine = engine
        self._holder = holder

    async def claim(self, name: str, seconds: float) -> bool:
        """Take a duty that nobody holds, or keep one's own, for so long from now; whether we hold it."""
        values: dict[str, object] = {"name": name, "holder": self._holder}
        # Whoever waits only looks: it writes nothing, and holds up no holder.
        (others,) = await self._engine.read([Read(duties.HELD_BY_ANOTHER, values)])
        return not others and await self._held(duties.CLAIM_DUTY, {**values, "lasts": int(seconds * 1000)})

    async def renew(self, name: str, seconds: float) -> bool:
        """Keep a duty of one's own whose lease has not run out; whether we still hold it."""
        values: dict[str, object] = {"the_name": name, "the_holder": self._holder, "lasts": int(seconds * 1000)}
        return await self._held(duties.RENEW_DUTY, values)

    async def renew_all(self, seconds: float) -> Collection[str]:
        """Keep all duties of one's own whose leases have not run out; returns which they are."""
        values: dict[str, object] = {"the_holder": self._holder, "lasts": int(seconds * 1000)}
        (result,) = await self._engine.write([Write(duties.RENEW_DUTIES, values)])
        return {row[0] for row in result.rows}

    async def release(self, name: str) -> None:
        """Give a duty of one's own back; another process may have it at once."""
        await self._engine.write([Write(duties.RELEASE_DUTY, {"the_name": name, "the_holder": self._holder})])

    async def _held(self, statement: Statement, values: dict[str, object]) -> bool:
        (result,) = await self._engine.write([Write(statement, values)])
        return bool(result.rows)
