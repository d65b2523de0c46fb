"""The control calls about portals, over HTTP: installing, removing, people, absences, faults by portal, the frame."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.control import mount
from bot.sandbox.portal.installer import Installer
from bot.sandbox.served import elsewhere
from tests.sandbox.fakes import FakeMessenger, FakeService
from tests.sandbox.stand_in import StandIn, stand_in
from tests.sandbox.test_life_cycle import QUICK
from tests.sandbox.worlds import Ground, open_ground


@dataclass
class Control:
    """The control calls of a world with an application."""

    ground: Ground
    app: StandIn
    address: str

    async def __call__(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        """Make a call."""
        url = f"{self.address}/sandbox/api/{path}"
        async with self.ground.session.request(method, url, json=body or None) as response:
            return response.status, await response.json()

    async def refused(self, method: str, path: str, **body: Any) -> tuple[int, str]:
        """Return status and code of a refusal."""
        status, problem = await self(method, path, **body)
        return status, problem["code"]


@pytest_asyncio.fixture
async def control() -> AsyncIterator[Control]:
    """Two portals, an application, and the calls."""
    async with open_ground() as ground, stand_in(ground) as app:
        ground.beta.installer = Installer(ground.beta.portal, ground.beta.lifecycle, QUICK)
        site = web.Application()
        service = FakeService(ground.world.clock).service()
        messengers: Any = {"bitrix24": ground.portals, "telegram": FakeMessenger("telegram", ground.world)}
        mount(site, ground.world, messengers, service, portals=ground.portals)
        async with TestServer(site) as server:
            yield Control(ground, app, f"http://127.0.0.1:{server.port}")


async def test_the_portals(control: Control) -> None:
    """Both portals with their people as `state` shows them; the application is on neither."""
    status, portals = await control("GET", "portals")
    assert 200 == status
    assert [("main", False, 9), ("beta", False, 5)] == [(p["key"], p["installed"], len(p["people"])) for p in portals]
    assert {"key", "host", "name", "installed", "people"} == set(portals[0])
    _, state = await control("GET", "state")
    assert state["people"] == [person for portal in portals for person in portal["people"]]
    assert ["main"] * 9 + ["beta"] * 5 == [person["portal"] for person in state["people"]]


async def test_install_and_uninstall(control: Control) -> None:
    """The application comes, its handlers are listed, and it goes."""
    status, shown = await control("POST", "portals/beta/install", by="emma")
    assert (200, True) == (status, shown["installed"])
    _, events = await control("GET", "portals/beta/events")
    assert ["ONCRMDEALUPDATE"] == [each["event"] for each in events]
    assert (409, "already_installed") == await control.refused("POST", "portals/beta/install", by="emma")
    assert 200 == (await control("POST", "portals/beta/update"))[0]
    assert (200, []) == await control("GET", "portals/beta/events")
    assert 200 == (await control("POST", "portals/beta/uninstall", clean=True))[0]
    assert ["ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL"] == await control.app.heard(3)
    assert (409, "not_installed") == await control.refused("POST", "portals/beta/uninstall", clean=True)


@pytest.mark.parametrize(
    ("path", "body", "refusal"),
    [
        ("portals/beta/install", {"by": "sofia"}, (409, "not_an_administrator")),
        ("portals/beta/install", {"by": "olga"}, (400, "bad_field")),
        ("portals/gamma/install", {"by": "emma"}, (404, "unknown_portal")),
        ("portals/beta/absences", {"person": "sofia", "from": "soon", "to": "2026-09-01"}, (400, "bad_field")),
        ("portals/beta/absences", {"person": "sofia", "from": "2026-09-02", "to": "2026-09-01"}, (400, "bad_field")),
        (
            "portals/beta/absences",
            {"person": "sofia", "from": "2026-09-01", "to": "2026-09-01", "accessibility": "asleep"},
            (400, "bad_field"),
        ),
        (
            "portals/beta/absences",
            {"person": "sofia", "from": "2026-09-01T12:00:00+03:00", "to": "2026-09-01T11:00:00+03:00"},
            (400, "bad_field"),
        ),
        ("faults", {"channel": "bitrix24", "fault": "down", "portal": "gamma"}, (400, "bad_field")),
    ],
)
async def test_refusals(control: Control, path: str, body: dict[str, Any], refusal: tuple[int, str]) -> None:
    """What cannot be done has a code."""
    assert refusal == await control.refused("POST", path, **body)


async def test_people_change(control: Control) -> None:
    """Somebody is moved, made head, and dismissed; who was dismissed says nothing any more."""
    status, shown = await control("PATCH", "portals/beta/people/noah", department="Beta Logistics", head="liam")
    assert (200, {"key": "noah", "active": True, "departments": [1]}) == (status, shown)
    assert 2 == control.ground.beta.portal.departments[1].head
    assert 200 == (await control("PATCH", "portals/beta/people/noah", head=None))[0]
    assert control.ground.beta.portal.departments[1].head is None
    control.ground.install()
    token = control.ground.pair()["access_token"]
    fields = {"code": "smena", "properties": {"name": "Smena"}}
    await control.ground.call(token, "imbot.v2.Bot.register", fields=fields)
    assert 200 == (await control("POST", "bitrix24/noah/messages", text="hi"))[0]
    assert False is (await control("PATCH", "portals/beta/people/noah", active=False))[1]["active"]
    assert (409, "not_there") == await control.refused("POST", "bitrix24/noah/messages", text="hi")
    assert (404, "unknown_person") == await control.refused("PATCH", "portals/beta/people/anna", active=False)
    assert (
        200
        == (
            await control(
                "POST", "portals/beta/absences", **{"person": "liam", "from": "2026-08-21", "to": "2026-08-21"}
            )
        )[0]
    )
    hours = {"from": "2026-08-22T10:00:00+03:00", "to": "2026-08-22T11:00:00+03:00", "accessibility": "busy"}
    assert 200 == (await control("POST", "portals/beta/absences", person="liam", name="Call", **hours))[0]
    whole, busy = control.ground.beta.portal.staff.entries
    assert ("absent", True, "busy", 3600) == (
        whole.accessibility, whole.is_whole_day, busy.accessibility, (busy.end or 0) - (busy.start or 0),
    )  # fmt: skip
    assert 200 == (await control("DELETE", "portals/beta/absences/liam"))[0]
    assert [] == control.ground.beta.portal.staff.entries


async def test_renamed_by_a_call(control: Control) -> None:
    """The portal moves at once, and `portals` tells its new host."""
    before = control.ground.beta.host
    await control("POST", "faults", channel="bitrix24", fault="renamed", portal="beta")
    _, portals = await control("GET", "portals")
    assert before != portals[1]["host"] == control.ground.beta.host


async def test_the_frame(control: Control) -> None:
    """The page is the portal's own; it opens the application by a POST and tells it how it stands."""
    query = {"placement": "DEFAULT", "options": json.dumps({"k": "a:b"})}
    url = f"{control.address}/sandbox/frame/beta/emma"
    async with control.ground.session.get(url, params=query) as response:
        page = await response.text()
        assert control.ground.beta.host == response.url.authority
    about = json.loads(page.partition('id="about">')[2].partition("</script>")[0])
    assert about["url"].startswith(elsewhere(control.ground.authority.application.install_url, response.url.authority))
    assert f"{control.ground.beta.host}|0|{about['sid']}" == about["name"]
    assert (True, {"k": "a:b"}) == (about["init"]["INSTALL"], about["init"]["PLACEMENT_OPTIONS"])
    assert about["fields"]["AUTH_ID"] == about["init"]["AUTH_ID"]
    async with control.ground.session.get(url, params={"lang": "ru"}) as response:
        assert "LANG=ru" in await response.text()
    async with control.ground.session.post(f"http://{control.ground.beta.host}/frame/emma/finish") as response:
        assert (await response.json()) is True
    assert control.ground.beta.is_installed
    async with control.ground.session.get(url) as response:
        assert "/bitrix24/app?" in await response.text()


async def test_who_sees_the_frame(control: Control) -> None:
    """Before the installation is finished an employee sees that it is not; people of another portal see nothing."""
    address = f"{control.address}/sandbox/frame/beta"
    async with control.ground.session.get(f"{address}/sofia") as response:
        assert (403, True) == (response.status, "Smena is not installed on this portal yet" in await response.text())
    async with control.ground.session.get(f"{address}/anna", allow_redirects=False) as response:
        assert 404 == response.status
    timeout = aiohttp.ClientTimeout(total=5)
    async with control.ground.session.post(
        f"http://{control.ground.beta.host}/frame/emma/auth", timeout=timeout
    ) as response:
        assert {"AUTH_ID", "REFRESH_ID", "AUTH_EXPIRES"} == set(await response.json())


async def test_a_deal_by_hand(control: Control) -> None:
    """On the portal's own page somebody makes a deal and moves it; the page shows its stages and its timeline."""
    await control("POST", "portals/beta/install", by="emma")
    session, beta = control.ground.session, control.ground.beta
    page = f"http://{beta.host}/frame/noah"
    async with session.post(f"{page}/deals", data={"title": "Big <fish>"}) as response:
        shown = await response.text()
    deal = beta.portal.crm.of("deal")[-1]
    assert ("Big <fish>", "NEW") == (deal.fields["title"], deal.fields["stageId"])
    assert "<h1>Big &lt;fish&gt;</h1>" in shown
    assert 'value="NEW" aria-current=step>New<' in shown
    beta.portal.crm.comment(deal, "Approved & done", 1)
    async with session.post(f"{page}/deals/{deal.id}", data={"stage": "EXECUTING"}) as response:
        shown = await response.text()
    assert 'value="EXECUTING" aria-current=step>In progress<' in shown
    assert "<p>Approved &amp; done</p>" in shown
    noah = beta.portal.world.person("noah")
    assert noah is not None
    assert noah.bitrix24_user_id == deal.fields["movedBy"]
    for address, data, status in (
        (f"{page}/deals/{deal.id}", {"stage": "NOWHERE"}, 409),
        (f"{page}/deals/999", {}, 404),
    ):
        async with session.post(address, data=data) as response:
            assert status == response.status


async def test_deals_by_people(control: Control) -> None:
    """Somebody makes and moves a deal on the portal's page; the application hears of it and its comment is seen."""
    await control("POST", "portals/beta/install", by="emma")
    _, made = await control("POST", "portals/beta/deals", by="sofia", fields={"title": "Supply", "OPPORTUNITY": "10"})
    path = f"portals/beta/deals/{made['id']}"
    assert 200 == (await control("PATCH", path, by="liam", fields={"stageId": "EXECUTING"}))[0]
    assert ["ONAPPINSTALL", "ONCRMDEALUPDATE"] == await control.app.heard(2)
    token = control.ground.pair()["access_token"]
    fields = {"ENTITY_ID": made["id"], "ENTITY_TYPE": "deal", "COMMENT": "Seen"}
    await control.ground.call(token, "crm.timeline.comment.add", fields=fields)
    _, shown = await control("GET", path)
    assert ("Supply", 10.0, 2) == tuple(shown["fields"][name] for name in ("title", "opportunity", "movedBy"))
    assert [{"author": "emma", "text": "Seen"}] == shown["comments"]
    assert [{"field": "stageId", "from": "NEW", "to": "EXECUTING", "by": "liam"}] == shown["history"]
    assert (409, "crm_field_error_value_not_valid") == await control.refused("PATCH", path, fields={"stageId": "?"})
    assert 200 == (await control("DELETE", path, by="sofia"))[0]
    assert (404, "unknown_object") == await control.refused("GET", path)
    assert (404, "unknown_call") == await control.refused("POST", "portals/beta/spaceships", fields={})


async def test_a_lead_by_nobody(control: Control) -> None:
    """A robot may change something; whoever looks sees that it was no person."""
    _, made = await control("POST", "portals/main/leads", fields={"TITLE": "A call"})
    await control("PATCH", f"portals/main/leads/{made['id']}", fields={"STATUS_ID": "IN_PROCESS"})
    _, shown = await control("GET", f"portals/main/leads/{made['id']}")
    assert [{"field": "stageId", "from": "NEW", "to": "IN_PROCESS", "by": None}] == shown["history"]


async def test_tasks_by_people(control: Control) -> None:
    """Somebody makes a task on the portal's page and whoever it is for completes it."""
    given = {"title": "Prepare", "responsibleId": 4}
    _, made = await control("POST", "portals/beta/tasks", by="liam", fields=given)
    path = f"portals/beta/tasks/{made['id']}"
    assert 200 == (await control("PATCH", path, by="noah", fields={"STATUS": 5}))[0]
    assert (409, "0") == await control.refused("PATCH", path, by="sofia", fields={"STATUS": 2})
    _, shown = await control("GET", path)
    assert ("5", "4", "2") == tuple(shown["fields"][name] for name in ("status", "responsibleId", "createdBy"))
    assert ("status", "noah") == (shown["history"][0]["field"], shown["history"][0]["by"])
    assert 200 == (await control("DELETE", path, by="liam"))[0]
    assert (404, "unknown_object") == await control.refused("GET", path)


async def test_a_process_reaches_a_robot(control: Control) -> None:
    """A run waits until it is answered, and can be ended; what the robot needs must be there."""
    control.ground.install()
    token = control.ground.pair()["access_token"]
    about = {"CODE": "ask", "HANDLER": f"{control.app.site}/bitrix24/events", "NAME": "Ask"}
    needs = {"who": {"Type": "user", "Required": "Y"}}
    await control.ground.call(token, "bizproc.robot.add", **about, PROPERTIES=needs)
    _, [robot] = await control("GET", "portals/beta/robots")
    assert ("ask", True) == (robot["code"], robot["waits"])
    _, deal = await control("POST", "portals/beta/deals", fields={"title": "Supply"})
    document = f"deal:{deal['id']}"
    assert (409, "property_missing") == await control.refused("POST", "portals/beta/robots/ask", document=document)
    assert (404, "unknown_robot") == await control.refused("POST", "portals/beta/robots/no", document=document)
    assert (400, "bad_field") == await control.refused("POST", "portals/beta/robots/ask", document="deal:1")
    _, run = await control("POST", "portals/beta/robots/ask", document=document, properties={"who": "user_2"})
    path = f"portals/beta/robots/runs/{run['run']}"
    assert (200, {"state": "waiting", "returned": {}, "log": []}) == await control("GET", path)
    assert 200 == (await control("DELETE", path))[0]
    assert "terminated" == (await control("GET", path))[1]["state"]
    assert (404, "unknown_run") == await control.refused("GET", "portals/beta/robots/runs/99")


async def test_a_day_on_the_portal(control: Control) -> None:
    """Somebody opens and pauses their day on the portal's page; what cannot be is refused."""
    path = "portals/beta/timeman/sofia"
    assert (200, {"STATUS": "CLOSED"}) == await control("GET", path)
    assert "OPENED" == (await control("POST", path, do="open"))[1]["STATUS"]
    assert "PAUSED" == (await control("POST", path, do="pause"))[1]["STATUS"]
    assert (409, "time") == await control.refused("POST", path, do="close", at="2026-08-21T07:00:00Z")
    assert "OPENED" == (await control("POST", path, do="reopen"))[1]["STATUS"]
    assert (400, "bad_field") == await control.refused("POST", path, do="sleep")
    assert (404, "unknown_person") == await control.refused("GET", "portals/beta/timeman/anna")


async def test_a_token_of_another_application(control: Control) -> None:
    """Ordered, the authorisation server says of each token that it is another application's."""
    authority = control.ground.authority
    control.ground.beta.lifecycle.begin(1)
    token = authority.tokens("beta", 1)["access_token"]
    await control("POST", "faults", channel="bitrix24", fault="foreign_client_id", portal="beta", count=1)
    found = []
    for _ in range(2):
        async with control.ground.session.post(
            f"http://{authority.host}/rest/app.info", data={"auth": token}
        ) as answer:
            found.append((await answer.json())["result"]["client_id"] == authority.application.client_id)
    assert [False, True] == found
