"""A deal that is dragged to a stage asks for approval in Telegram; the tap moves it on; each move counts."""

import json
from base64 import b64encode
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.driven import Chat, Refused, Sandbox, until

_HEAD = {"id": "head", "approvers": [{"by": "head_of", "of": "initiator"}], "rule": {"type": "any"}}
CONTRACT = {
    "schema": "approval.template/1",
    "route": {
        "schema": "approval.route/1", "key": "contract", "version": 1, "title": {"ru": "Договор", "en": "Contract"},
        "subjects": ["deal"], "hard_limit": "30d",
        "stages": [{"id": "head", "tracks": [_HEAD], "deadline": {"after": "8wh", "on_expire": "reject"}}],
        "outcomes": {
            "approved": [
                {"do": "crm_update", "args": {"stage": "C5:EXECUTING"}},
                {"do": "timeline_comment", "args": {"text": "Approved by {who}"}},
            ]
        },
    },
    "form": [
        {"key": "deal", "title": {"en": "Deal"}, "type": "deal", "required": True},
        {"key": "amount", "title": {"en": "Amount"}, "type": "money"},
    ],
}  # fmt: skip


def linked(sandbox: Sandbox, person: str) -> Chat:
    """Return somebody's chat in Telegram, once it is theirs."""
    telegram, portal = sandbox.chat("telegram", person), sandbox.chat("bitrix24", person)
    portal.says("/link")
    shown: list[dict[str, Any]] = sandbox.call("GET", f"bitrix24/{person}/messages?full=1")
    urls = [button["url"] for each in reversed(shown) for button in each["buttons"] if button["url"]]
    telegram.says(f"/start {urls[0].rpartition('=')[2]}")
    return telegram


@pytest.fixture(scope="module")
def beta(mortal: Sandbox) -> Sandbox:
    """The application is installed on the second portal; Emma brings a template and says two rules."""
    mortal.call("POST", "portals/beta/install", by="emma")
    emma = mortal.chat("bitrix24", "emma")
    document = b64encode(json.dumps(CONTRACT).encode()).decode()
    emma.says("", files=[{"name": "contract.json", "base64": document}])
    emma.presses("Yes")
    assert emma.presses("Switch on").startswith("🟢 On: Contract")
    told = emma.says("when a deal moves to Approval, ask for approval by Contract")
    assert told.startswith(
        "When a deal comes to the stage “Approval”:\n– Approval is asked for by the template “Contract”."
    )
    emma.presses("Switch it on")
    emma.says('when a deal moves to "In progress", make a task for the responsible "Call {title}" due in 1 working day')
    emma.presses("Switch it on")
    until(lambda: "ONCRMDEALUPDATE" in {each["event"] for each in mortal.call("GET", "portals/beta/events")})
    mortal.settle()
    mortal.move(timedelta(minutes=6))  # a rule counts from when it is first looked for, a moment after its yes
    return mortal


def deal(sandbox: Sandbox, number: int) -> dict[str, Any]:
    """Return a deal as its page shows it."""
    found: dict[str, Any] = sandbox.call("GET", f"portals/beta/deals/{number}")
    return found


def drag(sandbox: Sandbox, number: int, stage: str, by: str = "sofia") -> None:
    """Drag a deal to a stage."""
    sandbox.call("PATCH", f"portals/beta/deals/{number}", by=by, fields={"stageId": stage})


def made(sandbox: Sandbox, title: str, category: int = 5) -> int:
    """Make a deal of Sofia's."""
    fields = {"title": title, "opportunity": 400_000, "categoryId": category, "assignedById": 3}
    return int(sandbox.call("POST", "portals/beta/deals", by="sofia", fields=fields)["id"])


def test_a_drag_asks_and_a_tap_moves_on(beta: Sandbox) -> None:
    """Sofia drags, her lead Liam taps in Telegram, the deal goes on, and the timeline tells who approved it."""
    liam = linked(beta, "liam")
    number = made(beta, "Coffee <i> {id}")
    drag(beta, number, "C5:PREPARATION")
    until(lambda: "Coffee <i> {id}" in " ".join(liam.answers))
    assert f"Deal: {number}, “Coffee <i> {{id}}”\nAmount: 400\xa0000" in liam.last
    liam.presses("Approve")
    beta.move(timedelta(minutes=1))
    until(lambda: deal(beta, number)["fields"]["stageId"] == "C5:EXECUTING")
    until(lambda: any("Approved by Liam Novak" in each["text"] for each in deal(beta, number)["comments"]))
    assert [] == [each for each in beta.call("GET", "requests") if each["state"] == "pending"]


def tasks_since(sandbox: Sandbox, first: int) -> list[str]:
    """Return the titles of the tasks that were made after one of them."""
    titles: list[str] = []
    with suppress(Refused):
        while True:
            task = sandbox.call("GET", f"portals/beta/tasks/{first + 1 + len(titles)}")
            titles.append(task["fields"]["title"])
    return titles


def test_back_and_forth_counts_each(beta: Sandbox) -> None:
    """Between two looks a deal came to a stage twice: two tasks, by the deal's title; what we wrote starts nothing."""
    fields = {"TITLE": "The first", "RESPONSIBLE_ID": 3}
    first = int(beta.call("POST", "portals/beta/tasks", by="sofia", fields=fields)["id"])
    number = made(beta, "Tea", category=0)
    for stage in ("EXECUTING", "NEW", "EXECUTING"):
        drag(beta, number, stage)

    # The portal is given real time: a clock that runs ahead has it asked again and again what changed, and its limit of
    # requests leaves no room for the errands.
    until(lambda: len(tasks_since(beta, first)) >= 2, patience=60.0)
    beta.move(timedelta(minutes=5))
    assert ["Call Tea", "Call Tea"] == tasks_since(beta, first)
