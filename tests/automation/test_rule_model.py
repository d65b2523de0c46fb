"""What a rule may be: what contradicts itself is refused with a path and a code, what is likely a mistake is told."""

from typing import Any

import pytest

from bot.domain.automation.rule_reading import BadRule, read_rule, rule_warnings
from bot.domain.automation.rule_sentences import RuleNames, rule_sentences
from bot.i18n import Translator
from tests.automation.making import NOW, cmp, form, rule

_DEEP = {"op": "not", "arg": {"op": "not", "arg": {"op": "not", "arg": {"op": "not", "arg": cmp("f", "eq", 1)}}}}


@pytest.mark.parametrize(
    ("changed", "path", "code"),
    [
        ({"schema": "approval.route/1"}, "schema", "not_a_rule"),
        ({"object": {"kind": "invoice"}}, "object.kind", "unknown_value"),
        ({"object": {"kind": "smart_process"}}, "object.type_id", "type_of_smart_process"),
        ({"object": {"kind": "deal", "type_id": 171}}, "object.type_id", "type_of_smart_process"),
        ({"event": "moved"}, "event", "unknown_value"),
        ({"when": _DEEP}, "when", "condition_too_deep"),
        ({"when": {"op": "eval", "code": "1"}}, "when", "unknown_kind"),
        ({"when": cmp("__import__('os')", "eq", 1)}, "when.field", "bad_text"),
        ({"do": []}, "do", "too_few"),
        ({"do": [{"do": "shell", "command": "ls"}]}, "do[0]", "unknown_kind"),
        ({"do": [{"do": "stage", "stage": "C5:WON&x=1"}]}, "do[0].stage", "bad_text"),
        ({"do": [{"do": "task", "title": "x", "deadline": "soon"}]}, "do[0].deadline", "bad_text"),
        ({"event": "deleted", "do": [{"do": "comment", "text": "x"}]}, "do[0]", "object_is_gone"),
        ({"object": {"kind": "task"}, "do": [{"do": "stage", "stage": "5"}]}, "do[0]", "not_for_tasks"),
        ({"note": 1}, "note", "unknown_key"),
    ],
)
def test_what_is_refused(changed: dict[str, Any], path: str, code: str) -> None:
    """Each with where it is and what kind it is; the sentence says what to write."""
    with pytest.raises(BadRule) as refused:
        read_rule(form(**changed))
    assert (path, code) == (refused.value.faults[0].path, refused.value.faults[0].code)
    assert refused.value.faults[0].sentence.message


def test_no_rule_at_all() -> None:
    """What is no object is said to be none."""
    with pytest.raises(BadRule) as refused:
        read_rule(["rule"])
    assert "not_an_object" == refused.value.faults[0].code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"when": None}, "every_change"),
        ({"when": cmp("opportunity", "ge", True)}, "condition_never_holds"),
        ({"event": "deleted", "when": cmp("stageId", "changed")}, "condition_never_holds"),
        ({"do": [{"do": "stage", "stage": "WON"}]}, "changes_what_it_waits_for"),
        ({"do": [{"do": "update", "fields": {"stageId": "WON"}}]}, "changes_what_it_waits_for"),
    ],
)
def test_what_is_likely_a_mistake(changed: dict[str, Any], code: str) -> None:
    """Such a rule may be kept, and whoever keeps it is told."""
    assert [code] == [each.code for each in rule_warnings(rule(**changed))]


def test_which_fields_a_rule_needs() -> None:
    """Those of its condition and those that what it does takes from the object."""
    made = rule(
        when={"op": "and", "args": [cmp("stageId", "eq", "WON"), cmp("opportunity", "ge", 100)]},
        do=[
            {"do": "task", "title": "Call {title}", "responsible": {"by": "field", "path": "ufCrmOwner"}},
            {"do": "approve", "template": "contract", "fields": {"deal": "{id}", "sum": "{opportunity}"}},
        ],
    )
    assert {"stageId", "opportunity", "title", "ufCrmOwner"} == made.fields


def said(locale: str, **changed: Any) -> list[str]:
    """Return a rule as a reader of a language has it."""
    names = RuleNames({"CONTRACT": "Договор"}, {"opportunity": "Сумма"}, {"contract": "Договор"}, {17: "Анна Ким"})
    reader = Translator(locale, "UTC", NOW)
    return [reader.plain(each) for each in rule_sentences(rule(**changed), names)]


def test_how_a_rule_reads() -> None:
    """When what happens, and what is done then, with the names that the portal gives."""
    assert [
        "When a deal comes to the stage “Договор”:",
        "Approval is asked for by the template “Договор”.",
    ] == said("en")
    assert [
        "When a deal is changed, and “Сумма” is at least 100\u00a0000:",
        "A task “Call {title}” for whoever is responsible, due in 1 working day.",
    ] == said(
        "en", when=cmp("opportunity", "ge", 100000), do=[{"do": "task", "title": "Call {title}", "deadline": "1wd"}]
    )
