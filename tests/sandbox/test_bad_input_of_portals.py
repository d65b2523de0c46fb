"""What is forged, foreign, replayed or broken, on the whole way: named, in the log by a number, nobody is disturbed."""

import asyncio
from datetime import timedelta
from typing import Any

import structlog

from bot.domain.installation import InstallationState
from tests.automation.making import cmp, form
from tests.people import MONDAY
from tests.sandbox.conftest import Beta

FOREIGN = "c3" * 16
TELL = {"do": "notify", "to": [{"by": "field", "path": "assignedById"}], "text": "{title}"}
MOVED = form(when=cmp("stageId", "eq", "EXECUTING"), do=[TELL])


def page(**changed: str) -> dict[str, str]:
    """Return the form of a page in a portal's frame, with tokens that nobody gave."""
    told = {"AUTH_ID": "invented", "REFRESH_ID": "invented", "AUTH_EXPIRES": "3600", "member_id": FOREIGN}
    return {**told, "PLACEMENT": "DEFAULT", "status": "L", **changed}


def event(name: str, **auth: str) -> dict[str, str]:
    """Return an event of a portal, with tokens that nobody gave."""
    told = {"member_id": FOREIGN, "application_token": "invented", "domain": "evil.example", **auth}
    said = {"event": name, "ts": "1783926000", "data[FIELDS][ID]": "1"}
    return {**said, **{f"auth[{key}]": value for key, value in told.items()}}


def robot(**auth: str) -> dict[str, str]:
    """Return a call of a business process, with a token that nobody gave."""
    told = {"member_id": FOREIGN, "application_token": "invented", "domain": "evil.example", **auth}
    said = {"workflow_id": "1", "code": "smena_approval", "event_token": "1|A1|x", "use_subscription": "Y"}
    document = {"document_id[0]": "crm", "document_id[1]": "CCrmDocumentDeal", "document_id[2]": "DEAL_1"}
    said |= {**document, "document_type[2]": "DEAL", "timeout_duration": "0", "ts": "1783926000"}
    return {**said, **{f"auth[{key}]": value for key, value in told.items()}}


OWN = {"member_id": "own"}
"""The company that has the application stands in the form."""
FORGED: list[tuple[str, str, dict[str, str]]] = [
    ("the page of an installation", "/bitrix24/install", page()),
    ("the page of an installation for a company that has it", "/bitrix24/install", page(**OWN)),
    ("the application's page", "/bitrix24/app", page()),
    ("the application's page of a company that has it", "/bitrix24/app", page(**OWN)),
    ("an installation", "/bitrix24/install", event("ONAPPINSTALL", access_token="invented")),
    ("an update", "/bitrix24/install", event("ONAPPUPDATE", access_token="invented", **OWN)),
    ("a removal of a stranger", "/bitrix24/events", event("ONAPPUNINSTALL")),
    ("a removal with another token", "/bitrix24/events", event("ONAPPUNINSTALL", **OWN)),
    ("a deal of a stranger", "/bitrix24/events", event("ONCRMDEALUPDATE")),
    ("a deal with another token", "/bitrix24/events", event("ONCRMDEALUPDATE", **OWN)),
    ("a robot of a stranger", "/bitrix24/robot/smena_approval", robot()),
    ("a robot with another token", "/bitrix24/robot/smena_approval", robot(**OWN)),
    ("what is no form", "/bitrix24/install", {}),
]


async def test_what_is_forged_is_named_and_changes_nothing(beta: Beta) -> None:
    """Each kind at its door: refused, with what is wrong by name; each door has a line with a number in the log."""
    service = beta.playground.service
    own = beta.playground.portals["beta"].member_id
    found = {}
    with structlog.testing.capture_logs() as lines:
        for what, path, told in FORGED:
            sent = {key: own if value == "own" else value for key, value in told.items()}
            async with beta.client.post(path, data=sent, allow_redirects=False) as answer:
                body = await answer.text()
                assert ("Не получилось" in body) or ('"code"' in body) or "did not work" in body, (what, body)
                found[what] = answer.status
        for what, query in (("an answer nobody asked for", "code=x&state=y"), ("an empty one", "")):
            async with beta.client.get(f"/bitrix24/oauth/callback?{query}", allow_redirects=False) as answer:
                found[what] = answer.status
    assert {} == {what: status for what, status in found.items() if status != 403}
    warned = [each for each in lines if each["log_level"] == "warning"]
    assert {"bitrix24.call_not_proven", "bitrix24.event_not_proven", "bitrix24.robot_call_not_proven"} <= {
        each["event"] for each in warned
    }
    assert [] == [each for each in warned if each["event"].endswith("_not_proven") and not each.get("id")]
    async with service.storage.unit_of_work() as uow:
        installation = await uow.installations.of(beta.portal.id)
        assert [True] == [each.is_active for each in await uow.portals.all() if each.id == beta.portal.id]
        assert await uow.installations.portal_of_company(FOREIGN) is None
    assert installation is not None
    assert InstallationState.ACTIVE is installation.state


FAULTS = ("html_500", "error_500", "truncated", "rate_limit", "slow")


async def anna_is_answered(beta: Beta, words: str) -> bool:
    """Whether somebody of the first company is answered now."""
    await beta.call("POST", "bitrix24/anna/messages", text=words)
    await beta.rests()
    shown: list[dict[str, Any]] = await beta.call("GET", "bitrix24/anna/messages")
    return not shown[-1].get("own", False)


async def held_so_often(beta: Beta, number: int) -> list[tuple[str, str]]:
    """Return how often the rule held, once that was so often: a portal in trouble rests by the machine's own clock."""
    async with asyncio.timeout(60):
        while len(held := await beta.held()) < number:
            await asyncio.sleep(0.1)
            await beta.rests()
    return held


async def test_a_portal_that_answers_badly_loses_nothing(beta: Beta) -> None:
    """HTML, a fault, half an answer, haste, or none for long: a move is seen in the end, once; others are answered."""
    await beta.rules(MOVED)
    deal = await beta.does("POST", "deals", title="Boxes")
    await beta.rests()
    minutes = 0
    for number, fault in enumerate(FAULTS, 1):
        await beta.call("POST", "faults", channel="bitrix24", portal="beta", fault=fault, count=4)
        await beta.does("PATCH", f"deals/{deal}", stageId="EXECUTING")
        assert await anna_is_answered(beta, "пришла" if number % 2 else "ушла"), fault
        await held_so_often(beta, number)
        for _ in range(2):  # what goes through everything finds it as it was seen
            minutes += 6
            await beta.call("PUT", "clock", now=(MONDAY + timedelta(minutes=minutes)).isoformat())
            await beta.rests()
        assert [(f"deal:{deal}", "")] * number == await beta.held(), fault
        await beta.does("PATCH", f"deals/{deal}", stageId="NEW")
        await beta.rests()
