"""What is of no more use is deleted, a page at a time with pauses between, so that nobody's write waits for it."""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.domain.automation.errand import KEPT_OF_FORM
from bot.domain.people.privacy import erasable_from, retention_months
from bot.ids import ID_BITS
from storage.engines.engine import Engine, Read, Write
from storage.engines.statement import Statement
from storage.queues.conversations import Now
from storage.rows import compact, millis
from storage.shapes import portal_of
from storage.sql import (
    access,
    automation_rules,
    files,
    happenings,
    keys,
    objects,
    people,
    portal_absences,
    processes,
    tidying,
)

_DAY_MS = 24 * 60 * 60 * 1000
_KEEP_MS = 7 * _DAY_MS
"""Messengers repeat what was not acknowledged for a day at most; a week leaves room for an outage."""
_KEEP_FAILED_MS = 90 * _DAY_MS
"""What failed for good holds people's words; whoever wants it tried again does so within days."""
_KEEP_SHOWN_MS = 180 * _DAY_MS
"""A message so far up in a chat is not changed any more: what replaces it is sent anew."""
_KEEP_TIES_MS = 2 * 365 * _DAY_MS
"""A deal that was made for a request may go on for long; what becomes of it is told to the request."""
_KEEP_AWAY_MS = 400 * _DAY_MS
"""When somebody was away counts in statistics of approvers' times; nobody looks at those of more than a year ago."""
_PAGE = 300
"""So few go at once that writes of others cannot tell them from their like."""
_FEW = 20
"""Files that go at once: each may have megabytes."""
_BREATH = 0.01
"""Seconds of rest after a page, at least."""


class Tidying:
    """Deletes what no repetition can concern any more."""

    def __init__(self, engine: Engine, now: Now) -> None:
        """Work through `engine`; `now` tells the wall clock in milliseconds."""
        self._engine = engine
        self._now = now

    async def run(self) -> int:
        """Return how many handled inbox and outbox rows went."""
        now = self._now()
        values = {"before": now - _KEEP_MS << ID_BITS, "long_before": now - _KEEP_FAILED_MS << ID_BITS}
        gone = await self._paged(tidying.OLD_INBOX, tidying.INBOX_PURGE, {"id": 0}, values)
        gone += await self._paged(tidying.OLD_OUTBOX, tidying.OUTBOX_PURGE, {"id": 0}, values)
        first: dict[str, object] = {"channel": "", "realm": "", "conversation": "", "slot": ""}
        shown = {"long_before": now - _KEEP_SHOWN_MS << ID_BITS}
        await self._paged(tidying.SLOTS, tidying.SLOT_PURGE, first, shown)
        first = {"channel": "", "conversation": "", "message": ""}
        await self._paged(
            tidying.COMPANY_MESSAGES, tidying.COMPANY_MESSAGE_PURGE, first, {"long_before": now - _KEEP_SHOWN_MS}
        )
        first = {"portal_id": 0, "object": "", "request_id": 0}
        await self._paged(tidying.TIES, tidying.TIE_PURGE, first, {"long_before": now - _KEEP_TIES_MS << ID_BITS})
        ended = now - _KEEP_FAILED_MS
        values = {"before": ended << ID_BITS, "ended": ended, "long_before": now - _KEEP_SHOWN_MS << ID_BITS}
        await self._paged(tidying.OLD_ERRANDS, tidying.ERRAND_PURGE, {"id": 0}, values)
        await self._blank_errands(now - _KEEP_SHOWN_MS << ID_BITS)
        await self._engine.write(
            [
                Write(tidying.DROP_GONE_RULES, {"before": now - _KEEP_SHOWN_MS}),
                Write(tidying.ATTACHMENT_PURGE, {}),
                Write(tidying.DROP_OLD_DIALOGS, {"now": now}),
                Write(automation_rules.DROP_OLD_FIRINGS, {"before": now - _KEEP_FAILED_MS}),
                Write(tidying.DROP_OLD_LINKS, {"before": now - _KEEP_MS}),
                Write(access.DROP_OLD_SESSIONS, {"before": now - _KEEP_MS}),
                Write(access.DROP_OLD_SIGN_INS, {"before": now - _KEEP_MS}),
                Write(access.DROP_OLD_ENTRANCES, {"before": now - _KEEP_MS}),
                Write(keys.DROP_OLD_REPEATS, {"before": now - _DAY_MS}),
                Write(files.DROP_OLD_FILES, {"before": now - _DAY_MS << ID_BITS}),
                Write(files.DROP_CONTENTS, {"before": now - _DAY_MS}),
                Write(objects.DROP_OLD_SIGHTINGS, {"before": now - _KEEP_SHOWN_MS}),
                Write(portal_absences.DROP_PAST_PORTAL_ABSENCES, {"before": now - _KEEP_AWAY_MS}),
                Write(processes.DROP_OLD_CALLS, {"before": now - _KEEP_FAILED_MS << ID_BITS}),
                Write(processes.DROP_OLD_TASKS, {"before": now - _KEEP_FAILED_MS}),
                Write(happenings.DROP_DELIVERIES, {"before": now - _KEEP_MS << ID_BITS}),
                Write(happenings.NOT_HEARD, {"now": now, "yes": True, "no": False}),
            ]
        )
        await self._paged(
            happenings.OLD_HAPPENINGS, happenings.DROP_HAPPENINGS, {"id": 0}, {"before": now - _KEEP_MS << ID_BITS}
        )
        await self._outlived_files(now)
        return gone

    async def _blank_errands(self, before: int) -> None:
        """Leave undone what failed, or was offered, for requests of long ago: of what it was to write no words stay."""
        after = 0
        while True:
            (page,) = await self._engine.read(
                [Read(tidying.OLD_ERRANDS, {"id": after, "before": before, "size": _PAGE})]
            )
            if not page:
                return
            last = int(page[0][0])
            (stale,) = await self._engine.read([Read(tidying.STALE_ERRANDS, {"id": after, "to_id": last})])
            if stale:
                blank = [{"the_id": each[0], "form": _bare(each[1]), "reason": each[2] or "left"} for each in stale]
                await self._engine.write([Write(tidying.ERRAND_BLANK, each) for each in blank])
            after = last
            await asyncio.sleep(_BREATH)

    async def _outlived_files(self, now: int) -> None:
        """Delete the bytes of files whose requests ended before the portal's term for what is kept."""
        today = datetime.fromtimestamp(now / 1000, UTC).date()
        (portals,) = await self._engine.read([Read(people.PORTALS, {})])
        for portal in map(portal_of, portals):
            since = erasable_from(today, -retention_months(portal.options))
            if since is not None:
                before = millis(datetime(since.year, since.month, since.day, tzinfo=UTC))
                values = {"portal_id": portal.id, "before": before}
                await self._paged(files.OUTLIVED, files.DROP_OUTLIVED, {"sha256": ""}, values, size=_FEW)

    async def _paged(
        self,
        page: Statement,
        drop: Statement,
        first: Mapping[str, object],
        values: Mapping[str, object],
        *,
        size: int = _PAGE,
    ) -> int:
        """Go through a table by its key, and rest after each page for as long as it took."""
        gone, after = 0, dict(first)
        while True:
            began = time.perf_counter()
            (found,) = await self._engine.read([Read(page, {**values, **after, "size": size})])
            if not found:
                return gone
            last = dict(zip(after, found[0], strict=True))
            bounds = {**after, **{f"to_{name}": value for name, value in last.items()}}
            (result,) = await self._engine.write([Write(drop, {**values, **bounds})])
            gone += result.changed
            after = last
            await asyncio.sleep(max(time.perf_counter() - began, _BREATH))


def _bare(form: str) -> str:
    return compact({name: value for name, value in json.loads(form).items() if name in KEPT_OF_FORM})
