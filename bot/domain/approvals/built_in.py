"""The routes that are built in: one stage each, by which requests about a matter go. They are always on.

Whoever leads the person is asked, else the next lead up; where there is none, the administrators, who share one seat.
The first answer decides; who is asked may hand it over, once, to somebody who may decide as well. Where the portal says
so, the next lead up is asked as well after some working days, then the administrators. A portal's own routes are
templates (`template.py`); these cannot be changed or switched off.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from bot.domain.approvals.matter import (
    Asks,
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.approvals.route import ROUTE_SCHEMA, TEMPLATE_SCHEMA, ApprovalRoute, ApprovalTemplate

ADMINISTRATORS: Final = "portal_administrators"
"""The group that these routes call the administrators by."""
UNDO_SECONDS: Final = 30
LONGEST_DAYS: Final = 366
"""No request waits for ever: so long is the longest that a route allows."""
_TITLES: Final[Mapping[type[Matter], tuple[str, str, str]]] = {
    CorrectionMatter: ("time_correction", "Исправление отметок", "Correction of marks"),
    LeaveMatter: ("leave", "Отпуск и другие отсутствия", "Leave and other absences"),
    LeaveChangeMatter: ("leave", "Изменение отсутствия", "Change of an absence"),
    OvertimeMatter: ("overtime", "Переработка", "Overtime"),
    ReopenMatter: ("reopening", "Открытие закрытых дней", "Reopening of closed days"),
}


def key_of(kind: str) -> str:
    """Return the key of the route by which requests of a kind go."""
    return f"built_in_{kind}"


@cache
def route_of(kind: str, patience: int = 0) -> ApprovalRoute:
    """Return the route by which requests of a kind go; others are asked as well after so many working days, if any."""
    if not patience:
        return built_in()[key_of(kind)].route
    (matter,) = (each for each in _TITLES if each.kind == kind)
    return _template(matter, *_TITLES[matter], patience).route


@cache
def built_in() -> Mapping[str, ApprovalTemplate]:
    """Return the templates of the built-in routes, by key."""
    templates = [_template(kind, *words) for kind, words in _TITLES.items()]
    return {each.route.key: each for each in templates}


def _template(kind: type[Matter], subject: str, ru: str, en: str, patience: int = 0) -> ApprovalTemplate:
    route = {
        "schema": ROUTE_SCHEMA,
        "key": key_of(kind.kind),
        "version": 1,
        "title": {"ru": ru, "en": en},
        "subjects": [subject],
        "hard_limit": f"{LONGEST_DAYS}d",
        "stages": [_stage(kind.asks, patience)],
        "policy": {
            "self_approval": "forbid",
            "undo_seconds": UNDO_SECONDS,
            "withdraw": "until_first_decision",
            "substitution": True,
            "delegation": {"scope": "any", "max_depth": 1},
        },
    }
    return ApprovalTemplate.model_validate({"schema": TEMPLATE_SCHEMA, "route": route, "start": {"by_hand": False}})


def _stage(asks: Asks, patience: int) -> dict[str, Any]:
    administrators = [{"by": "group", "name": ADMINISTRATORS}]
    by_lead = asks is Asks.LEAD
    return {
        "id": "decision",
        "title": {"ru": "Решение", "en": "Decision"},
        "tracks": [
            {
                "id": "decision",
                "approvers": [{"by": "head_of"}] if by_lead else administrators,
                "rule": {"type": "first"},
                "actions": ["approve", "reject", "delegate"],
                "comment_required": "reject",
            }
        ],
        **({"on_empty": "fallback", "fallback": administrators} if by_lead else {}),
        "deadline": _deadline(patience if by_lead else 0),
    }


def _deadline(patience: int) -> dict[str, Any]:
    """Return how long an answer is waited for, and who is asked beside whoever is silent; nobody is above the last."""
    if not patience:
        return {"after": f"{LONGEST_DAYS}d", "on_expire": "expire"}
    step = f"{patience}wd"
    above, administrators = {"by": "head_of", "level": 2}, {"by": "group", "name": ADMINISTRATORS}
    return {
        "after": step,
        "on_expire": "expire",
        "escalate": [
            {"to": [above], "mode": "add", "extend": step},
            {"to": [administrators], "mode": "add", "extend": f"{LONGEST_DAYS}d"},
        ],
    }
