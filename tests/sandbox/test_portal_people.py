"""Users and departments as the portal lists them."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from test_portal_site import NOW, Reply, Site, open_site

from bot.clock import MovableClock
from bot.sandbox.portal import PortalEmulator
from bot.sandbox.world import SandboxDepartment, SandboxPerson, World

EMPLOYEES = [str(number) for number in range(1, 10)]


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A running portal."""
    async with open_site() as opened:
        yield opened


def ids(reply: Reply) -> list[str]:
    """Return the ids of a list."""
    return [row["ID"] for row in reply.result]


async def test_profile(site: Site) -> None:
    """The profile is that of the webhook's owner, an administrator."""
    assert (await site.call("profile")).result == {
        "ID": "1",
        "ADMIN": True,
        "NAME": "Ольга",
        "LAST_NAME": "Смирнова",
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "Europe/Moscow",
    }
    assert (await site.call("user.admin")).result is True
    assert (await site.call("user.current")).result["ID"] == "1"


async def test_user_shape(site: Site) -> None:
    """Ids are strings, departments numbers, dates without interest `{}`."""
    user = (await site.call("user.get", {"FILTER": {"ID": 4}})).result[0]
    assert (user["ID"], user["ACTIVE"], user["UF_DEPARTMENT"], user["USER_TYPE"]) == ("4", True, [3], "employee")
    assert (user["TIME_ZONE"], user["WORK_POSITION"]) == ("Asia/Yekaterinburg", "Менеджер")
    assert (user["TIMESTAMP_X"], user["LAST_ACTIVITY_DATE"]) == ({}, {})
    assert "LANGUAGE_ID" not in user


async def test_strangers(site: Site) -> None:
    """Without a filter a dismissed employee and an extranet guest are among the users."""
    reply = await site.call("user.get")
    assert reply.body["total"] == 11
    assert ids(reply) == [*EMPLOYEES, "790001", "790002"]
    guest = reply.result[-1]
    assert (guest["TIME_ZONE"], "WORK_POSITION" in guest, guest["UF_DEPARTMENT"]) == ("", False, [])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"ACTIVE": True, "USER_TYPE": "employee"}, EMPLOYEES),
        ({"ACTIVE": "Y"}, [*EMPLOYEES, "790002"]),
        ({"ACTIVE": False}, ["790001"]),
        ({"USER_TYPE": "extranet"}, ["790002"]),
        ({"ID": [2, "3"]}, ["2", "3"]),
        ({"@ID": [5]}, ["5"]),
        ({"!ID": 1, "<ID": 4}, ["2", "3"]),
        ({">ID": 8, "<=ID": "790001"}, ["9", "790001"]),
        ({"UF_DEPARTMENT": 3}, ["2", "3", "4", "5"]),
        ({"%NAME": "ан"}, ["3"]),
        ({">ID": "x"}, []),
    ],
)
async def test_filter(site: Site, wanted: dict[str, Any], found: list[str]) -> None:
    """Filters take values, lists and prefixes."""
    assert ids(await site.call("user.get", {"FILTER": wanted})) == found


async def test_select_and_order(site: Site) -> None:
    """Fields can be chosen and rows sorted; the names of parameters do not depend on case."""
    params = {"filter": {"ID": [2, 3]}, "SELECT": ["ID", "NAME"], "Sort": "ID", "ORDER": "desc"}
    assert (await site.call("user.get", params)).result == [
        {"ID": "3", "NAME": "Анна"},
        {"ID": "2", "NAME": "Сергей"},
    ]


async def test_pages() -> None:
    """Fifty a page; `next` says where to go on and is absent on the last page; -1 switches counting off."""
    crowd = [SandboxPerson(f"p{n}", "Имя", "", n, n, "ru", "Europe/Moscow") for n in range(1, 61)]
    world = World(MovableClock(NOW), people=crowd, departments=[SandboxDepartment(1, "A", None, None)])
    portal = PortalEmulator(world)
    await portal.start()
    async with aiohttp.ClientSession() as session:
        site = Site(world, portal, session)
        first = await site.call("user.get")
        assert (len(first.result), first.body["next"], first.body["total"]) == (50, 50, 62)
        second = await site.call("user.get", {"start": 50})
        assert (len(second.result), "next" in second.body) == (12, False)
        uncounted = await site.call("user.get", {"start": -1, "FILTER": {">ID": 50}})
        assert (len(uncounted.result), uncounted.body["total"], "next" in uncounted.body) == (12, 0, False)
        assert (await site.call("user.admin")).result is False
    await portal.stop()
    world.close()


async def test_pages_of_departments() -> None:
    """Departments come by fifty as well; `start` may be written in either case, as every list method takes it."""
    world = World(MovableClock(NOW), departments=[SandboxDepartment(n, f"D{n}", None, None) for n in range(1, 61)])
    portal = PortalEmulator(world)
    await portal.start()
    async with aiohttp.ClientSession() as session:
        site = Site(world, portal, session)
        first = await site.call("department.get")
        assert (len(first.result), first.body["next"], first.body["total"]) == (50, 50, 60)
        for name in ("start", "START"):
            second = await site.call("department.get", {name: first.body["next"]})
            assert ([each["ID"] for each in second.result], "next" in second.body) == (
                [*map(str, range(51, 61))],
                False,
            )
    await portal.stop()
    world.close()


async def test_departments(site: Site) -> None:
    """Ids are strings; the root has no parent."""
    assert (await site.call("department.get")).result == [
        {"ID": "1", "NAME": "Ромашка", "SORT": 500, "UF_HEAD": "1"},
        {"ID": "3", "NAME": "Продажи", "SORT": 500, "PARENT": "1", "UF_HEAD": "2"},
        {"ID": "5", "NAME": "Юристы", "SORT": 500, "PARENT": "1", "UF_HEAD": "6"},
        {"ID": "7", "NAME": "Финансы", "SORT": 500, "PARENT": "1", "UF_HEAD": "8"},
    ]
    assert ids(await site.call("department.get", {"PARENT": 3})) == []


async def test_department_without_head() -> None:
    """A department without a head has no UF_HEAD at all."""
    world = World(MovableClock(NOW), departments=[SandboxDepartment(7, "Склад", None, None)])
    portal = PortalEmulator(world)
    await portal.start()
    async with aiohttp.ClientSession() as session:
        reply = await Site(world, portal, session).call("department.get")
        assert reply.result == [{"ID": "7", "NAME": "Склад", "SORT": 500}]
    await portal.stop()
    world.close()


@pytest.mark.parametrize(
    ("name", "existing", "available"),
    [
        ("imbot.v2.Bot.register", True, True),
        ("batch", True, True),
        ("event.bind", True, False),
        ("imbot.register", False, False),
    ],
)
async def test_method_get(site: Site, name: str, *, existing: bool, available: bool) -> None:
    """Methods can be asked for before they are called."""
    assert (await site.call("method.get", {"name": name})).result == {
        "isExisting": existing,
        "isAvailable": available,
    }


async def test_scope(site: Site) -> None:
    """The webhook tells its scopes."""
    assert {"im", "imbot", "user_brief", "department"} <= set((await site.call("scope")).result)
