"""An operation: one address and verb, who may use it, what it takes, what it gives, what it refuses, and what it does.

What is declared here is what the door goes by and what the document says; there is no second list.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from pydantic import BaseModel

from bot.api.cursors import Cursors
from bot.api.problems import BAD_QUERY, CHANGED_MEANWHILE, NOT_FOUND, PERSON_WANTED, PRECONDITION_REQUIRED, own
from bot.api.schemas.base import MOST_DAYS, Days, Given, Listed, NoQuery, Query, Shown
from bot.domain.errors import Refusal
from bot.domain.people.api_key import ApiKey, Scope
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right
from bot.i18n import Translator
from bot.ports.undertaking import Supply
from bot.services.supplying import needs_of
from bot.text import Lines, Phrase, t
from bot.uploads import SentFile

_LARGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class Reader:
    """Who calls: a person by a key of theirs, or a program for the portal, which has a name and is no person."""

    person: Employee
    portal: Portal
    key: ApiKey
    is_session: bool = False
    """Whether it is a page of ours that calls, in a person's own session; `key` stands for that then."""

    @property
    def is_service(self) -> bool:
        """Whether it is no person."""
        return self.key.is_service

    @property
    def bound(self) -> tuple[object, ...]:
        """Return to whom cursors and repetitions belong."""
        return (self.portal.id, self.person.id)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an operation."""

    reader: Reader
    operation: "Operation"
    now: datetime
    turn: str
    path: Mapping[str, str]
    query: Query
    locale: str
    seen: int | None = None
    """Which version the caller saw."""
    cursors: Cursors | None = None
    item: Mapping[str, Any] = field(default_factory=dict)
    """Of a call about many things that one which it is run for, with what is said of all of them."""
    file: SentFile | None = None
    """What was sent, of an operation that takes a file."""
    words: list[Translator] = field(default_factory=list, repr=False)
    """Who says things in the language of the caller, once somebody did."""

    @property
    def person(self) -> Employee:
        """Return who acts."""
        return self.reader.person

    @property
    def portal(self) -> Portal:
        """Return the portal that it is about."""
        return self.reader.portal

    def id(self, name: str) -> int:
        """Return an id of the address; what is none names nothing."""
        return number_of(self.path[name])

    def say(self, words: Phrase | Lines) -> str:
        """Return words in the language of the caller."""
        if not self.words:
            self.words.append(Translator(self.locale, self.person.zone, self.now))
        return self.words[0].plain(words)

    def only_persons(self) -> Employee:
        """Return the person who calls; a program that acts for the portal is refused."""
        if self.reader.is_service:
            raise own(PERSON_WANTED)
        return self.reader.person

    def check_version(self, version: int, present: Callable[[], BaseModel]) -> None:
        """Refuse who saw another version than the present one."""
        if self.seen is not None and self.seen != version:
            raise own(CHANGED_MEANWHILE, present=present())

    def check_seen(self, version: int, present: Callable[[], BaseModel]) -> None:
        """Refuse who does not say what they saw, or saw another version."""
        if self.seen is None:
            raise own(PRECONDITION_REQUIRED)
        self.check_version(version, present)

    # Lists

    def after(self) -> Sequence[Any] | None:
        """Return behind which key the list goes on; None where it begins."""
        query = self.query
        if not isinstance(query, Listed) or query.after is None or self.cursors is None:
            return None
        found = self.cursors.read(self._bound, query.after)
        if found is None:
            raise own(BAD_QUERY, errors=[("after", t("This is not the “next” of this list with this filter."))])
        return found

    def next(self, rows: Sequence[Any], key: Callable[[Any], Sequence[Any]]) -> tuple[Sequence[Any], str | None]:
        """Return the page of rows, of which one more was read than is wanted, and where the list goes on."""
        query = self.query
        if not isinstance(query, Listed) or self.cursors is None:
            return rows, None
        page = rows[: query.limit]
        has_more = len(rows) > len(page)
        return page, self.cursors.make(self._bound, key(page[-1])) if has_more else None

    def cursor(self, key: Sequence[Any]) -> str:
        """Return where to go on behind that key, though nothing may stand there yet."""
        if self.cursors is None:
            raise TypeError(self.operation.path)
        return self.cursors.make(self._bound, key)

    @property
    def _bound(self) -> Sequence[object]:
        return [*self.reader.bound, self.operation.path, *sorted(self.path.items()), *self.query.filtered()]

    def check_days(self) -> Days:
        """Return the range of days that was asked for."""
        query = self.query
        if not isinstance(query, Days):
            raise TypeError(self.operation.path)
        if not 0 <= (query.last - query.first).days < MOST_DAYS:
            wrong = t("A range has 1 to 366 days, and its last day is not before its first.")
            raise own(BAD_QUERY, errors=[("last", wrong)])
        return query


def digest_of(told: Any) -> int:
    """Return a version of what counts none: of other content, another number."""
    return int(sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()[:8], 16)


def number_of(text: str) -> int:
    """Return an id; what is none names nothing."""
    if not (text.isascii() and text.isdigit()) or len(text) > 19 or (number := int(text)) >= _LARGEST_ID:
        raise own(NOT_FOUND)
    return number


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered where it is more than a form with the operation's own status."""

    form: BaseModel | None = None
    status: int | None = None
    version: int | None = None
    """Of what changes: the ETag begins with it."""
    location: str = ""
    content: bytes | None = None
    """A file, where the answer is no form."""
    content_type: str = ""
    file_name: str = ""
    waits: float = 0.0
    """There is nothing to say yet, and the caller wants to wait for it: so many seconds at most."""
    kept: BaseModel | None = None
    """What a repetition is given instead: without what is shown once."""


Handler = Callable[..., Awaitable[Any]]


@dataclass(slots=True)
class Operation:
    """One operation. Its handler is declared by `run` below it, and names by type what it needs."""

    verb: str
    path: str
    scope: Scope | None
    answers: type[Shown] | None = None
    body: type[Given] | None = None
    query: type[Query] = NoQuery
    status: int = 200
    wants_match: bool = False
    may_match: bool = False
    """Whether If-Match is looked at where it is sent."""
    refuses: Sequence[type[Refusal] | str] = ()
    """What the services may refuse: classes, or codes of those that are made from codes."""
    also: Sequence[int] = ()
    """Other statuses that it may answer with the same form."""
    is_heavy: bool = False
    is_batch: bool = False
    """Whether its handler is run for each item of the body, each in a unit of work of its own."""
    file_type: str = ""
    """The type of the file that it answers with."""
    takes_file: bool = False
    """Whether its body is a form with one file, which comes to the disk first."""
    shows: Right | None = None
    """The right without which what is answered about people is not shown once more to who repeats a call."""
    handler: Handler | None = None
    needs: Mapping[str, Any] = field(default_factory=dict)

    def run(self, handler: Handler) -> Handler:
        """Declare what the operation does."""
        self.handler = handler
        self.needs = needs_of(handler)
        return handler

    @property
    def name(self) -> str:
        """Return how programs call it: of the handler's name."""
        return "" if self.handler is None else self.handler.__name__

    @property
    def summary(self) -> str:
        """Return what it does, in a sentence."""
        return ((self.handler.__doc__ if self.handler else "") or "").strip().split("\n")[0]

    @property
    def is_repeatable(self) -> bool:
        """Whether a call may carry a key of repetition."""
        return self.verb == "POST"

    async def call(self, call: Call, body: Given | None, services: Supply) -> Any:
        """Run the handler with what it names."""
        if self.handler is None:
            raise TypeError(f"nothing runs {self.verb} {self.path}")
        given: dict[str, Any] = {}
        for name, kind in self.needs.items():
            if kind is Call:
                given[name] = call
            elif kind is self.body:
                given[name] = body
            elif kind is self.query:
                given[name] = call.query
            else:
                given[name] = services.get(kind)
        return await self.handler(**given)
