"""A visit: one request for a page by somebody who is signed in, and what a view answers to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.people.session import WebSession
from bot.domain.portal import Portal
from bot.domain.rights import Right, may
from bot.text import Lines, Phrase, t

_LARGEST_ID = 2**63
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
"""Days that a page may be about; the API's are the same."""


class NotFound(Exception):
    """There is no such page for this reader."""


class NotTaken(Exception):
    """Something was not taken, which is on record: that is kept, and the page shows how it stands by now."""

    code = "not_taken"

    def __init__(self, phrase: Phrase) -> None:
        """Say why."""
        super().__init__(self.code)
        self.phrase = phrase


def number_in(text: str) -> int | None:
    """Return the number that a text is; None for what is none, NotFound for one that nothing can have."""
    if not (text.isascii() and text.isdecimal()):
        return None
    if len(text) > len(str(_LARGEST_ID)) or int(text) >= _LARGEST_ID:
        raise NotFound
    return int(text)


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for a page, where they are, what stands in its address, and the instant that it is."""

    reader: Employee
    portal: Portal
    session: WebSession
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    refused: Refusal | NotTaken | None = None
    """Why what was sent was not done: the page is shown as it is, with that on top."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What was sent then: it stays in its fields."""
    files_refused: Sequence[tuple[str, Phrase]] = ()
    """Files that came with it and were not kept: the field of each, and why."""

    def number(self, name: str) -> int:
        """Return a number of the address; NotFound for what is none."""
        number = number_in(self.path.get(name, ""))
        if number is None:
            raise NotFound
        return number

    def day(self, name: str) -> date | None:
        """Return a day of the address's query; None where none can be read, NotFound for one of another age."""
        try:
            day = date.fromisoformat(self.query.get(name, ""))
        except ValueError:
            return None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise NotFound
        return day

    def may(self, right: Right) -> bool:
        """Whether the reader has a right beyond their own matters."""
        return may(self.reader, right)

    @property
    def today(self) -> date:
        """The day that it is for the reader."""
        return self.reader.today(self.now)


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its template, its title, and what it shows."""

    template: str
    title: Phrase
    values: Mapping[str, Any] = field(default_factory=dict)
    section: str = ""
    """Which of the sections it belongs to."""


@dataclass(frozen=True, slots=True)
class Go:
    """What was sent is done: the reader goes on to a page, which says so."""

    to: str
    said: Phrase | Lines | None = None
    signs_out: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A file."""

    name: str
    kind: str
    content: bytes


Answer = Page | Go | Download

NOT_FOUND = t("There is no such page, or it is not for you.")
