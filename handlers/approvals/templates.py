"""Templates of requests in chat: listed, read aloud, filled in, tried, switched on and off, taken as a file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dispatch.router import Router
from bot.dispatch.turn import Turn
from bot.domain.approvals.filling import fill, value_of
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, check, may
from bot.messages import Attachment, Reply, State
from bot.services.approvals.asked_for import named
from bot.services.approvals.structure import Structures, person_id
from bot.services.approvals.templates import (
    AmbiguousTemplate,
    FaultyTemplate,
    KeptTemplate,
    NotReady,
    Templates,
    UnknownTemplate,
    file_of,
    parsed,
)
from bot.services.people.people import People
from bot.text import lines, t, tn
from bot.understanding.routes import of_whom, would_get
from bot.words.templates import changes_words, cut, lack_words, lines_of, telling
from handlers.approvals.blanks import ask_next
from handlers.cards.templates import (
    BUILT_IN,
    TemplatePressed,
    TrialPressed,
    built_in_list,
    template_buttons,
    template_card,
    templates_list,
    trial_buttons,
    trials,
    tried_card,
)
from handlers.read_back import ReadBack, read_back

router = Router("templates")
_MOST_FAULTS = 8
_MOST_OFFERED = 6
_VERBS = {
    "on": "on", "включи": "on", "включить": "on",
    "off": "off", "выключи": "off", "выключить": "off",
    "file": "file", "файл": "file",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskTrial(State):
    """We asked what a request would say."""

    key: str


@dataclass(frozen=True, slots=True)
class ImportTemplate(ReadBack):
    """A file that was read: what it changes is shown, and kept after a yes."""

    document: str
    version: int


# Commands and words


@router.command(
    "templates", t("Templates of requests"), intents=("templates",), right=Right.KEEP_RULES, params=t("name")
)
async def show_templates(turn: Turn, templates: Templates, structures: Structures, people: People) -> Reply:
    """List the templates; with a name show one, switch it on or off, or send its file."""
    do, name = _asked(turn)
    if not name:
        return turn.say(*templates_list(await templates.all_of(turn.portal), turn.employee.locale))
    kept = await templates.find(turn.portal, name)
    return await _do(turn, kept, do, templates, structures, people)


@router.command("preview", t("Who would get this?"), intents=("preview",), params=t("request"))
async def who_would_get(turn: Turn, templates: Templates, people: People) -> Reply:
    """Say whom a request would go to, without asking anybody: «кому уйдёт скидка 400000 от Анны?»."""
    said = turn.arguments or would_get(turn.message.text) or _from_slots(turn)
    if not said:
        return turn.say(t("Write what the request would be, for example: /preview discount 400000 from Anna"))
    about, name = of_whom(said)
    kept, rest = await _begun(turn, templates, about)
    person = await people.find(turn.portal, name) if name else turn.employee
    if person.id != turn.employee.id:
        check(turn.employee, Right.KEEP_RULES)
    fields = {**fill(kept.template.form, rest), **_slot_fields(turn, kept.template)}
    return await _tried(turn, kept, templates, people, person, fields)


@router.pressed(TemplatePressed)
async def pressed(
    turn: Turn, press: TemplatePressed, templates: Templates, structures: Structures, people: People
) -> Reply:
    """Do what a button of a template says."""
    check(turn.employee, Right.KEEP_RULES)
    if not press.key and press.do == BUILT_IN:
        return turn.conclude(*built_in_list(templates.built_in(turn.portal), turn.employee.locale))
    if not press.key:
        return turn.conclude(*templates_list(await templates.all_of(turn.portal), turn.employee.locale))
    return await _do(turn, await templates.get(turn.portal, press.key), press.do, templates, structures, people)


async def _do(
    turn: Turn, kept: KeptTemplate, do: str, templates: Templates, structures: Structures, people: People
) -> Reply:
    match do:
        case "on":
            return await _switched_on(turn, kept, templates)
        case "off":
            after = await templates.switch_off(turn.employee, turn.portal, kept.key, turn.now)
            words = t("⚪️ Off: *{title}*. Requests that run go on.", title=_title(turn, after.template))
            return turn.conclude(words, template_buttons(after, ()))
        case "file":
            return _file(turn, kept)
        case "try" if not kept.is_built_in:
            return _ask_trial(turn, kept)
        case "fill" if not kept.is_built_in:
            return await ask_next(turn, kept, templates, people)
        case _:
            structure = await structures.of(turn.portal, turn.now)
            missing = await templates.lacks(turn.portal, kept.template, turn.now)
            mistakes = await templates.likely_mistakes(turn.portal, kept.template)
            return turn.conclude(*template_card(kept, structure, missing, mistakes, turn.employee.locale))


def _asked(turn: Turn) -> tuple[str, str]:
    """Return what is to be done with which template, by the words or by what followed the command."""
    if not turn.arguments:
        slots = turn.understood.slots
        return str(slots.get("do", "show")), str(slots.get("name", ""))
    first, _, rest = turn.arguments.partition(" ")
    do = _VERBS.get(first.casefold())
    return (do, rest.strip()) if do and rest.strip() else ("show", turn.arguments)


# On and off


async def _switched_on(turn: Turn, kept: KeptTemplate, templates: Templates) -> Reply:
    after = await templates.switch_on(turn.employee, turn.portal, kept.key, turn.now)
    words = t("🟢 On: *{title}*, version {version}.", title=_title(turn, after.template), version=after.newest.version)
    return turn.conclude(words, template_buttons(after, ()))


@router.refused(NotReady)
async def not_ready(turn: Turn, refusal: NotReady) -> Reply:
    """Say what is missing before a template can be switched on, and where to go on."""
    told = (t("❗️ {lack}", lack=lack_words(each, turn.employee.locale)) for each in refusal.missing)
    return turn.say(lines(refusal.phrase, *told))


# Trying


def _ask_trial(turn: Turn, kept: KeptTemplate) -> Reply:
    text = t("What would the request say? For example: 400000 from Anna. Without a name it is yours.")
    return turn.ask(AskTrial(kept.key), text, trial_buttons(kept, turn.employee.locale))


@router.answered(AskTrial)
async def trial_answered(turn: Turn, asked: AskTrial, templates: Templates, people: People) -> Reply:
    """Try the template with what was written."""
    if turn.understood.intent not in (None, "preview"):
        return turn.pass_on()
    check(turn.employee, Right.KEEP_RULES)
    kept = await templates.get(turn.portal, asked.key)
    about, name = of_whom(turn.message.text)
    person = await people.find(turn.portal, name) if name else turn.employee
    return await _tried(turn, kept, templates, people, person, fill(kept.template.form, about))


@router.pressed(TrialPressed)
async def trial_pressed(turn: Turn, press: TrialPressed, templates: Templates, people: People) -> Reply:
    """Try the template with the value on the button."""
    check(turn.employee, Right.KEEP_RULES)
    kept = await templates.get(turn.portal, press.key)
    offered = trials(kept.template)
    fields = dict([offered[press.number]]) if 0 <= press.number < len(offered) else {}
    return await _tried(turn, kept, templates, people, turn.employee, fields)


async def _tried(
    turn: Turn, kept: KeptTemplate, templates: Templates, people: People, person: Employee, fields: Mapping[str, Any]
) -> Reply:
    values = dict(fields)
    for each in kept.template.form:
        if each.type == "person" and isinstance(values.get(each.key), str):
            values[each.key] = person_id(turn.portal, await people.find(turn.portal, values[each.key]))
    tried = await templates.tried(turn.portal, kept.template, person, values, turn.now)
    return turn.conclude(*tried_card(kept, tried, person, fields, turn.employee.locale))


async def _begun(turn: Turn, templates: Templates, about: str) -> tuple[KeptTemplate, str]:
    """Return the template that the first words name, as many of them as do, and the rest."""
    words = about.split()
    known = [each for each in await templates.all_of(turn.portal) if each.on or may(turn.employee, Right.KEEP_RULES)]
    for count in range(len(words), 0, -1):
        found = named(known, " ".join(words[:count]))
        if len(found) == 1:
            return found[0], " ".join(words[count:])
    for count in range(len(words), 0, -1):
        if named(known, " ".join(words[:count])):
            raise AmbiguousTemplate(
                about[:60], [_title(turn, each.template) for each in named(known, " ".join(words[:count]))]
            )
    raise UnknownTemplate(about[:60], [_title(turn, each.template) for each in known])


def _from_slots(turn: Turn) -> str:
    slots = turn.understood.slots
    person = f" от {slots['person']}" if slots.get("person") else ""
    return f"{slots.get('template', '')}{person}".strip()


def _slot_fields(turn: Turn, template: ApprovalTemplate) -> dict[str, Any]:
    said = turn.understood.slots.get("fields")
    if not isinstance(said, Mapping):
        return {}
    by_key = {each.key: each for each in template.form}
    return {key: value_of(by_key[key], str(value)) for key, value in said.items() if key in by_key}


# Files


def _file(turn: Turn, kept: KeptTemplate) -> Reply:
    name = f"{kept.key}-{kept.newest.version}.json"
    text = t("📎 *{title}*, version {version}. Change it and send it back: it becomes a new version.",
             title=_title(turn, kept.template), version=kept.newest.version)  # fmt: skip
    return turn.say(text, file=Attachment(name, file_of(kept.template), "document"))


async def import_file(turn: Turn, content: bytes, templates: Templates, structures: Structures) -> Reply:
    """Read back what a file that was sent would change."""
    template, version = await templates.imported(turn.employee, turn.portal, content)
    structure = await structures.of(turn.portal, turn.now)
    after = telling(template, structure, turn.employee.locale)
    before = next((each for each in await templates.all_of(turn.portal) if each.key == template.route.key), None)
    if before is None:
        heading, changes = t("📄 A new template: *{title}*.", title=after.title), cut(lines_of(after))
    else:
        if _same(before.template, template):
            return turn.say(t("*{title}* says exactly that already: nothing is to change.", title=after.title))
        heading = t("📄 *{title}*: a new version {version}.", title=after.title, version=version)
        changes = changes_words(telling(before.template, structure, turn.employee.locale), after)
        changes = changes or [t("What changes shows in no sentence: actions, ids or titles.")]
    question = t("Shall I keep it? It stays a draft until you switch it on.")
    asked = ImportTemplate(template.model_dump_json(by_alias=True), version)
    return read_back(turn, asked, lines(heading, *changes, question))


@router.agreed(ImportTemplate)
async def imported(turn: Turn, asked: ImportTemplate, templates: Templates) -> Reply:
    """Keep the new version as a draft, and offer what comes next."""
    kept = await templates.bring(turn.employee, turn.portal, parsed(asked.document), turn.now)
    missing = await templates.lacks(turn.portal, kept.template, turn.now)
    text = lines(
        t("✅ Kept: *{title}*, version {version}, a draft.",
          title=_title(turn, kept.template), version=kept.newest.version),
        *(t("❗️ {lack}", lack=lack_words(each, turn.employee.locale)) for each in missing),
    )  # fmt: skip
    return turn.conclude(text, template_buttons(kept, missing))


@router.refused(FaultyTemplate)
async def faulty(turn: Turn, refusal: FaultyTemplate) -> Reply:
    """Say what is wrong with a file, fault by fault, and what to write instead."""
    rest = len(refusal.faults) - _MOST_FAULTS
    faults = [
        t("• {path}: {sentence}", path=each.path, sentence=each.sentence)
        if each.path
        else t("• {sentence}", sentence=each.sentence)
        for each in refusal.faults[:_MOST_FAULTS]
    ]
    return turn.say(
        lines(refusal.phrase, *faults, tn("… and {count} more", "… and {count} more", rest) if rest > 0 else None)
    )


def _same(one: ApprovalTemplate, other: ApprovalTemplate) -> bool:
    forms = [each.model_dump(mode="json", by_alias=True) for each in (one, other)]
    for each in forms:
        each["route"]["version"] = 0
    return json.dumps(forms[0], sort_keys=True) == json.dumps(forms[1], sort_keys=True)


def _title(turn: Turn, template: ApprovalTemplate) -> str:
    titles = {str(language): text for language, text in template.route.title.items()}
    return titles.get(turn.employee.locale) or next(iter(titles.values()), "") or template.route.key
