"""The portal's directory: pages, heads, administrators, and what happens without the scopes."""

from datetime import date
from typing import Any

import pytest

from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.people import heads_above, read_directory, read_dismissed
from bot.ports import ListedDepartment, Person
from tests.channels.bitrix24.doubles import batch_of, scripted

PROFILE = {"result": {"ID": "1", "ADMIN": True, "NAME": "Olga", "LAST_NAME": "S"}}
DENIED = (403, {"error": "insufficient_scope"})


def user(number: int, **more: Any) -> dict[str, Any]:
    """Return a user as the portal lists one."""
    return {"ID": str(number), "NAME": f"N{number}", "LAST_NAME": "L", "TIME_ZONE": "", "UF_DEPARTMENT": [3], **more}


async def test_people() -> None:
    """Names, zones, heads and the administrator are read; dismissed people and guests are not asked for."""
    async with scripted() as (portal, client, _, _):
        users = [
            user(1, UF_DEPARTMENT=[1]),
            user(2, WORK_POSITION=" Lead ", NAME="Анна", SECOND_NAME=" сергеевна", LAST_NAME="Ким "),
            user(3, TIME_ZONE="Asia/Omsk", UF_DEPARTMENT=["3", "9"], UF_EMPLOYMENT_DATE="2026-06-16T03:00:00+03:00"),
            {"ID": "4", "UF_EMPLOYMENT_DATE": "soon"},
        ]
        departments = [{"ID": "1", "NAME": "All", "UF_HEAD": "1"}, {"ID": "3", "PARENT": "1", "UF_HEAD": "2"}]
        portal.answers = [PROFILE, {"result": users, "total": 4}, {"result": departments}]
        people, listed = await read_directory(client)
        assert people == [
            Person("1", "N1 L", is_admin=True, departments=("1",), paper_name="L N."),
            Person("2", "Анна Ким", heads=("1",), departments=("3",), title="Lead", paper_name="Ким А. С."),
            Person(
                "3",
                "N3 L",
                "Asia/Omsk",
                heads=("2", "1"),
                departments=("3", "9"),
                hired_on=date(2026, 6, 16),
                paper_name="L N.",
            ),
            Person("4", "4"),
        ]
        assert listed == [ListedDepartment("1", "All", head="1"), ListedDepartment("3", "", "1", "2")]
        assert portal.asked[1] == ("user.get", {"FILTER": {"ACTIVE": True, "USER_TYPE": "employee"}})


async def test_pages() -> None:
    """Later pages come in one request."""
    async with scripted() as (portal, client, _, _):
        first = {"result": [user(number) for number in range(1, 51)], "next": 50, "total": 120}
        later = {
            "p50": [user(number) for number in range(51, 101)],
            "p100": [user(number) for number in range(101, 121)],
        }
        portal.answers = [PROFILE, first, {"result": {"result": later, "result_error": []}}, DENIED]
        people, departments = await read_directory(client)
        assert [person.account for person in people] == [str(number) for number in range(1, 121)]
        assert {person.heads for person in people} == {()}
        assert not departments
        commands = batch_of(portal.asked[2][1])
        assert [params["start"] for _, params in commands.values()] == ["50", "100"]


async def test_without_scopes() -> None:
    """Without the right to list users, the owner of the credentials is still known as an administrator."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [PROFILE, DENIED]
        assert await read_directory(client) == ([Person("1", "Olga S", is_admin=True, paper_name="S O.")], [])


async def test_trouble_is_not_mistaken_for_a_missing_scope() -> None:
    """A broken portal is an error, not an empty company."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [PROFILE, (500, {"error": "INTERNAL_SERVER_ERROR"})]
        with pytest.raises(RestError):
            await read_directory(client)


async def test_dismissed() -> None:
    """Only who was asked about and is expressly inactive is dismissed; fifty are asked about at once."""
    async with scripted() as (portal, client, _, _):
        shown = [user(1, ACTIVE=False), user(2, ACTIVE=True), user(3), user(777, ACTIVE=False)]
        portal.answers = [{"result": shown}, DENIED]
        asked = [str(number) for number in range(1, 61)]
        assert await read_dismissed(client, [*asked, "guest"]) == [
            Person("1", "N1 L", is_active=False, departments=("3",), paper_name="L N.")
        ]
        assert [each["FILTER"]["@ID"] for _, each in portal.asked] == [asked[:50], asked[50:]]


async def test_nobody_missing() -> None:
    """Where nobody is missing, nothing is asked."""
    async with scripted() as (portal, client, _, _):
        assert await read_dismissed(client, []) == []
        assert portal.asked == []


def test_heads() -> None:
    """One's own head first, then the heads above, never oneself, no circles, at most five levels up."""
    tower = {str(number): ListedDepartment(str(number), "", str(number + 1), str(100 + number)) for number in range(13)}
    assert heads_above("101", ["1"], tower) == ("102", "103", "104", "105", "106")
    both = {"1": ListedDepartment("1", "", "2", "50"), "9": ListedDepartment("9", "", "", "51")}
    assert heads_above("7", ["1", "9"], both | {"2": ListedDepartment("2", "", "", "50")}) == ("50", "51")
    circle = {"1": ListedDepartment("1", "", "2"), "2": ListedDepartment("2", "", "1", "60")}
    assert heads_above("7", ["1"], circle) == ("60",)
