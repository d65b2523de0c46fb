"""What every port has in common."""

from dataclasses import dataclass
from typing import Protocol


class Conflict(Exception):
    """Another writer changed what this unit of work was based on."""


class NewerDatabase(Exception):
    """The database was written by a newer version of the program."""


class WrongKey(Exception):
    """A secret in the database was encrypted with another SECRET_KEY, or it was tampered with."""


class WrongDatabase(Exception):
    """The database is not one that this service may work on; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A named value that is committed together with what was received, such as a poller's offset."""

    name: str
    value: str


class Wake(Protocol):
    """A wake-up call: cheap, safe to repeat, on the event loop."""

    def __call__(self) -> None:
        """Wake up."""
        ...
