"""Calls of our robots on all portals, for whoever works on them."""

from collections.abc import Sequence

from bot.domain.automation.process import CallState, ProcessCall
from storage.engines.engine import Engine, Read
from storage.parts.processes import CALL, PAGE
from storage.sealed import opened_call
from storage.sql import processes as sql
from storage.vault import Box


class CallQueue:
    """What waits for us, oldest first."""

    def __init__(self, engine: Engine, box: Box) -> None:
        """Read through `engine`; open tokens by `box`."""
        self._engine = engine
        self._box = box

    async def waiting(self, after: int = 0) -> Sequence[ProcessCall]:
        """Return the next calls `after` one of which nothing came yet, oldest first."""
        return await self._in(CallState.WAITING, after)

    async def asked(self, after: int = 0) -> Sequence[ProcessCall]:
        """Return the next calls `after` one whose requests run, oldest first."""
        return await self._in(CallState.ASKED, after)

    async def _in(self, state: CallState, after: int) -> Sequence[ProcessCall]:
        (rows,) = await self._engine.read([Read(sql.CALLS_IN_STATE, {"state": state.value, "id": after, "size": PAGE})])
        return [opened_call(self._box, CALL.read(row)) for row in rows]
