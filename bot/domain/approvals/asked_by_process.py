"""The template of a business process that names people and no template: all are asked at once, and all must agree."""

from functools import lru_cache
from typing import Any, Final

from bot.domain.approvals.route import ROUTE_SCHEMA, TEMPLATE_SCHEMA, ApprovalTemplate

ASKED_BY_PROCESS: Final = "asked_by_process"
APPROVERS: Final = "approvers"
"""The field of a subject in which a process says whom it wants to be asked."""
_TEMPLATE: Final[dict[str, Any]] = {
    "schema": TEMPLATE_SCHEMA,
    "route": {
        "schema": ROUTE_SCHEMA,
        "key": ASKED_BY_PROCESS,
        "version": 1,
        "title": {"ru": "Согласование по процессу", "en": "Approval for a process"},
        "subjects": ["deal", "lead", "smart_process", "document", "custom"],
        "hard_limit": "60d",
        "stages": [
            {
                "id": "asked",
                "tracks": [
                    {
                        "id": "asked",
                        "approvers": [{"by": "field", "path": APPROVERS}],
                        "rule": {"type": "all"},
                        "actions": ["approve", "reject", "delegate", "comment"],
                    }
                ],
                "deadline": {"after": "10wd", "remind_before": ["1wd"], "on_expire": "expire"},
            }
        ],
        "policy": {"delegation": {"scope": "department", "max_depth": 1}, "undo_seconds": 30},
    },
    "form": [
        {"key": "subject", "type": "text", "title": {"ru": "Что согласовать", "en": "What"}, "required": True},
        {"key": "deal", "type": "deal", "title": {"ru": "Сделка", "en": "Deal"}},
        {"key": "amount", "type": "money", "title": {"ru": "Сумма", "en": "Amount"}},
    ],
    "start": {"by_hand": False},
}


@lru_cache(1)
def asked_by_process() -> ApprovalTemplate:
    """Return the template. What it says never changes: requests that run go by it."""
    return ApprovalTemplate.model_validate(_TEMPLATE)
