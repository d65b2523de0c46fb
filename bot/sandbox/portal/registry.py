"""How a REST method is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.params import Params

# Prefixes of the methods that only an application may call, and the code that each answers to a webhook.
APPLICATION_ONLY: dict[str, str] = {
    "event.": "WRONG_AUTH_TYPE",
    "placement.": "WRONG_AUTH_TYPE",
    "bizproc.activity.": "ACCESS_DENIED",
    "bizproc.robot.": "ACCESS_DENIED",
    "app.info": "ACCESS_DENIED",
    "app.option.": "ACCESS_DENIED",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A result; lists tell their `total`, and where the next page starts."""

    result: Any
    total: int | None = None
    next: int | None = None


Handle = Callable[[Portal, Params], Answer]


@dataclass(frozen=True, slots=True)
class Method:
    """A method with the names it takes. `writes` says that a caller may not simply repeat it.

    `is_classic` methods do not look at upper and lower case in the names of their parameters.
    """

    name: str
    handle: Handle
    params: frozenset[str]
    writes: bool = False
    is_classic: bool = False
    in_batch: bool = True


def method(  # the flags of Method, as keywords
    name: str,
    handle: Handle,
    params: str = "",
    *,
    writes: bool = False,
    is_classic: bool = False,
    in_batch: bool = True,
) -> Method:
    """Declare a method; `params` are names with spaces between them."""
    return Method(name, handle, frozenset(params.split()), writes, is_classic, in_batch)
