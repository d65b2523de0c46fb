"""A business process of the second company asks in Telegram, is answered by a tap, and goes on, whatever happens."""

from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.driven import Chat, Sandbox, until

ROBOTS = "portals/beta/robots"


@pytest.fixture(scope="module")
def beta(mortal: Sandbox) -> Sandbox:
    """The application is installed on the second portal, with its robots."""
    mortal.call("POST", "portals/beta/install", by="emma")
    until(lambda: len(mortal.call("GET", ROBOTS)) == 2)
    return mortal


def run(sandbox: Sandbox, run_id: int) -> dict[str, Any]:
    """Return how a process stands."""
    found: dict[str, Any] = sandbox.call("GET", f"{ROBOTS}/runs/{run_id}")
    return found


def begun(sandbox: Sandbox, **properties: Any) -> int:
    """Let a process of a new deal reach the robot."""
    deal = sandbox.call("POST", "portals/beta/deals", by="liam", fields={"TITLE": "Forklift", "OPPORTUNITY": 90_000})
    found = sandbox.call("POST", f"{ROBOTS}/smena_approval", document=f"deal:{deal['id']}", properties=properties)
    return int(found["run"])


def test_robots_are_registered(beta: Sandbox) -> None:
    """A robot and an activity, in both languages, with what a designer fills in and what the process gets."""
    robots = {each["code"]: each for each in beta.call("GET", ROBOTS)}
    assert {"smena_approval", "smena_approval_activity"} == set(robots)
    assert {"ru": "Согласование в чате", "en": "Ask for approval in chat"} == robots["smena_approval"]["name"]
    assert ["decision", "comment", "decided_by", "decided_at", "request"] == [
        *robots["smena_approval"]["return_properties"]
    ]


def linked(sandbox: Sandbox, person: str) -> Chat:
    """Return somebody's chat in Telegram, once it is theirs."""
    telegram, portal = sandbox.chat("telegram", person), sandbox.chat("bitrix24", person)
    portal.says("/link")
    shown: list[dict[str, Any]] = sandbox.call("GET", f"bitrix24/{person}/messages?full=1")
    urls = [button["url"] for each in reversed(shown) for button in each["buttons"] if button["url"]]
    token = urls[0].rpartition("=")[2]
    telegram.says(f"/start {token}")
    return telegram


def test_a_process_goes_on(beta: Sandbox) -> None:
    """It asks in Telegram, the tap answers, and the process has the decision, by whom, and what was said."""
    liam = linked(beta, "liam")
    waiting = begun(beta, approvers=["user_2"], subject="Buy a forklift", initiator=["user_3"])
    until(lambda: any("Buy a forklift" in each for each in liam.answers))
    assert "Amount: 90\xa0000" in liam.last
    assert "waiting" == run(beta, waiting)["state"]
    liam.presses("Approve")
    beta.move(timedelta(minutes=1))
    until(lambda: run(beta, waiting)["state"] == "done")
    returned = run(beta, waiting)["returned"]
    assert ("approved", "user_2", "1") == (returned["decision"], returned["decided_by"], returned["request"])
    assert ["Smena, request No. 1: approved"] == run(beta, waiting)["log"]


def test_the_same_call_twice_and_a_kill(beta: Sandbox) -> None:
    """What comes twice asks once; after a kill between the call and its request it is asked all the same."""
    beta.fault("bitrix24", "duplicate_events", portal="beta", count=1)
    waiting = begun(beta, approvers=["user_2"], subject="Twice", initiator=["user_3"])
    beta.restart()
    liam = beta.chat("telegram", "liam")
    until(lambda: any("Twice" in each for each in liam.answers))
    beta.settle()
    assert 1 == sum("Twice" in each for each in liam.answers)
    liam.presses("Reject")
    liam.says("No money this year")
    beta.move(timedelta(minutes=1))
    until(lambda: run(beta, waiting)["state"] == "done")
    returned = run(beta, waiting)["returned"]
    assert ("rejected", "Liam Novak: No money this year") == (returned["decision"], returned["comment"])


def test_who_cannot_be_asked_is_told_at_once(beta: Sandbox) -> None:
    """No template, nobody we know: the process has an honest answer, and the administrator one sentence."""
    waiting = begun(beta, template="deleted_one")
    until(lambda: run(beta, waiting)["state"] == "done")
    assert ("failed", True) == (
        run(beta, waiting)["returned"]["decision"],
        "deleted_one" in run(beta, waiting)["returned"]["comment"],
    )
    emma = beta.chat("bitrix24", "emma")
    until(lambda: "A business process could not ask for approval" in emma.last)


def test_a_process_that_is_ended(beta: Sandbox) -> None:
    """Whoever was asked is told that it is over, and nobody can decide what nobody waits for."""
    waiting = begun(beta, approvers=["user_2"], subject="Ended there", initiator=["user_3"])
    liam = beta.chat("telegram", "liam")
    until(lambda: any("Ended there" in each for each in liam.answers))
    beta.call("DELETE", f"{ROBOTS}/runs/{waiting}")
    for _ in range(2):
        beta.move(timedelta(minutes=16))
        until(lambda: True)
    until(lambda: any("does not wait for it any more" in each for each in liam.answers) or _look_again(beta))
    assert "terminated" == run(beta, waiting)["state"]


def _look_again(sandbox: Sandbox) -> bool:
    sandbox.move(timedelta(minutes=16))
    return False


def test_a_forged_call(beta: Sandbox) -> None:
    """A call with another token than the portal's asks nobody."""
    beta.fault("bitrix24", "wrong_application_token", portal="beta", count=1)
    waiting = begun(beta, approvers=["user_2"], subject="Forged", initiator=["user_3"])
    beta.settle()
    assert "waiting" == run(beta, waiting)["state"]
    assert not any("Forged" in each for each in beta.chat("telegram", "liam").answers)
