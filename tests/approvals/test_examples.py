"""The four routes that the model is shown by: read, and ended by silence after the days that were promised."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.approvals.checking import check
from tests.approvals.playing import Game, company, example, person

PEOPLE = company(
    person(1), person(2, head=1), person(3, head=2), 11, 12, 13, 14, 15, 21, 22, 41, 42,
    departments=[{"id": 7, "head": 21, "parent": None}],
    groups={
        "sales_directors": [1], "finance_controllers": [21, 22], "lawyers": [11, 12, 13],
        "hr": [21, 22], "accountants": [22],
    },
)  # fmt: skip
SILENCE = [
    ("deal_discount", 2.0, "expired"),
    ("contract", 4.0, "rejected"),
    ("leave", 1.3, "rejected"),
    ("committee_expense", 3.0, "rejected"),
]


def ended(route: dict[str, Any]) -> tuple[str, timedelta]:
    """Return how and after what time a request ends that nobody answers, looking each ten minutes."""
    game = Game(route, PEOPLE)
    line = game.start(by=3, amount=10, days=1)
    begin = datetime.fromisoformat("2026-01-05T10:00+03:00")
    at = begin
    while line["state"] == "pending":
        at += timedelta(minutes=10)
        printed = game.player.line(2, f'{{"at": "{at.isoformat()}", "do": "tick"}}')
        assert printed is not None
        line = json.loads(printed)
    return line["state"], at - begin


@pytest.mark.parametrize(("name", "days", "state"), SILENCE)
def test_silence_ends_it(name: str, days: float, state: str) -> None:
    """E45: when the escalations are used up, the route's own end comes, and nothing is approved by silence."""
    found, length = ended(example(name))
    assert (state, days) == (found, round(length / timedelta(days=1), 1))


@pytest.mark.parametrize("name", [name for name, _, _ in SILENCE])
@pytest.mark.parametrize("locale", ["ru", "en"])
def test_reads_aloud(name: str, locale: str) -> None:
    """Each is valid, and is told in sentences of the reader's language, a stage after the other."""
    found = check(example(name), locale)
    assert found["ok"]
    assert [f"{number}. " for number in range(1, len(example(name)["stages"]) + 1)] == [
        each[:3] for each in found["sentences"] if each[0].isdigit()
    ]
    cyrillic = any("а" <= letter <= "я" for each in found["sentences"] for letter in each)
    assert (locale == "ru") == cyrillic
