"""Rules of the portal: read, checked and changed by administrators; a change is a new version, gone by at once."""

import json

from bot.api.operation import Answer, Call, Operation
from bot.api.operations.templates import finding
from bot.api.problems import NOT_FOUND, PRECONDITION_REQUIRED, own
from bot.api.schemas.automation import RuleForm, RuleRow, RulesList
from bot.api.schemas.periods import Checked, Document
from bot.domain.approvals.reading import BadRoute
from bot.domain.automation.rule_reading import read_rule, rule_warnings
from bot.domain.errors import NotAllowed
from bot.domain.people.api_key import Scope
from bot.domain.rights import Right, check
from bot.services.automation.kept_rules import (
    BadRuleFile,
    FaultyRule,
    KeptRule,
    KeptRules,
    TooManyRules,
    UnknownRule,
    read_rule_file,
    rule_title,
)

RULES = Operation("GET", "/rules", Scope.TEMPLATES_READ, answers=RulesList, refuses=(NotAllowed,))


@RULES.run
async def list_rules(call: Call, rules: KeptRules) -> RulesList:
    """List the rules, by key; they are for administrators alone."""
    check(call.person, Right.KEEP_RULES)
    return RulesList(items=[_row(call, each) for each in await rules.all_of(call.portal)], next=None)


CHECK = Operation("POST", "/rules/check", Scope.TEMPLATES_READ, answers=Checked, body=Document, refuses=(NotAllowed,))


@CHECK.run
async def check_rule(call: Call, body: Document) -> Checked:
    """Say what is wrong with a rule, and what is likely a mistake; nothing is stored."""
    check(call.person, Right.KEEP_RULES)
    try:
        found = read_rule(body.document)
    except BadRoute as bad:
        return Checked(ok=False, faults=[finding(call, each) for each in bad.faults], warnings=[])
    return Checked(ok=True, faults=[], warnings=[finding(call, each) for each in rule_warnings(found)])


RULE = Operation("GET", "/rules/{key}", Scope.TEMPLATES_READ, answers=RuleForm, refuses=(NotAllowed, UnknownRule))


@RULE.run
async def get_rule(call: Call, rules: KeptRules) -> Answer:
    """Show a rule as the version says that counts."""
    check(call.person, Right.KEEP_RULES)
    return _answer(call, await rules.get(call.portal, call.path["key"]))


VERSION = Operation(
    "GET", "/rules/{key}/versions/{n}", Scope.TEMPLATES_READ, answers=RuleForm, refuses=(NotAllowed, UnknownRule)
)


@VERSION.run
async def get_rule_version(call: Call, rules: KeptRules) -> RuleForm:
    """Show what a version of a rule says; what it caused names it."""
    check(call.person, Right.KEEP_RULES)
    n = call.path["n"]
    known = n.isascii() and n.isdigit() and len(n) < 6
    found = await rules.version(call.portal, call.path["key"], int(n)) if known else None
    if found is None:
        raise own(NOT_FOUND)
    return _form(call, found)


PUT = Operation(
    "PUT",
    "/rules/{key}",
    Scope.TEMPLATES_WRITE,
    answers=RuleForm,
    body=Document,
    may_match=True,
    refuses=(NotAllowed, TooManyRules, FaultyRule, BadRuleFile, PRECONDITION_REQUIRED),
)


@PUT.run
async def put_rule(call: Call, body: Document, rules: KeptRules) -> Answer:
    """Make a new version of a rule, which is gone by from now on; of one that is there it wants If-Match."""
    check(call.person, Right.KEEP_RULES)
    before = next((each for each in await rules.all_of(call.portal) if each.key == call.path["key"]), None)
    if before is not None:
        call.check_seen(before.version.version, lambda: _form(call, before))
    rule = read_rule_file(json.dumps(body.document).encode())
    if rule.key != call.path["key"]:
        raise own(NOT_FOUND)
    return _answer(call, await rules.keep(call.person, call.portal, rule, call.now))


DELETE = Operation("DELETE", "/rules/{key}", Scope.TEMPLATES_WRITE, status=204, refuses=(NotAllowed, UnknownRule))


@DELETE.run
async def delete_rule(call: Call, rules: KeptRules) -> Answer:
    """Delete a rule; what it caused stays, and names it."""
    await rules.delete(call.person, call.portal, call.path["key"], call.now)
    return Answer()


def _row(call: Call, kept: KeptRule) -> RuleRow:
    return RuleRow(
        key=kept.key,
        title=rule_title(kept.rule, call.locale),
        state=kept.version.state.value,
        version=kept.version.version,
        object=kept.rule.object.kind,
        event=kept.rule.event,
        trouble=kept.version.trouble or None,
    )


def _form(call: Call, kept: KeptRule) -> RuleForm:
    document = kept.rule.model_dump(mode="json", by_alias=True)
    return RuleForm(**_row(call, kept).model_dump(), document=document)


def _answer(call: Call, kept: KeptRule) -> Answer:
    return Answer(_form(call, kept), version=kept.version.version)


OPERATIONS = (RULES, CHECK, RULE, VERSION, PUT, DELETE)
