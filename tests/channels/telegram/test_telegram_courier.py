"""One message of the outbox at a time: new, edited, long, refused."""

import asyncio
import json
from dataclasses import replace

import pytest

from bot.channels.telegram.delivery import Courier
from bot.channels.telegram.features import ALL
from bot.channels.telegram.limiter import Limiter
from bot.clock import MovableClock
from bot.messages import Button, DeliveryError, Keyboard, Receipt, Say
from bot.text import t
from tests.channels.telegram.doubles import ANNA, NOON, FakeApi, Pressed, outgoing

KEYBOARD = Keyboard.of(Button(t("Yes"), Pressed(7)))
ROWS = [[{"text": "Yes", "callback_data": "tgt:7"}]]
LONG = t("{text}", text="x" * 5000)


def courier(api: FakeApi) -> Courier:
    """Make a courier."""
    return Courier(api, Limiter(), MovableClock(NOON), ALL)


async def test_a_new_message() -> None:
    """The receipt names the message that shows the words."""
    api = FakeApi()
    receipt = await courier(api).send(outgoing(t("Hello, *{name}*", name="<Ann>"), keyboard=KEYBOARD))
    assert Receipt("101") == receipt
    assert api.calls == [("send", ANNA, "Hello, <b>&lt;Ann&gt;</b>", ROWS)]


async def test_an_edit() -> None:
    """The shown message is edited in place; without buttons it loses those it had."""
    api = FakeApi()
    receipt = await courier(api).send(outgoing(t("Done"), shown_as="55"))
    assert Receipt("55", edited=True) == receipt
    assert api.calls == [("edit", ANNA, 55, "Done", [])]


async def test_a_message_that_is_gone_is_sent_anew() -> None:
    """The words must reach the person."""
    api = FakeApi(is_editable=False)
    receipt = await courier(api).send(outgoing(t("Done"), shown_as="55", keyboard=KEYBOARD))
    assert Receipt("101", edited=False) == receipt
    assert [call[0] for call in api.calls] == ["edit", "send"]


async def test_a_card_that_is_gone_needs_no_update() -> None:
    """What is only to be changed if it is shown is not shown again."""
    api = FakeApi(is_editable=False)
    receipt = await courier(api).send(outgoing(t("Done"), shown_as="55", only_if_shown=True))
    assert Receipt("55", edited=True) == receipt
    assert [call[0] for call in api.calls] == ["edit"]


async def test_a_long_text_comes_in_pages() -> None:
    """Nothing is lost; the buttons are under the last page."""
    api = FakeApi()
    receipt = await courier(api).send(outgoing(LONG, keyboard=KEYBOARD))
    assert Receipt("102") == receipt
    assert [(len(call[2]), call[3]) for call in api.calls] == [(4096, []), (904, ROWS)]


async def test_pages_that_came_are_not_sent_again() -> None:
    """A retry goes on where it stopped."""
    failing = DeliveryError("network", permanent=False)

    class Once(FakeApi):
        """Fails at the second page, once."""

        async def send(self, chat: int, html: str, rows: list[list[dict[str, str]]], *, thread: int = 0) -> int:
            if len(html) == 904 and not self.errors.get("spent"):
                self.errors["spent"] = [failing]
                raise failing
            return await super().send(chat, html, rows, thread=thread)

    api = Once()
    brings = courier(api)
    with pytest.raises(DeliveryError):
        await brings.send(outgoing(LONG, number=2))
    await brings.send(outgoing(LONG, number=2))
    assert [len(call[2]) for call in api.calls] == [4096, 904]


async def test_a_refused_chat_is_left_alone() -> None:
    """After a 429 the next message does not even try."""
    api = FakeApi()
    api.errors["send"] = [DeliveryError("rate_limit", permanent=False, retry_after=30.0)]
    brings = courier(api)
    for _ in range(2):
        with pytest.raises(DeliveryError) as caught:
            await brings.send(outgoing(t("Hello")))
        assert 29.0 <= (caught.value.retry_after or 0) <= 30.0
    assert [call[0] for call in api.calls] == ["send"]


@pytest.mark.parametrize("chat", ["", "anna", "7x", "٧"])
async def test_a_foreign_conversation_is_refused_for_ever(chat: str) -> None:
    """What is no chat number cannot be delivered."""
    with pytest.raises(DeliveryError) as caught:
        await courier(FakeApi()).send(outgoing(t("Hello"), chat=chat))
    assert (caught.value.kind, caught.value.permanent) == ("rejected", True)


async def test_draining_waits_for_what_is_under_way() -> None:
    """A stop lets a send end."""
    reached, release = asyncio.Event(), asyncio.Event()

    class Slow(FakeApi):
        """Answers when it is let."""

        async def send(self, chat: int, html: str, rows: list[list[dict[str, str]]], *, thread: int = 0) -> int:
            reached.set()
            await release.wait()
            return await super().send(chat, html, rows, thread=thread)

    brings = courier(Slow())
    sending = asyncio.create_task(brings.send(outgoing(t("Hello"))))
    await reached.wait()
    await brings.drained(0.01)
    assert not sending.done()
    asyncio.get_running_loop().call_soon(release.set)
    await brings.drained(5)
    assert Receipt("101") == await sending


async def test_an_answer_goes_into_its_topic() -> None:
    """What was asked in a topic of the chat is answered there; an edit stays where the message is."""
    api = FakeApi()
    await courier(api).send(outgoing(t("Hello"), thread="77"))
    await courier(api).send(outgoing(t("Hello"), thread="77", shown_as="55"))
    assert [("send", ANNA, "Hello", [], 77), ("edit", ANNA, 55, "Hello", [])] == api.calls


async def test_an_answer_to_a_topic_that_is_gone() -> None:
    """It goes into the chat itself."""
    api = FakeApi()
    api.errors["send"] = [DeliveryError("rejected", permanent=True, detail="Bad Request: message thread not found")]
    await courier(api).send(outgoing(t("Hello"), thread="77"))
    assert [("send", ANNA, "Hello", [], 77), ("send", ANNA, "Hello", [])] == api.calls


async def test_a_page_is_opened_in_telegrams_own_frame() -> None:
    """In private chats alone, for Telegram takes no such button elsewhere; nor is there one without that page."""
    said = outgoing(t("A request"), keyboard=KEYBOARD)
    about = replace(said, say=replace(said.say, keyboard=replace(KEYBOARD, page="/approvals/7")))
    opens = {"text": "📱 Open here", "web_app": {"url": "https://smena.example/enter/telegram?next=%2Fapprovals%2F7"}}
    group = replace(about, to=replace(about.to, conversation="-100"))
    for app, message, rows in (
        ("https://smena.example/enter/telegram", about, [*ROWS, [opens]]),
        ("https://smena.example/enter/telegram", said, ROWS),
        ("https://smena.example/enter/telegram", group, ROWS),
        ("", about, ROWS),
    ):
        api = FakeApi()
        await Courier(api, Limiter(), MovableClock(NOON), ALL, lambda app=app: app).send(message)  # type: ignore[misc]
        assert rows == api.calls[0][3]
    kept = Say.from_json(json.loads(json.dumps(about.say.to_json())))
    assert (about.say.keyboard, KEYBOARD) == (kept.keyboard, Say.from_json(said.say.to_json()).keyboard)
