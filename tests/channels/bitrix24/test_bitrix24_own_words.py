"""What people write, with whatever markup their client puts into it, is read as the words they mean."""

import time
from typing import Any

import pytest

from bot.channels.bitrix24.events import Event, to_incoming
from bot.channels.bitrix24.own_words import own_words
from bot.messages import IncomingKind
from tests.channels.bitrix24.doubles import NOW, payload

BOT = 5120
NAMES = ("Смена", "Smena")
RULE = "-" * 54


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[b]вернулась[/b]", "вернулась"),
        ("[B]вернулась[/B]", "вернулась"),
        ("обед[br]20 минут", "обед\n20 минут"),
        ("[b]пришла[/b] в [i]8:20[/i]", "пришла в 8:20"),
        ("[b][i]пришла[/i] в 8:20[/b]", "пришла в 8:20"),
        ("[size=20][color=#ff0000]пришла[/color][/size]", "пришла"),
        ("[url=https://x.example/a]пришла[/url]", "пришла"),
        ("[url]https://x.example/[/url]", "https://x.example/"),
        ("[send=ушла]пришла[/send]", "пришла"),
        ("где [user=17]Анна Ким[/user]?", "где Анна Ким?"),
        ("пришла [s]в 8[/s] в 9", "пришла в 9"),
        ("[s]пришла[/s]", ""),
        ("пришла [img size=small]https://x.example/p.jpg [/img]", "пришла"),
        ("пришла [icon=https://x.example/i.png size=20 title=ушла] [disk=5]", "пришла"),
        ("пришла [b]!", "пришла [b]!"),
        ("список [1] и [/b]", "список [1] и [/b]"),
        ("причина: [срочно]", "причина: [срочно]"),
    ],
)
def test_codes_are_words(written: str, meant: str) -> None:
    """Codes are read as the words they show; what was struck out was taken back; what is no code stays."""
    assert own_words(written, BOT, NAMES) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"{RULE}\nОльга Смирнова [сегодня, 08:20]\nпришла в 8:15\n{RULE}\nок, спасибо", "ок, спасибо"),
        (f"{RULE}\nОльга Смирнова [сегодня, 08:20]\nпришла\n{RULE}", ""),
        (f"{RULE}[br]пришла[br]{RULE}[br]ушла", "ушла"),
        (">>пришла\nушла", "ушла"),
        (" >> пришла", ""),
        ("[quote]пришла[/quote]ушла", "ушла"),
        ("с 9 до 18 -- 13-14 обед", "с 9 до 18 -- 13-14 обед"),
    ],
)
def test_quoted_words_are_anothers(written: str, meant: str) -> None:
    """What is quoted is left out, and what the writer says of it stays."""
    assert own_words(written, BOT, NAMES) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (f"[USER={BOT}]Смена[/USER] пришла в 8:20", "пришла в 8:20"),
        (f"[user={BOT} replace]Смена[/user], пришла", "пришла"),
        (f"[user={BOT}]Смена[/user], пришла", "пришла"),
        (f"[user={BOT}]Смена[/user]: пришла", "пришла"),
        ("[user=805120]Смена[/user] пришла", "пришла"),
        ("[user=17]Анна Ким[/user], пришла?", "Анна Ким, пришла?"),
        ("@Смена вернулась", "вернулась"),
        ("@смена, вернулась", "вернулась"),
        ("вернулась @Smena", "вернулась"),
        ("пишите на a@смена", "пишите на a@смена"),
        ("@Сменам привет", "@Сменам привет"),
        ("смена с 9 до 18", "смена с 9 до 18"),
    ],
)
def test_bots_name_only_calls_it(written: str, meant: str) -> None:
    """The bot's name is left out, in its own chat as in a group; the word alone is a word."""
    assert own_words(written, BOT, NAMES) == meant


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[b]пришла[/b]", IncomingKind.TEXT),
        (f"{RULE}\nпришла\n{RULE}", IncomingKind.NOT_OWN),
        (">>пришла", IncomingKind.NOT_OWN),
        ("[disk=5]", IncomingKind.UNREADABLE),
    ],
)
def test_kind(text: str, kind: IncomingKind) -> None:
    """A message of quoted words alone is another's; one without any words cannot be read."""
    event: dict[str, Any] = payload("message")
    event["data"]["message"]["text"] = text
    incoming = to_incoming(Event.fetched(event), realm="acme", received_at=NOW, names=NAMES)
    assert incoming is not None
    assert incoming.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "[b]" * 7000,
        "[user=1]" * 1200 + "[/user]" * 1200,
        "[s][b]" * 3000 + "[/s]" * 3000,
        "@Смена" * 3000,
        ">>-\n" * 5000,
    ],
)
def test_the_longest_message_takes_no_time(text: str) -> None:
    """However somebody nests codes, reading them takes time by the length alone."""
    began = time.process_time()
    own_words(text, BOT, NAMES)
    assert time.process_time() - began < 1
