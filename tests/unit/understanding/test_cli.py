"""The `understand` command prints the contract's objects."""

from __future__ import annotations

import json

from bot.understanding.cli import run
from tests.unit.understanding.tables import MOSCOW, NOW


def printed(*lines: str) -> list[dict[str, object]]:
    """Return what the command prints for these lines."""
    out: list[str] = []
    run(lines, out.append, locale="ru", zone=MOSCOW, now=NOW)
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in out)
    return [json.loads(line) for line in out]


def test_one_object_a_line() -> None:
    """Each line of input gives one line of output, in order, with its own text."""
    assert [found["text"] for found in printed("пришёл\n", "\n", "👍\n", "out\r\n")] == ["пришёл", "", "👍", "out"]


def test_instants_and_days() -> None:
    """Instants are ISO with their offset, days are YYYY-MM-DD."""
    assert printed("вчера ушёл в 18:30", "отгул завтра") == [
        {
            "text": "вчера ушёл в 18:30",
            "intent": "check_out",
            "slots": {"at": "2026-07-14T18:30:00+03:00"},
            "ambiguous": [],
        },
        {
            "text": "отгул завтра",
            "intent": "leave",
            "slots": {"kind": "day_off", "from_day": "2026-07-16", "to_day": "2026-07-16"},
            "ambiguous": [],
        },
    ]


def test_ambiguous() -> None:
    """Where there are readings to ask about, the intent and the slots are those of the first."""
    (found,) = printed("вчера был с 9 до 6")
    start = "2026-07-14T09:00:00+03:00"
    first = {"intent": "worked", "slots": {"from": start, "to": "2026-07-14T18:00:00+03:00"}}
    second = {"intent": "worked", "slots": {"from": start, "to": "2026-07-15T06:00:00+03:00"}}
    assert found == {"text": "вчера был с 9 до 6", **first, "ambiguous": [first, second]}


def test_unknown() -> None:
    """An unknown text has no intent; its letters are printed as they are."""
    out: list[str] = []
    run(["клиент пришёл"], out.append, locale="ru", zone=MOSCOW, now=NOW)
    assert out == ['{"text": "клиент пришёл", "intent": null, "slots": {}, "ambiguous": []}\n']
