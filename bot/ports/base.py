"""What every port has in common."""

from dataclasses import dataclass
from typing import Protocol


class Conflict(Exception):
    """Another writer changed what this unit of work was based on."""


class Unavailable(Exception):
    """The database cannot be reached, read or written now; the text is one plain sentence.

    `may_pass` tells that waiting helps: a server that is away or just starting.
    """

    def __init__(self, sentence: str, *, may_pass: bool = False) -> None:
        """Say `sentence`."""
        super().__init__(sentence)
        self.may_pass = may_pass


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
