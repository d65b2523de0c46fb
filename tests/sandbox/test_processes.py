"""Robots: what is refused at registration, what the handler gets, and that a run is answered once."""

from typing import Any

import pytest

from tests.sandbox.desk import Desk, desk

__all__ = ["desk"]


def robot(desk: Desk, **fields: Any) -> dict[str, Any]:
    """Describe a robot that asks for a decision."""
    return {
        "CODE": "ask",
        "HANDLER": f"{desk.app.site}/bitrix24/events",
        "NAME": {"en": "Ask"},
        "USE_SUBSCRIPTION": "Y",
        "PROPERTIES": {"who": {"Name": "Who", "Type": "user", "Required": "Y"}},
        "RETURN_PROPERTIES": {"decision": {"Name": "Decision", "Type": "string"}},
        **fields,
    }


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"CODE": "a b"}, (400, "ERROR_ACTIVITY_VALIDATION_FAILURE")),
        ({"NAME": ""}, (400, "ERROR_ACTIVITY_VALIDATION_FAILURE")),
        ({"PROPERTIES": {"1st": {}}}, (400, "ERROR_ACTIVITY_VALIDATION_FAILURE")),
        ({"PROPERTIES": {"a": {"Type": "colour"}}}, (400, "ERROR_ACTIVITY_VALIDATION_FAILURE")),
        ({"HANDLER": "ftp://127.0.0.1/"}, (400, "ERROR_UNSUPPORTED_PROTOCOL")),
        ({"HANDLER": "https://elsewhere.example/"}, (400, "ERROR_WRONG_HANDLER_URL")),
    ],
)
async def test_registration_refused(desk: Desk, wrong: dict[str, Any], refusal: tuple[int, str]) -> None:
    """Each mistake has its code."""
    assert refusal == (await desk("bizproc.robot.add", **robot(desk, **wrong))).refusal


async def test_registration(desk: Desk) -> None:
    """A code is registered once, changed by `update`, and an employee registers nothing."""
    assert (await desk("bizproc.robot.add", **robot(desk))).result is True
    assert (400, "ERROR_ACTIVITY_ALREADY_INSTALLED") == (await desk("bizproc.robot.add", **robot(desk))).refusal
    assert (400, "ERROR_ACTIVITY_ALREADY_INSTALLED") == (await desk("bizproc.activity.add", **robot(desk))).refusal
    assert (await desk("bizproc.robot.update", CODE="ask", FIELDS={"NAME": "Ask them"})).result is True
    assert ["ask"] == (await desk("bizproc.robot.list")).result
    assert [] == (await desk("bizproc.activity.list")).result
    assert (await desk("bizproc.robot.delete", CODE="ask")).result is True
    desk.token = desk.ground.pair(3)["access_token"]
    assert (403, "ACCESS_DENIED") == (await desk("bizproc.robot.add", **robot(desk))).refusal


async def test_a_run(desk: Desk) -> None:
    """The handler gets strings, the document and a token; the answer is taken once, and only known fields of it."""
    await desk("bizproc.robot.add", **robot(desk))
    processes = desk.ground.beta.portal.processes
    found = processes.robot("ask")
    assert found is not None
    deal = await desk.add()
    run = processes.start(found, f"deal:{deal['id']}", {"who": ["user_2"]})
    await desk.app.came(2)
    body = desk.app.events[1]
    assert ["crm", "CCrmDocumentDeal", f"DEAL_{deal['id']}"] == body["document_id"]
    assert ("ask", "Y", ["user_2"]) == (body["code"], body["use_subscription"], body["properties"]["who"])
    assert desk.app.events[0]["auth"]["application_token"] == body["auth"]["application_token"]
    token = body["event_token"]
    desk.token = desk.ground.pair(3)["access_token"]
    answer = {"decision": "approved", "unknown": "x"}
    sent = await desk("bizproc.event.send", EVENT_TOKEN=token, RETURN_VALUES=answer, LOG_MESSAGE="By Liam")
    assert sent.result is True
    assert ("done", {"decision": "approved"}, ["By Liam"]) == (run.state, run.returned, run.log)
    again = await desk("bizproc.event.send", EVENT_TOKEN=token, RETURN_VALUES={"decision": "rejected"})
    assert (403, "ACCESS_DENIED") == again.refusal
    assert {"decision": "approved"} == run.returned


async def test_a_run_that_is_over(desk: Desk) -> None:
    """After the process was ended, and where nobody waits, an answer is refused; so is a forged token."""
    await desk("bizproc.robot.add", **robot(desk))
    await desk("bizproc.robot.add", **robot(desk, CODE="tell", USE_SUBSCRIPTION="N"))
    processes = desk.ground.beta.portal.processes
    deal = await desk.add()
    runs = []
    for code in ("ask", "tell"):
        found = processes.robot(code)
        assert found is not None
        runs.append(processes.start(found, f"deal:{deal['id']}", {}))
    processes.terminate(runs[0])
    for token in (runs[0].token, runs[1].token, "forged"):
        assert (403, "ACCESS_DENIED") == (await desk("bizproc.event.send", EVENT_TOKEN=token)).refusal
    assert ["terminated", "done"] == [each.state for each in runs]


async def test_a_log(desk: Desk) -> None:
    """A robot that waits may write into the log of its process."""
    await desk("bizproc.robot.add", **robot(desk))
    found = desk.ground.beta.portal.processes.robot("ask")
    assert found is not None
    deal = await desk.add()
    run = desk.ground.beta.portal.processes.start(found, f"deal:{deal['id']}", {})
    logged = await desk("bizproc.activity.log", EVENT_TOKEN=run.token, LOG_MESSAGE="Asked Liam")
    assert logged.result is True
    assert (400, "ERROR_EMPTY_LOG_MESSAGE") == (await desk("bizproc.activity.log", EVENT_TOKEN=run.token)).refusal
    assert ["Asked Liam"] == run.log
