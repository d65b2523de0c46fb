"""A decision in Telegram moves the deal on and its timeline tells it once, whatever happens on the way."""

import json
from typing import Any

import pytest

from tests.dialogs.routes import HEAD, stage, template
from tests.e2e.driven import Chat, Sandbox, until
from tests.e2e.test_process_story import linked
from tests.e2e.test_request_files import sent

EFFECTS = [
    {"do": "crm_update", "args": {"stage": "WON", "fields": {"opportunity": "{cost}"}}},
    {"do": "timeline_comment", "args": {"text": "{decision} by {who}: [b]{where}[/b]"}},
]


@pytest.fixture(scope="module")
def beta(mortal: Sandbox) -> Sandbox:
    """The application is installed on the second portal, with a template whose outcome moves a deal."""
    mortal.call("POST", "portals/beta/install", by="emma")
    document = template(stage("head", [HEAD]), outcomes={"approved": EFFECTS})
    document["form"].append({"key": "deal", "title": {"ru": "Сделка", "en": "Deal"}, "type": "deal", "required": True})
    emma = mortal.chat("bitrix24", "emma")
    emma.says("", files=[sent("trip.json", json.dumps(document, ensure_ascii=False).encode())])
    emma.presses("Yes")
    emma.presses("Switch on")
    return mortal


@pytest.fixture(scope="module")
def liam(beta: Sandbox) -> Chat:
    """Their head, who reads Telegram."""
    return linked(beta, "liam")


def deal_of(sandbox: Sandbox, number: int) -> dict[str, Any]:
    """Return a deal with its comments and its history."""
    found: dict[str, Any] = sandbox.call("GET", f"portals/beta/deals/{number}")
    return found


def asked(sandbox: Sandbox, where: str) -> int:
    """Let Sofia ask for something about a new deal; return the deal."""
    deal = sandbox.call("POST", "portals/beta/deals", by="sofia", fields={"TITLE": "Forklift"})["id"]
    sofia = sandbox.chat("bitrix24", "sofia")
    sofia.says("/request")
    sofia.presses("A trip")
    for each in (where, "50000", str(deal)):
        sofia.says(each)
    sofia.presses("Send")
    return int(deal)


def is_done(sandbox: Sandbox, deal: int) -> bool:
    """Whether the deal was moved and its timeline tells it."""
    found = deal_of(sandbox, deal)
    return found["fields"]["stageId"] == "WON" and bool(found["comments"])


def once(sandbox: Sandbox, deal: int) -> None:
    """Whether each thing happened once, and nothing that was typed is markup."""
    found = deal_of(sandbox, deal)
    assert 1 == sum(each["field"] == "stageId" for each in found["history"])
    (comment,) = found["comments"]
    assert comment["text"].startswith("Approved by Liam Novak: ")
    assert "[b]" not in comment["text"]
    assert 50_000 == found["fields"]["opportunity"]


@pytest.mark.parametrize(
    ("fault", "fields"),
    [
        (None, {}),
        ("reset_after_write", {"count": 1, "method": "crm.item.update"}),
        ("reset_after_write", {"count": 1, "method": "crm.timeline.comment.add"}),
        ("error_500", {"count": 1, "method": "crm.item.update"}),
        ("expired_token", {"count": 1}),
        ("down", {"seconds": 2}),
    ],
)
def test_a_tap_moves_the_deal_on(beta: Sandbox, liam: Chat, fault: str | None, fields: dict[str, Any]) -> None:
    """It is there once, also where an answer is lost, a token has expired, or the portal is away for a moment."""
    deal = asked(beta, f"Berlin {fault} {fields.get('method')}")
    if fault is not None:
        beta.fault("bitrix24", fault, portal="beta", **fields)
    liam.presses("Approve")
    until(lambda: is_done(beta, deal), 60.0)
    once(beta, deal)
    until(lambda: any("is done on the portal" in each for each in liam.answers))


def test_what_waits_outlives_a_kill(beta: Sandbox, liam: Chat) -> None:
    """What was decided while the portal was away is done by the service that comes after this one."""
    deal = asked(beta, "Hamburg")
    beta.fault("bitrix24", "down", portal="beta", seconds=600, method="crm.item.update")
    liam.presses("Approve")
    beta.restart()
    until(lambda: is_done(beta, deal), 60.0)
    once(beta, deal)


def test_a_refusal_in_words(beta: Sandbox, liam: Chat) -> None:
    """A deal that is gone is told as such, and the outcome stands."""
    deal = asked(beta, "Bremen")
    beta.call("DELETE", f"portals/beta/deals/{deal}")
    liam.presses("Approve")
    until(lambda: any("it is not there any more" in each for each in liam.answers))
    assert any("Approved" in each and "Bremen" in each for each in liam.answers)
