"""A rule made of what somebody said: stages, templates and people are found by name; several of one are a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.approvals.filling import is_share
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.automation.portal_object import ObjectKind
from bot.domain.automation.rule import RULE_SCHEMA, AutomationRule, responsible_field, stage_field
from bot.domain.automation.rule_reading import read_rule
from bot.domain.automation.task_status import TASK_STATUSES
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.i18n import LOCALES, Translator
from bot.ports import StageName, UnitOfWork
from bot.services.approvals.templates import Templates, UnknownTemplate
from bot.services.automation.kept_rules import KeptRules, account_of
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.services.unit_service import UnitService
from bot.text import Phrase, t, tc
from bot.understanding.names import is_form, words_of

MOST_OFFERED: Final = 12
MOST_STAGES: Final = 20
ANY: Final = "?"
"""Stands where nothing was said yet: it is asked."""
UNTITLED: Final = "{title}"
"""A task that was given no name is called as its object is."""


Called = Phrase | str | Mapping[str, str]
"""What a deed is called: in words of ours, as somebody wrote it, or in each language."""


class UnknownStage(Refusal):
    """No stage of that name."""

    code = "unknown_stage"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name what was looked for, and what there is."""
        if known:
            super().__init__(
                t("The portal has no stage “{name}”. There are: {found}", name=name, found=", ".join(known[:20]))
            )
        else:
            super().__init__(
                t("I cannot read the stages of the portal now. Look whether I have the right “crm”, and try again.")
            )


class UnknownSmartProcess(Refusal):
    """No smart process of that name, or several where only one can be meant."""

    code = "unknown_smart_process"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name what was looked for, and what there is."""
        if known:
            found = ", ".join(known[:20])
            super().__init__(
                t("I do not know which smart process “{name}” is. There are: {found}", name=name, found=found)
            )
        else:
            super().__init__(
                t("I see no smart processes on the portal. Look whether I have the right “crm”, and try again.")
            )


class NoAccount(Refusal):
    """Somebody who has no account on the portal gets nothing there."""

    code = "no_account_on_portal"

    def __init__(self, name: str) -> None:
        """Say whom it is about."""
        super().__init__(t("{name} has no account on the portal, so nothing can be given to them there.", name=name))


class SameRule(Refusal):
    """A rule that says the same is there."""

    code = "same_rule"

    def __init__(self, title: str) -> None:
        """Name it."""
        super().__init__(t("A rule that says the same is there already: {title}. Nothing was changed.", title=title))


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that only the person can tell: which of several of one name."""

    name: str
    """The slot that the answer goes into."""
    question: Phrase
    options: tuple[tuple[str, str], ...]
    """What goes there, and what it is called."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A rule as it would be kept, with what its form leaves open."""

    rule: AutomationRule
    unfilled: tuple[str, ...] = ()
    """Required fields of the template's form that nothing of the object fills."""


class Drafting(UnitService):
    """Makes rules of what was said."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Ask the portal for names through the channel that serves it."""
        super().__init__(uow)
        self._kept = KeptRules(uow, messengers)

    async def drafted(
        self, actor: Employee, portal: Portal, said: Mapping[str, Any], now: datetime
    ) -> Drafted | Choice:
        """Return the rule that was said, or what is to be asked first."""
        check(actor, Right.KEEP_RULES)
        kind: ObjectKind = said["object"]
        if kind == "smart_process" and not said.get("type_id"):
            found_type = await self._smart_process(portal, str(said.get("process", ANY)))
            if isinstance(found_type, Choice):
                return found_type
            said = {**said, "type_id": found_type}
        type_id = int(said.get("type_id", 0))
        if type_id:
            said = {**said, "process": (await self._kept.smart_processes(portal)).get(type_id, str(type_id))}
        stages = await self._stages(portal, kind, type_id)
        if said.get("stage") and not said.get("stage_id"):
            found = _any_stage(stages) if said["stage"] == ANY else self._stage(said["stage"], stages)
            if isinstance(found, Choice):
                return found
            said = {**said, "stage_id": found}
        stage_name = next((each.name for each in stages if each.id == said.get("stage_id")), "")
        if stage_name and kind != "task":
            said = {**said, "stage": stage_name}  # as the portal calls it, not as it was shortened
        deeds: list[dict[str, Any]] = []
        unfilled: list[str] = []
        called: list[Called] = []
        for number, deed in enumerate(said["deeds"]):
            made = await self._deed(portal, kind, dict(deed), stages, said, number)
            if isinstance(made, Choice):
                return made
            form, name, left = made
            deeds.append(form)
            called.append(name)
            unfilled.extend(left)
        form = {
            "schema": RULE_SCHEMA,
            "key": "draft",
            "version": 1,
            "title": _titles(portal, _trigger_words(said), called[0], now),
            "object": {"kind": kind, "type_id": type_id},
            "event": said["event"],
            "when": _condition(kind, said),
            "do": deeds,
        }
        rule = await self._with_key(portal, read_rule(form))
        return Drafted(rule, tuple(dict.fromkeys(unfilled)))

    async def new_key(self, portal: Portal, rule: AutomationRule) -> str:
        """Return a key that is free; a rule that says the same is refused."""
        return (await self._with_key(portal, rule)).key

    async def account_of(self, portal: Portal, name: str) -> int:
        """Return the account on the portal of whom a name means; NoAccount where they have none there."""
        person = await People(self._uow).find(portal, name)
        account = account_of(portal, person)
        if account is None:
            raise NoAccount(person.name)
        return account

    async def _with_key(self, portal: Portal, rule: AutomationRule) -> AutomationRule:
        """Give a rule a key that is free; a rule that says the same is refused."""
        known = await self._kept.all_of(portal)
        taken = {each.key for each in await self._uow.rules.of_portal(portal.id)}
        for each in known:
            if (each.rule.object, each.rule.event, each.rule.when, each.rule.do) == (
                rule.object, rule.event, rule.when, rule.do,
            ) and each.version.is_on:  # fmt: skip
                raise SameRule(next(iter(each.rule.title.values()), each.key))
        base = f"{rule.object.kind}_{rule.do[0].do}"
        names = (base, *(f"{base}_{number}" for number in range(2, len(taken) + 2)))
        key = next(each for each in names if each not in taken)
        return rule.model_copy(update={"key": key})

    async def smart_process(self, portal: Portal, name: str) -> int:
        """Return the type of the one smart process that a name means; UnknownSmartProcess else."""
        found = await self._smart_process(portal, name)
        if isinstance(found, Choice):
            raise UnknownSmartProcess(name[:60], [label for _, label in found.options])
        return found

    async def _smart_process(self, portal: Portal, name: str) -> Choice | int:
        """Return the type of the smart process that a name means; several, or no name, are a choice."""
        known = await self._kept.smart_processes(portal)
        wanted = words_of(name)
        found = {number: title for number, title in known.items() if words_of(title) == wanted}
        found = found or {each: title for each, title in known.items() if wanted and _fits(wanted, words_of(title))}
        if name == ANY:
            found = dict(known)
        if not found:
            raise UnknownSmartProcess(name[:60], list(known.values()))
        if len(found) == 1:
            return next(iter(found))
        options = tuple((str(number), title) for number, title in found.items())
        return Choice("type_id", t("Which smart process is it about?"), options[:MOST_OFFERED])

    async def _stages(self, portal: Portal, kind: ObjectKind, type_id: int = 0) -> Sequence[StageName]:
        if kind == "task":
            return [StageName(status, name) for status, names in TASK_STATUSES.items() for name in names.values()]
        return await self._kept.stages(portal, kind, type_id)

    def _stage(self, said: str, stages: Sequence[StageName], slot: str = "stage_id", near: str = "") -> Choice | str:
        """Return the stage that a name means; of several the one in the pipeline of `near`, else they are a choice."""
        wanted = words_of(said)
        by_id = [each for each in stages if each.id.casefold() == said.casefold()]
        found = by_id or [each for each in stages if words_of(each.name) == wanted]
        found = found or [each for each in stages if wanted and _fits(wanted, words_of(each.name))]
        ids = list(dict.fromkeys(each.id for each in found))
        if len(ids) > 1 and near:
            pipeline = next((each.pipeline for each in stages if each.id == near), None)
            ids = [each.id for each in found if each.pipeline == pipeline] or ids
        if not ids:
            raise UnknownStage(said[:60], list(dict.fromkeys(each.name for each in stages)))
        if len(ids) == 1:
            return ids[0]
        options = [
            (each.id, f"{each.name} ({each.pipeline})" if each.pipeline else each.name)
            for each in found
            if each.id in ids
        ]
        return Choice(
            slot,
            t("There are several stages “{name}”. Which one is it?", name=said[:60]),
            tuple(dict(options).items())[:MOST_OFFERED],
        )

    async def _deed(
        self,
        portal: Portal,
        kind: ObjectKind,
        deed: dict[str, Any],
        stages: Sequence[StageName],
        said: Mapping[str, Any],
        number: int,
    ) -> Choice | tuple[dict[str, Any], Called, list[str]]:
        """Return a deed as a rule has it, what it is called, and what stays open."""
        match deed["do"]:
            case "approve":
                found_template = await self._template(
                    portal, str(said.get(f"template_{number}") or deed["name"]), number
                )
                if isinstance(found_template, Choice):
                    return found_template
                template = found_template
                fields = offered_fields(template, kind)
                left = [_title(each.title) for each in template.form if each.required and each.key not in fields]
                form = {"do": "approve", "template": template.route.key, "fields": fields}
                return form, {str(locale): name for locale, name in template.route.title.items()}, left
            case "task":
                title = deed.get("title") or UNTITLED
                form = {"do": "task", "title": title, "responsible": await self._who(portal, deed)}
                if deed.get("deadline"):
                    form["deadline"] = deed["deadline"]
                return form, deed.get("title") or t("task"), []
            case "deal":
                return {"do": "deal", "title": deed["title"]}, deed["title"], []
            case "stage":
                slot = f"deed_stage_{number}"
                near = str(said.get("stage_id", ""))
                found = said.get(slot) or self._stage(deed["name"], stages, slot, near)
                return found if isinstance(found, Choice) else ({"do": "stage", "stage": found}, deed["name"], [])
            case "notify":
                to = [await self._who(portal, deed)]
                return {"do": "notify", "to": to, "text": deed["text"]}, t("notification"), []
            case "comment":
                return {"do": "comment", "text": deed["text"]}, t("comment"), []
            case "process":
                return {"do": "process", "template_id": int(deed["number"])}, t("business process"), []
            case _:
                return {"do": "tell_request"}, t("tell the request"), []

    async def _template(self, portal: Portal, name: str, number: int) -> Choice | ApprovalTemplate:
        templates = Templates(self._uow)
        if name != ANY:
            return (await templates.find(portal, name)).template
        on = [each for each in await templates.all_of(portal) if each.on is not None]
        if not on:
            raise UnknownTemplate("", [])
        options = tuple((each.key, _title(each.template.route.title) or each.key) for each in on[:MOST_OFFERED])
        return Choice(f"template_{number}", t("By which template is approval asked for?"), options)

    async def _who(self, portal: Portal, deed: Mapping[str, Any]) -> dict[str, Any]:
        said = deed.get("who", "responsible")
        if said == "responsible":
            return {"by": "responsible"}
        if said == "head":
            return {"by": "head_of", "of": "responsible"}
        return {"by": "user", "id": await self.account_of(portal, said)}


def _any_stage(stages: Sequence[StageName]) -> Choice:
    if not stages:
        raise UnknownStage("", [])
    options = [(each.id, f"{each.name} ({each.pipeline})" if each.pipeline else each.name) for each in stages]
    return Choice("stage_id", t("Which stage is it about?"), tuple(options[:MOST_STAGES]))


def offered_fields(template: ApprovalTemplate, kind: ObjectKind) -> dict[str, str]:
    """Return how an object fills the form of a template: with its number, its sum and its title."""
    fields: dict[str, str] = {}
    takes = {"deal": "{id}"} if kind == "deal" else {"task": "{id}"} if kind == "task" else {}
    if kind != "task":
        takes["money"] = "{opportunity}"
    takes["text"] = "{title}"
    for field in template.form:
        if field.type in takes and not (field.type == "money" and is_share(field)):
            fields[field.key] = takes.pop(field.type)
    return fields


def _condition(kind: ObjectKind, said: Mapping[str, Any]) -> dict[str, Any] | None:
    stage, responsible = stage_field(kind), responsible_field(kind)
    parts: list[dict[str, Any]] = []
    if said.get("stage_id"):
        parts.append({"op": "cmp", "field": stage, "test": "eq", "value": said["stage_id"]})
    if said.get("status"):
        parts.append({"op": "cmp", "field": stage, "test": "eq", "value": said["status"]})
    if said.get("changed"):
        field = stage if said["changed"] == "stage" else responsible
        parts.append({"op": "cmp", "field": field, "test": "changed"})
    if said.get("at_least") is not None:
        parts.append({"op": "cmp", "field": "opportunity", "test": "ge", "value": said["at_least"]})
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}


def _titles(portal: Portal, trigger: Phrase, deed: Called, now: datetime) -> dict[str, str]:
    """Return what a rule is called, in every language."""
    told: dict[str, str] = {}
    for locale in LOCALES:
        named = deed.get(locale) or _title(deed) if isinstance(deed, Mapping) else deed
        whole = t("{trigger}: {deed}", trigger=trigger, deed=named)
        told[locale] = Translator(locale, portal.zone, now).plain(whole)[:100]
    return told


def _trigger_words(said: Mapping[str, Any]) -> Phrase:
    kind = said["object"]
    name: Phrase | str = str(said.get("process")) if kind == "smart_process" else _NAMES[kind]()
    if said.get("stage"):
        return t("{object} → {stage}", object=name, stage=said["stage"])
    if said.get("status"):
        return t("task is done")
    if said.get("at_least") is not None:
        return t("{object} from {amount} up", object=name, amount=f"{said['at_least']:,}".replace(",", "\u00a0"))
    if said["event"] == "added":
        return t("{object} is new", object=name)
    if said["event"] == "deleted":
        return t("{object} is deleted", object=name)
    return t("{object} changes", object=name)


_NAMES = {"deal": lambda: t("Deal"), "lead": lambda: tc("crm", "Lead"), "task": lambda: t("Task")}


def _title(titles: Mapping[Any, str]) -> str:
    return next(iter(titles.values()), "")


def _fits(wanted: Sequence[str], title: Sequence[str]) -> bool:
    return all(
        any(is_form(word, each) or (len(word) > 2 and each.startswith(word)) for each in title) for word in wanted
    )
