"""Rules read from JSON; what is wrong, and what is likely a mistake, is told by path, code and sentence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.domain.approvals.condition import comparisons
from bot.domain.approvals.fault_words import sentence_of
from bot.domain.approvals.reading import BadRoute, Fault, faults_of
from bot.domain.automation.deeds import ChangeFields, MoveToStage
from bot.domain.automation.rule import RULE_SCHEMA, AutomationRule
from bot.text import t


class BadRule(BadRoute):
    """What was read is no rule; `faults` say why."""


def read_rule(form: Any) -> AutomationRule:
    """Read a rule; `BadRule` says everything that is wrong with it."""
    if not isinstance(form, Mapping):
        raise BadRule([Fault("", "not_an_object", sentence_of("not_an_object", "", "", {}))])
    if form.get("schema") != RULE_SCHEMA:
        raise BadRule([Fault("schema", "not_a_rule", sentence_of("not_a_rule", "schema", "", {}))])
    try:
        return AutomationRule.model_validate(form)
    except RecursionError:
        raise BadRule([Fault("when", "too_deep", sentence_of("too_deep", "when", "", {}))]) from None
    except ValidationError as error:
        raise BadRule(list(faults_of(error, form))) from None


def rule_warnings(rule: AutomationRule) -> tuple[Fault, ...]:
    """Return what is likely a mistake in a rule that may be kept all the same."""
    return tuple(each for look in _LOOKS for each in look(rule))


def _every_change(rule: AutomationRule) -> Iterator[Fault]:
    if rule.event == "changed" and rule.when is None:
        words = t("There is no condition, so every change counts, of any field: name what must change in “when”.")
        yield Fault("when", "every_change", words)


def _never(rule: AutomationRule) -> Iterator[Fault]:
    """Comparisons that can never hold."""
    for each in comparisons(rule.when):
        needs_list = each.test == "in" and not isinstance(each.value, list)
        ordered = each.test in {"lt", "le", "gt", "ge"}
        no_order = ordered and (each.value is None or isinstance(each.value, bool | list))
        if needs_list or no_order or (each.test == "changed" and rule.event == "deleted"):
            words = t("The comparison of “{field}” can never hold: check it.", field=each.field)
            yield Fault("when", "condition_never_holds", words)


def _waits_for_itself(rule: AutomationRule) -> Iterator[Fault]:
    """What a rule writes never starts a rule, so this is no loop by itself; with a robot that moves back it is one."""
    looked_at = {each.field for each in comparisons(rule.when)}
    for number, deed in enumerate(rule.do):
        written = {rule.stage_field} if isinstance(deed, MoveToStage) else set()
        if isinstance(deed, ChangeFields):
            written = set(deed.fields)
        for name in sorted(written & looked_at):
            words = t(
                "It changes “{field}”, which it waits for. That starts no rule again, but a robot that changes it back "
                "makes a circle: such a rule is switched off.",
                field=name,
            )
            yield Fault(f"do[{number}]", "changes_what_it_waits_for", words)


_LOOKS: tuple[Callable[[AutomationRule], Iterable[Fault]], ...] = (_every_change, _never, _waits_for_itself)
