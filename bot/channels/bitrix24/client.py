"""Calls of the portal's REST interface: JSON, the secret never in a log or an error, refusals known by their code."""

import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp

from bot import __version__
from bot.channels.bitrix24.credentials import new_base
from bot.channels.bitrix24.errors import (
    FOR_GOOD,
    NO_ANSWER,
    OPERATION_LIMIT,
    QUERY_LIMIT,
    UNREADABLE,
    RestError,
    code_of,
)
from bot.channels.bitrix24.limiter import Limiter
from bot.channels.bitrix24.query import batch_command
from bot.channels.bitrix24.rest_log import Exchange, Note
from bot.clock import Clock
from bot.ports.connections import Credentials

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
UPLOAD = "imbot.v2.File.upload"
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5)
"""As long as the portal itself gives a request."""
BATCH = "batch"
BATCH_LIMIT = 50
_MOST_MOVES = 3
_MOST_REFUSALS = 10
"""Refusals for haste that a call waits out, some minutes in all; the portal asks for longer than a caller can wait."""
_LONGEST_WAIT = 3_600.0
"""Seconds beyond which a portal's word about when to come back is not taken."""
LARGEST = 16 * 1024 * 1024
"""Bytes of an answer, unpacked: much more than 50 commands have, and little enough for the memory of the service."""
_OF_THE_PORTAL = frozenset({NO_ANSWER, UNREADABLE})
"""Refusals after which the next command would fare no better."""
_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/json",
    "User-Agent": f"Smena/{__version__}",
}

Call = tuple[str, Mapping[str, Any]]
"""A method and its parameters."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method returned; `next` is the offset of a list's next page."""

    result: Any
    next: int | None = None
    total: int | None = None
    time: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What the commands of a batch returned; a command that was not run is in neither."""

    results: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, RestError] = field(default_factory=dict)


@dataclass(slots=True)
class _Heard:
    """What came back, as far as it came."""

    status: int = 0
    code: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    location: str
    retry_after: float | None
    body: Any


class Client:
    """One portal. Waits for its turn, waits out refusals for haste, and raises RestError for everything else."""

    def __init__(
        self,
        credentials: Credentials,
        limiter: Limiter,
        session: aiohttp.ClientSession,
        clock: Clock,
        *,
        realm: str = "",
        note: Note | None = None,
        most_refusals: int = _MOST_REFUSALS,
    ) -> None:
        """Speak through `session`, which somebody else closes; each request that ends is told to `note`.

        A call waits out so many refusals for haste (`most_refusals`).
        """
        self._most_refusals = most_refusals
        self._realm = realm
        self._note = note
        self._credentials = credentials
        self._limiter = limiter
        self._session = session
        self._clock = clock
        self.requests = 0
        self.last_success: float | None = None
        self.trouble: str | None = None
        """The code of the last request that failed as a whole; None after a success."""

    async def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Call a method."""
        try:
            body = await self._patiently(method, params)
        except RestError as error:
            self.trouble = error.code
            raise
        self._succeeded()
        told = _mapping(body.get("time"))
        self._note_operating(method, told)
        return Answer(body.get("result"), _integer(body.get("next")), _integer(body.get("total")), told)

    async def batch(self, commands: Mapping[str, Call]) -> BatchAnswer:
        """Run up to 50 commands one after another; one that fails does not stop the others."""
        wire = {key: batch_command(method, params) for key, (method, params) in commands.items()}
        answer = await self.call(BATCH, {"halt": 0, "cmd": wire})
        result = answer.result
        if not isinstance(result, Mapping):
            raise RestError(UNREADABLE)
        # PHP writes an empty map as [].
        times, errors = _mapping(result.get("result_time")), _mapping(result.get("result_error"))
        refusals: dict[str, RestError] = {}
        # Where the portal charges `batch` itself, each command shows the running sum of it, and none of its own.
        is_charged = _is_positive(answer.time.get("operating"))
        for key, (method, _) in commands.items():
            if not is_charged:
                self._note_operating(method, _mapping(times.get(key)))
            if key in errors:
                refusals[key] = self._refusal(method, errors[key], answer.time)
        results = _mapping(result.get("result"))
        return BatchAnswer({key: results[key] for key in commands if key in results and key not in refusals}, refusals)

    async def run(self, commands: Mapping[str, Call]) -> BatchAnswer:
        """Run up to 50 commands in a batch; while `batch` rests for the time it has used, one after another."""
        if self._limiter.resting(BATCH) <= 0:
            try:
                return await self.batch(commands)
            except RestError as error:
                if error.code != OPERATION_LIMIT:
                    raise
        results: dict[str, Any] = {}
        refusals: dict[str, RestError] = {}
        for key, (method, params) in commands.items():
            try:
                results[key] = (await self.call(method, params)).result
            except RestError as error:
                if error.code in _OF_THE_PORTAL or error.status == 401:
                    raise
                refusals[key] = error
        return BatchAnswer(results, refusals)

    async def _patiently(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask until the portal does not say "too fast", with a fresh token once and at a new address when it moved.

        A portal that says it again and again is heard in the end.
        """
        is_refreshed, refusals = False, 0
        while True:
            await self._limiter.turn()
            token = await self._credentials.token()
            try:
                return await self._ask(method, params, token)
            except RestError as error:
                if error.code == QUERY_LIMIT:
                    refusals += 1
                    pause = self._limiter.refused(error.retry_after)
                    if refusals == self._most_refusals:
                        raise RestError(QUERY_LIMIT, status=error.status, retry_after=pause) from None
                elif error.code == "EXPIRED_TOKEN" and not is_refreshed:
                    is_refreshed = True
                    await self._credentials.refresh(token)
                else:
                    if error.code in FOR_GOOD:
                        await self._credentials.refused(error.code, token)
                    raise

    async def _ask(self, method: str, params: Mapping[str, Any], token: str | None) -> Mapping[str, Any]:
        payload = dict(params) if token is None else {**params, "auth": token}
        for _ in range(_MOST_MOVES):
            base_url = await self._credentials.base_url()
            reply = await self._post(
                base_url + method, method, payload, UPLOAD_TIMEOUT if method == UPLOAD else TIMEOUT
            )
            if reply.status not in {301, 302, 303, 307, 308}:
                break
            base = new_base(base_url, method, reply.location)
            if base is None:
                raise RestError("UNTRUSTED_REDIRECT", status=reply.status)
            await self._credentials.moved(base)
        if _is_success(reply):
            return _mapping(reply.body)
        raise self._refused(method, reply)

    async def _post(self, url: str, method: str, payload: Mapping[str, Any], patience: aiohttp.ClientTimeout) -> _Reply:
        self.requests += 1
        content = json.dumps(payload).encode()
        began, heard = time.perf_counter(), _Heard()
        try:
            # Is sent in pieces: a file must not hold up the event loop.
            async with self._session.post(
                url, data=BytesIO(content), headers=_HEADERS, timeout=patience, allow_redirects=False
            ) as response:
                heard.status = response.status
                raw = await _limited(response)
                heard.size, body = len(raw), _decoded(raw)
                heard.code = code_of(body["error"], response.status) if "error" in _mapping(body) else ""
                return _Reply(response.status, response.headers.get("Location", ""), _seconds(response.headers), body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            heard.code = NO_ANSWER
            raise RestError(NO_ANSWER, was_sent=False) from None
        except (aiohttp.ClientError, TimeoutError, OSError, UnicodeError):
            # The exception names the address, and the address of a webhook is its secret; that no resolver can write
            # a name down is a UnicodeError.
            heard.code = NO_ANSWER
            raise RestError(NO_ANSWER) from None
        finally:
            if self._note is not None:
                at, took = self._clock.now().timestamp(), time.perf_counter() - began
                about = (heard.status, heard.code, took, len(content), heard.size)
                self._note(Exchange(at, self._realm, method, payload, *about))

    def _succeeded(self) -> None:
        self._limiter.accepted()
        self.last_success = self._clock.now().timestamp()
        self.trouble = None

    def _refused(self, method: str, reply: _Reply) -> RestError:
        """Return why the whole request was refused: by the code in its body, whatever its status says."""
        body = _mapping(reply.body)
        code = code_of(body["error"], reply.status) if "error" in body else UNREADABLE
        retry_after = reply.retry_after
        if code == OPERATION_LIMIT:
            retry_after = self._rest(method, {**_mapping(body.get("time")), **body})
        elif reply.status == 429:
            code = QUERY_LIMIT
        return RestError(code, status=reply.status, retry_after=retry_after)

    def _refusal(self, method: str, error: Any, time: Mapping[str, Any]) -> RestError:
        """Return the refusal of one command; one that used up its execution time lets its method rest."""
        code = code_of(error.get("error") if isinstance(error, Mapping) else error, 0)
        if code != OPERATION_LIMIT:
            return RestError(code)
        return RestError(code, retry_after=self._rest(method, {**time, **_mapping(error)}))

    def _rest(self, method: str, time: Mapping[str, Any]) -> float:
        return self._limiter.rest(method, self._reset_in(time))

    def _note_operating(self, method: str, time: Mapping[str, Any]) -> None:
        operating = time.get("operating")
        if isinstance(operating, int | float):
            self._limiter.used(method, operating, self._reset_in(time))

    def _reset_in(self, time: Mapping[str, Any]) -> float | None:
        """Return the seconds until a method's execution time is forgotten, by the portal's clock if it told it."""
        reset_at, now = time.get("operating_reset_at"), time.get("finish", self._clock.now().timestamp())
        if isinstance(reset_at, int | float) and isinstance(now, int | float):
            return _wait(reset_at - now) if _is_finite(reset_at) and _is_finite(now) else None
        return None


def _is_success(reply: _Reply) -> bool:
    return isinstance(reply.body, Mapping) and "result" in reply.body and reply.status < 400


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return _wait(float(headers.get("Retry-After", "")))
    except ValueError:
        return None


def _wait(seconds: float) -> float | None:
    """Return how long to wait as a portal says it; None where that is no time, such as NaN."""
    return min(max(float(seconds), 0.0), _LONGEST_WAIT) if _is_finite(seconds) else None


def _is_finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # JSON has integers of any length
        return False


async def _limited(response: aiohttp.ClientResponse) -> bytes:
    """Read an answer as it is unpacked; nothing of one that is too large, for it is no answer of this interface."""
    parts, size = list[bytes](), 0
    async for part in response.content.iter_any():
        size += len(part)
        if size > LARGEST:
            response.close()
            return b""
        parts.append(part)
    return b"".join(parts)


def _decoded(body: bytes) -> Any:
    """Return what JSON says, in UTF-8 whatever its headers call it; None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and value > 0


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
