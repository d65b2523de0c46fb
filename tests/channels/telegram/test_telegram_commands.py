"""What the bot says of itself: menus and descriptions."""

from bot.channels.telegram.commands import DESCRIPTION, SHORT_DESCRIPTION, menu, register
from bot.channels.telegram.features import ALL, Features
from bot.i18n import LOCALES, Translator
from bot.messages import Command, DeliveryError
from bot.text import t
from tests.channels.telegram.doubles import NOON, FakeApi

COMMANDS = (
    Command("checkin", t("Check in")),
    Command("people", t("List of people"), roles=frozenset({"admin"})),
    Command("приход", t("Check in")),
)


async def no_pause(_: float) -> None:
    """Wait for nothing."""


def test_the_menu_is_for_everybody() -> None:
    """Commands of a role and names that Telegram cannot have stay out."""
    assert menu(COMMANDS, Translator("en", "UTC", NOON)) == [("checkin", "Check in")]


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
