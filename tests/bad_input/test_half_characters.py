"""Half a character is no text: nobody keeps one in a rule or a template, for no page could show it ever again."""

import json

import pytest

from bot.domain.errors import BadForm, Refusal
from bot.services.approvals.templates import read_file
from bot.services.automation.kept_rules import read_rule_file
from bot.web.builder.fields import _meant
from bot.web.builder.nodes import _condition_in, value_in
from bot.web.rule_form import _value
from bot.web.views.settings.rules import _titles_before

HALF = json.dumps("\ud800")
DEEP = "[" * 100_000


def test_a_typed_value_stays_as_it_was_typed() -> None:
    """As the signs that stand for it, which are whole."""
    assert [HALF] * 3 == [value_in(HALF, "eq", "text"), _meant(HALF), _value(HALF)]


@pytest.mark.parametrize("text", ['{"a": ' + HALF + "}", DEEP])
def test_what_is_pasted_is_refused(text: str) -> None:
    """With the sentence for what is no JSON; so is what lies too deep."""
    for read in (read_file, read_rule_file):
        with pytest.raises(Refusal, match="bad_"):
            read(text.encode())
    with pytest.raises(BadForm):
        _condition_in(text, "if")
    assert {} == _titles_before({"titles": text})
