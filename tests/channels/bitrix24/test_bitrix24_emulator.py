"""The channel against the emulated portal, over HTTP, with its seconds passing faster than ours."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.channels.bitrix24 import Appearance, check
from bot.clock import MovableClock
from bot.messages import Command, DeliveryError, IncomingKind
from bot.ports import FileTooLarge, ListedDepartment, Person
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.portal.roster import INACTIVE_USER_ID
from bot.sandbox.world import SandboxDepartment, SandboxPerson, SentFile, World
from bot.text import t
from tests.channels.bitrix24.doubles import (
    NOW,
    outgoing,
    until,
)
from tests.channels.bitrix24.sites import CARD, Site, seconds, site, working


async def test_conversation() -> None:
    """A person speaks, is answered with buttons, presses one, and the message is edited in place."""
    async with site() as made, working(made) as channel:
        await made.portal.say(made.anna, "пришла [b]!")
        await until(lambda: len(made.inbox.incomings) >= 2)
        greeting, said = made.inbox.incomings
        assert (greeting.kind, said.kind, said.text) == (IncomingKind.GREETING, IncomingKind.TEXT, "пришла [b]!")
        assert (said.sender.name, said.sender.is_outsider, said.sent_at) == ("Анна Ким", False, NOW)

        card = outgoing(t("At work since *{time}*.", time="[i]9"), to=said.conversation, keyboard=CARD)
        receipt = await channel.send(card)
        shown = made.portal.shown(made.anna)[-1]
        assert (str(shown.id), shown.text) == (receipt.message, "At work since [b][\u2060i]9[/b].")
        assert [(each.text, each.kind, each.row) for each in shown.buttons] == [
            ("Poke", "press", 0),
            ("Site", "link", 0),
        ]

        await made.portal.press(made.anna, shown.id, "Poke")
        await until(lambda: len(made.inbox.incomings) >= 3)
        press = made.inbox.incomings[-1]
        assert (press.kind, press.data, press.message) == (IncomingKind.PRESS, "b24poke:7", receipt.message)
        assert (press.sender.account, press.conversation) == ("3", "3")

        edit = outgoing(t("Done"), to="3", slot="day", edit=True, shown_as=receipt.message)
        again = await channel.send(edit)
        assert (again.message, again.edited) == (receipt.message, True)
        shown = made.portal.shown(made.anna)[-1]
        assert (shown.text, shown.buttons, shown.edited) == ("Done", [], True)
        await until(lambda: made.portal.undelivered() == 0)


async def test_typed_command_counts_once() -> None:
    """The emulator tells of a typed command twice; it is one thing."""
    async with site() as made, working(made):
        await made.portal.say(made.anna, "/checkin late")
        await until(lambda: made.portal.undelivered() == 0)
        assert [each.text for each in made.inbox.incomings if each.kind is IncomingKind.TEXT] == ["/checkin late"]


async def test_registration_updates() -> None:
    """A restart keeps bot and token, changes what changed, adds what is new and removes what is no more."""
    async with site() as made:
        async with working(made):
            token = made.vault.values["bitrix24:acme:bot_token"]
            assert len(token) <= 40
            assert "bitrix24:acme:bot_token" in made.vault.secrets
            before = made.vault.values["bitrix24:acme:bot"]
        commands = (Command("checkin", t("Come")), Command("status", t("Status"), params=t("[day]")))
        async with working(made, appearance=Appearance(name="Shift", commands=commands)):
            assert made.vault.values["bitrix24:acme:bot_token"] == token
            assert made.vault.values["bitrix24:acme:bot"] != before
        registered = [each["fields"]["botToken"] for each in made.called("imbot.v2.Bot.register")]
        assert registered == [token]
        properties = {"name": "Shift", "workPosition": "Учёт рабочего времени"}
        assert made.called("imbot.v2.Bot.update")[-1]["fields"]["properties"] == properties
        memory = made.portal._portal.memory
        (bot,) = memory.bots.values()
        held = {each.name: (each.title.get("en"), each.hidden) for each in memory.commands_of(bot.id)}
        assert held == {"smena": (None, True), "checkin": ("Come", False), "status": ("Status", False)}


async def test_directory() -> None:
    """On start the directory is told who works there, with heads; guests and the dismissed are left out."""
    async with site() as made, working(made):
        await until(lambda: made.directory.people)
        people = made.directory.people
        assert sorted(people) == [f"acme:{number}" for number in range(1, 10)]
        assert people["acme:1"].is_admin
        assert people["acme:3"].heads == ("2", "1")
        assert (people["acme:4"].name, people["acme:4"].zone) == ("Борис Лавров", "Asia/Yekaterinburg")
        assert (people["acme:3"].departments, people["acme:3"].title) == (("3",), "Менеджер")
        assert made.directory.departments == [
            ListedDepartment("1", "Ромашка", head="1"),
            ListedDepartment("3", "Продажи", parent="1", head="2"),
            ListedDepartment("5", "Юристы", parent="1", head="6"),
            ListedDepartment("7", "Финансы", parent="1", head="8"),
        ]


async def test_directory_of_many_departments() -> None:
    """Of a portal with more departments than a page holds all are read, and who heads whom across pages."""
    made = Site()
    departments = [SandboxDepartment(1, "Ромашка", None, 1)]
    departments += [SandboxDepartment(number, f"Отдел {number}", number - 1, None) for number in range(2, 61)]
    departments[-1] = SandboxDepartment(60, "Отдел 60", 1, 2)
    crowd = [SandboxPerson(f"p{n}", "Имя", "", n, n, "ru", "Europe/Moscow", departments=(60,)) for n in range(1, 121)]
    made.world = World(MovableClock(NOW), people=crowd, departments=departments)
    made.portal = PortalEmulator(made.world, monotonic=seconds)
    await made.portal.start()
    try:
        async with working(made):
            await until(lambda: made.directory.people)
        assert len(made.directory.departments) == 60
        assert made.directory.departments[-1] == ListedDepartment("60", "Отдел 60", "1", "2")
        assert len(made.directory.people) == 120
        assert made.directory.people["acme:120"].heads == ("2", "1")
    finally:
        await made.portal.stop()
        made.world.close()


async def test_dismissed() -> None:
    """Who was here before and is not listed is asked about by id: dismissed only if the portal says so (case 72)."""
    async with site() as made:
        gone, hidden = str(INACTIVE_USER_ID), "424242"
        await made.directory("acme", [Person(gone, "Виктор Уволенный"), Person(hidden, "Кто-то")])
        async with working(made):
            await until(lambda: not made.directory.people[f"acme:{gone}"].is_active)
            assert made.directory.people[f"acme:{hidden}"].is_active
        asked = [each["FILTER"] for each in made.called("user.get")]
        assert asked == [{"ACTIVE": True, "USER_TYPE": "employee"}, {"@ID": [gone, hidden], "ACTIVE": False}]


async def test_edit_of_what_is_gone() -> None:
    """A card that is gone is shown anew; one that was only to lose its buttons stays gone."""
    async with site() as made, working(made) as channel:
        card = outgoing(t("Card"), to="3", slot="day", edit=True, shown_as="999")
        receipt = await channel.send(card)
        assert (receipt.edited, made.portal.shown(made.anna)[-1].text) == (False, "Card")
        with pytest.raises(DeliveryError) as error:
            await channel.send(replace(card, say=replace(card.say, slot="")))
        assert (error.value.kind, error.value.permanent) == ("gone", True)


async def test_delivery_errors() -> None:
    """Blocked and unknown people are told apart from trouble that passes."""
    async with site() as made, working(made) as channel:
        made.world.faults.order("bitrix24", "blocked_by_person", person="anna")
        for account in ("3", "424242"):
            with pytest.raises(DeliveryError) as error:
                await channel.send(outgoing(t("Hi"), to=account))
            assert (error.value.kind, error.value.permanent) == ("blocked", True)
        await channel.send(outgoing(t("Hi"), to="3"))


@pytest.mark.parametrize(
    ("fault", "kind"),
    [("html_500", "server"), ("error_500", "server"), ("down", "network"), ("reset_after_write", "network")],
)
async def test_faults(fault: Any, kind: str) -> None:
    """Trouble of the portal is reported as passing, and the next try goes through."""
    async with site() as made, working(made) as channel:
        await asyncio.sleep(0.1)
        made.world.faults.order("bitrix24", fault, seconds=30)
        with pytest.raises(DeliveryError) as error:
            await channel.send(outgoing(t("Hi"), to="3"))
        assert (error.value.kind, error.value.permanent) == (kind, False)
        made.world.faults.clear()
        await channel.send(outgoing(t("Again"), to="3"))
        assert made.portal.shown(made.anna)[-1].text == "Again"
        await until(lambda: channel.health()["ok"])


async def test_rate_limit_is_waited_out() -> None:
    """A portal that says "too fast" delays the message; the message does not fail and is shown once."""
    async with site() as made, working(made) as channel:
        made.world.faults.order("bitrix24", "rate_limit", count=3)
        await channel.send(outgoing(t("Hi"), to="3"))
        assert [each.text for each in made.portal.shown(made.anna)] == ["Hi"]


async def test_portal_down_at_start() -> None:
    """A portal that is down at start is waited for."""
    async with site() as made:
        made.world.faults.order("bitrix24", "down", seconds=60)
        channel = made.channel()
        await channel.start(made.inbox)
        await until(lambda: channel.health()["error"] == "NO_ANSWER")
        with pytest.raises(DeliveryError) as error:
            await channel.send(outgoing(t("Hi"), to="3"))
        assert not error.value.permanent
        made.world.faults.clear()
        await until(lambda: channel.health()["ok"])
        await channel.stop()


async def test_faulty_deliveries() -> None:
    """Repeated and reordered events are stored once each, whatever else is in the queue."""
    async with site() as made, working(made):
        made.world.faults.order("bitrix24", "duplicate_events", count=2)
        await made.portal.say(made.anna, "один")
        await made.portal.raw(b'{"type": "ONIMBOTV2MESSAGEADD", "data": "\\ud800"}', "application/json")
        await made.portal.raw(b'["x"]', "application/json")
        await made.portal.say(made.anna, "два")
        await until(lambda: made.portal.undelivered() == 0)
        assert [each.text for each in made.inbox.incomings if each.text] == ["один", "два"]


async def test_secrets_stay_inside(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the webhook's code nor the bot's token is printed, whatever goes wrong."""
    async with site() as made, working(made) as channel:
        made.world.faults.order("bitrix24", "down", seconds=60)
        with pytest.raises(DeliveryError) as error:
            await channel.send(outgoing(t("Hi"), to="3"))
        code = made.portal.webhook_url.rstrip("/").rpartition("/")[2]
        printed = "".join(capsys.readouterr()) + repr(error.value)
        assert code not in printed
        assert made.vault.values["bitrix24:acme:bot_token"] not in printed


async def test_check() -> None:
    """`check` names who answers and the scopes; a wrong webhook is a credentials error."""
    async with site() as made:
        line = await check(made.portal.webhook_url)
        assert "Ольга Смирнова" in line
        assert "imbot" in line
        with pytest.raises(DeliveryError) as error:
            await check(made.portal.webhook_url.replace("/rest/1/", "/rest/1/wrong"))
        assert error.value.kind == "credentials"


async def test_a_file_that_somebody_sends() -> None:
    """It comes with what it is asked for by, is fetched on demand, and not beyond what is wanted."""
    async with site() as made, working(made) as channel:
        await made.portal.say(made.anna, "", files=(SentFile("route.json", b'{"a": 1}'),))
        await until(lambda: any(each.files for each in made.inbox.incomings))
        (sent,) = [each for each in made.inbox.incomings if each.files]
        assert IncomingKind.UNREADABLE is sent.kind
        (file,) = sent.files
        assert b'{"a": 1}' == (await channel.fetch(channel.realm, file, 8)).content
        with pytest.raises(FileTooLarge):
            await channel.fetch(channel.realm, file, 7)
        with pytest.raises(DeliveryError):
            await channel.fetch(channel.realm, replace(file, reference="999"), 8)
        with pytest.raises(DeliveryError):
            await channel.fetch("another.example", file, 8)
