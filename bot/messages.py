"""What comes in and what goes out, in words that no channel owns."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal, Self

from bot.actions import Action, UnknownAction
from bot.text import Lines, Phrase, from_json, to_json, verbatim

Words = Phrase | Lines


class IncomingKind(StrEnum):
    """What a messenger told us."""

    TEXT = "text"
    """A message or a typed slash command."""
    PRESS = "press"
    """A button under one of our messages."""
    GREETING = "greeting"
    """The person opened the chat or added the bot."""
    INVITED = "invited"
    """The person brought the bot into a group chat: it says there once what it is for."""
    EDITED = "edited"
    """The person changed an earlier message; never a command (case 18)."""
    UNREADABLE = "unreadable"
    """A picture, a sticker, a voice message: nothing a handler can read."""
    NOT_OWN = "not_own"
    """Words that the person did not write here themselves: `data` is one of NOT_OWN; never a mark, never an answer."""
    PART = "part"
    """Of earlier versions: said no more than that an album has words. Nothing to answer."""
    BLOCKED = "blocked"
    """The person stopped the bot on this channel."""
    REMOVED = "removed"
    """The bot was removed from the portal."""


FORWARDED, VIA_BOT, SCHEDULED = "forwarded", "via_bot", "scheduled"
"""How words came that are not the sender's own, or not of this moment."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, as the messenger tells it. `account` is the messenger's own user id as text."""

    account: str
    first_name: str = ""
    last_name: str = ""
    locale: str | None = None
    is_outsider: bool = False
    """An extranet or e-mail user, a bot, a connector: not an employee."""

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that a person sent and that is still at the messenger: what to ask for, and what is told of it."""

    reference: str
    name: str = ""
    """"" where the messenger does not tell it."""
    size: int = 0
    """In bytes; 0 where the messenger does not tell it."""
    is_picture: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that happened in a messenger, stored before it is acknowledged.

    `realm` is where `sender.account` and `event_id` are unique: the portal's key for Bitrix24, "" for Telegram, whose
    ids are global. `message` is the message it is about: the person's own, or ours under which a button was pressed.
    """

    channel: str
    realm: str
    event_id: str
    kind: IncomingKind
    sender: Sender
    conversation: str
    received_at: datetime
    text: str = ""
    data: str = ""
    """What the pressed button carried."""
    message: str = ""
    sent_at: datetime | None = None
    """The messenger's own time of it, where it gives one."""
    thread: str = ""
    """The topic of the private chat in which it was written, and is answered."""
    album: str = ""
    """The files that it was sent with, as one name; each comes as a message of its own."""
    files: tuple[IncomingFile, ...] = ()
    """What was sent with it, to be fetched where somebody needs it."""
    reply_to: str = ""
    """The message of this conversation that it answers, where the person chose one."""

    @property
    def is_part(self) -> bool:
        """Whether it is one of an album: the others come as messages of their own, a moment before or after."""
        return bool(self.album) and self.kind in (IncomingKind.UNREADABLE, IncomingKind.TEXT)

    @property
    def written_by(self) -> tuple[str, str]:
        """The channel and the account on it: for these a button is sealed."""
        return self.channel, self.sender.account

    @property
    def is_mute_part(self) -> bool:
        """Whether it is one of an album without words: the words may come with another one."""
        return bool(self.album) and self.kind is IncomingKind.UNREADABLE

    @property
    def album_told(self) -> str:
        """The event id under which it is known that the album was answered."""
        return f"{self.album}:told"

    def belongs_to(self, first: "Incoming") -> bool:
        """Whether it is of one sending with another: of its album, or a picture without words after one."""
        if first.album or self.album:
            return self.album == first.album and self.is_part
        return all(
            each.kind is IncomingKind.UNREADABLE and each.files and all(file.is_picture for file in each.files)
            for each in (first, self)
        )

    def joined(self, more: Sequence["Incoming"]) -> "Incoming":
        """Return one incoming of what was sent together: all files as they stand in the chat, the words of one."""
        parts = sorted((self, *more), key=lambda each: int(each.message) if each.message.isdigit() else 0)
        worded = next((each for each in parts if each.kind is IncomingKind.TEXT), self)
        return replace(worded, files=tuple(file for each in parts for file in each.files))

    def answered(self, portal_id: int, locale: str, zone: str) -> "Address":
        """Return the address of whoever wrote: the account, in the conversation in which it was written."""
        return Address(portal_id, self.channel, self.realm, self.sender.account, self.conversation, locale, zone)


@dataclass(frozen=True, slots=True)
class Replied:
    """The bot's message that somebody's words answer, by the slot that it is in, or was in."""

    slot: str = ""
    """"" where it is in none: a message long gone by, or none of ours."""
    age: timedelta = timedelta()
    """How long ago it was said."""
    is_open: bool = False
    """Whether it has buttons still."""
    asked: str = ""
    """The slot of what was asked last about the same and waits for an answer still."""
    asked_ago: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing that happened in a messenger, as it was delivered: told from others, and not taken apart yet.

    `account` is its sender's, whose turns keep their order. In `body` is nothing that is secret.
    """

    channel: str
    realm: str
    event_id: str
    account: str
    received_at: datetime
    body: str


Style = Literal["", "primary", "success", "danger"]


@dataclass(frozen=True, slots=True)
class Button:
    """A button: words and what a press means, or a link to open."""

    text: Words
    action: Action | None = None
    link: str = ""
    style: Style = ""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Rows of buttons under a message."""

    rows: tuple[tuple[Button, ...], ...] = ()
    page: str = ""
    """The page of the application on which the same can be done: a messenger that shows pages itself offers it, too."""

    @classmethod
    def of(cls, *rows: tuple[Button, ...] | Button | None, page: str = "") -> Self:
        """Build a keyboard from rows; a lone button is a row, None and empty rows are left out."""
        shaped = ((row,) if isinstance(row, Button) else row for row in rows if row)
        return cls(tuple(row for row in shaped if row), page)


NO_BUTTONS = Keyboard()


_KIND = "name"
"""Under which the stored form of a state tells its class: no field of a state can be called so."""


@dataclass(frozen=True, slots=True)
class State:
    """Base of the questions a conversation can wait on. Subclasses are frozen dataclasses of JSON-friendly fields."""

    names: ClassVar[dict[str, type["State"]]] = {}
    lives: ClassVar[timedelta] = timedelta(hours=24)
    """How long the question waits for its answer."""
    takes_files: ClassVar[bool] = False
    """Whether a file without words is an answer to it."""

    def __init_subclass__(cls, **more: Any) -> None:
        """Register the state under its class name, which is its name in the database."""
        super(State, cls).__init_subclass__(**more)
        if any(_KIND in vars(each).get("__annotations__", {}) for each in cls.__mro__):
            raise TypeError(f"{cls.__name__}.{_KIND} would be lost when stored: the kind of a state stands there")
        known = State.names.get(cls.__name__)
        if known is not None and known.__module__ != cls.__module__:
            raise ValueError(f"a state called {cls.__name__} is declared in {known.__module__}")
        State.names[cls.__name__] = cls

    @property
    def slot(self) -> str:
        """Where in the chat the question stands, and then its result."""
        return QUESTION

    def to_json(self) -> dict[str, Any]:
        """Return the stored form."""
        return {_KIND: type(self).__name__, **asdict(self)}

    @staticmethod
    def from_json(form: Mapping[str, Any]) -> "State | None":
        """Read a stored state; None when it is of a version that no longer exists."""
        kind = State.names.get(str(form.get(_KIND)))
        if kind is None:
            return None
        try:
            return kind(**{name: value for name, value in form.items() if name != _KIND})
        except TypeError:
            return None


ASKED = "why"
"""What is asked about something in a slot stands in the slot "why:<its slot>:…", so that an answer to it finds it."""
FORMER = "was"
"""A copy of a card below which a newer one stands is remembered in the slot "was:<its slot>:<message>"."""
REMEMBERED = ("req:", "routed:")
"""The slots of which former copies are remembered: those of requests' cards."""
DAY_CARD = "day"
"""The slot of the one live card that shows a person's day."""
QUESTION = "question"
"""The slot of the question a conversation waits on."""


_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\ud800-\udfff]+')
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a message carries: a picture to look at (PNG or JPEG), or a document to keep.

    What a file system or a header cannot take is replaced in its name, so that a name may hold a person's.
    """

    name: str
    content: bytes = field(repr=False)
    kind: Literal["photo", "document"]

    def __post_init__(self) -> None:
        """Refuse an empty file, which no messenger takes; make the name fit everywhere."""
        if not self.content:
            raise ValueError("a file has content")
        object.__setattr__(self, "name", _file_name(self.name))

    def to_json(self) -> dict[str, str]:
        """Return the stored form, the content as base64."""
        return {"n": self.name, "k": self.kind, "c": base64.b64encode(self.content).decode()}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(form["n"], base64.b64decode(form["c"]), form["k"])


def _file_name(name: str) -> str:
    stem, dot, suffix = _NOT_IN_NAMES.sub("_", name).strip(" .").rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(suffix) - 1]}{dot}{suffix}"[:_LONGEST_NAME] or "_"


@dataclass(frozen=True, slots=True)
class Say:
    """One message of a reply.

    A message may live in a *slot* of the conversation, such as the day card. With `edit` the message that is in the
    slot now is edited in place (and sent anew where there is none); without it a new message takes the slot and the
    former one loses its buttons. `only_if_shown` drops an edit when the slot is empty. With `pressed` (the message
    under which a button was pressed) an edit happens only if the slot shows that very message: a person who pressed a
    button far below an old card gets a new one where they look.

    With a `file` it is always sent anew. The words and the buttons stand under the file where the messenger has a
    place for them there, else in a message of their own right after it, which is then the one that lives in the slot.
    """

    text: Words
    keyboard: Keyboard = NO_BUTTONS
    slot: str = ""
    edit: bool = False
    only_if_shown: bool = False
    pressed: str = ""
    file: Attachment | None = None
    elsewhere: bool = False
    """Another messenger would not take it: where this one will not either, it is not tried a third time."""
    thread: str = ""
    """The topic of the private chat in which it is an answer; a message that is edited stays where it is."""
    menu: str = ""
    """The role whose commands the reader's menu is to list, where a messenger has a menu for each reader."""

    def to_json(self) -> dict[str, Any]:
        """Return the words, the buttons and the file; slot and edit are the queue's business."""
        return {"t": to_json(self.text), **self.beside_words()}

    def beside_words(self) -> dict[str, Any]:
        """Return what `to_json` tells beside the words."""
        form: dict[str, Any] = {}
        if self.keyboard.rows:
            form["k"] = [[_button_form(button) for button in row] for row in self.keyboard.rows]
        if self.pressed:
            form["p"] = self.pressed
        if self.file is not None:
            form["f"] = self.file.to_json()
        if self.elsewhere:
            form["e"] = True
        if self.thread:
            form["h"] = self.thread
        if self.menu:
            form["m"] = self.menu
        if self.keyboard.page:
            form["g"] = self.keyboard.page
        return form

    @classmethod
    def from_json(
        cls, form: Mapping[str, Any], *, slot: str = "", edit: bool = False, only_if_shown: bool = False
    ) -> "Say":
        """Read what `to_json` wrote; a button whose action this version does not know is left out."""
        rows = form.get("k", ())
        keyboard = (
            Keyboard.of(*(tuple(button for each in row if (button := _button(each))) for row in rows))
            if rows
            else NO_BUTTONS
        )
        if "g" in form:
            keyboard = replace(keyboard, page=form["g"])
        return cls(
            _words(form["t"]),
            keyboard,
            slot,
            edit,
            only_if_shown,
            pressed=form.get("p", ""),
            file=Attachment.from_json(form["f"]) if "f" in form else None,
            elsewhere=form.get("e", False),
            thread=form.get("h", ""),
            menu=form.get("m", ""),
        )


def _button_form(button: Button) -> dict[str, Any]:
    form: dict[str, Any] = {"t": to_json(button.text)}
    if button.action is not None:
        form["a"] = button.action.pack()
    if button.link:
        form["l"] = button.link
    if button.style:
        form["s"] = button.style
    return form


def _button(form: Mapping[str, Any]) -> Button | None:
    action = None
    if "a" in form:
        try:
            action = Action.unpack(form["a"])
        except UnknownAction:
            return None
    return Button(_words(form["t"]), action, form.get("l", ""), form.get("s", ""))


def _words(form: Any) -> Words:
    value = from_json(form)
    return value if isinstance(value, Phrase | Lines) else verbatim(str(value))


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: messages to the person who wrote, and the question the conversation now waits on.

    Words answer the open question and so end it, unless `state` keeps or replaces it. A press leaves it open, unless
    `ends`. With `handled` false the words were no answer and are routed as if no question were open. `instead` is a
    reading that the person chose: the turn is routed by it. With `agreed` the person said yes to the open question: the
    turn goes to what carries it out.
    """

    says: tuple[Say, ...] = ()
    state: State | None = None
    ends: bool = False
    handled: bool = True
    instead: tuple[str, Mapping[str, Any]] | None = None
    """(intent, slots)"""
    agreed: bool = False

    def also(self, *more: Say) -> "Reply":
        """Return this reply with more messages."""
        return replace(self, says=(*self.says, *more))


@dataclass(frozen=True, slots=True)
class Address:
    """To whom a message goes, where, and how its reader reads: an account, its conversation, their locale and zone."""

    portal_id: int
    channel: str
    realm: str
    account: str
    conversation: str
    locale: str
    zone: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message in the outbox. `shown_as` is the message to edit, resolved from the slot when it is handed out."""

    id: int
    to: Address
    say: Say
    created_at: datetime
    turn: str = ""
    """The id of the turn that caused it, for the log."""
    shown_as: str | None = None
    tries: int = 0
    queued_at: float = 0.0
    """When it was queued, by the machine's clock, in epoch seconds: what the answer's latency is measured from."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel returned: the id of the message that now shows the words."""

    message: str
    edited: bool = False


class DeliveryError(Exception):
    """A message could not be delivered now (`retry_after` seconds, if the messenger said) or ever (`permanent`).

    `kind` is one word for the metric: rate_limit, blocked, network, server, rejected, gone, credentials.
    """

    def __init__(self, kind: str, *, permanent: bool, retry_after: float | None = None, detail: str = "") -> None:
        """Name the kind of failure; `detail` goes to the log and holds no word of a person."""
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind
        self.permanent = permanent
        self.retry_after = retry_after
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command as messengers list it: the bare name, its title, and who sees it."""

    name: str
    title: Words
    params: Words | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    """Empty: for everybody."""
