"""An outcome that tells a webhook: what is warned of before anybody waits for it."""

import pytest

from bot.domain.approvals.lint import warnings
from bot.domain.approvals.reading import read
from tests.approvals.playing import route, stage, track, user

NAMELESS = ("outcomes.rejected[0].args.name", "webhook_without_name")
UNKNOWN = ("outcomes.approved[0].args.name", "webhook_unknown")


@pytest.mark.parametrize(
    ("hooks", "expected"), [(None, [NAMELESS]), (("payments",), [NAMELESS]), (("other",), [UNKNOWN, NAMELESS])]
)
def test_a_webhook_that_is_not_there_is_warned_of(
    hooks: tuple[str, ...] | None, expected: list[tuple[str, str]]
) -> None:
    """By its name, where the portal's are known; one without a name always."""
    told = route(
        stage(track(user(1, 2))),
        outcomes={"approved": [{"do": "webhook", "args": {"name": "payments"}}], "rejected": [{"do": "webhook"}]},
    )
    found = [(each.path, each.code) for each in warnings(read(told), hooks) if each.code.startswith("webhook_")]
    assert expected == found
