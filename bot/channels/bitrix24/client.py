"""Calls of the portal's REST interface: JSON, the secret never in a log or an error, refusals known by their code."""

import json
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
from bot.clock import Clock
from bot.ports.connections import Credentials

TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
UPLOAD = "imbot.v2.File.upload"
UPLOAD_TIMEOUT = aiohttp.ClientTimeout(total=60, connect=5)
"""As long as the portal itself gives a request."""
BATCH = "batch"
BATCH_LIMIT = 50
_MOST_MOVES = 3
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


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    location: str
    retry_after: float | None
    body: Any


class Client:
    """One portal. Waits for its turn, waits out refusals for haste, and raises RestError for everything else."""

    def __init__(
        self, credentials: Credentials, limiter: Limiter, session: aiohttp.ClientSession, clock: Clock
    ) -> None:
        """Speak through `session`, which somebody else closes."""
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
        time = _mapping(body.get("time"))
        self._note_operating(method, time)
        return Answer(body.get("result"), _integer(body.get("next")), _integer(body.get("total")), time)

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
        """Ask until the portal does not say "too fast", with a fresh token once and at a new address when it moved."""
        is_refreshed = False
        while True:
            await self._limiter.turn()
            token = await self._credentials.token()
            try:
                return await self._ask(method, params, token)
            except RestError as error:
                if error.code == QUERY_LIMIT:
                    self._limiter.refused(error.retry_after)
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
            reply = await self._post(base_url + method, payload, UPLOAD_TIMEOUT if method == UPLOAD else TIMEOUT)
            if reply.status not in {301, 302, 303, 307, 308}:
                break
            base = new_base(base_url, method, reply.location)
            if base is None:
                raise RestError("UNTRUSTED_REDIRECT", status=reply.status)
            await self._credentials.moved(base)
        if _is_success(reply):
            return _mapping(reply.body)
        raise self._refused(method, reply)

    async def _post(self, url: str, payload: Mapping[str, Any], patience: aiohttp.ClientTimeout) -> _Reply:
        self.requests += 1
        content = BytesIO(json.dumps(payload).encode())  # is sent in pieces: a file must not hold up the event loop
        try:
            async with self._session.post(
                url, data=content, headers=_HEADERS, timeout=patience, allow_redirects=False
            ) as response:
                try:
                    body = await response.json(content_type=None)
                except (ValueError, RecursionError):
                    body = None
                return _Reply(response.status, response.headers.get("Location", ""), _seconds(response.headers), body)
        except (aiohttp.ClientError, TimeoutError, OSError):
            # The exception names the address, and the address of a webhook is its secret.
            raise RestError(NO_ANSWER) from None

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
            return max(float(reset_at - now), 0.0)
        return None


def _is_success(reply: _Reply) -> bool:
    return isinstance(reply.body, Mapping) and "result" in reply.body and reply.status < 400


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return max(float(headers.get("Retry-After", "")), 0.0)
    except ValueError:
        return None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and value > 0


def _integer(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
