"""A rule is made: what was said is read back, what only the person can tell is asked, and a yes switches it on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.automation.rule import AutomationRule
from bot.domain.automation.rule_reading import read_rule
from bot.messages import Button, Keyboard, Reply, Words
from bot.services.automation.drafting import ANY, Choice, Drafting
from bot.services.automation.kept_rules import FaultyRule, KeptRules, rule_title
from bot.text import lines, t, verbatim
from bot.words.rules import draft_lines, fault_lines, said_lines
from handlers.read_back import OVER, Question, ReadBack, read_back, still_open

router = Router("rule_making")
_MOST_FAULTS = 8


@dataclass(frozen=True, slots=True)
class AskRule(Question):
    """We asked what only the person can tell of a rule: which of several stages or templates it is."""

    draft: str
    fills: str
    options: list[list[str]]


@dataclass(frozen=True, slots=True)
class RuleChosen(Action, code="rx"):
    """It is that one."""

    nonce: str
    number: int


@dataclass(frozen=True, slots=True)
class KeepRule(ReadBack):
    """A rule as it would be kept."""

    yes: ClassVar[Words] = t("✅ Switch it on")
    document: str


async def wish(turn: Turn, said: Mapping[str, Any], kept: KeptRules, drafting: Drafting) -> Reply:
    """Read a rule back, or ask what is missing."""
    made = await drafting.drafted(turn.employee, turn.portal, said, turn.now)
    if isinstance(made, Choice):
        asked = AskRule(json.dumps(said, ensure_ascii=False), made.name, [list(each) for each in made.options])
        buttons = [
            Button(verbatim(label), RuleChosen(asked.nonce, number)) for number, (_, label) in enumerate(made.options)
        ]
        return turn.ask(asked, made.question, Keyboard.of(*buttons, asked.no_button))
    return await read_rule_back(turn, made.rule, kept, made.unfilled, is_known=False)


async def read_rule_back(
    turn: Turn, rule: AutomationRule, kept: KeptRules, unfilled: tuple[str, ...] = (), *, is_known: bool
) -> Reply:
    """Read a rule back in sentences, with what is likely a mistake."""
    names = await kept.names(turn.portal, rule, turn.employee.locale, turn.now)
    gone = await kept.gone_fields(turn.portal, rule)
    text = draft_lines(rule, names, unfilled, gone, is_known=is_known)
    return read_back(turn, KeepRule(rule.model_dump_json(by_alias=True)), text)


@router.pressed(RuleChosen)
async def chosen(turn: Turn, press: RuleChosen, kept: KeptRules, drafting: Drafting) -> Reply:
    """Go on with what was chosen."""
    asked = still_open(turn, AskRule, press.nonce)
    if asked is None or not 0 <= press.number < len(asked.options):
        return turn.say(OVER)
    return await _go_on(turn, asked, press.number, kept, drafting)


@router.answered(AskRule)
async def chosen_in_words(turn: Turn, asked: AskRule, kept: KeptRules, drafting: Drafting) -> Reply:
    """Take the name of one that is offered as a press on it; any other word is as it always is."""
    if turn.understood.intent in ("decline", "cancel", "undo"):
        return turn.conclude(asked.dropped)
    said = turn.message.text.strip().casefold()
    fitting = [number for number, (_, label) in enumerate(asked.options) if label.casefold() == said]
    if len(fitting) == 1:
        return await _go_on(turn, asked, fitting[0], kept, drafting)
    return turn.pass_on()


async def _go_on(turn: Turn, asked: AskRule, number: int, kept: KeptRules, drafting: Drafting) -> Reply:
    value, label = asked.options[number]
    said = {**json.loads(asked.draft), asked.fills: value}
    if said.get("stage") == ANY and asked.fills == "stage_id":
        said["stage"] = label
    return await wish(turn, said, kept, drafting)


@router.agreed(KeepRule)
async def keep(turn: Turn, asked: KeepRule, kept: KeptRules) -> Reply:
    """Keep the rule, and switch it on."""
    rule = await kept.keep(turn.employee, turn.portal, read_rule(json.loads(asked.document)), turn.now)
    names = await kept.names(turn.portal, rule.rule, turn.employee.locale, turn.now)
    done = t("🟢 The rule is on: *{title}*.", title=rule_title(rule.rule, turn.employee.locale))
    hint = t("Try it: “what would happen to deal 4711?”. All rules: /rules")
    return turn.conclude(lines(done, *said_lines(rule.rule, names), hint))


async def import_rule(turn: Turn, content: bytes, kept: KeptRules) -> Reply:
    """Read back what a file that was sent would do."""
    rule, is_known = await kept.imported(turn.employee, turn.portal, content)
    return await read_rule_back(turn, rule, kept, is_known=is_known)


@router.refused(FaultyRule)
async def faulty(turn: Turn, refusal: FaultyRule) -> Reply:
    """Say what is wrong with a file, fault by fault, and what to write instead."""
    return turn.say(lines(refusal.phrase, fault_lines(refusal.faults, _MOST_FAULTS)))
