"""A person's data as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.domain.people.employee import Employee


class Privacy(Protocol):
    """What is stored about one person: to hand it out, and to make it go."""

    async def everything(self, employee: Employee) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Return every row about the person, by kind, as plain values: instants in ISO 8601, UTC."""
        ...

    def erase(self, employee: Employee) -> None:
        """Note that all of it goes but the row of the employee, which others refer to."""
        ...
