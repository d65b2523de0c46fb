"""Webhooks out: programs are told what happened, each object in order, again where they did not take it.

A sibling of the delivery. Each hook has room of its own, so that one that is dead delays none. What a receiver answers
is not kept: its status alone tells whether it took the message. A try whose answer was lost is made again, and the
receiver knows the message by its id (Standard Webhooks, https://www.standardwebhooks.com).
"""

import asyncio
import base64
import hmac
import itertools
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import aiohttp
import structlog

from bot import metrics
from bot.clock import Clock
from bot.domain.automation.happening import Happening, HappeningType
from bot.domain.automation.webhook import PAUSES, SECRET_PREFIX, DeliveryState, Detail, Stopped, Webhook
from bot.ports import Storage
from bot.ports.happenings import Claimed, Stands
from bot.pump import Pump
from bot.reachable import HOOK_PORTS, is_safe

PATIENCE = 10.0
"""Seconds that a receiver has: less than a message is on lease."""
LOOK_EVERY = 5.0
WIDTH = 400
"""Messages under way to all hooks together."""
OF_ONE = 40
"""Messages under way to one hook."""
OF_A_FAILING_ONE = 2
"""Messages under way to a hook that takes nothing now: however many of those there are, they leave room to others."""
_AT_ONCE = 10
"""So much room has a hook to have before it is given more: each claim is a transaction that writes."""
_GONE = 410
_log = structlog.get_logger("hooks")

Render = Callable[[Webhook, Happening], Awaitable[Mapping[str, Any]]]
"""Returns what a hook with full detail is told of a happening."""
Stop = Callable[[Webhook, Stopped, datetime], Awaitable[object]]
"""Switches a hook off, and has administrators told."""
Outcome = Callable[[Stands, datetime], Awaitable[object]]
"""Notes what became of the message about a request's outcome."""


def signature(secret: str, message: str, stamp: int, body: bytes) -> str:
    """Return the signature of a message: HMAC-SHA256 of its id, its time and its body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, f"{message}.{stamp}.".encode() + body, sha256)).decode()


def body_of(happening: Happening, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a happening."""
    return {
        "id": str(happening.id),
        "type": happening.type.value,
        "at": happening.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "portal": str(happening.portal_id),
        "data": dict(data),
    }


class HookSender:
    """Tells hooks what waits for them, until cancelled."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        http: Callable[[], aiohttp.ClientSession],
        *,
        render: Render,
        stop: Stop,
        outcome: Outcome,
        allow_local: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        """Send by `http`, a session that reaches safe addresses alone; it is made when something is sent first."""
        self._storage = storage
        self._clock = clock
        self._make = http
        self._http: aiohttp.ClientSession | None = None
        self._render = render
        self._stop = stop
        self._outcome = outcome
        self._allow_local = allow_local
        self._patience = patience
        self._pump: Pump[int, Claimed] = Pump(
            "hooks", self._claim, self._one, width=WIDTH, look_every=LOOK_EVERY, is_woken_by_ends=False
        )
        self._ended: list[Stands] = []
        self._has_ended = asyncio.Event()
        self._turns = itertools.count(1)
        self._given: dict[int, int] = {}
        """The turn in which each hook was given messages last."""

    async def run(self) -> None:
        """Look whenever something was noted, and every few seconds for what falls due."""
        self._storage.on_hooks(self._pump.wake)
        try:
            async with asyncio.TaskGroup() as parts:
                parts.create_task(self._keep_books())
                parts.create_task(self._pump.run())
        finally:
            await asyncio.shield(self._write_down(is_last=True))
            if self._http is not None:
                await self._http.close()
                self._http = None

    async def _claim(self, held: Counter[int], room: int) -> list[tuple[int, Claimed]]:
        claimed: list[tuple[int, Claimed]] = []
        # Who has the fewest under way, and was given something longest ago: where room is short, nobody is always last.
        due = await self._storage.hooks.due()
        for hook in sorted(due, key=lambda each: (held[each.id], self._given.get(each.id, 0))):
            most = OF_ONE if hook.failing_since is None else OF_A_FAILING_ONE
            free, left = most - held[hook.id], room - len(claimed)
            if free >= min(_AT_ONCE, most) and left > 0:
                self._given[hook.id] = next(self._turns)
                claimed += [(hook.id, each) for each in await self._storage.hooks.claim(hook, min(free, left))]
        return claimed

    async def _one(self, _: int, claimed: Claimed) -> None:
        status, reason = 0, ""
        try:
            status = await self._sent(claimed)
            reason = "" if 200 <= status < 300 else "status"
        except asyncio.CancelledError:
            raise
        except TimeoutError:
            reason = "timeout"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            reason = _why(error)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop what comes behind it
            _log.exception("hook failed", hook=claimed.hook.name, error=type(error).__name__)
            reason = "fault"
        self._ended.append(self._stands(claimed, status, reason))
        self._has_ended.set()

    async def _sent(self, claimed: Claimed) -> int:
        """Send a message, and return what the receiver answered; of the answer nothing else is read."""
        hook, happening = claimed.hook, claimed.happening
        if not hook.secret:
            raise ValueError("secret")
        if not is_safe(hook.url, allow_local=self._allow_local, ports=HOOK_PORTS):
            raise ValueError("address")
        data = happening.data
        if hook.detail is Detail.FULL:
            data = {**data, **await self._render(hook, happening)}
        body = json.dumps(body_of(happening, data), ensure_ascii=False, separators=(",", ":")).encode()
        now = self._clock.now()
        stamp, message = int(now.timestamp()), str(happening.id)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "smena",
            "webhook-id": message,
            "webhook-timestamp": str(stamp),
            "webhook-signature": " ".join(signature(each, message, stamp, body) for each in hook.keys(now)),
        }
        if self._http is None:
            self._http = self._make()
        limit = aiohttp.ClientTimeout(total=self._patience)
        async with self._http.post(
            hook.url, data=body, headers=headers, timeout=limit, allow_redirects=False
        ) as answer:
            return answer.status

    def _stands(self, claimed: Claimed, status: int, reason: str) -> Stands:
        state, rest = DeliveryState.DONE, None
        if reason:
            over = status == _GONE or claimed.tries > len(PAUSES)
            state = DeliveryState.FAILED if over else DeliveryState.WAITING
            rest = None if over else float(PAUSES[claimed.tries - 1])
            _log.warning(
                "hook not told", hook=claimed.hook.name, portal=claimed.hook.portal_id,
                type=claimed.happening.type.value, status=status, reason=reason, tries=claimed.tries, again_in=rest,
            )  # fmt: skip
        metrics.HOOKS.labels(state.value).inc()
        return Stands(claimed, state, status, reason, rest)

    async def _keep_books(self) -> None:
        """Write down what became of the messages, many at once: one transaction for all that ended meanwhile."""
        while True:
            await self._has_ended.wait()
            self._has_ended.clear()
            await self._write_down()

    async def _write_down(self, *, is_last: bool = False) -> None:
        """Write down everything that ended; what was written leaves the list only then, so that a stop loses none."""
        while self._ended:
            ended, now = list(self._ended), self._clock.now()
            left: list[Stands] = []
            try:
                known = [each for each in ended if await self._is_noted(each, now, left)]
                await self._storage.hooks.stand(known, now)
                self._ended[: len(ended)] = left
                await self._stop_some(known, now)
            except Exception as error:  # noqa: BLE001 - known how it stands: keep trying to write it down
                _log.warning("hooks are out of reach", error=type(error).__name__)
                left = ended
            if left and is_last:
                return
            if left:
                await asyncio.sleep(1)
            self._pump.wake()
            self._fall_due(ended)

    async def _is_noted(self, ended: Stands, now: datetime, left: list[Stands]) -> bool:
        """Note the outcome of a request, where the message told one; what cannot be noted now is left, and it alone."""
        if ended.claimed.happening.type is HappeningType.REQUEST_OUTCOME and ended.rest is None:
            try:
                await self._outcome(ended, now)
            except Exception as error:  # noqa: BLE001 - the messages of all others are written down
                _log.warning("an outcome is not noted", hook=ended.claimed.hook.name, error=type(error).__name__)
                left.append(ended)
                return False
        return True

    async def _stop_some(self, ended: list[Stands], now: datetime) -> None:
        """Switch off the hooks whose receivers are gone, or have taken nothing for days."""
        done: set[int] = set()
        for each in ended:
            hook = each.claimed.hook
            if not each.reason or hook.id in done:
                continue
            why = Stopped.GONE if each.status == _GONE else Stopped.SILENT if hook.is_silent(now) else None
            if why is not None:
                done.add(hook.id)
                await self._stop(hook, why, now)

    def _fall_due(self, ended: list[Stands]) -> None:
        for rest in {each.rest for each in ended if each.rest is not None and each.rest <= LOOK_EVERY * 2}:
            self._pump.wake_in(rest)


def _why(error: Exception) -> str:
    """Return the code of why nothing was sent, or nothing came back."""
    if isinstance(error, ValueError):
        return "secret" if str(error) == "secret" else "address"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "address"
    return "connection"
