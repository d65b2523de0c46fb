"""One Telegram account in several companies: each message says of which it is, and acts in that one alone."""

from datetime import timedelta
from typing import NamedTuple

import pytest
import pytest_asyncio

from bot.dispatch.turn import Occasion
from bot.domain.events import RoleChanged
from bot.domain.people.employee import Employee, Identity
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import PunchKind
from bot.ids import new_id
from bot.messages import Incoming, IncomingKind, Sender
from bot.services.people.linking import Linking
from bot.services.people.people import People
from bot.services.wiring import Services
from handlers.cards.day import CheckOutPressed
from tests.people import Company, Person

ANNA_AT_BETA = "Анна Ким в Бете"


@pytest.fixture
def channel() -> str:
    """A portal's account belongs to that portal; in Telegram there is one of a person."""
    return "telegram"


class Both(NamedTuple):
    """Somebody with one Telegram account in two companies."""

    person: Person
    beta: Portal
    at_beta: int

    async def kinds(self, portal_id: int, employee_id: int) -> list[PunchKind]:
        """The marks of a person of one of them."""
        company = self.person.company
        async with company.storage.unit_of_work() as uow:
            who = await uow.employees.get(portal_id, employee_id)
            assert who is not None
            log = await uow.punches.log(who, company.clock.now() - timedelta(days=31))
        return [each.kind for each in log.punches]

    async def marks(self) -> tuple[list[PunchKind], list[PunchKind]]:
        """What is recorded in the first company and in the second."""
        first = await self.kinds(self.person.company.portal.id, self.person.employee_id)
        return first, await self.kinds(self.beta.id, self.at_beta)


async def second(company: Company, name: str = "Бета") -> tuple[Portal, Employee]:
    """Make another company with one person in it."""
    portal = Portal(new_id(), f"{new_id()}.example", name)
    account = str(company.next_number())
    own = Identity("bitrix24", portal.key, account, account)
    person = Employee(new_id(), portal.id, ANNA_AT_BETA, locale_is_chosen=True, identities=(own,))
    company.people["bitrix24", account] = Person(company, person.id, "bitrix24", account, person.name)
    async with company.storage.unit_of_work() as uow:
        uow.portals.add(portal)
        uow.employees.add(person)
        await uow.commit()
    return portal, person


async def link_of(company: Company, employee: Employee) -> str:
    """Return the token of a link that somebody asked for on their portal."""

    async def offer(services: Services) -> str:
        return services.get(Linking).offer(employee, "telegram", company.clock.now())

    return await company.undertaking(offer, Occasion(company.clock.now()))


@pytest_asyncio.fixture
async def both(company: Company, anna: Person) -> Both:
    """Anna, whose account was linked at Beta as well."""
    beta, there = await second(company)
    await anna.says("привет")
    said = await anna.says(f"/start {await link_of(company, there)}")
    assert "✅ Telegram привязан и в компании Бета." in said
    assert "теперь относится к компании Бета" in said
    return Both(anna, beta, there.id)


async def test_free_words_act_where_it_was_chosen(both: Both) -> None:
    """The company that was linked last, until another is chosen; each answer names its company."""
    anna = both.person
    assert (await anna.says("пришла")).startswith("🏢 Бета\n")
    assert ([], [PunchKind.IN]) == await both.marks()
    assert "теперь относится к компании Ромашка" in await anna.says("/company ромашка")
    assert (await anna.says("пришла")).startswith("🏢 Ромашка\n")
    assert ([PunchKind.IN], [PunchKind.IN]) == await both.marks()
    await anna.verify_dialog([("компания Бета", "То, что вы пишете, теперь относится к компании Бета…")])
    assert (await anna.says("ушла")).startswith("🏢 Бета\n")
    assert ([PunchKind.IN], [PunchKind.IN, PunchKind.OUT]) == await both.marks()


async def test_a_list_with_buttons(both: Both) -> None:
    """/company shows which there are; a press chooses."""
    anna = both.person
    assert "сейчас относится к компании Бета" in await anna.says("/company")
    assert ["Ромашка", "Бета"] == anna.buttons
    assert "теперь относится к компании Ромашка" in await anna.presses("Ромашка")
    await anna.says("пришла")
    assert ([PunchKind.IN], []) == await both.marks()
    assert "Такой компании" in await anna.says("/company гамма")
    assert ["Ромашка", "Бета"] == anna.buttons


async def test_a_press_acts_in_the_company_of_its_card(both: Both) -> None:
    """A button below an answer of one company never marks in another, whatever was chosen since."""
    anna = both.person
    await anna.says("пришла")
    card = anna.chat[-1]
    await anna.says("/company ромашка")
    await anna.taps(CheckOutPressed().pack(), card.id)
    assert "🏢 Бета" in await anna.reads()
    assert ([], [PunchKind.IN, PunchKind.OUT]) == await both.marks()
    await anna.says("пришла")
    assert ([PunchKind.IN], [PunchKind.IN, PunchKind.OUT]) == await both.marks()


async def test_an_answer_to_a_card_acts_in_its_company(both: Both) -> None:
    """Words that answer a message of a company are said to that company."""
    anna = both.person
    await anna.says("пришла")
    card = anna.chat[-1]
    await anna.says("/company ромашка")
    assert (await anna.replies(card, "ушла")).startswith("🏢 Бета\n")
    assert ([], [PunchKind.IN, PunchKind.OUT]) == await both.marks()


async def test_a_mark_after_long_silence_is_asked_about(both: Both) -> None:
    """More than eight hours after the last word nobody can tell; the answer counts for when the mark was said."""
    anna = both.person
    await anna.says("статус")
    await anna.company.move(timedelta(hours=8, minutes=1))
    said_at = anna.company.clock.now()
    assert "В какой компании?" == await anna.says("пришла")
    assert ([], []) == await both.marks()
    await anna.company.move(timedelta(minutes=3))
    assert (await anna.presses("Ромашка")).startswith("🏢 Ромашка\n")
    assert ([PunchKind.IN], []) == await both.marks()
    assert [said_at.replace(microsecond=0)] == [each.at for each in await anna.log()]
    assert "🏢 Ромашка" in await anna.says("перерыв")


async def test_it_may_be_answered_in_words(both: Both) -> None:
    """The name of the company answers the question; anything that is no mark is not asked about."""
    anna = both.person
    await anna.company.move(timedelta(hours=9))
    assert "🏢 Бета" in await anna.says("статус")
    await anna.company.move(timedelta(hours=9))
    assert "В какой компании?" == await anna.says("пришла")
    assert (await anna.says("ромашка")).startswith("🏢 Ромашка\n")
    assert ([PunchKind.IN], []) == await both.marks()


async def test_the_answer_comes_twice(both: Both) -> None:
    """A second press of the same question records nothing."""
    anna = both.person
    await anna.company.move(timedelta(hours=9))
    await anna.says("пришла")
    question = anna.chat[-1]
    await anna.presses("Бета")
    action = question.buttons.get("Бета")
    data = action.action.pack() if action and action.action else f"cmp:{both.beta.id}"
    await anna.taps(data, question.id)
    await anna.reads()
    assert ([], [PunchKind.IN]) == await both.marks()


async def test_seven_hours_are_not_long(both: Both) -> None:
    """Within eight hours a mark goes on where the last word was."""
    anna = both.person
    await anna.says("пришла")
    await anna.company.move(timedelta(hours=7, minutes=59))
    assert (await anna.says("ушла")).startswith("🏢 Бета\n")


async def test_unlinking_one_keeps_the_other(both: Both) -> None:
    """Whichever is left, the account goes on as that of one company: no names, no questions."""
    anna = both.person
    await anna.says("пришла")
    await anna.says("/unlink")
    said = await anna.says("пришла")
    assert "🏢" not in said
    assert ([PunchKind.IN], [PunchKind.IN]) == await both.marks()
    assert "одной компании" in await anna.says("/company")


async def test_unlinking_the_first_keeps_the_second(both: Both) -> None:
    """What stands in the chat of the second stays its own."""
    anna = both.person
    await anna.says("пришла")
    await anna.says("/company ромашка")
    await anna.says("/unlink")
    said = await anna.says("ушла")
    assert "🏢" not in said
    assert ([], [PunchKind.IN, PunchKind.OUT]) == await both.marks()
    assert "привязан" in await anna.says("/link")


async def test_erasing_one_keeps_the_other(both: Both) -> None:
    """Whose data went in one company is still known in the other, at the next word."""
    anna, company = both.person, both.person.company

    async def erase(services: Services) -> None:
        uow = services.uow
        who = await uow.employees.get(company.portal.id, anna.employee_id)
        assert who is not None
        uow.privacy.erase(who)

    await company.undertaking(erase, Occasion(company.clock.now()))
    said = await anna.says("пришла")
    assert "🏢" not in said
    assert [PunchKind.IN] == await both.kinds(both.beta.id, both.at_beta)


async def test_two_of_one_company_never_share_an_account(both: Both) -> None:
    """A second person of a company that the account is in already is refused."""
    company, anna = both.person.company, both.person
    other = Employee(new_id(), both.beta.id, "Пётр", identities=())
    async with company.storage.unit_of_work() as uow:
        uow.employees.add(other)
        await uow.commit()
    assert "уже привязан" in await anna.says(f"/start {await link_of(company, other)}")


async def test_in_one_company_nothing_is_named(company: Company, anna: Person) -> None:
    """Who is in one company is told so, and sees no name anywhere."""
    assert "🏢" not in await anna.says("пришла")
    assert "Вы здесь в одной компании: Ромашка." == await anna.says("/company")
    assert "🏢" not in await anna.says("компания закрыта завтра")


async def test_a_card_of_a_company_that_was_left_does_nothing(both: Both, company: Company) -> None:
    """With two others still there, a button of the third acts in none of them."""
    anna = both.person
    await anna.says("пришла")
    card = anna.chat[-1]
    _, there = await second(company, "Гамма")
    await anna.says(f"/start {await link_of(company, there)}")
    await anna.says("/company бета")
    await anna.says("/unlink")
    await anna.taps(CheckOutPressed().pack(), card.id)
    await anna.reads()
    assert ([], [PunchKind.IN]) == await both.marks()


async def test_blocking_is_told_to_all(both: Both, company: Company) -> None:
    """Who blocks the bot is out of reach in each company; who writes again is back in each."""
    anna = both.person
    incoming = Incoming(
        "telegram", "", "b1", IncomingKind.BLOCKED, Sender(anna.account), anna.conversation, company.clock.now()
    )
    await company.dispatcher.receive([incoming])
    await company.settle()

    async def reachable() -> list[bool]:
        async with company.storage.unit_of_work() as uow:
            found = await uow.employees.of_account("telegram", anna.account)
        return [own.is_reachable for each in found if (own := each.identity("telegram")) is not None]

    assert [False, False] == await reachable()
    await anna.says("статус")
    assert [True, True] == await reachable()


async def test_news_name_their_company(both: Both, company: Company) -> None:
    """What comes by itself says of which company it is."""
    anna = both.person

    async def promote(services: Services) -> None:
        people = services.get(People)
        who = await people.get(both.at_beta, both.beta.id)
        admin = Employee(new_id(), both.beta.id, "Ольга")
        assert who is not None
        services.uow.events.append(RoleChanged(both.beta.id, who.id, "lead", admin.id))

    await company.undertaking(promote, Occasion(company.clock.now()))
    await company.settle()
    assert any(each.startswith("🏢 Бета\n") and "руковод" in each for each in anna.shown)
