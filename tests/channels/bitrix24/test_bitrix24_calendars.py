"""Reading who is away by the portal's calendar: few requests, `absent` alone, no names, portals without the right."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.channels.bitrix24.calendars import COMMANDS, PEOPLE, read_calendars
from bot.channels.bitrix24.errors import RestError
from bot.domain.leave.portal_absence import CalendarSpan
from tests.channels.bitrix24.doubles import ScriptedPortal, batch_of, channel_on, scripted

TODAY = date(2026, 8, 20)
ENTRY = {
    "ID": "91",
    "NAME": "Surgery",
    "DATE_FROM": "21.08.2026",
    "DATE_TO": "25.08.2026",
    "DATE_FROM_TS_UTC": "1787270400",
    "DATE_TO_TS_UTC": "1787616000",
    "~USER_OFFSET_FROM": 10800,
    "~USER_OFFSET_TO": 10800,
    "DT_SKIP_TIME": "Y",
    "ACCESSIBILITY": "absent",
}
DAYS = date(2026, 8, 21), date(2026, 8, 25)


async def no_sleep(seconds: float) -> None:
    """Wait for nothing."""


def told(**found: Any) -> dict[str, Any]:
    """Return the answer of a batch by its commands."""
    return {"result": {"result": found, "result_error": []}}


async def read(portal: ScriptedPortal, client: Any, *answers: Any) -> Mapping[str, Sequence[CalendarSpan]]:
    """Read the calendars of two people where the portal answers that."""
    portal.answers = [*answers]
    return await read_calendars(client, ["2", "3", "guest"], TODAY, no_sleep)


async def test_absences_alone_by_days_or_instants() -> None:
    """Whole days are dates, hours instants; what is no absence or cannot be read is left out; names are not kept."""
    hours = {**ENTRY, "DT_SKIP_TIME": "N", "DATE_FROM_TS_UTC": "1787288400", "DATE_TO_TS_UTC": "1787292000"}
    others = [{**ENTRY, "ACCESSIBILITY": each} for each in ("busy", "quest", "free", "")]
    broken = [{**ENTRY, "DATE_TO_TS_UTC": each} for each in ("", "soon", "1")]
    async with scripted() as (portal, client, _, _):
        found = await read(portal, client, told(p0={"3": [ENTRY, hours, *others, *broken, "x"], "2": []}))
        asked = batch_of(portal.asked[0][1])
    start, end = (datetime.fromtimestamp(each, UTC) for each in (1787288400, 1787292000))
    assert ["3", "2"] == sorted(found, reverse=True)
    assert [DAYS, None] == [each.days for each in found["3"]]
    assert CalendarSpan(start, end) == found["3"][1]
    assert [] == found["2"]
    [(method, params)] = asked.values()
    assert ("calendar.accessibility.get", "2026-08-19", "2026-10-19") == (method, params["from"], params["to"])
    assert ["2", "3"] == [params["users[0]"], params["users[1]"]]


@pytest.mark.parametrize("offset", [-11, 0, 3, 12])
async def test_midnights_of_any_zone(offset: int) -> None:
    """Whether the portal says midnights of UTC or of the person's zone, the dates are the same."""
    stamps = {name: str(int(ENTRY[name]) - offset * 3600) for name in ("DATE_FROM_TS_UTC", "DATE_TO_TS_UTC")}
    async with scripted() as (portal, client, _, _):
        found = await read(portal, client, told(p0={"3": [{**ENTRY, **stamps}]}))
    assert [DAYS] == [each.days for each in found["3"]]


async def test_many_people_few_requests() -> None:
    """Two hundred people are one request, and the next one leaves after a pause."""
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with scripted() as (portal, client, _, _):
        portal.answers = [told(), told()]
        accounts = [str(each) for each in range(1, PEOPLE * COMMANDS + 2)]
        assert {} == await read_calendars(client, accounts, TODAY, sleep)
        assert [COMMANDS, 1] == [len(batch_of(each)) for _, each in portal.asked]
    assert 1 == len(pauses)
    assert pauses[0] * 0.5 >= 1


async def test_what_is_refused() -> None:
    """Nobody shown is an error; a portal in trouble too."""
    refusal = {"error": "", "error_description": "no"}
    async with scripted() as (portal, client, _, _):
        with pytest.raises(RestError):
            await read(portal, client, {"result": {"result": [], "result_error": {"p0": refusal}}})
        with pytest.raises(RestError):
            await read(portal, client, (500, {"error": "INTERNAL_SERVER_ERROR"}))


class Taken:
    """Remembers what was told; two people work there."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.told: list[Mapping[str, Sequence[CalendarSpan]]] = []

    async def asked(self, realm: str) -> Sequence[str]:
        """Return two accounts."""
        return ["2", "3"]

    async def shown(self, realm: str, calendars: Mapping[str, Sequence[CalendarSpan]]) -> None:
        """Remember."""
        self.told.append(calendars)


async def test_without_the_right_nothing_is_asked_and_a_refusal_is_told_once() -> None:
    """What was known is dropped; the log has one line for all the hours that a portal refuses."""
    portal, taken = ScriptedPortal(), Taken()
    app = aiohttp.web.Application()
    app.router.add_post("/rest/1/s3cr3tc0de/{method}", portal.answer)
    async with TestServer(app) as server, scripted() as (scripted_portal, client, _, _):
        bot = channel_on(str(server.make_url("/rest/1/s3cr3tc0de/")), calendars=taken)
        bot._client = client
        with capture_logs() as logs:
            scripted_portal.answers = [{"result": ["imbot", "user"]}]
            await bot._read_calendars(client, taken)
            assert ([{}], ["scope"]) == (taken.told, [each for each, _ in scripted_portal.asked])
            bot._rights = ["imbot", "calendar"]
            denied = told()
            denied["result"]["result_error"] = {"p0": {"error": "ACCESS_DENIED"}}
            for _ in range(3):
                scripted_portal.answers = [denied]
                await bot._read_calendars(client, taken)
            scripted_portal.answers = [told(p0={"3": [ENTRY]})]
            await bot._read_calendars(client, taken)
    assert ["bitrix24.calendars_refused"] == [each["event"] for each in logs]
    assert ["3"] == [*taken.told[-1]]
