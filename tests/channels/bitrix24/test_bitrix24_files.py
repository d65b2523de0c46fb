"""Messages that carry a file: uploaded in a request of its own, in step, with words and buttons beside it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from bot.channels.bitrix24.beat import AWAITED_FOR
from bot.channels.bitrix24.bot import RegisteredBot
from bot.channels.bitrix24.client import Answer, BatchAnswer, Call
from bot.channels.bitrix24.delivery import Courier
from bot.channels.bitrix24.errors import RestError, delivery_error
from bot.channels.bitrix24.uploads import LINE, Uploads
from bot.channels.pace import Pace
from bot.clock import MovableClock
from bot.messages import Attachment, DeliveryError
from bot.text import t
from tests.channels.bitrix24.doubles import NOW, FakeTime, outgoing
from tests.channels.bitrix24.sites import CARD, site, working
from tests.pictures import png

PICTURE = Attachment("неделя.png", png(), "photo")
SHEET = Attachment("Табель – июнь.xlsx", bytes(range(256)), "document")


async def test_file_with_words() -> None:
    """Without buttons the words are the file's own message, which the receipt names."""
    async with site() as made, working(made) as channel:
        receipt = await channel.send(outgoing(t("*June* [b]"), to="3", file=SHEET))
        (shown,) = made.portal.shown(made.anna)
        assert (str(shown.id), "[b]June[/b] [\u2060b]") == (receipt.message, shown.text)
        assert [("Табель – июнь.xlsx", 256)] == [(each.name, each.size) for each in shown.files]
        assert 1 == len(made.called("imbot.v2.File.upload"))


async def test_some_megabytes() -> None:
    """A large file arrives whole."""
    async with site() as made, working(made) as channel:
        await channel.send(
            outgoing(t("June"), to="3", file=Attachment("a.pdf", bytes(range(256)) * 12_000, "document"))
        )
        (shown,) = made.portal.shown(made.anna)
        assert [256 * 12_000] == [each.size for each in shown.files]


@pytest.mark.parametrize("more", [{"keyboard": CARD}, {"slot": "day"}], ids=str)
async def test_file_then_words(more: dict[str, Any]) -> None:
    """With buttons or in a slot the words follow as a message of their own, which can be edited later."""
    async with site() as made, working(made) as channel:
        receipt = await channel.send(outgoing(t("Your week"), to="3", file=PICTURE, **more))
        file, words = made.portal.shown(made.anna)
        assert (["неделя.png"], "", []) == ([each.name for each in file.files], file.text, file.buttons)
        assert (receipt.message, "Your week", []) == (str(words.id), words.text, words.files)
        assert bool(words.buttons) is ("keyboard" in more)


class Wire:
    """A beat and uploads in one: remembers what was asked for, and fails at what it is told to."""

    def __init__(self) -> None:
        """Start well."""
        self.asked: list[str] = []
        self.awaits: list[float] = []
        self.fails = ""

    def quicken(self, seconds: float) -> None:
        """Note for how long presses are awaited."""
        self.awaits.append(seconds)

    async def submit(self, method: str, params: Mapping[str, Any], conversation: str = "") -> Any:
        """Answer, or fail for now."""
        self.asked.append(method.rpartition(".")[2])
        if self.asked[-1] == self.fails:
            raise DeliveryError("network", permanent=False)
        return {"id": 7, "messageId": 8}


async def test_a_file_that_came_is_not_sent_again() -> None:
    """Where the words failed, a retry goes on with the words; the next file is another one."""
    wire = Wire()
    courier = Courier(wire, wire, MovableClock(NOW))  # type: ignore[arg-type]
    bot = RegisteredBot(5120, "token", {})
    message = outgoing(t("Your week"), file=PICTURE, keyboard=CARD)
    wire.fails = "send"
    for _ in range(2):
        with pytest.raises(DeliveryError):
            await courier.send(message, bot)
    wire.fails = ""
    await courier.send(message, bot)
    assert ["upload", "send", "send", "send"] == wire.asked
    await courier.send(outgoing(t("Your week"), file=PICTURE, keyboard=CARD, number=2), bot)
    assert ["upload", "send"] == wire.asked[4:]
    assert [AWAITED_FOR] * 2 == wire.awaits  # what did not come has no buttons that could be pressed
    await courier.send(outgoing(t("Your week"), number=3), bot)
    assert 2 == len(wire.awaits)


async def test_blocked() -> None:
    """A person who cannot be written to is told apart, as with words."""
    async with site() as made, working(made) as channel:
        made.world.faults.order("bitrix24", "blocked_by_person", person="anna")
        with pytest.raises(DeliveryError) as caught:
            await channel.send(outgoing(t("June"), to="3", file=SHEET))
        assert ("blocked", True) == (caught.value.kind, caught.value.permanent)


@pytest.mark.parametrize(
    ("code", "status", "kind", "permanent"),
    [
        ("FILE_EMPTY", 400, "rejected", True),
        ("FILE_INVALID_CONTENT", 400, "rejected", True),
        ("FILE_TOO_LARGE", 400, "rejected", True),
        ("FILE_FOLDER_ERROR", 400, "server", False),
        ("FILE_UPLOAD_FAILED", 400, "server", False),
        ("FILE_SEND_FAILED", 400, "server", False),
        ("UNREADABLE_ANSWER", 413, "rejected", True),
        ("UNREADABLE_ANSWER", 502, "server", False),
        ("QUERY_LIMIT_EXCEEDED", 503, "rate_limit", False),
        ("SOMETHING_NEW", 401, "credentials", False),
        ("ACCESS_DENIED", 403, "blocked", True),
    ],
)
def test_refusals(code: str, status: int, kind: str, permanent: bool) -> None:
    """Each refusal of an upload is either for ever or for now."""
    error = delivery_error(RestError(code, status=status), whole_request=False)
    assert (kind, permanent) == (error.kind, error.permanent)


async def test_more_than_the_portal_takes() -> None:
    """A hundred megabytes and a byte are not even tried."""
    async with site() as made, working(made) as channel:
        with pytest.raises(DeliveryError) as caught:
            await channel.send(outgoing(t("June"), to="3", file=Attachment("a", b"\0" * (100 * 2**20 + 1), "document")))
        assert ("rejected", True) == (caught.value.kind, caught.value.permanent)
        assert [] == made.called("imbot.v2.File.upload")


class Portal:
    """A client whose portal takes a second for each call, and counts those it works on."""

    def __init__(self, time: FakeTime) -> None:
        """Be idle."""
        self.time = time
        self.working = 0
        self.most = 0
        self.begun: list[float] = []

    async def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Take a second."""
        self.begun.append(self.time.now)
        self.working += 1
        self.most = max(self.most, self.working)
        await self.time.sleep(1.0)
        self.working -= 1
        return Answer({"messageId": params["number"]})

    async def batch(self, commands: Mapping[str, Call]) -> BatchAnswer:
        """Refuse what no file travels in."""
        raise AssertionError("a file in a batch")


def uploads(*, burst: float = 5.0) -> tuple[Uploads, Portal, FakeTime]:
    """Return uploads on the test's seconds."""
    time = FakeTime()
    portal = Portal(time)
    pace = Pace(1.0, burst)
    return Uploads(portal, pace, monotonic=time.monotonic, sleep=time.sleep), portal, time


async def test_in_step_and_two_at_a_time() -> None:
    """However many wait, two are under way, and they leave no faster than the pace."""
    line, portal, time = uploads(burst=3.0)
    tasks = [asyncio.create_task(line.submit("up", {"number": number})) for number in range(10)]
    await time.passes(20)
    assert [{"messageId": number} for number in range(10)] == [await task for task in tasks]
    assert 2 == portal.most
    assert 7.0 <= portal.begun[-1] - portal.begun[0]


async def test_a_full_line_sends_back() -> None:
    """What finds the line full is told when to come again, each later than the one before, and not tried."""
    line, _, time = uploads(burst=1.0)
    waiting = [asyncio.create_task(line.submit("up", {"number": number})) for number in range(LINE)]
    await time.settle()
    told = []
    for number in range(3):
        with pytest.raises(DeliveryError) as caught:
            await line.submit("up", {"number": number})
        assert ("rate_limit", False) == (caught.value.kind, caught.value.permanent)
        told.append(caught.value.retry_after or 0)
    assert sorted(set(told)) == told
    assert LINE / 2 <= told[0] <= LINE
    await time.passes(60)
    assert LINE == len([await task for task in waiting])


async def test_stop() -> None:
    """What is under way ends, what waits goes back to the outbox."""
    line, portal, time = uploads(burst=1.0)
    first, second = (asyncio.create_task(line.submit("up", {"number": number})) for number in range(2))
    await time.settle()
    stopping = asyncio.create_task(line.stop())
    await time.passes(3)
    await stopping
    assert {"messageId": 0} == await first
    with pytest.raises(DeliveryError) as caught:
        await second
    assert (1, "network", False) == (len(portal.begun), caught.value.kind, caught.value.permanent)


async def test_a_method_that_rests() -> None:
    """A method that used up its execution time is not asked for."""
    time = FakeTime()
    line = Uploads(Portal(time), Pace(1.0, 1.0), resting=lambda _: 40.0, monotonic=time.monotonic)
    with pytest.raises(DeliveryError) as caught:
        await line.submit("up", {"number": 1})
    assert ("rate_limit", 40.0) == (caught.value.kind, caught.value.retry_after)
