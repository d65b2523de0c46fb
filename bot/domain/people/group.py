"""Groups of people that an administrator keeps: lawyers, accountants. Templates name them by their slug."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Group:
    """People of a portal under one name, in the order in which they were named."""

    portal_id: int
    name: str
    """The slug by which templates name it."""
    title: str
    """As people say it."""
    members: tuple[int, ...] = ()
    """Ids of employees, each once."""

    def with_members(self, members: Iterable[int]) -> "Group":
        """Return the group with those people in it, each once."""
        return replace(self, members=tuple(dict.fromkeys(members)))
