"""Templates that come ready-made, as drafts: whom each company has to name is left blank.

They name groups alone, never a number, so that they fit every portal. What only one portal has (a stage of its deals, a
process of its own) is not in their outcomes; an administrator adds it to the file.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from bot.domain.approvals.route import ROUTE_SCHEMA, TEMPLATE_SCHEMA, ApprovalTemplate
from bot.text import Phrase, t

_NOTIFY: Final = {"do": "notify", "args": {"to": "initiator"}}


def _field(key: str, kind: str, ru: str, en: str, *, required: bool = True) -> dict[str, Any]:
    return {"key": key, "type": kind, "title": {"ru": ru, "en": en}, "required": required}


def _titled(ru: str, en: str) -> dict[str, str]:
    return {"ru": ru, "en": en}


def _group(name: str) -> dict[str, str]:
    return {"by": "group", "name": name}


_DISCOUNT: Final = {
    "key": "deal_discount",
    "title": _titled("Скидка по сделке", "Deal discount"),
    "subjects": ["deal"],
    "hard_limit": "30d",
    "stages": [
        {
            "id": "head",
            "title": _titled("Руководитель", "Head"),
            "tracks": [
                {
                    "id": "head",
                    "approvers": [{"by": "head_of", "of": "initiator"}],
                    "rule": {"type": "any"},
                    "actions": ["approve", "reject", "return", "delegate", "comment"],
                }
            ],
            "on_empty": "fallback",
            "fallback": [_group("sales_directors")],
            "deadline": {
                "after": "1wd",
                "remind_before": ["4h", "1h"],
                "on_expire": "expire",
                "escalate": [{"to": [{"by": "head_of", "level": 2}], "mode": "add", "extend": "1wd"}],
            },
        },
        {
            "id": "finance",
            "title": _titled("Финансы", "Finance"),
            "when": {"op": "cmp", "field": "amount", "test": "ge", "value": 300000},
            "tracks": [{"id": "fin", "approvers": [_group("finance_controllers")], "rule": {"type": "first"}}],
            "deadline": {"after": "2wd", "on_expire": "reject"},
        },
        {
            "id": "ceo",
            "title": _titled("Директор", "Director"),
            "when": {
                "op": "or",
                "args": [
                    {"op": "cmp", "field": "amount", "test": "ge", "value": 1000000},
                    {"op": "cmp", "field": "discount_percent", "test": "gt", "value": 25},
                ],
            },
            "tracks": [{"id": "ceo", "approvers": [_group("director")], "rule": {"type": "any"}}],
            "deadline": {"after": "3wd", "on_expire": "reject"},
        },
    ],
    "rework": {"max_rounds": 2, "deadline": "5wd", "resume": "start", "keep": "same_revision"},
    "policy": {
        "repeat_person": "consecutive",
        "delegation": {"scope": "department", "max_depth": 1},
        "undo_seconds": 30,
        "watch": ["amount", "discount_percent"],
        "on_change": "rework",
    },
    "outcomes": {
        "approved": [{"do": "bizproc_event", "args": {"RESULT": "approved"}}, {"do": "timeline_comment"}, _NOTIFY],
        "rejected": [{"do": "bizproc_event", "args": {"RESULT": "rejected"}}, {"do": "timeline_comment"}, _NOTIFY],
        "expired": [{"do": "bizproc_event", "args": {"RESULT": "expired"}}, _NOTIFY],
    },
}
_CONTRACT: Final = {
    "key": "contract",
    "title": _titled("Договор", "Contract"),
    "subjects": ["document"],
    "hard_limit": "90d",
    "stages": [
        {
            "id": "review",
            "title": _titled("Проверка", "Review"),
            "join": "all",
            "fail_fast": False,
            "on_reject": "rework",
            "tracks": [
                {
                    "id": "legal",
                    "title": _titled("Юристы", "Legal"),
                    "approvers": [_group("lawyers")],
                    "rule": {"type": "quorum", "n": 2},
                    "actions": ["approve", "reject", "return", "delegate", "ask", "comment"],
                },
                {
                    "id": "finance",
                    "title": _titled("Финансы", "Finance"),
                    "approvers": [_group("finance_head")],
                    "rule": {"type": "any"},
                },
                {
                    "id": "security",
                    "title": _titled("Безопасность", "Security"),
                    "approvers": [_group("security")],
                    "rule": {"type": "any"},
                    "veto": "anyone",
                },
            ],
            "deadline": {
                "after": "3wd",
                "remind_before": ["1wd"],
                "on_expire": "reject",
                "escalate": [{"to": [_group("deputy_director")], "mode": "add", "extend": "1wd"}],
            },
        },
        {
            "id": "sign",
            "title": _titled("Подпись", "Signature"),
            "tracks": [{"id": "director", "approvers": [_group("director")], "rule": {"type": "all"}}],
            "deadline": {"after": "5wd", "on_expire": "expire"},
        },
    ],
    "rework": {"max_rounds": 3, "deadline": "10wd", "resume": "same_stage", "keep": "none"},
    "policy": {
        "watch": ["file_sha256", "amount"],
        "on_change": "rework",
        "four_eyes": [["review", "sign"]],
        "delegation": {"scope": "subordinates", "max_depth": 2},
    },
    "outcomes": {"approved": [{"do": "task_complete"}, _NOTIFY], "rejected": [{"do": "task_comment"}, _NOTIFY]},
}
_LEAVE: Final = {
    "key": "leave",
    "title": _titled("Отпуск", "Leave"),
    "subjects": ["leave"],
    "hard_limit": "14d",
    "stages": [
        {
            "id": "head",
            "title": _titled("Руководитель", "Head"),
            "tracks": [{"id": "head", "approvers": [{"by": "head_of"}], "rule": {"type": "any"}}],
            "on_empty": "fallback",
            "fallback": [_group("hr")],
            "deadline": {
                "after": "8wh",
                "remind_before": ["2h"],
                "on_expire": "reject",
                "escalate": [{"to": [_group("hr")], "mode": "replace", "extend": "1wd"}],
            },
        },
        {
            "id": "hr",
            "title": _titled("Кадры", "HR"),
            "when": {"op": "cmp", "field": "days", "test": "gt", "value": 14},
            "tracks": [{"id": "hr", "approvers": [_group("hr")], "rule": {"type": "first"}}],
            "deadline": {"after": "2wd", "on_expire": "reject"},
        },
    ],
    "policy": {"undo_seconds": 60},
    "outcomes": {"approved": [_NOTIFY], "rejected": [_NOTIFY]},
}
_EXPENSE: Final = {
    "key": "committee_expense",
    "title": _titled("Расход (комитет)", "Committee expense"),
    "subjects": ["expense"],
    "hard_limit": "21d",
    "stages": [
        {
            "id": "committee",
            "title": _titled("Комитет", "Committee"),
            "tracks": [
                {
                    "id": "vote",
                    "approvers": [_group("committee_chair"), _group("committee")],
                    "rule": {"type": "percent", "min": 60},
                    "veto": [_group("committee_chair")],
                }
            ],
            "deadline": {"after": "3wd", "remind_before": ["1wd", "4h"], "on_expire": "reject"},
        },
        {
            "id": "pay",
            "title": _titled("Оплата", "Payment"),
            "tracks": [{"id": "acc", "approvers": [_group("accountants")], "rule": {"type": "quorum", "n": 1}}],
            "on_empty": "fallback",
            "fallback": [_group("director")],
            "deadline": {"after": "2wd", "on_expire": "expire"},
        },
    ],
    "policy": {"four_eyes": [["committee", "pay"]], "undo_seconds": 60},
    "outcomes": {"approved": [_NOTIFY], "rejected": [_NOTIFY]},
}
_FORMS: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "deal_discount": (
        _field("deal", "deal", "Сделка", "Deal", required=False),
        _field("amount", "money", "Сумма", "Amount"),
        _field("discount_percent", "number", "Скидка, %", "Discount, %"),
    ),
    "contract": (
        _field("subject", "text", "Предмет", "Subject matter"),
        _field("amount", "money", "Сумма", "Amount"),
        _field("file_sha256", "file", "Файл договора", "Contract file"),
    ),
    "leave": (
        _field("from_day", "date", "С какого дня", "First day"),
        _field("to_day", "date", "По какой день", "Last day"),
        _field("days", "number", "Дней", "Days"),
    ),
    "committee_expense": (
        _field("purpose", "text", "На что", "Purpose"),
        _field("amount", "money", "Сумма", "Amount"),
        _field("invoice", "file", "Счёт", "Invoice", required=False),
    ),
}
GROUPS: Final[Mapping[str, Phrase]] = {
    "sales_directors": t("Sales directors"),
    "finance_controllers": t("Financial controllers"),
    "finance_head": t("Head of finance"),
    "director": t("Director"),
    "deputy_director": t("Deputy director"),
    "lawyers": t("Lawyers"),
    "security": t("Security officers"),
    "hr": t("HR"),
    "committee": t("Committee members"),
    "committee_chair": t("Chair of the committee"),
    "accountants": t("Accountants"),
}
"""The groups that they name, as people call them; a portal may have others."""
HEADED: Final = frozenset({"sales_directors", "finance_head", "director", "deputy_director", "committee_chair"})
"""Those of them who head something: where a department is named for one, its head is meant."""
QUESTIONS: Final[Mapping[str, Phrase]] = {
    "sales_directors": t("Who directs sales?"),
    "finance_controllers": t("Who controls the finances?"),
    "finance_head": t("Who heads finance?"),
    "director": t("Who is the director?"),
    "deputy_director": t("Who is the deputy director?"),
    "lawyers": t("Who are the lawyers?"),
    "security": t("Who is responsible for security?"),
    "hr": t("Who works in HR?"),
    "committee": t("Who sits in the committee, beside the chair?"),
    "committee_chair": t("Who chairs the committee?"),
    "accountants": t("Who are the accountants?"),
}
"""How chat asks who is in each of them."""


@lru_cache(maxsize=1)
def ready_made() -> Mapping[str, ApprovalTemplate]:
    """Return the templates that every portal begins with, by key."""
    found: dict[str, ApprovalTemplate] = {}
    for route in (_DISCOUNT, _CONTRACT, _LEAVE, _EXPENSE):
        form = _FORMS[str(route["key"])]
        document = {"schema": TEMPLATE_SCHEMA, "route": {"schema": ROUTE_SCHEMA, "version": 1, **route}, "form": form}
        template = ApprovalTemplate.model_validate(document)
        found[template.route.key] = template
    return found
