"""What failed for good is kept a portal at a time, and tried again by the unit of work that says so."""

from dataclasses import replace

from bot.domain.portal import Portal
from bot.messages import DeliveryError
from storage import Database
from tests.storage.given import PORTAL, address, given, incoming, person, said
from tests.storage.test_outbox import word

OTHER = Portal(2, "other.example", "Other")
NEVER = DeliveryError("rejected", permanent=True)


async def failed(storage: Database) -> None:
    """Let a message of each portal fail, and a turn of each, one of them from Telegram."""
    await given(storage, person(10, telegram=True))
    await given(storage, replace(person(20, telegram=True, portal=OTHER)), portal=OTHER)
    await said(storage, word("1"))
    await said(storage, word("2"), to=replace(address("chat20"), portal_id=OTHER.id, realm=OTHER.key))
    claimed = await storage.outbox.claim("bitrix24", 5)
    await storage.outbox.failed([(each, NEVER, None) for each in claimed])
    theirs = replace(incoming("3", "20"), realm=OTHER.key)
    arrived = [incoming("1"), incoming("2", "tg10", "telegram"), theirs, incoming("4", "tg20", "telegram")]
    for each in arrived:
        await storage.inbox.add([each])
        for stored in await storage.inbox.claim(5):
            async with await storage.turn(stored) as unit:
                unit.fail(stored, "turn")
                await unit.commit()


async def test_each_portal_has_its_own(storage: Database) -> None:
    """An administrator sees and tries again what failed for their people, in either messenger, and nothing else."""
    await failed(storage)
    async with storage.unit_of_work() as unit:
        assert [(2, 1), (2, 1)] == [await unit.failures.of(each) for each in (PORTAL, OTHER)]
        unit.failures.retry(PORTAL)
        await unit.commit()
    backlog = await storage.backlog()
    assert [2, 1, 2, 1] == [backlog.inbox, backlog.outbox, backlog.inbox_failed, backlog.outbox_failed]
    assert ["1"] == [each.incoming.event_id for each in await storage.inbox.claim(5)]  # the other waits in its lane


async def test_a_turn_that_is_dropped_tries_nothing(storage: Database) -> None:
    """It belongs to the unit of work: without its commit nothing happens."""
    await failed(storage)
    async with storage.unit_of_work() as unit:
        unit.failures.retry(PORTAL)
        unit.forget()
        await unit.commit()
    assert (0, 0) == ((backlog := await storage.backlog()).inbox, backlog.outbox)


async def test_it_wakes_both_queues(storage: Database) -> None:
    """What may be claimed again is looked for at once."""
    await failed(storage)
    woken: list[str] = []
    storage.on_inbox(lambda: woken.append("inbox"))
    storage.on_outbox(lambda: woken.append("outbox"))
    async with storage.unit_of_work() as unit:
        unit.failures.retry(PORTAL)
        await unit.commit()
    assert {"inbox", "outbox"} <= set(woken)
