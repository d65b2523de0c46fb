"""Events in fetch mode: what people do, in which shape the bot learns of it, and how it confirms."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from test_portal_site import Site, open_site

from bot.sandbox.world import NotThere


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A portal with a bot."""
    async with open_site() as opened:
        await opened.register()
        yield opened


async def test_first_words(site: Site) -> None:
    """The first words open the dialog: JOINCHAT once, then MESSAGEADD each time, in native types."""
    text = "  Пришёл [b]не раньше[/b] <9> 🙂\n"
    message_id = await site.portal.say(site.person("anna"), text)
    await site.portal.say(site.person("anna"), "и ещё")
    events = await site.events()
    assert [event["type"] for event in events] == [
        "ONIMBOTV2JOINCHAT",
        "ONIMBOTV2MESSAGEADD",
        "ONIMBOTV2MESSAGEADD",
    ]
    joined, said = events[0]["data"], events[1]["data"]
    assert joined["dialogId"] == "3"
    assert said["message"] == {
        "id": message_id,
        "chatId": said["chat"]["id"],
        "authorId": 3,
        "date": "2026-08-21T10:00:00+03:00",
        "text": text,
        "isSystem": False,
        "uuid": "",
        "forward": None,
        "params": {},
        "viewedByOthers": False,
    }
    assert (said["user"]["id"], said["user"]["name"], said["user"]["bot"]) == (3, "Анна Ким", False)
    assert (said["bot"]["id"], said["bot"]["code"], said["language"]) == (site.bot_id, "smena", "ru")
    assert "auth" not in said["bot"]


async def test_open(site: Site) -> None:
    """Opening the chat without a word gives JOINCHAT, once."""
    await site.portal.open(site.person("anna"))
    await site.portal.open(site.person("anna"))
    await site.portal.say(site.person("anna"), "привет")
    assert [event["type"] for event in await site.events()] == ["ONIMBOTV2JOINCHAT", "ONIMBOTV2MESSAGEADD"]


async def test_own_time(site: Site) -> None:
    """A message said at a given time carries that time, with the portal's offset."""
    at = datetime(2026, 8, 20, 5, 30, tzinfo=UTC)
    await site.portal.say(site.person("anna"), "вчера", at=at)
    event = (await site.events())[-1]
    assert (event["date"], event["data"]["message"]["date"]) == ("2026-08-20T08:30:00+03:00",) * 2
    assert site.portal.shown(site.person("anna"))[0].at == at


async def test_nobody_to_talk_to() -> None:
    """Before a bot is registered there is nobody to talk to."""
    async with open_site() as site:
        with pytest.raises(NotThere):
            await site.portal.say(site.person("anna"), "привет")
        assert site.portal.shown(site.person("anna")) == []


@pytest.mark.parametrize(
    ("text", "params"), [("/in", ""), ("/in 9:00 опоздал", "9:00 опоздал"), ("/IN\n9:00", "9:00"), ("/in  x ", "x ")]
)
async def test_typed_command(site: Site, text: str, params: str) -> None:
    """A typed registered command gives COMMANDADD, and a MESSAGEADD with the same message."""
    command_id = await site.command("in")
    message_id = await site.portal.say(site.person("anna"), text)
    events = (await site.events())[1:]
    assert [event["type"] for event in events] == ["ONIMBOTV2COMMANDADD", "ONIMBOTV2MESSAGEADD"]
    assert {event["data"]["message"]["id"] for event in events} == {message_id}
    assert events[0]["data"]["command"] == {
        "id": command_id,
        "command": "/in",
        "params": params,
        "context": "textarea",
    }


async def test_without_echo() -> None:
    """A portal that does not echo commands gives COMMANDADD alone."""
    async with open_site(echo_commands=False) as site:
        await site.register()
        await site.command("in")
        await site.portal.say(site.person("anna"), "/in")
        assert [event["type"] for event in await site.events()][1:] == ["ONIMBOTV2COMMANDADD"]


@pytest.mark.parametrize("text", ["/out", "in", "я /in", "/", "/ in", "/in2"])
async def test_no_command(site: Site, text: str) -> None:
    """What does not begin with a registered command is a message."""
    await site.command("in")
    await site.portal.say(site.person("anna"), text)
    assert [event["type"] for event in await site.events()][1:] == ["ONIMBOTV2MESSAGEADD"]


async def test_offset_confirms(site: Site) -> None:
    """Events wait until an offset above their id confirms them; without one they come again."""
    for text in ("раз", "два", "три"):
        await site.portal.say(site.person("anna"), text)
    first = (await site.own("Event.get", limit=2)).result
    assert (len(first["events"]), first["hasMore"]) == (2, True)
    assert first["nextOffset"] == first["events"][-1]["eventId"] + 1
    assert (await site.own("Event.get", limit=2)).result["events"] == first["events"]
    assert site.portal.undelivered() == 4
    second = (await site.own("Event.get", offset=first["nextOffset"])).result
    assert [event["data"]["message"]["text"] for event in second["events"]] == ["два", "три"]
    assert second["hasMore"] is False
    last = (await site.own("Event.get", offset=second["nextOffset"])).result
    assert last == {"events": [], "nextOffset": second["nextOffset"], "hasMore": False}
    assert site.portal.undelivered() == 0


async def test_too_high_offset(site: Site) -> None:
    """An offset beyond what was read loses the events below it."""
    await site.portal.say(site.person("anna"), "раз")
    assert await site.events(offset=10**9) == []
    assert await site.events() == []


@pytest.mark.parametrize("limit", [0, 1001, "x"])
async def test_limit_range(site: Site, limit: int | str) -> None:
    """The page size lies between 1 and 1000."""
    assert (await site.own("Event.get", limit=limit)).refusal == (400, "ERROR_ARGUMENT")


async def test_user_events(site: Site) -> None:
    """Events of users are refused without a subscription."""
    assert (await site.own("Event.get", withUserEvents="Y")).refusal == (400, "USER_NOT_SUBSCRIBED")


async def test_repeated_delivery(site: Site) -> None:
    """The same words under the same event id are delivered again; the person has said them once."""
    first = await site.portal.say(site.person("anna"), "раз", event_id=50)
    second = await site.portal.say(site.person("anna"), "раз", event_id=50)
    events = (await site.events())[1:]
    assert first == second
    assert [event["eventId"] for event in events] == [50, 50]
    assert events[0]["data"]["message"] == events[1]["data"]["message"]
    assert len(site.portal.shown(site.person("anna"))) == 1


async def test_late_delivery(site: Site) -> None:
    """An event whose chosen id lies below the offset is delivered once, then it is confirmed."""
    await site.portal.say(site.person("anna"), "раз")
    offset = (await site.own("Event.get")).result["nextOffset"]
    await site.portal.say(site.person("anna"), "поздно", event_id=5)
    late = (await site.own("Event.get", offset=offset)).result
    assert [event["eventId"] for event in late["events"]] == [5]
    assert late["nextOffset"] == offset
    assert await site.events(offset=offset) == []
    assert site.portal.undelivered() == 0


async def test_chosen_id_is_not_given_again(site: Site) -> None:
    """An id chosen above the portal's own is not handed out by the portal afterwards."""
    await site.portal.say(site.person("anna"), "раз", event_id=9_000_000)
    await site.portal.say(site.person("anna"), "два")
    assert (await site.events())[-1]["eventId"] > 9_000_000


async def test_duplicates(site: Site) -> None:
    """By order what a person does arrives twice, under the same event id."""
    await site.portal.say(site.person("anna"), "раз")
    site.world.faults.order("bitrix24", "duplicate_events")
    await site.portal.say(site.person("anna"), "два")
    await site.portal.say(site.person("anna"), "три")
    events = (await site.events())[2:]
    assert [event["data"]["message"]["text"] for event in events] == ["два", "два", "три"]
    assert events[0] == events[1]


async def test_reordered(site: Site) -> None:
    """By order an event is overtaken by the person's next one, and keeps its id and date."""
    await site.portal.say(site.person("anna"), "раз")
    site.world.faults.order("bitrix24", "reorder_events")
    await site.portal.say(site.person("anna"), "два")
    assert site.portal.undelivered() == 3
    await site.portal.say(site.person("anna"), "три")
    events = (await site.events())[2:]
    assert [event["data"]["message"]["text"] for event in events] == ["три", "два"]
    assert events[0]["eventId"] > events[1]["eventId"]
    assert await site.events(offset=events[0]["eventId"] + 1) == []


async def test_reordered_and_confirmed_between(site: Site) -> None:
    """An event that is overtaken is not lost when the overtaking one is confirmed first."""
    await site.portal.say(site.person("anna"), "раз")
    site.world.faults.order("bitrix24", "reorder_events")
    await site.portal.say(site.person("anna"), "два")
    await site.portal.say(site.person("boris"), "три")
    offset = (await site.own("Event.get")).result["nextOffset"]
    await site.portal.say(site.person("anna"), "четыре")
    events = await site.events(offset=offset)
    assert [event["data"]["message"]["text"] for event in events] == ["четыре", "два"]


@pytest.mark.parametrize("body", [{"eventId": 7, "type": "ONIMBOTV2NEW", "data": {}}, {"type": 5}, [], "x", None])
async def test_raw(site: Site, body: object) -> None:
    """A foreign body is queued as it is, even twice, and can be confirmed."""
    raw = json.dumps(body).encode()
    assert [await site.portal.raw(raw, "application/json") for _ in range(2)] == [202, 202]
    result = (await site.own("Event.get")).result
    assert result["events"] == [body, body]
    assert (await site.own("Event.get", offset=result["nextOffset"])).result["events"] == []


@pytest.mark.parametrize("body", [b"", b"{", b"event=X", b"\xff\xfe", b"[" * 100_000])
async def test_raw_unreadable(site: Site, body: bytes) -> None:
    """What is no JSON cannot be queued."""
    assert await site.portal.raw(body, "application/json") == 400
    assert await site.events() == []


async def test_changes_are_announced(site: Site) -> None:
    """Whoever waits for a change is woken when somebody speaks, and when events are confirmed."""
    site.world.changed.clear()
    await site.portal.say(site.person("anna"), "привет")
    assert site.world.changed.is_set()
    site.world.changed.clear()
    await site.events(offset=10**9)
    assert site.world.changed.is_set()
