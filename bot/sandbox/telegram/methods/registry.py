"""The table of methods: a name, its parameters, and what it does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.telegram.params import Params
from bot.sandbox.telegram.state import BotState
from bot.sandbox.telegram.updates import Pending

Handler = Callable[[BotState, Params], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Given:
    """The result of getUpdates: bodies that go out exactly as they were queued."""

    batch: list[Pending]


@dataclass(frozen=True, slots=True)
class Method:
    """A method; `writes` tells whether it changes anything on Telegram's side."""

    name: str
    parameters: frozenset[str]
    writes: bool
    handler: Handler


METHODS: dict[str, Method] = {}


def method(name: str, *parameters: str, writes: bool = True) -> Callable[[Handler], Handler]:
    """Register a method; its name is looked up without regard to case, as in Telegram."""

    def register(handler: Handler) -> Handler:
        METHODS[name.lower()] = Method(name, frozenset(parameters), writes, handler)
        return handler

    return register
