"""How a REST method is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.portal.core import Portal
from bot.sandbox.portal.params import Params


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

    `is_classic` methods do not look at upper and lower case in the names of their parameters. `application_only` is
    what a webhook is refused with.
    """

    name: str
    handle: Handle
    params: frozenset[str]
    writes: bool = False
    is_classic: bool = False
    in_batch: bool = True
    application_only: str = ""
    takes_anything: bool = False


def method(  # the flags of Method, as keywords
    name: str,
    handle: Handle,
    params: str = "",
    *,
    writes: bool = False,
    is_classic: bool = False,
    in_batch: bool = True,
    application_only: str = "",
    takes_anything: bool = False,
) -> Method:
    """Declare a method; `params` are names with spaces between them."""
    return Method(
        name, handle, frozenset(params.split()), writes, is_classic, in_batch, application_only, takes_anything
    )
