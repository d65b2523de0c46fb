"""One account of several companies: who it is in each, whose a message is, and what is left when one goes."""

from dataclasses import replace

from bot.domain.people.employee import Employee, Identity, realm_beside
from bot.domain.portal import Portal
from bot.messages import Address, Receipt
from storage import Database
from tests.storage.given import CARD, NOW, PORTAL, AskWhy, given, said

BETA = Portal(2, "beta.example", "Beta")
OWN = Identity("telegram", "", "7", "7", chosen_id=2, spoken_at=NOW)
BESIDE = Identity("telegram", realm_beside(2), "7", "7")
FIRST = Employee(10, PORTAL.id, "Anna", identities=(OWN,))
SECOND = Employee(20, BETA.id, "Anna", identities=(BESIDE,))


async def two(storage: Database) -> None:
    """Store one account in two companies, and a stranger's of the same number on a portal."""
    async with storage.unit_of_work() as unit:
        for portal in (PORTAL, BETA):
            unit.portals.add(portal)
        for each in (FIRST, SECOND):
            unit.employees.add(each)
        other = Identity("bitrix24", PORTAL.key, "7", "7")
        unit.employees.add(Employee(30, PORTAL.id, "Boris", identities=(other,)))
        await unit.commit()


def to(identity: Identity, portal_id: int) -> Address:
    """Return the address of the account in a company."""
    return Address(portal_id, identity.channel, identity.realm, identity.account, identity.conversation, "en", "UTC")


async def shows(storage: Database, address: Address, message: str) -> None:
    """Send a card there."""
    await said(storage, CARD, to=address)
    [outgoing] = await storage.outbox.claim("telegram", 9)
    await storage.outbox.sent([(outgoing, Receipt(message))])


async def test_who_it_is(storage: Database) -> None:
    """The first company comes first, with what was chosen; accounts of portals are other people's."""
    await two(storage)
    found = await storage.unit_of_work().employees.of_account("telegram", "7")
    assert [10, 20] == [each.id for each in found]
    assert OWN == found[0].identity("telegram")


async def test_chosen(storage: Database) -> None:
    """What is chosen is known with the person, and to a unit that noted it."""
    await two(storage)
    later = replace(OWN, chosen_id=1)
    async with storage.unit_of_work() as unit:
        unit.employees.speak_in(FIRST, later)
        [noted, _] = await unit.employees.of_account("telegram", "7")
        await unit.commit()
    found = await storage.unit_of_work().employees.by_identity("telegram", "", "7")
    assert found is not None
    assert later == noted.identity("telegram") == found.identity("telegram")


async def test_whose_a_message_is(storage: Database) -> None:
    """A message in a further company is known as its, for good; others are not noted."""
    await two(storage)
    await shows(storage, to(OWN, 1), "501")
    await shows(storage, to(BESIDE, 2), "502")
    await shows(storage, to(BESIDE, 2), "503")  # takes the slot
    dialogs = storage.unit_of_work().dialogs
    assert [None, 2, 2] == [await dialogs.company_of("telegram", "7", each) for each in ("501", "502", "503")]


async def test_the_second_comes_first(storage: Database) -> None:
    """With the first company gone, the cards and the question of the second are found in its place."""
    await two(storage)
    await shows(storage, to(OWN, 1), "501")
    await shows(storage, to(BESIDE, 2), "502")
    async with storage.unit_of_work() as unit:
        unit.dialogs.put(1, "telegram", "", "7", AskWhy("first"))
        unit.dialogs.put(2, "telegram", BESIDE.realm, "7", AskWhy("second"))
        await unit.commit()
    async with storage.unit_of_work() as unit:
        unit.employees.unlink(FIRST, OWN)
        unit.employees.come_first(SECOND, BESIDE)
        noted = await unit.employees.by_identity("telegram", "", "7")
        await unit.commit()
    unit = storage.unit_of_work()
    found = await unit.employees.by_identity("telegram", "", "7")
    assert found is not None
    assert noted is not None
    assert [20, 20] == [noted.id, found.id]
    assert Identity("telegram", "", "7", "7") == found.identity("telegram")
    assert AskWhy("second") == await unit.dialogs.get("telegram", "", "7")
    assert CARD.slot == (await unit.dialogs.replied("telegram", "", "7", "502")).slot
    assert "" == (await unit.dialogs.replied("telegram", "", "7", "501")).slot


async def test_erased(storage: Database) -> None:
    """What is known of messages goes with the person; the other company's stays."""
    await two(storage)
    await shows(storage, to(BESIDE, 2), "502")
    async with storage.unit_of_work() as unit:
        unit.privacy.erase(SECOND)
        await unit.commit()
    unit = storage.unit_of_work()
    assert await unit.dialogs.company_of("telegram", "7", "502") is None
    assert [10] == [each.id for each in await unit.employees.of_account("telegram", "7")]


async def test_given_stays(storage: Database) -> None:
    """An account of one company tells nothing beside itself."""
    await given(storage)
    found = await storage.unit_of_work().employees.of_account("telegram", "10")
    assert not any(own.is_shared for each in found for own in each.identities)
