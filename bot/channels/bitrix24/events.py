"""Events of the bot, in either typing, become the channel's one `Incoming`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.bitrix24.facts import FACTS
from bot.channels.bitrix24.own_words import own_words, quotes
from bot.channels.bitrix24.query import WORD_JOINER
from bot.channels.bitrix24.values import flag, instant, items, mapping, number, text
from bot.messages import FORWARDED, Incoming, IncomingFile, IncomingKind, Sender

CHANNEL = FACTS.name
BUTTON_COMMAND = "smena"
"""The hidden command behind every button; what was pressed is in its parameters."""
_MOST_FILES = 10
_LONGEST_FILE_NAME = 128
_OUTSIDE_TYPES = frozenset({"extranet", "email", "collaber", "bot"})


class UnreadableEvent(ValueError):
    """An event without what its type must carry."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it was fetched or delivered: its type, its own data, and its id and time where they are known."""

    type: str
    data: Mapping[str, Any]
    id: int = 0
    at: datetime | None = None

    @classmethod
    def fetched(cls, raw: Mapping[str, Any]) -> "Event":
        """Read an element of `imbot.v2.Event.get`."""
        return cls(
            text(raw.get("type")).upper(),
            mapping(raw.get("data")),
            number(raw.get("eventId")),
            instant(raw.get("date")),
        )

    @classmethod
    def delivered(cls, raw: Mapping[str, Any]) -> "Event":
        """Read the body of a webhook call."""
        return cls(text(raw.get("event")).upper(), mapping(raw.get("data")), at=instant(raw.get("ts")))

    @property
    def bot_id(self) -> int:
        """The bot that the event is for."""
        return number(mapping(self.data.get("bot")).get("id"))


def to_incoming(event: Event, *, realm: str, received_at: datetime, names: Sequence[str] = ()) -> Incoming | None:
    """Return what happened; None for events that mean nothing to us; UnreadableEvent for broken ones.

    `names` are what people call the bot.
    """
    reader = _READERS.get(event.type)
    return None if reader is None else reader(_Reading(event, realm, received_at, names))


class _Reading:
    """One event being read."""

    def __init__(self, event: Event, realm: str, received_at: datetime, names: Sequence[str]) -> None:
        self.names = names
        self.event = event
        self.realm = realm
        self.received_at = received_at
        data = event.data
        self.message = mapping(data.get("message"))
        self.message_id = number(self.message.get("id"))
        self.author_id = number(self.message.get("authorId"))
        self.user = mapping(data.get("user"))
        self.user_id = number(self.user.get("id"))
        chat = mapping(data.get("chat"))
        self.dialog = text(chat.get("dialogId")) or text(data.get("dialogId"))

    @property
    def is_group(self) -> bool:
        return self.dialog.startswith("chat")

    @property
    def is_own_or_system(self) -> bool:
        """Whether the bot or the portal itself wrote the message."""
        return self.author_id in {0, self.event.bot_id} or flag(self.message.get("isSystem"))

    def sender(self) -> Sender:
        """Who did it: `user`, never the message's author, who is the bot when a button was pressed."""
        if not self.user_id:
            raise UnreadableEvent("no user")
        user = self.user
        first, last = text(user.get("firstName")), text(user.get("lastName"))
        is_outsider = any(flag(user.get(name)) for name in ("bot", "connector", "extranet"))
        return Sender(
            account=str(self.user_id),
            first_name=first or ("" if last else text(user.get("name"))),
            last_name=last,
            locale=text(self.event.data.get("language")) or None,
            is_outsider=is_outsider or text(user.get("type")) in _OUTSIDE_TYPES,
        )

    def words(self) -> str:
        """The writer's own words, without the bot's name and our own invisible joiners."""
        return own_words(text(self.message.get("text")), self.event.bot_id, self.names)

    def told(self) -> datetime | None:
        """When a message was written, by its own date."""
        return instant(self.message.get("date")) or self.event.at

    def files(self) -> tuple[IncomingFile, ...]:
        """What was sent with the message: ids in its parameters; names and sizes only where the event tells them."""
        ids = dict.fromkeys(number(each) for each in items(mapping(self.message.get("params")).get("FILE_ID")))
        told = {number(mapping(each).get("id")): mapping(each) for each in items(self.event.data.get("files"))}
        return tuple(
            IncomingFile(
                str(each),
                text(mapping(told.get(each)).get("name"))[:_LONGEST_FILE_NAME],
                number(mapping(told.get(each)).get("size")),
                text(mapping(told.get(each)).get("type")) == "image",
            )
            for each in [each for each in ids if each][:_MOST_FILES]
        )

    def replied(self) -> str:
        """The message that this one answers: in its parameters, where its files stand as well."""
        params = mapping(self.message.get("params"))
        found = number(params.get("REPLY_ID")) or number(params.get("replyId"))
        return str(found) if found > 0 else ""

    def need_message(self) -> int:
        if not self.message_id:
            raise UnreadableEvent("no message id")
        return self.message_id

    def unique(self, otherwise: str) -> str:
        """The event's own id; where it came without one, what makes it unique all the same."""
        return f"e:{self.event.id}" if self.event.id else otherwise

    def incoming(
        self, kind: IncomingKind, event_id: str, *, said: str = "", data: str = "", at: datetime | None = None
    ) -> Incoming:
        sender = self.sender()
        # What a group's members need not read is answered in private, and a press may come with an incomplete chat.
        is_private = self.dialog.isascii() and self.dialog.isdecimal() and number(self.dialog) > 0
        return Incoming(
            channel=CHANNEL,
            realm=self.realm,
            event_id=event_id,
            kind=kind,
            sender=sender,
            conversation=self.dialog if is_private else sender.account,
            received_at=self.received_at,
            text=said,
            data=data,
            message=str(self.message_id) if self.message_id else "",
            sent_at=at,
        )


def _message_added(reading: _Reading) -> Incoming | None:
    if reading.is_own_or_system:
        return None
    event_id = f"m:{reading.need_message()}"
    if _is_forwarded(reading):
        return reading.incoming(IncomingKind.NOT_OWN, event_id, data=FORWARDED, at=reading.told())
    said = reading.words()
    if not said and quotes(text(reading.message.get("text"))):
        return reading.incoming(IncomingKind.NOT_OWN, event_id, data=FORWARDED, at=reading.told())
    kind = IncomingKind.TEXT if said else IncomingKind.UNREADABLE
    found = reading.incoming(kind, event_id, said=said, at=reading.told())
    return replace(found, files=reading.files(), reply_to=reading.replied())


def _is_forwarded(reading: _Reading) -> bool:
    """Whether the words are another person's: whoever passes on "I am here" has not arrived."""
    writer = number(mapping(reading.message.get("forward")).get("userId"))
    return bool(writer) and writer != reading.user_id


def _message_changed(reading: _Reading) -> Incoming | None:
    if reading.is_own_or_system:
        return None
    moment = int(reading.event.at.timestamp()) if reading.event.at else 0
    event_id = reading.unique(f"u:{reading.need_message()}:{moment}")
    return reading.incoming(IncomingKind.EDITED, event_id, said=reading.words(), at=reading.event.at)


def _command_added(reading: _Reading) -> Incoming | None:
    command = mapping(reading.event.data.get("command"))
    name = text(command.get("command")).strip().removeprefix("/")
    params = text(command.get("params")).replace(WORD_JOINER, "").strip()
    if not name:
        raise UnreadableEvent("no command")
    context = text(command.get("context")).lower()
    is_press = context == "keyboard" or (not context and reading.author_id == reading.event.bot_id)
    if is_press and name == BUTTON_COMMAND:
        return _pressed(reading, params)
    said = f"/{name} {params}".strip()
    if is_press:
        return reading.incoming(
            IncomingKind.TEXT, reading.unique(f"p:{reading.message_id}:{reading.user_id}:{said}:{_stamp(reading)}"),
            said=said, at=reading.event.at,
        )  # fmt: skip
    event_id = f"m:{reading.need_message()}"
    words = reading.words().split(maxsplit=1)
    if words and words[0].lower() != f"/{name}".lower():
        event_id += f":{number(command.get('id'))}"
    if _is_forwarded(reading):
        return reading.incoming(IncomingKind.NOT_OWN, event_id, data=FORWARDED, at=reading.told())
    return reading.incoming(IncomingKind.TEXT, event_id, said=said, at=reading.told())


def _pressed(reading: _Reading, params: str) -> Incoming:
    stranger = f"p:{reading.message_id}:{reading.user_id}:{params}:{_stamp(reading)}"
    return reading.incoming(IncomingKind.PRESS, reading.unique(stranger), data=params, at=reading.event.at)


def _stamp(reading: _Reading) -> int:
    return int(reading.event.at.timestamp()) if reading.event.at else 0


def _joined(reading: _Reading) -> Incoming | None:
    event_id = reading.unique(f"j:{reading.dialog}:{reading.user_id}:{_stamp(reading)}")
    if reading.is_group:
        # Answers to a group's people go to each of them; this one is the group's, which asked the bot in.
        return replace(
            reading.incoming(IncomingKind.INVITED, event_id, at=reading.event.at), conversation=reading.dialog
        )
    return reading.incoming(IncomingKind.GREETING, event_id, at=reading.event.at)


def _removed(reading: _Reading) -> Incoming:
    return Incoming(
        channel=CHANNEL,
        realm=reading.realm,
        event_id=reading.unique(f"d:{reading.event.bot_id}:{_stamp(reading)}"),
        kind=IncomingKind.REMOVED,
        sender=Sender(account=""),
        conversation="",
        received_at=reading.received_at,
        sent_at=reading.event.at,
    )


_READERS = {
    "ONIMBOTV2MESSAGEADD": _message_added,
    "ONIMBOTV2MESSAGEUPDATE": _message_changed,
    "ONIMBOTV2COMMANDADD": _command_added,
    "ONIMBOTV2JOINCHAT": _joined,
    "ONIMBOTV2DELETE": _removed,
}
IGNORED = frozenset({"ONIMBOTV2MESSAGEDELETE", "ONIMBOTV2REACTIONCHANGE", "ONIMBOTV2CONTEXTGET"})
"""Events that the portal sends and that mean nothing to us."""
