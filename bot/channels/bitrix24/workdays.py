"""The portal's own working days (`timeman`): reading them, and one round that looks at those who are to be looked at.

No event tells of them, so they are asked for: a few portals at a time, of each at most a hundred people a minute in
batches, those first who have waited longest. A portal where nobody is on the way to work is not asked at all, and a
portal that is slow keeps its own place of the round and no other's.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog

from bot.channels.bitrix24.client import BATCH_LIMIT, BatchAnswer, Call
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.limiter import Sleep
from bot.channels.bitrix24.values import flag, instant, mapping, number, text
from bot.clock import Clock
from bot.domain.workday.portal_day import PortalDay, Standing
from bot.ports import DayAsked, DayShown, WatchesDays

EVERY: Final = timedelta(minutes=1)
MOST: Final = 2 * BATCH_LIMIT
"""People of one portal in one round: two requests a minute, of the two a second that it allows."""
TOLD_EVERY: Final = timedelta(minutes=10)
_NOT_ONE: Final = 2
AT_ONCE: Final = 8
PATIENCE: Final = 50.0
_LOOK: Final = 1.0
_SOON: Final = 5.0
"""Seconds after which those are asked again who had not answered yet."""
_AGAIN: Final = 60.0
_LENGTH = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d)")
_OTHERS: Final = frozenset({"", "ACCESS_DENIED", "ACCESS_ERROR", "USER_ACCESS_ERROR", "HTTP_400", "HTTP_0"})
"""What the portal answers whoever may not see other people's days: mostly no code at all."""

log = structlog.get_logger(__name__)
Run = Callable[[str, Mapping[str, Call]], Awaitable[BatchAnswer | None]]
"""Runs commands on the portal of a key; None where it is not served now."""


def read_day(answer: Any) -> PortalDay | None:
    """Return a day as any method of it answers; of somebody who has none the portal tells the status alone."""
    form = mapping(answer)
    try:
        standing = Standing(text(form.get("STATUS")))
    except ValueError:
        return None
    offset = form.get("TZ_OFFSET")
    seconds = int(offset) if isinstance(offset, int | str) and re.fullmatch(r"-?\d{1,6}", str(offset)) else 0
    return PortalDay(
        standing,
        _to_the_second(instant(form.get("TIME_START"))),
        _to_the_second(instant(form.get("TIME_FINISH"))) if standing is Standing.CLOSED else None,
        _length(text(form.get("TIME_LEAKS"))),
        "ACTIVE" not in form or flag(form["ACTIVE"]),
        timedelta(seconds=seconds),
    )


def day_time(at: datetime, offset: timedelta) -> str:
    """Write an instant as the portal takes it, by the clock of that offset."""
    local = at.astimezone(UTC) + offset
    minutes = int(offset.total_seconds()) // 60
    hours, minutes = divmod(abs(minutes), 60)
    return f"{local:%Y-%m-%dT%H:%M:%S}{'-' if offset < timedelta() else '+'}{hours:02}:{minutes:02}"


def reason_of(error: RestError) -> str:
    """Return the code of why a day was not shown or not changed."""
    if error.code in _OTHERS:
        return "no_right"
    known = {"INSUFFICIENT_SCOPE": "no_scope", "ERROR_METHOD_NOT_FOUND": "no_method"}
    return known.get(error.code, error.code.lower())


class WorkdayRound:
    """Looks at the days of those who are to be looked at, and tells what it found."""

    def __init__(
        self,
        watch: WatchesDays,
        run: Run,
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Go by `clock`, which in the sandbox people move."""
        self._watch = watch
        self._run = run
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._looked: dict[tuple[str, str], datetime] = {}
        self._told: dict[tuple[str, str], tuple[datetime, int, PortalDay]] = {}
        """When each day was told last, and what it was: the same again is told now and then."""
        self._same: dict[tuple[str, str], tuple[datetime, int]] = {}
        """When each day was looked at last and was the same as told, and by which version."""
        self._refused: dict[str, datetime] = {}
        """When it was told last that a portal shows nobody's day."""
        self._looking: dict[str, asyncio.Task[None]] = {}
        self._rests: dict[str, float] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    async def go(self) -> None:
        """Go round until cancelled."""
        due = self._clock.now()
        try:
            while True:
                pause = _LOOK
                if (now := self._clock.now()) >= due:
                    try:
                        if await self.look(now):
                            due = now + EVERY
                        else:
                            pause = _SOON
                    except Exception as error:  # noqa: BLE001 - a database that is away comes back
                        log.warning("bitrix24.days_unknown", error=type(error).__name__)
                        pause = _SOON
                await self._sleep(pause)
        finally:
            for each in self._looking.values():
                each.cancel()

    async def look(self, now: datetime) -> bool:
        """Begin to look at the portals whose turn it is; whether all of them had answered the last time."""
        wanted = await self._watch.asked()
        known = {(realm, each.account) for realm, people in wanted.items() for each in people}
        self._looked = {key: at for key, at in self._looked.items() if key in known}
        self._told = {key: told for key, told in self._told.items() if key in known}
        self._same = {key: same for key, same in self._same.items() if key in known}
        is_complete = True
        for realm, people in wanted.items():
            if self._rests.get(realm, 0.0) > self._monotonic():
                continue
            if realm in self._looking:
                is_complete = False
            elif some := self._due(realm, people, now):
                task = self._looking[realm] = asyncio.create_task(self._look_at(realm, some, now))
                task.add_done_callback(partial(self._looked_at, realm))
        return is_complete

    def _looked_at(self, realm: str, task: "asyncio.Task[None]") -> None:
        if self._looking.get(realm) is task:
            del self._looking[realm]

    def _due(self, realm: str, people: Sequence[DayAsked], now: datetime) -> list[DayAsked]:
        """Return whose turn it is, those first who have waited longest."""
        never = datetime.min.replace(tzinfo=UTC)
        waited = [(self._looked.get((realm, each.account), never), each) for each in people]
        due = [(at, each) for at, each in waited if at is never or now - at >= each.every]
        return [each for _, each in sorted(due, key=lambda pair: (pair[0], pair[1].employee_id))[:MOST]]

    async def _look_at(self, realm: str, people: Sequence[DayAsked], asked_at: datetime) -> None:
        try:
            async with self._room, asyncio.timeout(PATIENCE):
                for at in range(0, len(people), BATCH_LIMIT):
                    await self._look_at_some(realm, people[at : at + BATCH_LIMIT], asked_at)
        except Exception as error:  # noqa: BLE001 - neither a portal nor the database may end the round
            code = error.code if isinstance(error, RestError) else type(error).__name__
            log.info("bitrix24.days_not_seen", realm=realm, code=code)
            self._rests[realm] = self._monotonic() + _AGAIN

    async def _look_at_some(self, realm: str, people: Sequence[DayAsked], asked_at: datetime) -> None:
        began = self._clock.now()
        commands: dict[str, Call] = {
            each.account: ("timeman.status", {"USER_ID": number(each.account)}) for each in people
        }
        answer = await self._run(realm, commands)
        if answer is None:
            return
        shown = []
        for each in people:
            self._looked[realm, each.account] = asked_at  # what was known of them is as old as that
            day = None if each.account in answer.errors else read_day(answer.results.get(each.account))
            if day is not None and self._is_news(realm, each, day, began):
                shown.append(DayShown(each, day, self._since(realm, each)))
            elif day is not None:
                self._same[realm, each.account] = began, each.version
        errors = [error for each in people if (error := answer.errors.get(each.account))]
        await self._tell_refusal(realm, errors, began, is_all=len(errors) == len(people))
        if shown:
            await self._watch.shown(realm, shown, began)
            for news in shown:
                self._told[realm, news.asked.account] = (began, news.asked.version, news.day)

    async def _tell_refusal(self, realm: str, errors: Sequence[RestError], now: datetime, *, is_all: bool) -> None:
        """Tell that nobody of a batch could be seen, and why: one person alone may be refused for their own sake."""
        reasons = {reason_of(each) for each in errors}
        told = self._refused.get(realm)
        if not is_all or len(errors) < _NOT_ONE or len(reasons) > 1 or (told and now - told < TOLD_EVERY):
            return
        await self._watch.refused(realm, reasons.pop())
        self._refused[realm] = now

    def _since(self, realm: str, asked: DayAsked) -> datetime | None:
        """Return when the day was still as it is known: what was told under another version may not be."""
        at, version = self._same.get((realm, asked.account), (None, 0))
        return at if version == asked.version else None

    def _is_news(self, realm: str, asked: DayAsked, day: PortalDay, now: datetime) -> bool:
        at, version, told = self._told.get((realm, asked.account), (None, 0, None))
        return at is None or now - at >= TOLD_EVERY or (version, told) != (asked.version, day)


def _length(clock: str) -> timedelta:
    found = _LENGTH.fullmatch(clock)
    hours, minutes, seconds = map(int, found.groups()) if found else (0, 0, 0)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _to_the_second(at: datetime | None) -> datetime | None:
    return at.replace(microsecond=0) if at is not None else None
