"""What Telegram's updates mean: payloads made by aiogram's own types, and things that nobody should send."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberBanned,
    ChatMemberMember,
    ChatMemberUpdated,
    Document,
    InaccessibleMessage,
    Message,
    PhotoSize,
    Sticker,
    Update,
    User,
    Voice,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.batch import to_incomings
from bot.channels.telegram.updates import callback_id, clean, to_incoming, update_id
from bot.messages import Incoming, IncomingFile, IncomingKind, Sender
from storage.message_json import incoming_of, incoming_text

NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
SENT = datetime(2026, 7, 14, 11, 59, 58, tzinfo=UTC)
ANNA = User(id=700003, is_bot=False, first_name="Анна", last_name="Ким", language_code="ru")
PRIVATE = Chat(id=700003, type="private", first_name="Анна")
GROUP = Chat(id=-1001, type="supergroup", title="Продажи")
PHOTO = PhotoSize(file_id="f", file_unique_id="u", width=1, height=1)
STICKER = Sticker(file_id="f", file_unique_id="u", type="regular", width=1, height=1, is_animated=False, is_video=False)
VOICE = Voice(file_id="f", file_unique_id="u", duration=1)


def message(chat: Chat = PRIVATE, sender: User | None = ANNA, **more: Any) -> Message:
    """Build a message."""
    return Message(message_id=9, date=SENT, chat=chat, from_user=sender, **more)


def read(**kind: Any) -> Incoming | None:
    """Send an update through JSON, as Telegram does, and read it."""
    body = Update(update_id=100, **kind).model_dump_json(exclude_none=True, by_alias=True)
    update = json.loads(body)
    for value in update.values():  # on the wire a date is a number
        if isinstance(value, dict) and isinstance(value.get("date"), str):
            value["date"] = int(SENT.timestamp())
    return to_incoming(update, received_at=NOW, username="smena_bot")


def seen(**more: Any) -> Incoming:
    """Build what Anna's update should become."""
    sender = Sender("700003", "Анна", "Ким", "ru")
    known: dict[str, Any] = {
        "channel": "telegram", "realm": "", "event_id": "100", "kind": IncomingKind.TEXT, "sender": sender,
        "conversation": "700003", "received_at": NOW, "message": "9", "sent_at": SENT,
    }  # fmt: skip
    return Incoming(**{**known, **more})


def test_a_text_is_read_with_its_sender_and_its_own_time() -> None:
    """A private message becomes TEXT with the words as they are."""
    assert seen(text="пришёл") == read(message=message(text="пришёл"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/checkin", "/checkin"),
        ("/checkin@smena_bot", "/checkin"),
        ("/checkin@Smena_Bot at 9", "/checkin at 9"),
        ("/start abc-DEF", "/start abc-DEF"),
        ("mail@example.com", "mail@example.com"),
    ],
)
def test_a_command_loses_the_name_of_the_bot(typed: str, expected: str) -> None:
    """`/name@bot args` is `/name args`."""
    incoming = read(message=message(text=typed))
    assert incoming is not None
    assert expected == incoming.text


@pytest.mark.parametrize("content", [{"photo": [PHOTO]}, {"sticker": STICKER}, {"voice": VOICE}])
def test_what_is_not_text_is_unreadable(content: dict[str, Any]) -> None:
    """A photo, a sticker or a voice message is told apart from words; a photo can be fetched."""
    files = (IncomingFile("f", is_picture=True),) if "photo" in content else ()
    assert seen(kind=IncomingKind.UNREADABLE, files=files) == read(message=message(**content))


def test_a_document_can_be_fetched() -> None:
    """Its name and size are kept with what it is asked for by; words under it are words."""
    document = Document(file_id="f2", file_unique_id="u", file_name="route.json", file_size=1200)
    file = IncomingFile("f2", "route.json", 1200)
    assert seen(kind=IncomingKind.UNREADABLE, files=(file,)) == read(message=message(document=document))
    assert seen(text="вот", files=(file,)) == read(message=message(document=document, caption="вот"))


def test_a_service_message_is_nothing() -> None:
    """A pinned message or a changed timer is not something a person says."""
    assert read(message=message(pinned_message=message(text="x"))) is None


def test_an_edited_text_is_no_command() -> None:
    """An edit is EDITED, with the new words."""
    assert seen(kind=IncomingKind.EDITED, text="ушёл") == read(edited_message=message(text="ушёл"))


def test_a_moving_live_location_is_nothing() -> None:
    """An edit without text does not concern us."""
    assert read(edited_message=message(photo=[PHOTO])) is None


def test_a_press_carries_the_data_and_the_message() -> None:
    """A callback becomes PRESS about the message under which it was pressed; it has no time of its own."""
    query = CallbackQuery(id="77", from_user=ANNA, chat_instance="1", data="a:7:1", message=message(text="card"))
    expected = seen(kind=IncomingKind.PRESS, data="a:7:1", sent_at=None)
    assert expected == read(callback_query=query)


def test_a_press_under_an_old_message_works() -> None:
    """Telegram tells no more than chat and id of an old message, and that is enough."""
    old = InaccessibleMessage(chat=PRIVATE, message_id=9, date=0)
    query = CallbackQuery(id="77", from_user=ANNA, chat_instance="1", data="a:7:1", message=old)
    assert seen(kind=IncomingKind.PRESS, data="a:7:1", sent_at=None) == read(callback_query=query)


def test_a_press_without_a_message_works() -> None:
    """The private chat has the number of the person."""
    query = CallbackQuery(id="77", from_user=ANNA, chat_instance="1", data="a:7:1")
    assert seen(kind=IncomingKind.PRESS, data="a:7:1", message="", sent_at=None) == read(callback_query=query)


def test_a_press_in_a_group_is_nothing() -> None:
    """We never put buttons into a group."""
    query = CallbackQuery(id="77", from_user=ANNA, chat_instance="1", data="a", message=message(GROUP, text="x"))
    assert read(callback_query=query) is None


def test_a_person_who_stops_the_bot_is_blocked() -> None:
    """Status `kicked` in the private chat is BLOCKED."""
    bot = User(id=42, is_bot=True, first_name="Smena")
    gone = ChatMemberBanned(user=bot, until_date=SENT)
    back = ChatMemberMember(user=bot)
    change = ChatMemberUpdated(chat=PRIVATE, from_user=ANNA, date=SENT, old_chat_member=back, new_chat_member=gone)
    assert seen(kind=IncomingKind.BLOCKED, message="") == read(my_chat_member=change)


def test_a_person_who_comes_back_is_heard_by_their_start() -> None:
    """Unblocking comes with a /start of its own, so the change itself says nothing."""
    bot = User(id=42, is_bot=True, first_name="Smena")
    gone = ChatMemberBanned(user=bot, until_date=SENT)
    back = ChatMemberMember(user=bot)
    change = ChatMemberUpdated(chat=PRIVATE, from_user=ANNA, date=SENT, old_chat_member=gone, new_chat_member=back)
    assert read(my_chat_member=change) is None


@pytest.mark.parametrize("text", ["привет", "/status", "/status@other_bot", "see /status@smena_bot"])
def test_a_group_is_not_listened_to(text: str) -> None:
    """In a group only a command with our name is for us."""
    assert read(message=message(GROUP, text=text)) is None


def test_a_command_in_a_group_is_answered_in_private() -> None:
    """The conversation is the person's own chat."""
    expected = seen(text="/status now", message="")
    assert expected == read(message=message(GROUP, text="/status@smena_bot now"))


def test_a_bot_is_an_outsider() -> None:
    """Another bot is no employee."""
    other = User(id=9, is_bot=True, first_name="Other")
    incoming = read(message=message(Chat(id=9, type="private"), other, text="hi"))
    assert incoming is not None
    assert incoming.sender.is_outsider


def raw(**message: Any) -> Incoming | None:
    """Read an update as it may come over the wire, with fields of any time and kind."""
    told = {"message_id": 9, "date": int(SENT.timestamp()), "from": ANNA_RAW, "chat": PRIVATE_RAW, **message}
    return to_incoming({"update_id": 100, "message": told}, received_at=NOW, username="smena_bot")


ANNA_RAW = {"id": 700003, "is_bot": False, "first_name": "Анна", "last_name": "Ким", "language_code": "ru"}
PRIVATE_RAW = {"id": 700003, "type": "private"}
GROUP_RAW = {"id": -1001, "type": "supergroup"}
NOT_OWN = [
    ({"forward_origin": {"type": "user", "sender_user": {"id": 700009}}}, "forwarded"),
    ({"forward_origin": {"type": "user", "sender_user": ANNA_RAW}}, "forwarded"),
    ({"forward_origin": {"type": "hidden_user", "sender_user_name": "Борис"}}, "forwarded"),
    ({"forward_origin": {"type": "chat", "sender_chat": {"id": -5}}}, "forwarded"),
    ({"forward_origin": {"type": "channel", "chat": {"id": -5}}}, "forwarded"),
    ({"forward_origin": {"type": "user", "sender_user": {"id": 42, "is_bot": True}}}, "forwarded"),
    ({"forward_origin": {}}, "forwarded"),
    ({"forward_from": {"id": 700009}, "forward_date": 1}, "forwarded"),
    ({"forward_sender_name": "Борис", "forward_date": 1}, "forwarded"),
    ({"via_bot": {"id": 7, "is_bot": True}}, "via_bot"),
    ({"is_from_offline": True}, "scheduled"),
]


@pytest.mark.parametrize(("marks", "how"), NOT_OWN)
@pytest.mark.parametrize("said", [{"text": "пришла"}, {"text": "/admin Борис"}, {"photo": [], "caption": "да"}])
def test_words_that_are_not_own_are_not_kept(said: dict[str, Any], marks: dict[str, Any], how: str) -> None:
    """Forwarded, sent through another bot or by a timer: told apart, and the words are nowhere in what is stored."""
    expected = seen(kind=IncomingKind.NOT_OWN, data=how)
    assert expected == raw(**said, **marks)


@pytest.mark.parametrize("marks", [each for each, _ in NOT_OWN])
def test_a_command_in_a_group_that_is_not_own_is_nothing(marks: dict[str, Any]) -> None:
    """Nobody in that group spoke to the bot."""
    assert raw(chat=GROUP_RAW, text="/checkin@smena_bot", **marks) is None


def test_own_words_over_a_quotation_are_own() -> None:
    """A reply, with or without a quotation and be it to a message elsewhere, has the person's own words alone."""
    quoted = {"message_id": 8, "date": 1, "chat": PRIVATE_RAW, "text": "пришла", "forward_origin": {"type": "chat"}}
    more = {"quote": {"text": "пришла", "position": 0}, "external_reply": {"origin": {"type": "channel"}}}
    assert seen(text="ушла", reply_to="8") == raw(text="ушла", reply_to_message=quoted, **more)


@pytest.mark.parametrize("content", [{"photo": []}, {"document": {}}, {"video": {}}, {"voice": {}}])
def test_words_under_a_picture_are_words(content: dict[str, Any]) -> None:
    """A caption is what the person said."""
    assert seen(text="ушла") == raw(caption="ушла", **content)


def test_an_edited_caption_is_an_edit() -> None:
    """It is told that an edit is not read, as for a text."""
    told = {"message_id": 9, "date": 1, "from": ANNA_RAW, "chat": PRIVATE_RAW, "caption": "ушла", "photo": []}
    incoming = to_incoming({"update_id": 100, "edited_message": told}, received_at=NOW, username="smena_bot")
    assert incoming is not None
    assert (IncomingKind.EDITED, "ушла") == (incoming.kind, incoming.text)


@pytest.mark.parametrize(
    "marks",
    [
        {"from": {"id": 777000, "is_bot": False}, "is_automatic_forward": True, "sender_chat": {"id": -100}},
        {"from": {"id": 777000, "is_bot": False}},
        {"is_automatic_forward": True},
        {"from": {"id": 1087968824, "is_bot": True}, "sender_chat": GROUP_RAW},
        {"from": {"id": 136817688, "is_bot": True}, "sender_chat": {"id": -100, "type": "channel"}},
    ],
)
def test_what_nobody_wrote_is_nothing(marks: dict[str, Any]) -> None:
    """A post copied from a linked channel, and whoever writes as a group or a channel, is no person."""
    assert raw(chat=GROUP_RAW, text="/checkin@smena_bot", **marks) is None


def test_another_persons_private_chat_is_nothing() -> None:
    """The bot's private chat with a person has the person's number; any other is between two people."""
    assert raw(chat={"id": 700009, "type": "private"}, text="пришла") is None


def test_the_topic_is_known() -> None:
    """A topic of the private chat is where the answer belongs; one of a group means nothing there."""
    own = raw(text="статус", message_thread_id=77, is_topic_message=True)
    group = raw(chat=GROUP_RAW, text="/status@smena_bot", message_thread_id=77)
    card = {"message_id": 9, "date": 1, "chat": PRIVATE_RAW, "message_thread_id": 77}
    query = {"id": "7", "from": ANNA_RAW, "data": "x", "message": card}
    press = to_incoming({"update_id": 5, "callback_query": query}, received_at=NOW, username=None)
    assert ["77", "", "77"] == [each.thread for each in (own, group, press) if each]


@pytest.mark.parametrize("kind", ["channel_post", "edited_channel_post", "business_message", "guest_message", "poll"])
def test_other_kinds_of_updates_are_nothing(kind: str) -> None:
    """Channels, business chats and guests are not people who write to us."""
    told = {"message_id": 9, "date": 1, "from": ANNA_RAW, "chat": PRIVATE_RAW, "text": "пришла"}
    assert to_incoming({"update_id": 5, kind: told}, received_at=NOW, username=None) is None


def test_each_part_of_an_album_is_kept() -> None:
    """A part is known by its message, however often it is delivered; words under one are its own event."""
    parts = [
        {"photo": [{"file_id": "a"}]},
        {"document": {"file_id": "b"}},
        {"photo": [{"file_id": "c"}], "caption": "ушла"},
    ]
    batch = [
        {"update_id": 100 + number, "message": {**told, "media_group_id": "7", "message_id": 9 + number}}
        for number, told in enumerate({"date": 1, "from": ANNA_RAW, "chat": PRIVATE_RAW, **each} for each in parts)
    ]
    found = to_incomings(batch, received_at=NOW, username=None)
    album = "album:700003:7"
    assert [
        (IncomingKind.UNREADABLE, f"{album}:9", album, "a"),
        (IncomingKind.UNREADABLE, f"{album}:10", album, "b"),
        (IncomingKind.TEXT, "102", album, "c"),
    ] == [(each.kind, each.event_id, each.album, each.files[0].reference) for each in found]
    again = {**batch[0], "update_id": 500}
    assert f"{album}:9" == to_incomings([again], received_at=NOW, username=None)[0].event_id


def test_pictures_sent_one_by_one_are_each_kept() -> None:
    """No file is dropped because another one came with it; stickers are answered once."""
    told = {"date": 1, "from": ANNA_RAW, "chat": PRIVATE_RAW}
    files = [{"photo": [{"file_id": str(number)}]} for number in range(3)]
    batch = [
        {"update_id": 100 + number, "message": {**told, "message_id": 9 + number, **each}}
        for number, each in enumerate([*files, {"sticker": {}}, {"sticker": {}}])
    ]
    found = to_incomings(batch, received_at=NOW, username=None)
    assert ["0", "1", "2", None] == [each.files[0].reference if each.files else None for each in found]


def test_a_message_tells_which_one_it_answers() -> None:
    """The message of the chat that was chosen; the beginning of a topic is none."""
    answered = {"message_id": 8, "date": 1, "chat": PRIVATE_RAW, "text": "?"}
    assert seen(text="да", reply_to="8") == raw(text="да", reply_to_message=answered)
    in_topic = raw(text="да", reply_to_message=answered, message_thread_id=8, is_topic_message=True)
    assert in_topic is not None
    assert ("8", "") == (in_topic.thread, in_topic.reply_to)


def test_messages_forwarded_in_one_go_are_answered_once() -> None:
    """One of them is kept; words of the person's own between them all are."""

    def told(number: int, **more: Any) -> dict[str, Any]:
        return {
            "update_id": number,
            "message": {"message_id": number, "date": 1, "from": ANNA_RAW, "chat": PRIVATE_RAW, "text": "x", **more},
        }

    origin = {"forward_origin": {"type": "chat"}}
    found = to_incomings([told(1, **origin), told(2), told(3, **origin), told(4)], received_at=NOW, username=None)
    assert ["1", "2", "4"] == [each.event_id for each in found]


def test_nobody_is_nothing() -> None:
    """A message without a sender cannot be answered for."""
    assert read(message=message(sender=None, text="hi")) is None


def test_unstorable_characters_are_replaced() -> None:
    """A NUL goes, half of a surrogate pair becomes a replacement character, the rest stays."""
    assert clean("\x00a\ud83d😀", 100) == "a\ufffd😀"


@pytest.mark.parametrize(
    "update",
    [
        None, [], "x", {}, {"update_id": "5"}, {"update_id": True}, {"update_id": -1}, {"update_id": 2**70},
        {"update_id": 5, "message": []}, {"update_id": 5, "message": {"from": {"id": "7"}}},
        {"update_id": 5, "message": {"from": {"id": 7}, "chat": {"id": 7, "type": "private"}, "date": 10**17}},
        {"update_id": 5, "callback_query": {"id": 5, "from": {"id": 7}, "data": 8}},
    ],
)  # fmt: skip
def test_what_is_malformed_is_nothing(update: object) -> None:
    """An update of the wrong shape is left out without an error."""
    assert to_incoming(update, received_at=NOW, username=None) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
_NAMES = [
    "from",
    "chat",
    "text",
    "data",
    "id",
    "message",
    "message_id",
    "date",
    "edit_date",
    "new_chat_member",
    "photo",
]
_FIELDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(
        _NAMES,
        _JSON | st.fixed_dictionaries({"id": st.integers(), "type": st.sampled_from(["private", "group", "x"])}),
    )
)  # fmt: skip


@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member", "poll"]), _FIELDS | _JSON)
def test_no_update_is_an_error(kind: str, value: object) -> None:
    """Whatever comes is either understood, and then can be stored as UTF-8, or nothing."""
    update = {"update_id": 5, kind: value}
    incoming = to_incoming(update, received_at=NOW, username="smena_bot")
    callback_id(update)
    if incoming is not None:
        incoming_text(incoming).encode()
        assert incoming == incoming_of(incoming_text(incoming))
    expected = 5
    assert expected == update_id(update)
