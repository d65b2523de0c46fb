"""Rules and changes as tests write them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.automation.change import Move, ObjectChange
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.rule import AutomationRule
from bot.domain.automation.rule_reading import read_rule

NOW = datetime(2026, 7, 13, 6, 0, tzinfo=UTC)
DEAL = ObjectRef("deal", 4711)


def cmp(field: str, test: str, value: Any = None) -> dict[str, Any]:
    """Return a comparison."""
    return {"op": "cmp", "field": field, "test": test, "value": value}


def form(**changed: Any) -> dict[str, Any]:
    """Return a rule as JSON: a deal that comes to CONTRACT asks for approval."""
    whole = {
        "schema": "automation.rule/1",
        "key": "contract",
        "version": 1,
        "title": {"ru": "Договор", "en": "Contract"},
        "object": {"kind": "deal"},
        "event": "changed",
        "when": cmp("stageId", "eq", "CONTRACT"),
        "do": [{"do": "approve", "template": "contract"}],
    }
    return {**whole, **changed}


def rule(**changed: Any) -> AutomationRule:
    """Return it read."""
    return read_rule(form(**changed))


def change(
    before: dict[str, Any] | None = None, after: dict[str, Any] | None = None, *moves: str, **others: Any
) -> ObjectChange:
    """Return a change of the deal; the moves are a minute apart, the last of them now."""
    told = tuple(Move(stage, NOW - timedelta(minutes=len(moves) - 1 - at)) for at, stage in enumerate(moves))
    values: dict[str, Any] = {"ref": DEAL, "what": "changed", "at": NOW, "moves": told, **others}
    return ObjectChange(before=before or {}, after=after or {}, **values)
