"""What comes late, twice or not at all: removals from before, codes that live, greetings, portals that are gone."""

from datetime import timedelta
from typing import Any

import pytest

from bot.dispatch.companies import WhichCompany
from bot.dispatch.due import DueJobs
from bot.domain.installation import InstallationState, Trouble
from bot.domain.people.employee import Employee, Identity, Role
from bot.domain.portal import Portal
from bot.messages import DAY_CARD, Address, Keyboard, Receipt, Say
from bot.ports import Job
from bot.services.people.installations import GONE, GONE_AFTER, MEET, MEET_FOR
from bot.text import t
from handlers.cards.day import CHECK_IN
from tests.authority import Company
from tests.web.conftest import NOW, Installed
from tests.web.test_installing import _code, _text, _ticket, _webhook_tenant


async def removal(house: Installed, company: Company, at: Any) -> Any:
    """Post a removal that happened at an instant, or that does not tell when."""
    form = house.server.event(company, "ONAPPUNINSTALL", {"CLEAN": "0"}, house.server.auth(company, bare=True))
    form["ts"] = str(int(at.timestamp())) if at is not None else ""
    return await house.client.post("/bitrix24/events", data=form)


async def state(house: Installed, company: Company) -> InstallationState:
    """Return how the application stands."""
    found = await house.installation(company)
    assert found is not None
    return found[1].state


async def tenant(house: Installed, company: Company) -> Portal:
    """Return the tenant of a company."""
    found = await house.installation(company)
    assert found is not None
    return found[0]


async def jobs(house: Installed, kind: str, after: timedelta) -> list[Job]:
    """Return the jobs of a kind that are due by then."""
    return [each for each in await house.storage.jobs.claim(NOW + after, 50) if each.kind == kind]


async def due(house: Installed, kind: str, after: timedelta) -> int:
    """Do the jobs of a kind that are due by then; return how many."""
    found = await jobs(house, kind, after)
    house.clock.move_to(NOW + after)
    for each in found:
        await DueJobs(house.undertaking).do(each, house.clock.now())
    return len(found)


@pytest.mark.parametrize("way", ["frame", "event"])
async def test_a_removal_from_before_the_last_installation(house: Installed, way: str) -> None:
    """Late or shown again, it changes nothing; one from after it removes."""
    company = house.server.add(Company())
    await house.frame(company)
    removed_at = house.clock.now() + timedelta(minutes=5)
    house.clock.move_to(removed_at)
    assert 200 == (await removal(house, company, removed_at)).status
    house.clock.move_to(removed_at + timedelta(minutes=1))
    await (house.frame(company) if way == "frame" else house.event(company, "ONAPPINSTALL"))
    house.clock.move_to(removed_at + timedelta(minutes=2))
    assert 200 == (await removal(house, company, removed_at)).status
    assert InstallationState.ACTIVE is await state(house, company)
    assert 1 == len(await house.grants(company))
    assert 200 == (await removal(house, company, house.clock.now())).status
    assert InstallationState.ASLEEP is await state(house, company)


async def test_a_late_removal_of_what_was_not_installed_again(house: Installed) -> None:
    """An hour on its way, it is believed all the same."""
    company = house.server.add(Company())
    await house.frame(company)
    removed_at = house.clock.now() + timedelta(seconds=1)
    house.clock.move_to(removed_at + timedelta(hours=1))
    assert 200 == (await removal(house, company, removed_at)).status
    assert InstallationState.ASLEEP is await state(house, company)


async def both_messengers(house: Installed, portal: Portal) -> Employee:
    """Add somebody with an account on the portal and one in Telegram."""
    own = Identity("bitrix24", portal.key, "41", "41")
    person = Employee(41, portal.id, "Anna", identities=(own, Identity("telegram", "", "41", "41")))
    async with house.storage.unit_of_work() as unit:
        unit.employees.add(person)
        to = Address(portal.id, "bitrix24", portal.key, "41", "41", "ru", "UTC")
        unit.outbox.add(to, Say(t("The day card"), slot="day"), at=NOW)
        await unit.commit()
    [card] = await house.storage.outbox.claim("bitrix24", 9)
    await house.storage.outbox.sent([(card, Receipt("901"))])
    return person


async def test_a_removed_portal_has_no_cards_to_edit(house: Installed) -> None:
    """What stood there is forgotten, and people are written to elsewhere, until it is installed again."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await tenant(house, company)
    person = await both_messengers(house, portal)
    await removal(house, company, house.clock.now() + timedelta(seconds=1))

    async def reachable() -> bool:
        found = await house.storage.unit_of_work().employees.get(portal.id, person.id)
        own = found.identity("bitrix24") if found is not None else None
        assert own is not None
        return own.is_reachable

    assert not await reachable()
    to = Address(portal.id, "bitrix24", portal.key, "41", "41", "ru", "UTC")
    async with house.storage.unit_of_work() as unit:
        unit.outbox.add(to, Say(t("The day card"), slot="day", edit=True, only_if_shown=True), at=NOW)
        await unit.commit()
    assert [] == list(await house.storage.outbox.claim("bitrix24", 9))
    house.clock.move_to(house.clock.now() + timedelta(minutes=1))
    await house.frame(company)
    assert await reachable()


@pytest.mark.parametrize("trouble", [Trouble.NOT_INSTALLED, Trouble.PORTAL_DELETED])
async def test_a_portal_that_says_it_has_no_application(house: Installed, trouble: Trouble) -> None:
    """After a day it counts as removed; a job does it, once."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await tenant(house, company)
    person = await both_messengers(house, portal)
    await house.do(lambda each: each.trouble(portal.key, trouble, NOW))
    assert [] == await jobs(house, GONE, GONE_AFTER - timedelta(seconds=1))
    assert 1 == await due(house, GONE, GONE_AFTER)
    found = await house.storage.unit_of_work().employees.get(portal.id, person.id)
    assert found is not None
    assert [False, True] == [each.is_reachable for each in found.identities]


async def test_one_that_has_it_again_within_the_day(house: Installed) -> None:
    """Nothing ends for what was a mistake of a day."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await tenant(house, company)
    await house.do(lambda each: each.trouble(portal.key, Trouble.NOT_INSTALLED, NOW))
    await house.frame(company)
    assert [] == await jobs(house, GONE, GONE_AFTER + timedelta(days=2))


async def test_administrators_are_greeted_by_themselves(house: Installed) -> None:
    """Once their portal's people are read; each once, and nobody else before one of them says so."""
    company = house.server.add(Company())
    await house.frame(company)
    portal = await tenant(house, company)
    assert 1 == await due(house, MEET, timedelta(minutes=1))
    assert [] == await house.told()  # nobody is known yet
    await house.hires(portal, 900)
    await house.hires(portal, 901, Role.EMPLOYEE)
    assert 1 == await due(house, MEET, timedelta(minutes=3))
    [said] = await house.told()
    assert "Приложение установлено" in said
    await house.frame(company)
    assert [] == await jobs(house, MEET, timedelta(days=2))


async def test_a_portal_that_shows_no_administrator(house: Installed) -> None:
    """It is looked for one for a day, and then no more."""
    company = house.server.add(Company())
    await house.frame(company)
    assert 1 == await due(house, MEET, MEET_FOR + timedelta(minutes=1))
    assert [] == await jobs(house, MEET, MEET_FOR + timedelta(days=9))


async def test_the_code_that_was_told_lives(house: Installed) -> None:
    """Whoever opens the page again types it; administrators are told once; after a quarter of an hour anew."""
    await _webhook_tenant(house)
    company = house.server.add(Company())
    await house.frame(company)
    code = _code(await house.told())
    ticket = _ticket(await _text(await house.frame(company)))
    assert [] == await house.told()
    house.clock.move_to(house.clock.now() + timedelta(minutes=16))
    later = _ticket(await _text(await house.frame(company)))
    anew = _code(await house.told())
    assert 422 == (await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})).status
    assert 200 == (await house.client.post("/bitrix24/install", data={"ticket": later, "code": anew})).status


async def test_cards_and_questions_stand_in_the_new_chats(house: Installed) -> None:
    """The former bot's messages are no other's to change: what was asked is asked anew, cards are made anew, once."""
    portal_id = await _webhook_tenant(house)
    company = house.server.add(Company())
    own = Identity("bitrix24", "127.0.0.1", "41", "41")
    person = Employee(41, portal_id, "Anna", identities=(own, Identity("telegram", "", "41", "41")))
    to = Address(portal_id, "bitrix24", own.realm, "41", "41", "ru", "UTC")
    asked = WhichCompany("in", 1.0)
    async with house.storage.unit_of_work() as unit:
        unit.employees.add(person)
        unit.dialogs.put(portal_id, "bitrix24", own.realm, "41", asked)
        unit.outbox.add(to, Say(t("The day card"), Keyboard.of(CHECK_IN), slot=DAY_CARD), at=NOW)
        unit.outbox.add(to, Say(t("In which company?"), slot=asked.slot), at=NOW)
        await unit.commit()
    for message in ("901", "902"):
        sent = await house.storage.outbox.claim("bitrix24", 9)
        await house.storage.outbox.sent([(each, Receipt(message)) for each in sent])
    ticket = _ticket(await _text(await house.frame(company)))
    code = _code(await house.told())
    assert 200 == (await house.client.post("/bitrix24/install", data={"ticket": ticket, "code": code})).status
    said = []
    while anew := await house.storage.outbox.claim("bitrix24", 9):
        said += anew
        await house.storage.outbox.sent([(each, Receipt(f"a{each.id}")) for each in anew])
    assert [asked.slot, DAY_CARD] == [each.say.slot for each in said]
    assert [None, None] == [each.shown_as for each in said]
    assert said[1].say.keyboard.rows
    unit = house.storage.unit_of_work()
    assert asked == await unit.dialogs.get("bitrix24", own.realm, "41")
    assert "" == (await unit.dialogs.replied("bitrix24", own.realm, "41", "901")).slot
