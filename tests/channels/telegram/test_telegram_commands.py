"""What the bot says of itself: menus and descriptions."""

from typing import Any

import pytest

from bot.channels.telegram.commands import DECIDING, DESCRIPTION, EVERY_DAY, SHORT_DESCRIPTION, Menus, menu, register
from bot.channels.telegram.features import ALL, Features
from bot.clock import MovableClock
from bot.dispatch.router import RouteTable
from bot.i18n import LOCALES, Translator
from bot.messages import Command, DeliveryError
from bot.text import t
from handlers import router
from tests.channels.telegram.doubles import ANNA, NOON, FakeApi, FakeInbox

ENGLISH = Translator("en", "UTC", NOON)

COMMANDS = (
    Command("checkin", t("Check in")),
    Command("people", t("List of people"), roles=frozenset({"admin"})),
    Command("приход", t("Check in")),
)


async def no_pause(_: float) -> None:
    """Wait for nothing."""


def test_the_menu_of_everybody_is_short() -> None:
    """What people do each day; commands of a role, what is rare, and names that Telegram cannot have stay out."""
    assert menu(COMMANDS, ENGLISH) == [("checkin", "Check in")]
    real = RouteTable(router).listed_commands()
    assert list(EVERY_DAY) == [name for name, _ in menu(real, ENGLISH)]


def test_a_role_has_a_menu_of_its_own() -> None:
    """Behind what everybody does: what is decided, and what the role is for."""
    real = RouteTable(router).listed_commands()
    lead, admin = ([name for name, _ in menu(real, ENGLISH, role)] for role in ("lead", "admin"))
    assert [*EVERY_DAY, *DECIDING] == lead[:10] == admin[:10]
    assert {"who", "team"} <= set(lead)
    assert {"who", "people", "resend"} <= set(admin)
    assert "people" not in lead
    assert list(EVERY_DAY) == [name for name, _ in menu(real, ENGLISH, "employee")]


def test_the_menu_of_an_accountant() -> None:
    """The month's end and what form T-13 asks for; not what others decide."""
    real = RouteTable(router).listed_commands()
    listed = [name for name, _ in menu(real, ENGLISH, "accountant")]
    assert {*EVERY_DAY, "who", "team", "close", "number", "hired", "org", "okpo"} == set(listed)


class Bench:
    """Menus on doubles; the process may be another one each time."""

    def __init__(self) -> None:
        """Begin with nothing set."""
        self.api = FakeApi()
        self.vault = FakeInbox()
        self.restart()

    def restart(self) -> None:
        """Go on with what is stored."""
        self.menus = Menus(self.api, self.vault, COMMANDS, MovableClock(NOON))

    async def see(self, role: str, locale: str = "en") -> list[Any]:
        """Show a message of that role's reader and return the calls that this causes."""
        before = len(self.api.calls)
        await self.menus.see(ANNA, role, locale)
        return self.api.calls[before:]


ADMINS = (("checkin", "Check in"), ("people", "List of people"))


async def test_a_role_is_seen_once() -> None:
    """The menu of a chat is set with the first message after a change, also over a restart, and not again."""
    bench = Bench()
    assert [("set_commands", ADMINS, None, ANNA)] == await bench.see("admin")
    assert [] == await bench.see("admin")
    bench.restart()
    assert [] == await bench.see("admin")


async def test_a_role_that_was_lost() -> None:
    """The chat's own menu goes; whoever never had one costs no call."""
    bench = Bench()
    assert [] == await bench.see("employee")
    await bench.see("admin")
    bench.restart()
    assert [("set_commands", (), None, ANNA)] == await bench.see("employee")
    assert [] == await bench.see("employee")


async def test_a_menu_speaks_the_readers_language() -> None:
    """Whoever changes their language gets the menu in the new one."""
    bench = Bench()
    await bench.see("admin")
    (call,) = await bench.see("admin", "ru")
    assert ("checkin", Translator("ru", "UTC", NOON).plain(COMMANDS[0].title)) == call[1][0]


async def test_a_menu_that_was_not_taken() -> None:
    """It is set with the next message."""
    bench = Bench()
    bench.api.errors["set_commands"] = [DeliveryError("network", permanent=False)]
    with pytest.raises(DeliveryError):
        await bench.see("admin")
    assert [("set_commands", ADMINS, None, ANNA)] == await bench.see("admin")


async def test_every_language_gets_a_menu_and_descriptions() -> None:
    """Once for those who speak none of ours, then for each of ours."""
    api = FakeApi()
    await register(api, COMMANDS, ALL, NOON, no_pause)
    said = [(call[0], call[-1]) for call in api.calls]
    assert [(what, tag) for tag in (None, "ru", "en") for what in ("set_commands", "set_descriptions")] == said


async def test_descriptions_can_be_turned_off() -> None:
    """A server that has no descriptions is not asked."""
    api = FakeApi()
    await register(api, COMMANDS, Features(descriptions=False), NOON, no_pause)
    assert {"set_commands"} == {call[0] for call in api.calls}


async def test_a_refusal_is_left_and_an_outage_got_over() -> None:
    """The rest is still set."""
    api = FakeApi()
    api.errors["set_commands"] = [
        DeliveryError("network", permanent=False),
        DeliveryError("rejected", permanent=True),
    ]
    await register(api, COMMANDS, Features(descriptions=False), NOON, no_pause)
    assert [call[-1] for call in api.calls] == [None, None, "ru", "en"]


def test_descriptions_fit() -> None:
    """Telegram takes 512 and 120 characters."""
    for locale in LOCALES:
        translator = Translator(locale, "UTC", NOON)
        assert 1 <= len(translator.plain(DESCRIPTION)) <= 512
        assert 1 <= len(translator.plain(SHORT_DESCRIPTION)) <= 120
