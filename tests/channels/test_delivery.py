"""Delivery over a real outbox: nothing is sent twice because it takes long, or given up because it must wait."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.clock import MovableClock
from bot.delivery import A_WHILE, GIVE_UP_AFTER, Delivery
from bot.dispatch.lost import LostMessages
from bot.dispatch.router import RouteTable
from bot.dispatch.undertaking import Undertaking
from bot.domain.people.employee import Employee, Identity
from bot.messages import Address, Attachment, Button, DeliveryError, Keyboard, Outgoing, Receipt, Say
from bot.messengers import FACTS
from bot.ports import UNDELIVERED, Channel, Storage
from bot.services.approvals.seals import Seals
from bot.services.messengers import Messengers
from bot.services.wiring import House
from bot.text import Phrase, verbatim
from handlers import router
from storage import Database, open_storage
from tests.migrated import begin_migrated
from tests.storage.given import NOW, PORTAL, Wall, address, given, person, tried_again

SHEET = Attachment("sheet.csv", b"a;b", "document")


class Slow:
    """A messenger that answers when it is let, and keeps what it was given."""

    name = "telegram"

    def __init__(self) -> None:
        """Hold everything back."""
        self.given: list[Outgoing] = []
        self.errors: list[DeliveryError] = []
        self.open = asyncio.Event()

    def narrow(self) -> Mapping[str, int]:
        """Take what there is."""
        return {}

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take a message."""
        self.given.append(outgoing)
        await self.open.wait()
        if self.errors:
            raise self.errors.pop(0)
        return Receipt("m1")


@pytest.fixture
def wall() -> Wall:
    """The machine's clock, moved by hand."""
    return Wall()


@pytest.fixture
async def storage(tmp_path: Path, wall: Wall) -> AsyncIterator[Database]:
    """A database with one person on both messengers."""
    await begin_migrated(tmp_path / "d.db")
    opened = await open_storage(f"sqlite:///{tmp_path}/d.db", secret_key="k" * 40, clock=wall)
    await opened.start()
    await given(opened, person(10, telegram=True))
    yield opened
    await opened.close()


def lost(storage: Database) -> LostMessages:
    """Return what sees to messages that are never taken, as in the service."""
    house = House(cast("Storage", storage), Messengers(FACTS), Seals("k" * 40))
    return LostMessages(Undertaking(RouteTable(router), house), MovableClock(NOW))


@asynccontextmanager
async def delivering(
    storage: Database, messenger: Slow, *, monotonic: Callable[[], float] = time.monotonic, **room: int
) -> AsyncIterator[None]:
    """Run delivery."""
    channels = {messenger.name: cast("Channel", messenger)}
    delivery = Delivery(storage, channels, lost(storage).see_to, monotonic=monotonic, **room)
    task = asyncio.create_task(delivery.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], Any]) -> None:
    """Wait for what other tasks bring about."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def say(storage: Database, *says: Say, to: Address | None = None) -> None:
    """Put messages into the outbox."""
    async with storage.unit_of_work() as unit:
        for each in says:
            unit.outbox.add(to or address("tg10", "telegram"), each, at=NOW)
        await unit.commit()


async def test_longer_than_its_lease(storage: Database, wall: Wall) -> None:
    """A message that is still on its way when its lease runs out is not sent a second time beside itself."""
    messenger = Slow()
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("1"), file=SHEET))
        await until(lambda: messenger.given)
        for chat in range(3):
            wall.move(200)
            await say(storage, Say(verbatim("2")), to=address(f"tg{chat}", "telegram"))
            await until(lambda many=chat: len(messenger.given) == many + 2)
        messenger.open.set()
        await until_empty(storage)
    assert ["1", "2", "2", "2"] == [str(each.say.text.values["text"]) for each in messenger.given]  # type: ignore[union-attr]


async def test_told_to_wait(storage: Database, wall: Wall) -> None:
    """A messenger that says "later" is not a failure of the message, however often it says so."""
    messenger = Slow()
    messenger.open.set()
    messenger.errors = [DeliveryError("rate_limit", permanent=False, retry_after=40.0)] * (GIVE_UP_AFTER + 3)
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("1"), file=SHEET))
        for times in range(GIVE_UP_AFTER + 3):
            await until(lambda many=times: len(messenger.given) == many + 1)
            wall.move(41)
            storage._wake_outbox()
        await until_empty(storage)
    assert ((await storage.backlog()).outbox_failed, SHEET) == (0, messenger.given[-1].say.file)


async def test_what_a_messenger_never_takes(storage: Database) -> None:
    """The job that reaches the person elsewhere has the whole message, its file too."""
    messenger = Slow()
    messenger.open.set()
    messenger.errors = [DeliveryError("rejected", permanent=True)]
    said = Say(verbatim("1"), file=SHEET)
    async with delivering(storage, messenger):
        await say(storage, said)
        await until_empty(storage)
    (job,) = await storage.jobs.claim(NOW, 5)
    assert (UNDELIVERED, said) == (job.kind, Say.from_json(job.payload["say"]))
    assert 1 == await tried_again(storage)
    (kept,) = await storage.outbox.claim("telegram", 5)
    assert said == kept.say


async def test_whoever_blocked_us_is_known_by_their_account(storage: Database) -> None:
    """The account that the message was for is marked, whatever the conversation with it is called."""
    messenger = Slow()
    messenger.open.set()
    messenger.errors = [DeliveryError("blocked", permanent=True)]
    identity = Identity("telegram", "", "77", "a chat of another name")
    await given(storage, Employee(11, PORTAL.id, "Boris", identities=(identity,)), portal=None)
    to = Address(PORTAL.id, "telegram", "", identity.account, identity.conversation, "ru", "Europe/Moscow")
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("1")), to=to)
        await until_empty(storage)
    async with storage.unit_of_work() as unit:
        marked = [await unit.employees.get(PORTAL.id, number) for number in (10, 11)]
    assert [True, False] == [person.identities[-1].is_reachable for person in marked if person]
    (job,) = await storage.jobs.claim(NOW, 5)
    assert 11 == job.payload["employee_id"]


async def test_the_conversation_of_one_is_not_taken_for_the_account_of_another(storage: Database) -> None:
    """A conversation that is called like somebody's account says nothing of them."""
    messenger = Slow()
    messenger.open.set()
    messenger.errors = [DeliveryError("blocked", permanent=True)]
    to = Address(PORTAL.id, "telegram", "", "nobody's", "tg10", "ru", "Europe/Moscow")
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("1")), to=to)
        await until_empty(storage)
    async with storage.unit_of_work() as unit:
        person_10 = await unit.employees.get(PORTAL.id, 10)
    assert person_10 is not None
    assert all(each.is_reachable for each in person_10.identities)
    assert [] == await storage.jobs.claim(NOW, 5)


async def until_empty(storage: Database) -> None:
    """Wait until nothing waits to be sent."""
    async with asyncio.timeout(10):
        while (await storage.backlog()).outbox:
            await asyncio.sleep(0.01)


class Picky:
    """A messenger that fails at what it is told to, and takes all else."""

    name = "telegram"

    def __init__(self, **fails: DeliveryError) -> None:
        """Fail at the words that are named."""
        self.fails = fails
        self.taken: list[str] = []
        self.tried: list[str] = []

    def narrow(self) -> Mapping[str, int]:
        """Take what there is."""
        return {}

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take a message or not."""
        said = str(cast("Phrase", outgoing.say.text).values["text"])
        self.tried.append(said)
        if said in self.fails:
            raise self.fails[said]
        self.taken.append(said)
        return Receipt(said)


async def passing(storage: Database, wall: Wall, condition: Callable[[], Any]) -> None:
    """Let time pass until something is so."""
    async with asyncio.timeout(10):
        while not condition():
            wall.move(1)
            storage._wake_outbox()
            await asyncio.sleep(0.01)


SERVER = DeliveryError("server", permanent=False)
NETWORK = DeliveryError("network", permanent=False)


@pytest.mark.parametrize("error", [SERVER, NETWORK, DeliveryError("fault", permanent=False)])
async def test_an_answer_overtakes_a_file_that_is_stuck(storage: Database, error: DeliveryError) -> None:
    """The chat goes on after the file's first failure; the file is tried on."""
    messenger = Picky(file=error)
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("file"), file=SHEET), Say(verbatim("answer")))
        await until(lambda: messenger.taken)
    assert (["file", "answer"], 1) == (messenger.tried[:2], (await storage.backlog()).outbox)


async def test_an_answer_overtakes_words_that_are_stuck(storage: Database, wall: Wall) -> None:
    """A failure of one's own may be a moment's: the chat waits for one more try, and then goes on."""
    messenger = Picky(words=SERVER)
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("words")), Say(verbatim("answer")))
        await passing(storage, wall, lambda: messenger.taken)
    assert ["words", "words", "answer"] == messenger.tried[:3]


async def test_a_messenger_that_is_away_holds_the_order(storage: Database, wall: Wall) -> None:
    """Words that could not be brought because nothing can be are brought in their order."""
    messenger = Picky(first=NETWORK)
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("first")), Say(verbatim("second")))
        await passing(storage, wall, lambda: len(messenger.tried) == 4)
        messenger.fails.clear()
        await passing(storage, wall, lambda: "second" in messenger.taken)
    assert ["first", "second"] == messenger.taken


async def test_what_waited_goes_out_when_a_messenger_is_back(storage: Database, wall: Wall) -> None:
    """Messages that stood aside one after another come in their order, and without waiting out their pauses."""
    fails = dict.fromkeys(("1", "2", "3"), SERVER)
    messenger = Picky(**fails)
    ticks = [0.0]
    async with delivering(storage, messenger, monotonic=lambda: ticks[0]):
        await say(storage, *(Say(verbatim(each), file=SHEET) for each in fails))
        await until(lambda: len(messenger.tried) == 3)
        messenger.fails.clear()
        ticks[0] = A_WHILE
        await say(storage, Say(verbatim("4")))
        await until(lambda: len(messenger.taken) == 4)
    assert ["4", "1", "2", "3"] == messenger.taken


async def test_one_stuck_message_is_no_outage(storage: Database, wall: Wall) -> None:
    """It keeps its own pauses, whatever else is taken meanwhile."""
    messenger = Picky(file=SERVER)
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("file"), file=SHEET))
        for each in "12345":
            await say(storage, Say(verbatim(each)))
        await until(lambda: len(messenger.taken) == 5)
    assert 1 == messenger.tried.count("file")


async def test_a_former_card_that_keeps_its_buttons_is_nobodys_loss(storage: Database) -> None:
    """Where a former message cannot be changed any more, nobody is told that something did not arrive."""
    messenger = Picky()
    button = Keyboard.of(Button(verbatim("x"), link="https://example.com"))
    async with delivering(storage, messenger):
        await say(storage, Say(verbatim("card"), button, slot="day"))
        await until_empty(storage)
        messenger.fails["card"] = DeliveryError("gone", permanent=True)
        await say(storage, Say(verbatim("newer"), button, slot="day"))
        await until(lambda: messenger.tried.count("card") == 2)
        await until_empty(storage)
    assert [] == await storage.jobs.claim(NOW, 5)


class Portals(Slow):
    """A messenger of many portals, one of which is silent."""

    name = "bitrix24"

    def __init__(self, **narrow: int) -> None:
        """Have these realms take so many messages."""
        super().__init__()
        self.rooms = narrow

    def narrow(self) -> Mapping[str, int]:
        """Return the room of those that take few."""
        return {f"{name}.example": room for name, room in self.rooms.items()}

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Take a message at once, save for the silent portal."""
        if outgoing.to.realm.startswith("silent"):
            return await super().send(outgoing)
        self.given.append(outgoing)
        return Receipt("m1")


def at(realm: str, chat: int) -> Address:
    """Return a chat of a portal."""
    return Address(1, "bitrix24", realm, str(chat), f"chat{chat}", "ru", "Europe/Moscow")


async def test_a_silent_portal_holds_up_no_other(storage: Database) -> None:
    """However much waits for a portal that does not answer, others get theirs at once, and it gets its own later."""
    messenger = Portals()
    for chat in range(450):
        await say(storage, Say(verbatim("silent")), to=at("silent.example", chat))
    async with delivering(storage, messenger):
        await until(lambda: len(messenger.given) >= 400)
        for number in range(3):
            await say(storage, Say(verbatim("other")), to=at(f"p{number}.example", 1))
        await until(
            lambda: {f"p{number}.example" for number in range(3)} <= {each.to.realm for each in messenger.given}
        )
        assert 400 <= len(messenger.given) < 450
        messenger.open.set()
        await until_empty(storage)
    assert 453 == len({each.id for each in messenger.given}) == len(messenger.given)


async def test_a_silent_portal_gets_no_share_beside_all_the_room(storage: Database) -> None:
    """What is under way for one portal is bounded, whoever else is served meanwhile."""
    messenger = Portals()
    for chat in range(6):
        await say(storage, Say(verbatim("silent")), to=at("silent.example", chat))
    async with delivering(storage, messenger, width=3, share=2):
        for number in range(8):
            await say(storage, Say(verbatim("other")), to=at("other.example", number))
        await until(lambda: 8 == sum(each.to.realm == "other.example" for each in messenger.given))
        assert 3 == sum(each.to.realm == "silent.example" for each in messenger.given)


async def test_a_portal_that_takes_little_takes_no_room(storage: Database) -> None:
    """Where it is known that portals take little, their messages are not even claimed, and others get theirs first."""
    messenger = Portals(silent=2, silent_too=0)
    for chat in range(40):
        await say(storage, Say(verbatim("silent")), to=at("silent.example", chat))
        await say(storage, Say(verbatim("silent")), to=at("silent_too.example", chat))
    for chat in range(20):
        await say(storage, Say(verbatim("other")), to=at("other.example", chat))
    async with delivering(storage, messenger, width=10, share=3):
        await until(lambda: 20 == sum(each.to.realm == "other.example" for each in messenger.given))
        counted = Counter(each.to.realm for each in messenger.given)
        assert {"other.example": 20, "silent.example": 2} == counted
        messenger.rooms.clear()
        messenger.open.set()
        storage._wake_outbox()
        await until_empty(storage)
    assert 100 == len({each.id for each in messenger.given}) == len(messenger.given)


async def test_a_portal_alone_has_all_the_room(storage: Database) -> None:
    """Beside one that takes nothing, another may have as much under way as if it were alone."""
    messenger = Portals(absent=0)
    await say(storage, Say(verbatim("absent")), to=at("absent.example", 1))
    for chat in range(12):
        await say(storage, Say(verbatim("silent")), to=at("silent.example", chat))
    async with delivering(storage, messenger, width=10, share=3):
        await until(lambda: len(messenger.given) >= 10)
        assert {"silent.example"} == {each.to.realm for each in messenger.given}
        messenger.open.set()
        await until(lambda: len(messenger.given) == 12)


async def test_what_waited_for_one_portal_is_no_others(storage: Database) -> None:
    """A portal that is back gets what stood aside for it at once; what waits for another goes on waiting."""
    ticks = [0.0]
    messenger = Portals()
    messenger.open.set()
    messenger.errors = [DeliveryError("server", permanent=False)] * 6
    async with delivering(storage, messenger, monotonic=lambda: ticks[0]):
        for realm in ("silent_a.example", "silent_b.example"):
            await say(storage, *(Say(verbatim(each), file=SHEET) for each in "123"), to=at(realm, 1))
        await until(lambda: not messenger.errors)
        ticks[0] = A_WHILE
        await say(storage, Say(verbatim("4")), to=at("silent_a.example", 1))
        await until(lambda: 7 == sum(each.to.realm == "silent_a.example" for each in messenger.given))
    assert 3 == sum(each.to.realm == "silent_b.example" for each in messenger.given)
