"""A business process of the second company asks in Telegram, is answered by a tap, and goes on, whatever happens."""

import html
import re
import urllib.error
import urllib.request
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


def begun(sandbox: Sandbox, fault: str = "", **properties: Any) -> int:
    """Let a process of a new deal reach the robot, with a fault in that call."""
    deal = sandbox.call("POST", "portals/beta/deals", by="liam", fields={"TITLE": "Forklift", "OPPORTUNITY": 90_000})
    sandbox.settle()
    if fault:
        sandbox.fault("bitrix24", fault, portal="beta", count=1)
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


@pytest.fixture(scope="module")
def liam(beta: Sandbox) -> Chat:
    """Return Liam's chat in Telegram: whoever is asked is asked there."""
    return linked(beta, "liam")


def test_a_process_goes_on(beta: Sandbox, liam: Chat) -> None:
    """It asks in Telegram, the tap answers, and the process has the decision, by whom, and what was said."""
    waiting = begun(beta, approvers=["user_2"], subject="Buy a forklift", initiator=["user_3"])
    until(lambda: any("Buy a forklift" in each for each in liam.answers))
    assert "Amount: 90\xa0000" in liam.last
    assert "waiting" == run(beta, waiting)["state"]
    liam.presses("Approve")
    beta.move(timedelta(minutes=1))
    until(lambda: run(beta, waiting)["state"] == "done")
    returned = run(beta, waiting)["returned"]
    assert ("approved", "user_2") == (returned["decision"], returned["decided_by"])
    assert [f"Smena, request No. {returned['request']}: approved"] == run(beta, waiting)["log"]


def test_the_same_call_twice_and_a_kill(beta: Sandbox, liam: Chat) -> None:
    """What comes twice asks once; after a kill between the call and its request it is asked all the same."""
    waiting = begun(beta, "duplicate_events", approvers=["user_2"], subject="Twice", initiator=["user_3"])
    beta.restart()
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
    until(lambda: any("A business process could not ask for approval" in each for each in emma.answers))


def test_a_process_that_is_ended(beta: Sandbox, liam: Chat) -> None:
    """Whoever was asked is told that it is over, and nobody can decide what nobody waits for."""
    waiting = begun(beta, approvers=["user_2"], subject="Ended there", initiator=["user_3"])
    other = begun(beta, approvers=["user_2"], subject="Goes on there", initiator=["user_3"])
    until(lambda: any("Ended there" in each for each in liam.answers))
    beta.call("DELETE", f"{ROBOTS}/runs/{waiting}")
    for _ in range(2):
        beta.move(timedelta(minutes=16))
        until(lambda: True)
    until(lambda: any("does not wait for it any more" in each for each in liam.answers) or _look_again(beta))
    assert "terminated" == run(beta, waiting)["state"]
    assert 1 == sum("does not wait for it any more" in each and "Goes on" not in each for each in liam.answers)
    assert not any("does not wait for it any more" in each and "Goes on" in each for each in liam.answers)
    assert "waiting" == run(beta, other)["state"]


def _look_again(sandbox: Sandbox) -> bool:
    sandbox.move(timedelta(minutes=16))
    return False


def test_a_forged_call(beta: Sandbox, liam: Chat) -> None:
    """A call with another token than the portal's asks nobody."""
    waiting = begun(beta, "wrong_application_token", approvers=["user_2"], subject="Forged", initiator=["user_3"])
    beta.settle()
    assert "waiting" == run(beta, waiting)["state"]
    assert not any("Forged" in each for each in liam.answers)


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing, so that a test sees where it is sent."""

    def redirect_request(self, *args: Any) -> None:
        """Stay."""


def opened(address: str, cookie: str = "") -> tuple[int, str, dict[str, str]]:
    """Open an address as a browser does that is shown a cookie; return status, body and headers."""
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.build_opener(_Stay).open(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode(), dict(answer.headers)


def agrees(sandbox: Sandbox, person: str, signed_in_as: str) -> str:
    """Let somebody follow the link of /tasks and confirm on the portal; return the last page."""
    shown: list[dict[str, Any]] = sandbox.call("GET", f"bitrix24/{person}/messages?full=1")
    link = next(button["url"] for each in reversed(shown) for button in each["buttons"] if "agree" in button["url"])
    _, page, headers = opened(link)
    there = html.unescape(next(each for each in re.findall(r'href="([^"]+)"', page) if "oauth/authorize" in each))
    cookie = headers["Set-Cookie"].partition(";")[0]
    status, _, headers = opened(f"{there}&person={signed_in_as}")
    assert status == 302, page
    return opened(headers["Location"], cookie)[1]


def test_own_tasks(beta: Sandbox, liam: Chat) -> None:
    """Only the one whose link it is can agree; then their tasks come, and the tap answers them on the portal."""
    there, here = beta.chat("bitrix24", "liam"), liam
    assert "Switch on" in str([there.says("/tasks"), there.messages[-1]["buttons"]])
    assert "That did not work" in agrees(beta, "liam", "noah")
    there.says("/tasks")
    assert "Thank you" in agrees(beta, "liam", "liam")
    until(lambda: any("tasks of business processes come here" in each for each in [*here.answers, *there.answers]))
    given = beta.call("POST", "portals/beta/process_tasks", person="liam", name="Pay the invoice")
    other = beta.call("POST", "portals/beta/process_tasks", person="noah", name="Not for Liam")
    beta.move(timedelta(minutes=2))
    chat = until(
        lambda: next((each for each in (here, there) if any("Pay the" in said for said in each.answers)), None)
    )
    chat.presses("Approve")
    until(lambda: beta.call("GET", f"portals/beta/process_tasks/{given['id']}")["status"] == 1)
    until(lambda: any("Bitrix24 has it" in each for each in chat.answers))
    assert not any("Not for Liam" in each for each in [*here.answers, *there.answers])
    second = beta.call("POST", "portals/beta/process_tasks", person="liam", name="Decided there")
    beta.move(timedelta(minutes=2))
    until(lambda: any("Decided there" in each for each in chat.answers))
    beta.call("PATCH", f"portals/beta/process_tasks/{second['id']}", status=2)
    beta.move(timedelta(minutes=2))
    until(lambda: any("Decided already, on the portal" in each for each in chat.answers))
    assert 0 == beta.call("GET", f"portals/beta/process_tasks/{other['id']}")["status"]
