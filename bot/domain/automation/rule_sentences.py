"""A rule read aloud: when what happens, and what is done then, in one sentence each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.approvals.condition import And, Compare, Condition, Not, Or
from bot.domain.approvals.sentences import length, listed, said_value
from bot.domain.automation.deeds import (
    AddComment,
    AskApproval,
    Assignee,
    ChangeFields,
    Deed,
    MakeDeal,
    MakeTask,
    MoveToStage,
    RunProcess,
    Tell,
)
from bot.domain.automation.rule import AutomationRule, stage_field
from bot.text import Phrase, t, verbatim


@dataclass(frozen=True, slots=True)
class RuleNames:
    """What a portal and its people call what a rule names; what is not here is called as the rule writes it."""

    stages: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    process: str = ""
    """What the smart process is called whose elements the rule looks at."""


def rule_sentences(rule: AutomationRule, names: RuleNames | None = None) -> tuple[Phrase, ...]:
    """Return when a rule holds, and what is done then."""
    told = _Telling(rule, names or RuleNames())
    return (told.trigger(), *(told.deed(each) for each in rule.do))


def deed_words(rule: AutomationRule, deed: Deed, names: RuleNames | None = None) -> Phrase:
    """Return what one deed of a rule does."""
    return _Telling(rule, names or RuleNames()).deed(deed)


@dataclass(frozen=True, slots=True)
class _Telling:
    rule: AutomationRule
    names: RuleNames

    def trigger(self) -> Phrase:
        what = self._happened()
        when = self.rule.when
        if when is None:
            return t("When {what}:", what=what)
        if (stage := _only_stage(self.rule)) is not None:
            if self.names.process:
                return t(
                    "When an element of “{process}” comes to the stage “{stage}”:",
                    process=self.names.process, stage=self.stage(stage),
                )  # fmt: skip
            return _TO_STAGE[self.rule.object.kind](self.stage(stage))
        return t("When {what}, and {condition}:", what=what, condition=self.said(when))

    def _happened(self) -> Phrase:
        if not self.names.process:
            return _HAPPENED[self.rule.event, self.rule.object.kind]()
        match self.rule.event:
            case "added":
                return t("an element of “{process}” is added", process=self.names.process)
            case "deleted":
                return t("an element of “{process}” is deleted", process=self.names.process)
            case _:
                return t("an element of “{process}” is changed", process=self.names.process)

    def stage(self, stage: Any) -> str:
        return self.names.stages.get(str(stage), str(stage))

    def field(self, name: str) -> str:
        return self.names.fields.get(name, name)

    def said(self, condition: Condition) -> Phrase:
        match condition:
            case Compare():
                return self._compared(condition)
            case And(args=args):
                return _joined([self._inside(each) for each in args], lambda a, b: t("{a} and {b}", a=a, b=b))
            case Or(args=args):
                return _joined([self._inside(each) for each in args], lambda a, b: t("{a} or {b}", a=a, b=b))
            case Not(arg=arg):
                return t("it is not so that {condition}", condition=self._inside(arg))

    def _inside(self, condition: Condition) -> Phrase:
        whole = self.said(condition)
        return whole if isinstance(condition, Compare) else Phrase("({whole})", {"whole": whole})

    def _compared(self, this: Compare) -> Phrase:
        name = self.field(this.field)
        if this.test == "empty":
            return t("“{field}” is empty", field=name)
        if this.test == "changed":
            return t("“{field}” has changed", field=name)
        is_stage = this.field == stage_field(self.rule.object.kind)
        if is_stage and this.test == "eq":
            return t("the stage is “{stage}”", stage=self.stage(this.value))
        if this.test == "in":
            values = this.value if isinstance(this.value, list) else [this.value]
            told = [verbatim(self.stage(each)) if is_stage else said_value(each) for each in values]
            return t("“{field}” is one of {values}", field=name, values=listed(told))
        if this.test == "ge":
            return t("“{field}” is at least {value}", field=name, value=said_value(this.value))
        if this.test == "le":
            return t("“{field}” is at most {value}", field=name, value=said_value(this.value))
        return Phrase(
            "“{field}” {sign} {value}", {"field": name, "sign": _SIGNS[this.test], "value": said_value(this.value)}
        )

    def deed(self, deed: Deed) -> Phrase:
        match deed:
            case AskApproval(template=template):
                title = self.names.templates.get(template, template)
                return t("Approval is asked for by the template “{template}”.", template=title)
            case MakeTask(title=title, responsible=who, deadline=None):
                return t("A task “{title}” for {who}.", who=self.person(who), title=title)
            case MakeTask(title=title, responsible=who, deadline=deadline):
                due = length(deadline or "1wd")
                return t("A task “{title}” for {who}, due in {time}.", who=self.person(who), title=title, time=due)
            case MakeDeal(title=title, responsible=who):
                return t("A new deal “{title}” for {who}.", who=self.person(who), title=title)
            case ChangeFields(fields=fields):
                written = [
                    Phrase("{field} = {value}", {"field": self.field(name), "value": said_value(value)})
                    for name, value in fields.items()
                ]
                return t("Its fields become: {fields}.", fields=listed(written))
            case MoveToStage(stage=stage):
                return t("It moves to the stage “{stage}”.", stage=self.stage(stage))
            case Tell(to=people, text=text):
                told = listed([self.person(each) for each in people])
                return t("Notified: {who}. Text: “{text}”.", who=told, text=text)
            case AddComment(text=text):
                return t("A comment is written to it: “{text}”.", text=text)
            case RunProcess(template_id=number):
                return t("The business process {number} is started on it.", number=number)
            case _:
                return t("Its request is told: it stands in the record, and those who take part read of it.")

    def person(self, who: Assignee) -> Phrase:
        match who.by:
            case "responsible":
                return t("whoever is responsible")
            case "mover":
                return t("whoever did it")
            case "head_of":
                return t("the head of whoever did it") if who.of == "mover" else t("the head of whoever is responsible")
            case "field":
                return t("whoever stands in “{field}”", field=self.field(who.path))
            case _:
                known = self.names.people.get(who.id)
                return verbatim(known) if known else t("the person with number {id}", id=who.id)


def _only_stage(rule: AutomationRule) -> str | None:
    """Return the stage that a rule waits for, where it waits for nothing else."""
    when = rule.when
    is_it = isinstance(when, Compare) and when.test == "eq" and rule.event == "changed"
    return str(when.value) if is_it and when.field == stage_field(rule.object.kind) else None  # type: ignore[union-attr]


_HAPPENED: dict[tuple[str, str], Callable[[], Phrase]] = {
    ("added", "deal"): lambda: t("a deal is added"),
    ("changed", "deal"): lambda: t("a deal is changed"),
    ("deleted", "deal"): lambda: t("a deal is deleted"),
    ("added", "lead"): lambda: t("a lead is added"),
    ("changed", "lead"): lambda: t("a lead is changed"),
    ("deleted", "lead"): lambda: t("a lead is deleted"),
    ("added", "task"): lambda: t("a task is added"),
    ("changed", "task"): lambda: t("a task is changed"),
    ("deleted", "task"): lambda: t("a task is deleted"),
    ("added", "smart_process"): lambda: t("an element of the smart process is added"),
    ("changed", "smart_process"): lambda: t("an element of the smart process is changed"),
    ("deleted", "smart_process"): lambda: t("an element of the smart process is deleted"),
}
_TO_STAGE: dict[str, Callable[[str], Phrase]] = {
    "deal": lambda stage: t("When a deal comes to the stage “{stage}”:", stage=stage),
    "lead": lambda stage: t("When a lead comes to the stage “{stage}”:", stage=stage),
    "task": lambda stage: t("When a task comes to the status “{stage}”:", stage=stage),
    "smart_process": lambda stage: t("When an element comes to the stage “{stage}”:", stage=stage),
}
_SIGNS = {"eq": "=", "ne": "≠", "lt": "<", "gt": ">"}


def _joined(phrases: Sequence[Phrase], join: Callable[[Phrase, Phrase], Phrase]) -> Phrase:
    whole, *rest = phrases
    for each in rest:
        whole = join(whole, each)
    return whole
