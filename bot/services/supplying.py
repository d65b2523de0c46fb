"""Arguments by type: what a function or a class asks for, by the types it names."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_type_hints


class Untyped(TypeError):
    """An argument without a type: nobody can tell what is meant."""


@cache
def needs_of(made: Callable[..., Any]) -> Mapping[str, Any]:
    """Return the type of each argument by its name; Untyped where one has none."""
    hints = get_type_hints(getattr(made, "__init__") if isinstance(made, type) else made)  # noqa: B009 - of a class
    names = list(inspect.signature(made).parameters)
    for name in names:
        if name not in hints:
            raise Untyped(f"{made.__qualname__}: {name} needs a type")
    return {name: hints[name] for name in names}
