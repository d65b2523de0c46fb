"""Rules of a portal in chat: listed, shown, switched on and off, deleted, tried, taken as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.actions import Action
from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.rights import Right, check
from bot.messages import Attachment, Button, Keyboard, Reply, Words
from bot.services.automation.drafting import ANY, Drafting
from bot.services.automation.kept_rules import KeptRule, KeptRules, file_of, rule_title
from bot.text import Lines, t, verbatim
from bot.words.rules import rule_lines, rules_lines, would_lines
from handlers.automation.rule_making import wish
from handlers.read_back import ReadBack, read_back

router = Router("rules")
_VERBS = {
    "on": "on", "включи": "on", "включить": "on", "off": "off", "выключи": "off", "выключить": "off",
    "file": "file", "файл": "file", "delete": "delete", "удали": "delete", "удалить": "delete",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RulePressed(Action, code="ru"):
    """Do something with a rule: show, on, off, file, delete; of the key "" show all."""

    key: str
    do: str


@dataclass(frozen=True, slots=True)
class ReadyPressed(Action, code="rr"):
    """Make one of the ready-made rules."""

    name: str


@dataclass(frozen=True, slots=True)
class DeleteRule(ReadBack):
    """A rule would be deleted."""

    yes: ClassVar[Words] = t("🗑 Delete")
    key: str


@router.command("rules", t("Rules of the portal"), intents=("rules",), right=Right.KEEP_RULES, params=t("name"))
async def rules(turn: Turn, kept: KeptRules, drafting: Drafting) -> Reply:
    """List the rules; show, make, try, switch, delete one, or send its file."""
    check(turn.employee, Right.KEEP_RULES)
    slots: Mapping[str, Any] = {} if turn.arguments else turn.understood.slots
    do, name = _asked(turn)
    if do == "make":
        return await wish(turn, dict(slots), kept, drafting)
    if do == "try":
        type_id = await drafting.smart_process(turn.portal, slots["process"]) if slots.get("process") else 0
        return await _tried(turn, kept, ObjectRef(slots["object"], int(slots["number"]), type_id))
    if not name:
        return turn.say(*_listed(turn, await kept.all_of(turn.portal)))
    return await _do(turn, await kept.find(turn.portal, name), do, kept)


@router.pressed(RulePressed)
async def pressed(turn: Turn, press: RulePressed, kept: KeptRules) -> Reply:
    """Do what a button of a rule says."""
    check(turn.employee, Right.KEEP_RULES)
    if not press.key:
        return turn.conclude(*_listed(turn, await kept.all_of(turn.portal)))
    return await _do(turn, await kept.get(turn.portal, press.key), press.do, kept)


@router.pressed(ReadyPressed)
async def ready(turn: Turn, press: ReadyPressed, kept: KeptRules, drafting: Drafting) -> Reply:
    """Read one of the ready-made rules back; which stage and which template is asked first."""
    check(turn.employee, Right.KEEP_RULES)
    is_english = turn.employee.locale == "en"
    task = {"do": "task", "who": "responsible", "deadline": "1wd"}
    match press.name:
        case "deal_approve":
            waits: dict[str, Any] = {
                "object": "deal",
                "event": "changed",
                "stage": ANY,
                "deeds": [{"do": "approve", "name": "?"}],
            }
        case "deal_task":
            title = "Check the deal: {title}" if is_english else "Проверить сделку: {title}"
            waits = {"object": "deal", "event": "changed", "stage": ANY, "deeds": [{**task, "title": title}]}
        case "task_request":
            waits = {"object": "task", "event": "changed", "changed": "stage", "deeds": [{"do": "tell_request"}]}
        case _:
            title = "Call: {title}" if is_english else "Позвонить: {title}"
            waits = {"object": "lead", "event": "added", "deeds": [{**task, "title": title}]}
    return await wish(turn, waits, kept, drafting)


async def _do(turn: Turn, rule: KeptRule, do: str, kept: KeptRules) -> Reply:
    match do:
        case "on" | "off":
            after = await kept.switch(turn.employee, turn.portal, rule.key, turn.now, is_on=do == "on")
            return turn.conclude(*await card(turn, after, kept))
        case "delete":
            title = rule_title(rule.rule, turn.employee.locale)
            question = t("Delete the rule *{title}*? What it asked for and made stays.", title=title)
            return read_back(turn, DeleteRule(rule.key), question)
        case "file":
            name = f"{rule.key}-{rule.version.version}.json"
            said = t(
                "📎 *{title}*, version {version}. Change it and send it back: it becomes a new version.",
                title=rule_title(rule.rule, turn.employee.locale),
                version=rule.version.version,
            )
            return turn.say(said, file=Attachment(name, file_of(rule.rule), "document"))
        case _:
            return turn.conclude(*await card(turn, rule, kept))


@router.agreed(DeleteRule)
async def deleted(turn: Turn, asked: DeleteRule, kept: KeptRules) -> Reply:
    """Delete the rule."""
    gone = await kept.delete(turn.employee, turn.portal, asked.key, turn.now)
    return turn.conclude(t("🗑 Deleted: *{title}*.", title=rule_title(gone.rule, turn.employee.locale)))


async def card(turn: Turn, rule: KeptRule, kept: KeptRules) -> tuple[Lines, Keyboard]:
    """Show a rule, with what can be done with it."""
    names = await kept.names(turn.portal, rule.rule, turn.employee.locale, turn.now)
    held = await kept.latest(turn.portal, rule)
    switch = (
        Button(t("⚪️ Switch off"), RulePressed(rule.key, "off"))
        if rule.version.is_on
        else Button(t("🟢 Switch on"), RulePressed(rule.key, "on"), style="success")
    )
    keyboard = Keyboard.of(
        (switch, Button(t("📎 File"), RulePressed(rule.key, "file"))),
        (Button(t("🗑 Delete"), RulePressed(rule.key, "delete")), Button(t("All rules"), RulePressed("", "list"))),
    )
    return rule_lines(rule, names, held, turn.employee.locale), keyboard


def _listed(turn: Turn, rules: Sequence[KeptRule]) -> tuple[Lines, Keyboard]:
    locale = turn.employee.locale
    buttons = [Button(verbatim(rule_title(each.rule, locale)), RulePressed(each.key, "show")) for each in rules[:12]]
    ready = (
        Button(t("➕ Deal → approval"), ReadyPressed("deal_approve")),
        Button(t("➕ Deal → task"), ReadyPressed("deal_task")),
        Button(t("➕ Lead → task"), ReadyPressed("lead_task")),
        Button(t("➕ Task → request"), ReadyPressed("task_request")),
    )
    return rules_lines(rules, locale), Keyboard.of(*buttons, ready[:2], ready[2:])


async def _tried(turn: Turn, kept: KeptRules, ref: ObjectRef) -> Reply:
    values, told = await kept.tried(turn.portal, ref, turn.now)
    names = {
        each.kept.key: await kept.names(turn.portal, each.kept.rule, turn.employee.locale, turn.now) for each in told
    }
    return turn.say(would_lines(told, names, values, turn.employee.locale))


def _asked(turn: Turn) -> tuple[str, str]:
    """Return what is to be done with which rule, by the words or by what followed the command."""
    if not turn.arguments:
        slots = turn.understood.slots
        return str(slots.get("do", "list")), str(slots.get("name", ""))
    first, _, rest = turn.arguments.partition(" ")
    do = _VERBS.get(first.casefold())
    return (do, rest.strip()) if do and rest.strip() else ("show", turn.arguments)
