"""Groups of people that an administrator keeps: lawyers, accountants. Templates name them by their slug."""

from dataclasses import dataclass


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
