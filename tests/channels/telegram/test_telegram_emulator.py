"""The channel against the sandbox's strict Telegram: a round trip, and everything that can go wrong in it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel
from bot.clock import MovableClock
from bot.derived import Derived
from bot.messages import Button, Command, DeliveryError, IncomingKind, Keyboard, Receipt
from bot.ports import FileTooLarge
from bot.sandbox.telegram import TelegramEmulator
from bot.sandbox.world import SandboxPerson, SentFile, World
from bot.text import t
from tests.channels.telegram.doubles import NOON, SECRET_KEY, FakeInbox, Pressed, outgoing

KEYBOARD = Keyboard.of((Button(t("Yes"), Pressed(7), style="success"), Button(t("No"), Pressed(8), style="danger")))


@pytest.fixture
def world() -> Any:
    """Make a sandbox world that stands at noon."""
    world = World(MovableClock(NOON))
    yield world
    world.close()


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[TelegramEmulator]:
    """Serve the emulator."""
    emulator = TelegramEmulator(world)
    await emulator.start()
    yield emulator
    await emulator.stop()


@pytest.fixture
def anna(world: World) -> SandboxPerson:
    """Somebody who writes."""
    person = world.person("anna")
    assert person is not None
    return person


@pytest.fixture
def inbox() -> FakeInbox:
    """Make an inbox."""
    return FakeInbox()


@pytest.fixture
async def channel(world: World, telegram: TelegramEmulator, inbox: FakeInbox) -> AsyncIterator[TelegramChannel]:
    """Start a polling channel with every feature on."""
    channel = TelegramChannel(
        token=telegram.token,
        api_url=telegram.api_url,
        mode="poll",
        public_url="",
        derived=Derived(SECRET_KEY),
        vault=inbox,
        commands=(Command("checkin", t("Check in")), Command("people", t("Everybody"), roles=frozenset({"admin"}))),
        clock=world.clock,
    )
    await channel.start(inbox.receive)
    yield channel
    await channel.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(15):
        while not condition():
            await asyncio.sleep(0.01)


def statuses(world: World, method: str) -> list[int]:
    """Return how the calls of a method went."""
    return [call.status for call in world.calls() if call.method == method]


async def test_a_round_trip(
    channel: TelegramChannel, telegram: TelegramEmulator, world: World, inbox: FakeInbox, anna: SandboxPerson
) -> None:
    """A text, an answer, a press, its acknowledgement, an edit that removes the buttons."""
    await telegram.say(anna, "пришёл")
    said = (await inbox.until(1))[0]
    assert (said.kind, said.text, said.sender.locale, said.sent_at) == (IncomingKind.TEXT, "пришёл", "ru", NOON)

    shown = await channel.send(outgoing(t("At work, *{name}*", name="<b>&amp;"), keyboard=KEYBOARD))
    message = telegram.shown(anna)[-1]
    assert (message.text, [button.text for button in message.buttons]) == (
        "At work, <b>&lt;b&gt;&amp;amp;</b>",
        ["Yes", "No"],
    )
    await telegram.press(anna, message.id, "Yes")
    pressed = (await inbox.until(2))[1]
    assert (pressed.kind, pressed.data, pressed.message) == (IncomingKind.PRESS, "tgt:7", shown.message)
    await until(lambda: statuses(world, "answerCallbackQuery") == [200])

    assert await channel.send(outgoing(t("Done"), shown_as=shown.message)) == Receipt(shown.message, edited=True)
    assert (telegram.shown(anna)[-1].text, telegram.shown(anna)[-1].buttons) == ("Done", [])
    assert channel.username == telegram.username
    assert channel.health() == {"ok": True, "last_success": NOON.timestamp(), "error": None, "why": None}
    await until(lambda: len(statuses(world, "setMyShortDescription")) == 3)
    assert [call for call in world.calls() if call.status != 200] == []


async def test_an_edit_that_changes_nothing_is_a_success(
    channel: TelegramChannel, telegram: TelegramEmulator, anna: SandboxPerson
) -> None:
    """The message shows the words; that is all that was wanted."""
    await telegram.say(anna, "/start")
    shown = await channel.send(outgoing(t("Same")))
    assert await channel.send(outgoing(t("Same"), shown_as=shown.message)) == Receipt(shown.message, edited=True)


async def test_an_edit_of_what_is_gone_is_sent_anew(
    channel: TelegramChannel, telegram: TelegramEmulator, anna: SandboxPerson
) -> None:
    """A message that does not exist, and one that is not ours."""
    theirs = await telegram.say(anna, "/start")
    for gone in ("999999", str(theirs)):
        receipt = await channel.send(outgoing(t("Words"), shown_as=gone))
        assert (receipt.edited, receipt.message) == (False, str(telegram.shown(anna)[-1].id))


async def test_a_person_who_never_wrote_cannot_be_reached(channel: TelegramChannel) -> None:
    """A permanent failure: gone, or blocked."""
    with pytest.raises(DeliveryError) as caught:
        await channel.send(outgoing(t("Hello"), chat=999))
    assert (caught.value.kind, caught.value.permanent) == ("gone", True)


async def test_a_person_who_blocked_the_bot(
    channel: TelegramChannel, telegram: TelegramEmulator, world: World, anna: SandboxPerson
) -> None:
    """403 is for ever, until they write again."""
    await telegram.say(anna, "/start")
    world.faults.order("telegram", "blocked_by_person", count=5)
    with pytest.raises(DeliveryError) as caught:
        await channel.send(outgoing(t("Hello")))
    assert (caught.value.kind, caught.value.permanent) == ("blocked", True)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("rate_limit", "rate_limit"),
        ("error_500", "server"),
        ("html_500", "server"),
        ("down", "network"),
        ("reset_after_write", "network"),
    ],
)
async def test_a_failure_that_passes(
    channel: TelegramChannel, telegram: TelegramEmulator, world: World, anna: SandboxPerson, fault: Any, kind: str
) -> None:
    """The message is to be tried again, and then it comes through."""
    await telegram.say(anna, "/start")
    await channel.send(outgoing(t("first")))
    await until(lambda: len(statuses(world, "setMyShortDescription")) == 3)
    world.faults.order("telegram", fault, count=1)
    with pytest.raises(DeliveryError) as caught:
        await channel.send(outgoing(t("second")))
    assert (caught.value.kind, caught.value.permanent) == (kind, False)
    await channel.send(outgoing(t("second")))
    assert telegram.shown(anna)[-1].text == "second"


async def test_a_burst_stays_within_the_limits(
    channel: TelegramChannel, telegram: TelegramEmulator, world: World
) -> None:
    """Many people at once, several messages to each: nothing is refused by the server."""
    for person in world.people:
        await telegram.say(person, "/start")
    await asyncio.gather(
        *(
            channel.send(outgoing(t("{n}", n=n), chat=person.telegram_user_id, number=n))
            for person in world.people
            for n in range(6)
        )
    )
    assert statuses(world, "sendMessage") == [200] * 6 * len(world.people)


async def test_deliveries_that_repeat_and_overtake(
    channel: TelegramChannel, telegram: TelegramEmulator, world: World, inbox: FakeInbox, anna: SandboxPerson
) -> None:
    """Each is stored once, and none is lost."""
    await channel.wait_username()
    world.faults.order("telegram", "duplicate_events", count=1)
    await telegram.say(anna, "one")
    await inbox.until(1)
    world.faults.order("telegram", "reorder_events", count=1)
    await telegram.say(anna, "two")
    await telegram.say(anna, "three")
    await inbox.until(3)
    await until(lambda: telegram.undelivered() == 0)
    assert sorted(each.text for each in inbox.stored.values()) == ["one", "three", "two"]


async def test_a_raw_body_holds_nothing_up(
    channel: TelegramChannel, telegram: TelegramEmulator, inbox: FakeInbox, anna: SandboxPerson
) -> None:
    """Updates of a wrong shape, without an id, or nested as deep as JSON goes are passed over."""
    await channel.wait_username()
    for body in (
        b'{"update_id": 1, "message": 7}',
        b'{"message": {}}',
        b"[1]",
        b'{"update_id": 100000010, "x": ' + b"[" * 900 + b"]" * 900 + b"}",
    ):
        await telegram.raw(body, "application/json")
    await telegram.say(anna, "still there")
    assert [each.text for each in await inbox.until(1)] == ["still there"]
    await until(lambda: telegram.undelivered() == 0)


async def test_messages_wait_while_the_client_is_being_loaded(
    world: World, telegram: TelegramEmulator, inbox: FakeInbox, anna: SandboxPerson
) -> None:
    """A message that is sent at once after the start is not refused."""
    await telegram.say(anna, "/start")
    channel = TelegramChannel(
        token=telegram.token,
        api_url=telegram.api_url,
        mode="poll",
        public_url="",
        derived=Derived(SECRET_KEY),
        vault=inbox,
        commands=(),
        clock=world.clock,
    )
    await channel.start(inbox.receive)
    assert not channel.health()["ok"]
    await channel.send(outgoing(t("Hello")))
    await channel.stop()
    assert telegram.shown(anna)[-1].text == "Hello"
    with pytest.raises(DeliveryError, match="stopped"):
        await channel.send(outgoing(t("Hello")))


async def test_what_was_taken_is_not_taken_again_after_a_restart(
    channel: TelegramChannel, telegram: TelegramEmulator, world: World, inbox: FakeInbox, anna: SandboxPerson
) -> None:
    """The offset is where the last commit left it."""
    await telegram.say(anna, "one")
    await inbox.until(1)
    await channel.stop()
    await telegram.say(anna, "two")
    again = TelegramChannel(
        token=telegram.token,
        api_url=telegram.api_url,
        mode="poll",
        public_url="",
        derived=Derived(SECRET_KEY),
        vault=inbox,
        commands=(),
        clock=world.clock,
    )
    await again.start(inbox.receive)
    assert [each.text for each in await inbox.until(2)] == ["one", "two"]
    await again.stop()


async def test_a_wrong_token_is_told(world: World, telegram: TelegramEmulator, inbox: FakeInbox) -> None:
    """Health names the setting."""
    channel = TelegramChannel(
        token="1:" + "x" * 30,
        api_url=telegram.api_url,
        mode="poll",
        public_url="",
        derived=Derived(SECRET_KEY),
        vault=inbox,
        commands=(),
        clock=world.clock,
    )
    await channel.start(inbox.receive)
    await until(lambda: "TELEGRAM_BOT_TOKEN" in (channel.health()["error"] or ""))
    with pytest.raises(DeliveryError) as caught:
        await channel.send(outgoing(t("Hello")))
    assert (caught.value.kind, caught.value.permanent) == ("credentials", False)
    await channel.stop()


async def test_a_topic(
    channel: TelegramChannel, telegram: TelegramEmulator, inbox: FakeInbox, world: World, anna: SandboxPerson
) -> None:
    """What is written in a topic is answered with its id; one that nobody has written in is refused."""
    chat = {"id": anna.telegram_user_id, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": {"id": chat["id"]}, "text": "x"}
    telegram.open(anna)
    await telegram.raw(json.dumps({"update_id": 7, "message": {**message, "message_thread_id": 77}}).encode(), "")
    (asked,) = await inbox.until(1)
    for thread in (asked.thread, "78"):
        await channel.send(outgoing(t("hi"), chat=anna.telegram_user_id, thread=thread))
    sent = [call for call in world.calls() if call.method == "sendMessage"]
    assert [("77", 200), ("78", 400), (None, 200)] == [
        (call.params.get("message_thread_id"), call.status) for call in sent
    ]


async def test_the_menu_of_a_chat(channel: TelegramChannel, telegram: TelegramEmulator, anna: SandboxPerson) -> None:
    """With the message that tells of a role comes its menu, and goes with the one that tells of its end."""
    telegram.open(anna)
    people = ["checkin", "people"]
    for role, listed in (("admin", people), ("employee", ["checkin"])):
        said = outgoing(t("hi"), chat=anna.telegram_user_id)
        await channel.send(replace(said, say=replace(said.say, menu=role)))
        await until(lambda wanted=listed: wanted == [each["command"] for each in telegram.menu(anna)])


async def test_a_file_that_somebody_sends(
    channel: TelegramChannel, telegram: TelegramEmulator, inbox: FakeInbox, anna: SandboxPerson
) -> None:
    """It comes with its name and size, is fetched on demand, and not beyond what is wanted; each file is its own."""
    files = (SentFile("route.json", b'{"a": 1}'), SentFile("второй.json", b"{}"))
    await telegram.say(anna, "вот", files=files)
    first, second = await inbox.until(2)
    assert (IncomingKind.TEXT, "вот", IncomingKind.UNREADABLE) == (first.kind, first.text, second.kind)
    assert [("route.json", 8), ("второй.json", 2)] == [
        (each.files[0].name, each.files[0].size) for each in (first, second)
    ]
    assert b'{"a": 1}' == (await channel.fetch("", first.files[0], 8)).content
    with pytest.raises(FileTooLarge):
        await channel.fetch("", first.files[0], 7)
    with pytest.raises(DeliveryError):
        await channel.fetch("", replace(first.files[0], reference="nothing"), 8)
