"""What the control calls ask of the service; `main.py` hands it in, so that the sandbox imports nothing of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Service:
    """The service as the control calls see it.

    `hours` are the sessions derived for a person between two days, `requests` the approval requests, `backlog` how
    many things wait to be handled (incomings, and one for jobs that are due) and to be sent. `advance` moves the clock
    and does, in order, everything that falls due on the way. `person_state` tells `roles`, `locale`, `zone` and
    whether Telegram is `linked`; `is_served` whether a portal's people are known to the service; `web` makes a fresh
    sign-in link of the web application, with a key of the API where that is wanted.
    """

    hours: Callable[[str, date | None, date | None], Awaitable[list[dict[str, Any]]]]
    requests: Callable[[], Awaitable[list[dict[str, Any]]]]
    backlog: Callable[[], Awaitable[tuple[int, int]]]
    advance: Callable[[datetime], Awaitable[None]]
    person_state: Callable[[str], Awaitable[dict[str, Any]]]
    is_served: Callable[[str], Awaitable[bool]] | None = None
    web: Callable[[str, bool], Awaitable[dict[str, str]]] | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the control calls wait, in seconds; tests hand in shorter ones."""

    settle_limit: float = 30.0
    settle_pause: float = 0.12
    poll_limit: float = 25.0
    watch_pause: float = 0.5
    watch_rest: float = 0.03
