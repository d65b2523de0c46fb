"""`batch`: commands by key, references, errors of single commands, and its limits."""

from collections.abc import AsyncIterator

import pytest_asyncio
from test_portal_site import TOKEN, Site, open_site


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A running portal."""
    async with open_site() as opened:
        yield opened


async def test_map(site: Site) -> None:
    """Results come by key; maps with nothing in them are empty lists; lists tell their total."""
    result = (await site.call("batch", {"halt": 0, "cmd": {"me": "profile", "all": "user.get?FILTER[ID]=2"}})).result
    assert (result["result"]["me"]["ID"], result["result"]["all"][0]["ID"]) == ("1", "2")
    assert (result["result_error"], result["result_next"]) == ([], [])
    assert result["result_total"] == {"all": 1}
    assert set(result["result_time"]) == {"me", "all"}


async def test_list(site: Site) -> None:
    """Commands in a list give their results in a list."""
    result = (await site.call("batch", {"cmd": ["profile", "user.admin"]})).result["result"]
    assert [result[0]["ID"], result[1]] == ["1", True]


async def test_list_with_failure(site: Site) -> None:
    """When one command of a list fails, PHP numbers the others by key."""
    result = (await site.call("batch", {"cmd": ["no.such.method", "user.admin"]})).result
    assert result["result"] == {"1": True}
    assert [error["error"] for error in result["result_error"]] == ["ERROR_METHOD_NOT_FOUND"]


async def test_empty(site: Site) -> None:
    """A batch without commands is a success with empty lists."""
    result = (await site.call("batch", {"cmd": {}})).result
    assert set(map(str, result.values())) == {"[]"}


async def test_references(site: Site) -> None:
    """A command takes values from the results of earlier ones, whole or within a text."""
    await site.register()
    who = f"botId={site.bot_id}&botToken={TOKEN}"
    commands = {
        "me": "user.current",
        "dep": "department.get?ID=$result[me][UF_DEPARTMENT][0]",
        "sent": f"imbot.v2.Chat.Message.send?{who}&dialogId=3&fields[message]=Hello%2C%20$result[me][NAME]",
        "edited": f"imbot.v2.Chat.Message.update?{who}&messageId=$result[sent][id]&fields[message]=Bye",
    }
    result = (await site.call("batch", {"cmd": commands})).result
    assert result["result_error"] == []
    assert result["result"]["dep"][0]["ID"] == "1"
    assert [message.text for message in site.portal.shown(site.person("anna"))] == ["Bye"]


async def test_missing_reference(site: Site) -> None:
    """A reference to what failed is null, and so the command lacks its parameter."""
    result = (await site.call("batch", {"cmd": {"a": "no.such", "b": "method.get?name=$result[a][x]"}})).result
    assert [result["result_error"][key]["error"] for key in "ab"] == ["ERROR_METHOD_NOT_FOUND", "100"]


async def test_errors_do_not_stop(site: Site) -> None:
    """Without halt the commands after a failed one run."""
    result = (await site.call("batch", {"cmd": {"a": "no.such", "b": "user.admin"}})).result
    assert result["result"] == {"b": True}
    assert result["result_error"]["a"]["error"] == "ERROR_METHOD_NOT_FOUND"


async def test_halt(site: Site) -> None:
    """With halt nothing runs after the first error."""
    result = (await site.call("batch", {"halt": 1, "cmd": {"a": "user.admin", "b": "no.such", "c": "scope"}})).result
    assert result["result"] == {"a": True}
    assert list(result["result_error"]) == ["b"]


async def test_fifty(site: Site) -> None:
    """Fifty commands pass; each one beyond fails singly."""
    assert len((await site.call("batch", {"cmd": ["scope"] * 50})).result["result"]) == 50
    longer = (await site.call("batch", {"cmd": ["scope"] * 52})).result
    assert len(longer["result"]) == 50
    assert {"50", "51"} == set(longer["result_error"])
    assert {"ERROR_BATCH_LENGTH_EXCEEDED"} == {each["error"] for each in longer["result_error"].values()}


async def test_not_allowed(site: Site) -> None:
    """A nested batch and the transfer of files end in an error of that command."""
    commands = {"a": "batch?cmd[0]=scope", "b": "imbot.v2.File.upload?botId=1", "c": "user.admin"}
    result = (await site.call("batch", {"cmd": commands})).result
    assert {error["error"] for error in result["result_error"].values()} == {"ERROR_BATCH_METHOD_NOT_ALLOWED"}
    assert result["result"] == {"c": True}


async def test_keyboard_in_query(site: Site) -> None:
    """A keyboard in a query is nested arrays of strings, and works as one from JSON."""
    await site.register()
    await site.command("in")
    button = "fields[keyboard][BUTTONS][0][TEXT]=Start&fields[keyboard][BUTTONS][0][COMMAND]=in"
    who = f"botId={site.bot_id}&botToken={TOKEN}&dialogId=3&fields[message]=%D0%94%D0%B0"
    result = (await site.call("batch", {"cmd": [f"imbot.v2.Chat.Message.send?{who}&{button}"]})).result
    assert result["result_error"] == []
    message = site.portal.shown(site.person("anna"))[0]
    assert (message.text, [each.text for each in message.buttons]) == ("Да", ["Start"])
