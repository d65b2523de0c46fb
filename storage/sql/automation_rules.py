"""Statements about rules of a portal, and about how often they held."""

from typing import Any

from sqlalchemy import delete, select, update

from storage.engines.statement import Statement, number, text_of, word
from storage.schema import automation_rule, object_request, rule_firing

RULES = Statement(
    "rules",
    lambda _: (
        select(*automation_rule.c)
        .where(automation_rule.c.portal_id == number("portal_id"))
        .order_by(automation_rule.c.key, automation_rule.c.version)
    ),
)
RULES_ON = Statement(
    "rules that are on",
    lambda _: (
        select(*automation_rule.c)
        .where(automation_rule.c.portal_id == number("portal_id"), automation_rule.c.state == word("on"))
        .order_by(automation_rule.c.key, automation_rule.c.version)
    ),
)
ADD_RULE = Statement("add rule", lambda insert: insert(automation_rule), rank=58, lock="key")
PUT_RULE_STATE = Statement(
    "put rule state",
    lambda _: (
        update(automation_rule)
        .where(
            automation_rule.c.portal_id == number("the_portal_id"),
            automation_rule.c.key == text_of("the_key"),
            automation_rule.c.version == number("the_version"),
            automation_rule.c.state == text_of("the_state"),
        )
        .values(
            state=text_of("state"),
            changed_at=number("changed_at"),
            changed_by=number("changed_by"),
            trouble=text_of("trouble"),
        )
    ),
    rank=59,
    lock="the_key",
    many=True,
)
FIRED = Statement(
    "how often rules held for an object",
    lambda _: (
        select(*rule_firing.c)
        .where(
            rule_firing.c.portal_id == number("portal_id"),
            rule_firing.c.object == text_of("object"),
            rule_firing.c.at >= number("since"),
        )
        .order_by(rule_firing.c.at)
    ),
)
FIRINGS = Statement(
    "when a rule held last",
    lambda _: (
        select(*rule_firing.c)
        .where(rule_firing.c.portal_id == number("portal_id"), rule_firing.c.rule == text_of("rule"))
        .order_by(rule_firing.c.at.desc())
        .limit(number("limit"))
    ),
)
FIRE = Statement("note that a rule held", lambda insert: insert(rule_firing), rank=60, lock="occurrence")
DROP_OLD_FIRINGS = Statement(
    "drop old firings", lambda _: delete(rule_firing).where(rule_firing.c.at < number("before")), many=True
)


def _tie(insert: Any) -> Any:
    return insert(object_request).on_conflict_do_nothing()


TIE = Statement("tie an object to a request", _tie, rank=60, lock="object")
TIED = Statement(
    "requests that an object was made for",
    lambda _: (
        select(object_request.c.request_id)
        .where(object_request.c.portal_id == number("portal_id"), object_request.c.object == text_of("object"))
        .order_by(object_request.c.request_id)
    ),
)
