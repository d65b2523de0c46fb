"""What a portal's refusals say of an object: that it is gone says one code alone."""

from typing import Any

import pytest

from bot.channels.bitrix24.eyes import PortalEyes
from bot.clock import MovableClock
from bot.domain.automation.portal_object import ObjectRef
from bot.ports.eyes import NotSeen, Seen
from tests.channels.bitrix24.doubles import scripted
from tests.people import MONDAY

DEAL, TASK = ObjectRef("deal", 12), ObjectRef("task", 7)


@pytest.mark.parametrize(
    ("ref", "answer", "seen"),
    [
        (DEAL, (400, {"error": "NOT_FOUND"}), Seen(gone=frozenset({DEAL}))),
        (DEAL, (403, {"error": "ACCESS_DENIED"}), Seen(refused={DEAL: "ACCESS_DENIED"})),
        (DEAL, (400, {"error": "SOMETHING_NEW"}), Seen(refused={DEAL: "SOMETHING_NEW"})),
        (TASK, (403, {"error": "insufficient_scope"}), Seen(refused={TASK: "INSUFFICIENT_SCOPE"})),
        (TASK, {"result": []}, Seen(empty=frozenset({TASK}))),
    ],
)
async def test_what_is_not_read(ref: ObjectRef, answer: Any, seen: Seen) -> None:
    """Gone, refused, or answered with nothing, which may be either."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [answer]
        eyes = PortalEyes(client, MovableClock(MONDAY), None, lambda: None)
        assert seen == await eyes.look([ref])


async def test_a_family_that_is_refused() -> None:
    """No right to a family does not come back by waiting."""
    async with scripted() as (portal, client, _, _):
        portal.answers = [(400, {"error": "NOT_FOUND"})]
        with pytest.raises(NotSeen) as refused:
            await PortalEyes(client, MovableClock(MONDAY), None, lambda: None).newest("smart_process:171")
        assert not refused.value.may_pass
