"""The application comes, grows and goes: the page's POST, the gate of installFinish, and the events of its life."""

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox.portal.installer import CannotInstallError, Installer, Patience
from bot.sandbox.portal.staff import CalendarEntry
from tests.sandbox.stand_in import FINISHING, StandIn, stand_in
from tests.sandbox.worlds import open_ground

BUTTON = """<form method=post action=/bitrix24/install/go>
<input type=hidden name=seal value=abc><button name=do value=yes>Install</button></form>"""
QUICK = Patience(ready=0.4, not_bound=0.2, pause=0.01)


@pytest_asyncio.fixture
async def app() -> AsyncIterator[StandIn]:
    """Two portals and an application that answers."""
    async with open_ground() as ground, stand_in(ground) as made:
        ground.beta.installer = Installer(ground.beta.portal, ground.beta.lifecycle, QUICK)
        yield made


async def install(app: StandIn, by: int = 1) -> None:
    """Install it on the second portal."""
    await app.ground.beta.installer.install(by, "en")


def code(problem: "pytest.ExceptionInfo[CannotInstallError]") -> str:
    """Return what the refusal is called."""
    return problem.value.code


async def test_the_page_is_opened_as_the_portal_does(app: StandIn) -> None:
    """The query names portal and language, the body carries the tokens of whoever opened it."""
    await install(app)
    [(query, body)] = app.opened
    assert {"DOMAIN": app.ground.beta.host, "PROTOCOL": "0", "LANG": "en"}.items() <= query.items()
    assert re.fullmatch("[0-9a-f]{32}", query["APP_SID"])
    assert {
        "AUTH_ID",
        "AUTH_EXPIRES",
        "REFRESH_ID",
        "SERVER_ENDPOINT",
        "APPLICATION_TOKEN",
        "APPLICATION_SCOPE",
        "member_id",
        "status",
        "PLACEMENT",
        "PLACEMENT_OPTIONS",
    } == set(body)
    assert (app.ground.beta.member_id, "DEFAULT", "L") == (body["member_id"], body["PLACEMENT"], body["status"])
    assert app.ground.authority.endpoint == body["SERVER_ENDPOINT"]
    assert "Emma" == (await app.ground.call(body["AUTH_ID"], "profile")).result["NAME"]


async def test_on_app_install(app: StandIn) -> None:
    """The first event brings a pair of tokens and the application token that the page had."""
    await install(app)
    assert ["ONAPPINSTALL"] == await app.heard(1)
    auth = app.events[0]["auth"]
    assert app.opened[0][1]["APPLICATION_TOKEN"] == auth["application_token"]
    assert (app.ground.beta.host, app.ground.beta.member_id) == (auth["domain"], auth["member_id"])
    assert 200 == (await app.ground.refresh(auth["refresh_token"])).status
    assert {"VERSION": "1", "ACTIVE": "Y", "INSTALLED": "Y", "LANGUAGE_ID": "en"} == app.events[0]["data"]


async def test_no_event_before_the_installation_is_finished(app: StandIn) -> None:
    """Until installFinish nothing is sent to a bound handler; then it is."""
    ground = app.ground
    ground.beta.lifecycle.begin(1)
    token = ground.pair()["access_token"]
    assert (await ground.call(token, "app.info")).result["INSTALLED"] is False
    await ground.call(token, "event.bind", event="ONAPPTEST", handler=f"{app.site}/bitrix24/events")
    await ground.call(token, "event.test", a="1")
    ground.beta.lifecycle.finish()
    await ground.call(token, "event.test", a="2")
    assert ["ONAPPINSTALL", "ONAPPTEST"] == await app.heard(2)
    assert {"a": "2"} == app.events[1]["data"]["QUERY"]
    assert "1" == app.events[1]["auth"]["user_id"]
    assert "refresh_token" not in app.events[1]["auth"]


@pytest.mark.parametrize(
    "page",
    [
        "<script>BX24.install(() => BX24.installFinish())</script>",
        BUTTON,
        '<script src="/static/page.js"></script>',
        FINISHING,
    ],
    ids=["library", "button", "script", "message"],
)
async def test_ways_to_finish(app: StandIn, page: str) -> None:
    """A page may finish by the library or a bare message, in a script of its own, or behind its button."""
    app.page = page
    await install(app)
    assert app.ground.beta.is_installed
    assert app.pressed in ([], [{"seal": "abc", "do": "yes"}])


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"page": "<p>Hello</p>"}, "never_finished"),
        ({"status": 500}, "page_failed"),
        ({"status": 302}, "page_failed"),
        ({"works": False}, "no_bot"),
    ],
)
async def test_what_does_not_work(app: StandIn, wrong: dict[str, Any], why: str) -> None:
    """An application that does not do its part is not installed, and may be tried again."""
    for name, value in wrong.items():
        setattr(app, name, value)
    with pytest.raises(CannotInstallError) as problem:
        await install(app)
    assert why == code(problem)
    assert not app.ground.beta.is_installed
    await app.rest()
    app.page, app.status, app.works = FINISHING, 200, True
    await install(app)
    assert app.ground.beta.is_installed


async def test_who_may_install(app: StandIn) -> None:
    """An administrator who works there, and once."""
    with pytest.raises(CannotInstallError) as problem:
        await install(app, by=3)
    assert "not_an_administrator" == code(problem)
    app.ground.beta.portal.staff.change(1, is_active=False)
    with pytest.raises(CannotInstallError) as problem:
        await install(app)
    assert "not_an_employee" == code(problem)
    app.ground.beta.portal.staff.change(1, is_active=True)
    await install(app)
    with pytest.raises(CannotInstallError) as problem:
        await install(app)
    assert "already_installed" == code(problem)


async def test_nothing_bound_is_no_hindrance(app: StandIn) -> None:
    """An application that binds nothing is ready when its bot is there."""
    app.binds = False
    await install(app)
    assert app.ground.beta.is_installed


async def test_update(app: StandIn) -> None:
    """A new version drops the handlers and brings another application token."""
    await install(app)
    await app.heard(1)
    app.ground.beta.lifecycle.update()
    assert ["ONAPPINSTALL", "ONAPPUPDATE"] == await app.heard(2)
    first, second = (each["auth"]["application_token"] for each in app.events)
    assert first != second
    assert ("2", "1") == (app.events[1]["data"]["VERSION"], app.events[1]["data"]["PREVIOUS_VERSION"])
    assert [] == app.ground.beta.portal.app_events.bound()


@pytest.mark.parametrize(("clean", "said"), [(True, "1"), (False, "0")])
async def test_uninstall(app: StandIn, *, clean: bool, said: str) -> None:
    """A removal is told without tokens, by the application token alone; bots and handlers are gone."""
    await install(app)
    await app.heard(1)
    app.ground.beta.lifecycle.uninstall(clean=clean)
    assert ["ONAPPINSTALL", "ONAPPUNINSTALL"] == await app.heard(2)
    gone = app.events[1]
    assert {"domain", "server_endpoint", "client_endpoint", "member_id", "application_token"} == set(gone["auth"])
    assert app.events[0]["auth"]["application_token"] == gone["auth"]["application_token"]
    assert said == gone["data"]["CLEAN"]
    assert ({}, []) == (app.ground.beta.portal.memory.bots, app.ground.beta.portal.app_events.bound())
    assert not app.ground.beta.is_installed


async def test_installed_anew(app: StandIn) -> None:
    """After a removal it comes again, with another application token and the same member id."""
    await install(app)
    app.ground.beta.lifecycle.uninstall(clean=False)
    await install(app)
    await app.heard(3)
    first, _, third = (each["auth"] for each in app.events)
    assert first["application_token"] != third["application_token"]
    assert first["member_id"] == third["member_id"]


@pytest.mark.parametrize(
    ("fault", "heard"), [("events_lost", []), ("duplicate_events", ["ONAPPUPDATE", "ONAPPUPDATE"])]
)
async def test_lost_and_doubled(app: StandIn, fault: Any, heard: list[str]) -> None:
    """An event may be lost or come twice."""
    app.ground.install()
    await app.heard(1)
    app.ground.world.faults.order("bitrix24", fault, portal="beta")
    app.ground.beta.lifecycle.update()
    app.ground.beta.lifecycle.uninstall(clean=False)
    assert ["ONAPPINSTALL", *heard, "ONAPPUNINSTALL"] == await app.heard(2 + len(heard))


async def test_a_wrong_application_token(app: StandIn) -> None:
    """Once ordered, one event carries a token that is not the portal's."""
    app.ground.install()
    app.ground.world.faults.order("bitrix24", "wrong_application_token", portal="beta")
    app.ground.beta.lifecycle.uninstall(clean=True)
    await app.heard(2)
    assert app.events[0]["auth"]["application_token"] != app.events[1]["auth"]["application_token"]


async def test_a_dismissed_person_has_no_tokens(app: StandIn) -> None:
    """The tokens of somebody who was dismissed work neither on the portal nor at the authorisation server."""
    ground = app.ground
    ground.install()
    pair = ground.pair(3)
    ground.beta.portal.staff.change(3, is_active=False)
    assert (401, "NO_AUTH_FOUND") == (await ground.call(pair["access_token"], "profile")).refusal
    assert (400, "invalid_grant") == (await ground.refresh(pair["refresh_token"])).refusal
    active = await ground.call(ground.pair()["access_token"], "user.get", FILTER={"ACTIVE": True})
    assert "3" not in [each["ID"] for each in active.result]


async def test_away(app: StandIn) -> None:
    """An absence is in the calendar's answer, also for a day in its middle."""
    ground = app.ground
    ground.install()
    ground.beta.portal.staff.be_away(3, date(2026, 8, 20), date(2026, 8, 22))
    token = ground.pair()["access_token"]
    asked = {"users": [2, 3], "from": "2026-08-21", "to": "2026-08-21"}
    found = (await ground.call(token, "calendar.accessibility.get", **asked)).result
    assert [] == found["2"]
    [shown] = found["3"]
    assert ["20.08.2026", "22.08.2026", "absent", "Y"] == [
        shown[each] for each in ("DATE_FROM", "DATE_TO", "ACCESSIBILITY", "DT_SKIP_TIME")
    ]
    assert ["1787184000", "1787356800"] == [shown[each] for each in ("DATE_FROM_TS_UTC", "DATE_TO_TS_UTC")]
    assert ground.beta.portal.staff.is_away(3, date(2026, 8, 22))
    assert not ground.beta.portal.staff.is_away(3, date(2026, 8, 23))


async def test_hours_in_a_calendar(app: StandIn) -> None:
    """Instants as they are, whatever it says of the person; who is busy is not away."""
    ground = app.ground
    ground.install()
    day = date(2026, 8, 21)
    ground.beta.portal.staff.enter(CalendarEntry(3, day, day, 1787288400, 1787292000, "busy", "Call"))
    asked = {"users": {"0": "3"}, "from": "2026-08-20", "to": "2026-10-19"}
    [shown] = (await ground.call(ground.pair()["access_token"], "calendar.accessibility.get", **asked)).result["3"]
    assert ["1787288400", "1787292000", "N", "busy", "Call"] == [
        shown[each] for each in ("DATE_FROM_TS_UTC", "DATE_TO_TS_UTC", "DT_SKIP_TIME", "ACCESSIBILITY", "NAME")
    ]
    assert not ground.beta.portal.staff.is_away(3, day)
    ground.beta.portal.staff.clear(3)
    assert {"3": []} == (await ground.call(ground.pair()["access_token"], "calendar.accessibility.get", **asked)).result


@pytest.mark.parametrize(
    "wrong",
    [
        {"users": None},
        {"users": []},
        {"users": ["x"]},
        {"from": None},
        {"to": ""},
        {"to": "21.08.2026"},
        {"to": "20260821"},
    ],
)
async def test_what_a_calendar_refuses(app: StandIn, wrong: dict[str, Any]) -> None:
    """Each of the three is needed, and a day is written in one way; the code is empty."""
    app.ground.install()
    asked = {"users": [3], "from": "2026-08-20", "to": "2026-08-21", **wrong}
    called = await app.ground.call(app.ground.pair()["access_token"], "calendar.accessibility.get", **asked)
    assert (400, "") == called.refusal
