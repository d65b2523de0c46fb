"""The builder: a template as a document of sentences, one part of it open, its draft on the server."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, ValidationError

from bot.domain.approvals.drafts import TemplateExample
from bot.domain.approvals.filling import value_of
from bot.domain.approvals.lacking import Lack, LackKind
from bot.domain.approvals.named import everybody_named
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.reading import Fault
from bot.domain.approvals.ready import GROUPS
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.sentences import length, listed, rule_said
from bot.domain.approvals.stage import Stage
from bot.domain.approvals.told import Telling, titled
from bot.domain.approvals.who import ByGroup
from bot.domain.errors import BadForm, UnknownPerson
from bot.services.approvals.drafts import Checked, DraftChanged, Drafts, Writing
from bot.services.approvals.structure import PortalStructure, Structures
from bot.services.approvals.templates import FaultyTemplate, KeptTemplate, Templates, read_file
from bot.services.approvals.trials import Trials, Tried, seen_in
from bot.services.automation.doing import form_values
from bot.services.automation.drafting import offered_fields
from bot.services.people.groups import Groups
from bot.text import DayTime, Lines, Phrase, lines, t, tn, verbatim
from bot.web.builder.fields import Known
from bot.web.builder.findings import on_page
from bot.web.builder.nodes import person_named
from bot.web.builder.renaming import followed
from bot.web.builder.sections import Form as Document
from bot.web.builder.sections import controls, decoded, done, encoded, nodes_of
from bot.web.forms import Form
from bot.web.settings import settings_page
from bot.web.views.settings.templates import TEMPLATES, pretty, versions_of
from bot.web.visit import FIRST_DAY, LAST_DAY, Go, NotFound, Page, Visit, number_in
from bot.words.template_trials import seen_words, trial_words
from bot.words.templates import blank_question, lack_words, lines_of, names_of, telling, value_words

_OWN = frozenset({"section", "seen", "do"})
"""Fields that say what is done; all others are the section's."""


class Written(Form):
    """What was written in the section that was open, and which button was pressed."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=False)

    section: str = ""
    seen: str = ""
    do: str = "save"

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields of the section."""
        return {key: str(value) for key, value in (self.model_extra or {}).items()}


class Filled(Form):
    """Who is in a group that a template names."""

    group: str
    people: str = ""


async def builder(visit: Visit, templates: Templates, drafts: Drafts, structures: Structures) -> Page | Go:
    """Show a template as it is being written."""
    writing = await drafts.writing(visit.portal, visit.path["key"])
    kept = writing.kept
    if kept.is_built_in:
        return Go(f"{TEMPLATES}/{kept.key}/versions/1")
    structure = await structures.of(visit.portal, visit.now)
    known = known_of(structure, writing.form, visit.reader.locale)
    typed = {key: each for key, each in visit.typed.items() if key not in _OWN}
    section = visit.typed.get("section") or visit.query.get("at", "")
    is_theirs = isinstance(visit.refused, DraftChanged)
    open_ = section if section in {"json", "try"} or nodes_of(section, writing.form) else ""
    if not open_ and not section and not is_theirs:
        open_ = "stage.0"
    shown = typed if typed and not is_theirs else encoded(open_, writing.form, known)
    found = await drafts.checked(visit.portal, writing.form)
    missing = () if found.template is None else await templates.lacks(visit.portal, found.template, visit.now)
    by = None if writing.draft is None or writing.draft.changed_by is None else writing.draft.changed_by
    values = {
        **await versions_of(visit, kept, drafts),
        "kept": kept,
        "writing": writing,
        "saved_at": DayTime(writing.draft.changed_at) if writing.draft is not None else None,
        "saved_by": structure.by_own_id.get(by) if by is not None and by != visit.reader.id else None,
        "next": kept.newest.version + 1 if writing.is_open or kept.newest.is_on else kept.newest.version,
        "open": open_,
        "places": _sections(visit, writing.form, found, known),
        "controls": controls(open_, writing.form, shown, known) if open_ not in {"", "json", "try"} else [],
        "json": typed.get("json", pretty(writing.form)),
        "json_faults": visit.refused.faults[:12] if isinstance(visit.refused, FaultyTemplate) else (),
        "known": known,
        "trial": _trial(visit, writing, typed),
        "examples": [
            _example(each, writing, structure, visit) for each in await drafts.examples(visit.portal, kept.key)
        ],
        "tried": None,
        "mine": visit.typed if is_theirs else {},
        "lacks": [(each, lack_words(each, visit.reader.locale)) for each in missing],
        "blanks": [_blank(each) for each in missing if each.kind is LackKind.BLANK],
        "says": _says(found, structure, visit.reader.locale),
        "faults": len(found.faults),
    }
    title = verbatim(titled(writing.form["route"]["title"], kept.key, visit.reader.locale))
    return settings_page(visit, "templates", "settings/template_builder.html", values, title)


def known_of(structure: PortalStructure, form: Mapping[str, Any], locale: str) -> Known:
    """Return what a portal knows, for the controls of a template."""
    people: dict[str, int | str] = {}
    for person, employee in sorted(structure.employees.items(), key=lambda each: (each[1].name, str(each[0]))):
        if not employee.is_disabled:
            people[employee.name if employee.name not in people else f"{employee.name} #{person}"] = person
    groups: dict[str, Phrase | str] = {
        **GROUPS,
        **{name: each.title for name, each in structure.groups.items() if name not in GROUPS},
    }
    stages: dict[str, Phrase | str] = {
        str(each["id"]): titled(each["title"], "", locale) or t("stage {number}", number=number)
        for number, each in enumerate(form["route"]["stages"], 1)
    }
    fields = {str(each["key"]): titled(each["title"], each["key"], locale) for each in form["form"]}
    return Known(
        people,
        {str(number): each.name for number, each in structure.departments.items()},
        groups,
        fields,
        {str(each["key"]): str(each["type"]) for each in form["form"]},
        stages,
        locale,
    )


def _sections(visit: Visit, form: Mapping[str, Any], found: Checked, known: Known) -> list[dict[str, Any]]:
    findings: dict[str, list[Phrase]] = {}
    for each in (*found.faults, *found.warnings):
        said = findings.setdefault(_section_of(each), [])
        if (sentence := on_page(each, form, visit.reader.locale)) not in said:
            said.append(sentence)
    made: list[dict[str, Any]] = [_section("start", t("Beginning"), _begins(form), findings)]
    for number, stage in enumerate(form["route"]["stages"]):
        key = f"stage.{number}"
        title = known.stages.get(str(stage["id"]), str(stage["id"]))
        heading = t("Stage {number}", number=number + 1)
        if isinstance(title, str):
            heading = t("{number}. {title}", number=number + 1, title=title)
        made.append({**_section(key, heading, _stage_said(stage), findings), "number": number})
    made.append(_section("end", t("What follows, and rules"), _ends(form), findings))
    return made


def _section(key: str, title: Phrase, summary: Phrase | None, findings: Mapping[str, list[Phrase]]) -> dict[str, Any]:
    return {"key": key, "title": title, "summary": summary, "findings": findings.get(key, []), "number": None}


def _section_of(fault: Fault) -> str:
    path = fault.path.removeprefix("route.")
    if path.startswith("stages["):
        return f"stage.{path.removeprefix('stages[').partition(']')[0]}"
    if path.startswith(("policy", "rework", "outcomes", "hard_limit", "stages")):
        return "end"
    return "start"


def _begins(form: Mapping[str, Any]) -> Phrase:
    count = len(form["form"])
    fields = (
        tn("{count} field is filled in", "{count} fields are filled in", count) if count else t("nothing to fill in")
    )
    who = t("programs start it too") if form["start"]["api"] else t("started by hand")
    return listed([fields, who])


def _stage_said(stage: Mapping[str, Any]) -> Phrase:
    """Say a stage in one line: who, by which rule, until when."""
    try:
        read = Stage.model_validate(stage)
    except ValidationError:
        return t("not whole yet")
    if len(read.tracks) == 1:
        rule = rule_said(read.tracks[0].rule)
    else:
        rule = tn("{count} track side by side", "{count} tracks side by side", len(read.tracks))
    parts = [rule, length(read.deadline.after)]
    return listed([*parts, t("not always needed")] if read.when is not None else parts)


def _ends(form: Mapping[str, Any]) -> Phrase:
    count = sum(len(each) for each in form["route"]["outcomes"].values())
    return tn("{count} action", "{count} actions", count) if count else t("nothing follows")


def _says(found: Checked, structure: PortalStructure, locale: str) -> list[Phrase]:
    return [] if found.template is None else lines_of(telling(found.template, structure, locale))


def _blank(lack: Lack) -> dict[str, Any]:
    return {"group": lack.name, "question": blank_question(lack), "needed": lack.needed}


# What is done


async def _written(visit: Visit, form: Written, drafts: Drafts, structures: Structures) -> Writing:
    """Keep what was written in the open section, with what the pressed button does to it."""
    key = visit.path["key"]
    before = await drafts.writing(visit.portal, key)
    document: Document = dict(before.form)
    if before.seen == form.seen:
        structure = await structures.of(visit.portal, visit.now)
        known = known_of(structure, document, visit.reader.locale)
        if form.section == "json":
            document = _from_json(form.fields.get("json", ""), document)
        elif form.section and form.section != "try":
            if not nodes_of(form.section, document):
                raise NotFound
            document = followed(document, decoded(form.section, document, form.fields, known))
        if ":" in form.do and not form.do.startswith("open:"):
            document = done(document, form.do)
    return await drafts.save(visit.reader, visit.portal, key, form.seen, document, visit.now)


def _from_json(text: str, before: Document) -> Document:
    if text.strip() == pretty(before).strip():
        return before
    template = read_file(text.encode())
    found: Document = template.model_dump(mode="json", by_alias=True)
    return found


async def save(visit: Visit, form: Written, drafts: Drafts, structures: Structures) -> Go:
    """Keep what was written, and open the part that is wanted next."""
    if form.do == "drop":
        await drafts.drop(visit.reader, visit.portal, visit.path["key"], form.seen, visit.now)
        return Go(f"{TEMPLATES}/{visit.path['key']}", t("The draft is thrown away; what is published stays."))
    writing = await _written(visit, form, drafts, structures)
    return Go(_opened(writing, form))


def _opened(writing: Writing, form: Written) -> str:
    """Return the address of the part that is open next: what a button moved or made."""
    path = f"{TEMPLATES}/{writing.kept.key}"
    deed, _, place = form.do.partition(":")
    section = place if deed == "open" else form.section
    head, _, last = place.rpartition(".")
    if head == "route.stages" and last.isdecimal():
        shift = {"up": -1, "down": 1, "copy": 1, "remove": -1}.get(deed, 0)
        count = len(writing.form["route"]["stages"])
        section = f"stage.{min(max(int(last) + shift, 0), count - 1)}"
    elif place == "route.stages":
        section = f"stage.{len(writing.form['route']['stages']) - 1}"
    return f"{path}?at={section}#open" if section else path


async def check(visit: Visit, form: Written, drafts: Drafts, structures: Structures, templates: Templates) -> Go:
    """Keep what was written, and say how much is wrong with it; each finding stands at its part."""
    writing = await _written(visit, form, drafts, structures)
    found = await drafts.checked(visit.portal, writing.form)
    path = f"{TEMPLATES}/{writing.kept.key}"
    section = next((_section_of(each) for each in (*found.faults, *found.warnings)), form.section)
    at = f"?at={section}#open" if section else ""
    if found.faults:
        return Go(
            f"{path}{at}",
            tn("{count} thing must be put right.", "{count} things must be put right.", len(found.faults)),
        )
    if found.template is not None and await templates.lacks(visit.portal, found.template, visit.now):
        return Go(path, t("It is right in itself; who is asked is not all named yet."))
    if found.warnings:
        count = len(found.warnings)
        return Go(
            f"{path}{at}",
            tn("It can be published; look at {count} thing.", "It can be published; look at {count} things.", count),
        )
    return Go(f"{path}{at}", t("Nothing is wrong with it."))


async def publish(
    visit: Visit, form: Written, drafts: Drafts, structures: Structures, templates: Templates, trials: Trials
) -> Go | Page:
    """Make a version of what is written and switch it on; what cannot be published yet is kept, and says why."""
    writing = await _written(visit, form, drafts, structures)
    found = await drafts.checked(visit.portal, writing.form)
    path = f"{TEMPLATES}/{writing.kept.key}"
    if found.template is None:
        section = _section_of(found.faults[0])
        said = tn("Saved, not published: {count} thing must be put right first.",
                  "Saved, not published: {count} things must be put right first.", len(found.faults))  # fmt: skip
        return Go(f"{path}?at={section}#open", said)
    if await templates.lacks(visit.portal, found.template, visit.now):
        return Go(path, t("Saved, not published: who is asked is not all named yet."))
    examples = await drafts.examples(visit.portal, writing.kept.key)
    compared = [await _compared(visit, each, found.template, trials, structures) for each in examples]
    others = [each for each in compared if each["is_other"]]
    if others and form.do != "sure":
        values = {"path": path, "seen": writing.seen, "examples": others, "same": len(compared) - len(others)}
        title = t("Examples come out otherwise")
        return settings_page(visit, "templates", "settings/template_differences.html", values, title)
    for each in others:
        drafts.put_example(each["example"], each["after"])
    running = await drafts.running(visit.portal)
    kept = await drafts.publish(visit.reader, visit.portal, writing.kept.key, writing.seen, visit.now)
    return Go(path, _published(kept, running))


def _published(kept: KeptTemplate, running: Mapping[tuple[str, int], int]) -> Phrase | Lines:
    told: Phrase | Lines = t("Published: version {version} is on.", version=kept.newest.version)
    still = [(number, count) for (key, number), count in sorted(running.items()) if key == kept.key and count]
    if still:
        each = (
            tn(
                "{count} still runs on version {version}.",
                "{count} still run on version {version}.",
                count,
                version=number,
            )
            for number, count in still
        )
        told = lines(told, *each)
    return told


async def fill(visit: Visit, form: Filled, groups: Groups, templates: Templates) -> Go:
    """Say who is in a group that the template names."""
    template = (await templates.get(visit.portal, visit.path["key"])).template
    named = {each.name for each in everybody_named(template) if isinstance(each, ByGroup)}
    if form.group not in named | set(GROUPS):
        raise NotFound
    group = await groups.by_slug(visit.portal, form.group, visit.reader.locale)
    people = await groups.people_named(visit.portal, form.people)
    if not people:
        raise BadForm(t("Write names with commas between them, for example: Anna, Boris"), "people")
    await groups.put(visit.reader, group.with_members([each.id for each in people]), visit.now)
    names = ", ".join(each.name for each in people)
    return Go(f"{TEMPLATES}/{visit.path['key']}", t("{group}: {people}.", group=group.title, people=names))


# Trying


def _trial(visit: Visit, writing: Writing, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what stands in the form of a trial."""
    local = visit.now.astimezone(ZoneInfo(visit.reader.zone))
    fields = [
        {
            "name": f"v.{each['key']}",
            "title": titled(each["title"], each["key"], visit.reader.locale),
            "type": each["type"],
            "choices": each["choices"],
            "value": typed.get(f"v.{each['key']}", ""),
        }
        for each in writing.form["form"]
        if each["type"] != "file"
    ]
    return {
        "person": typed.get("person", visit.reader.name),
        "at": typed.get("at", local.strftime("%Y-%m-%dT%H:%M")),
        "deal": typed.get("deal", ""),
        "fields": fields,
    }


async def _tried(
    visit: Visit, form: Written, drafts: Drafts, structures: Structures, trials: Trials
) -> tuple[ApprovalTemplate, Tried, datetime]:
    """Try what is written with the values of the form."""
    writing = await drafts.writing(visit.portal, visit.path["key"])
    template = (await drafts.checked(visit.portal, writing.form)).template
    if template is None:
        raise BadForm(t("Something must be put right first: each thing stands at its part."), "try")
    structure = await structures.of(visit.portal, visit.now)
    known = known_of(structure, writing.form, visit.reader.locale)
    person = structure.employees.get(_person(form.fields.get("person", ""), known))
    if person is None:
        raise UnknownPerson(form.fields.get("person", "")[:60])
    try:
        at = (
            datetime.fromisoformat(form.fields.get("at", ""))
            .replace(tzinfo=ZoneInfo(visit.reader.zone))
            .astimezone(UTC)
        )
    except (ValueError, OverflowError):
        raise BadForm(t("Write the moment as day and time, for example: 2026-12-04T17:30"), "at") from None
    if not FIRST_DAY <= at.date() <= LAST_DAY:
        raise BadForm(t("Write the moment as day and time, for example: 2026-12-04T17:30"), "at")
    values: dict[str, Any] = {}
    if (deal := form.fields.get("deal", "").strip()) and (number := number_in(deal)):
        values |= form_values(template, offered_fields(template, "deal"), await trials.deal(visit.portal, number))
    for each in template.form:
        text = form.fields.get(f"v.{each.key}", "").strip()
        if text:
            values[each.key] = _value(each, text, known, visit.reader.locale)
    return template, await trials.tried(visit.reader, visit.portal, template, person, values, at), at


def _value(field: FormField, text: str, known: Known, locale: str) -> Any:
    value = _person(text, known) if field.type == "person" else value_of(field, text)
    if value is None:
        title = titled(field.title, field.key, locale)
        raise BadForm(
            t("“{field}” cannot be read. Look at it, please: nothing was stored.", field=title), f"v.{field.key}"
        )
    return value


def _person(text: str, known: Known) -> PersonId:
    found: PersonId = person_named(text, known)["id"]
    return found


async def simulate(
    visit: Visit, form: Written, drafts: Drafts, structures: Structures, templates: Templates, trials: Trials
) -> Page | Go:
    """Say who would be asked by what is written; nothing is stored, nobody is asked."""
    template, tried, _ = await _tried(visit, form, drafts, structures, trials)
    shown = replace(visit, typed={**form.fields, "section": "try"})
    page = await builder(shown, templates, drafts, structures)
    if not isinstance(page, Page):
        return page
    return replace(page, values={**page.values, "tried": trial_words(template, tried, visit.reader.locale)})


async def keep(visit: Visit, form: Written, drafts: Drafts, structures: Structures, trials: Trials) -> Go:
    """Keep a trial as an example that is tried again before each version is published."""
    _, tried, at = await _tried(visit, form, drafts, structures, trials)
    key = visit.path["key"]
    await drafts.keep_example(visit.reader, tried, key, at, visit.now)
    return Go(f"{TEMPLATES}/{key}?at=try#open", t("Kept: it is tried again before each version is published."))


async def drop(visit: Visit, form: Written, drafts: Drafts) -> Go:
    """Keep an example no longer."""
    del form
    await drafts.drop_example(visit.reader, visit.portal, visit.path["key"], visit.number("id"))
    return Go(f"{TEMPLATES}/{visit.path['key']}?at=try#open", t("The example is taken out."))


def _example(example: TemplateExample, writing: Writing, structure: PortalStructure, visit: Visit) -> dict[str, Any]:
    """Return an example in words: who asks, with what, when."""
    titles = {each["key"]: titled(each["title"], each["key"], visit.reader.locale) for each in writing.form["form"]}
    person = structure.by_own_id.get(example.person_id)
    told = [
        t("{field}: {value}", field=titles.get(key, key), value=value_words(value))
        for key, value in json.loads(example.fields).items()
    ]
    name = verbatim(person.name) if person is not None else t("somebody who is not here any more")
    return {"id": example.id, "words": listed([name, *told]), "at": DayTime(example.at)}


async def _compared(
    visit: Visit, example: TemplateExample, template: ApprovalTemplate, trials: Trials, structures: Structures
) -> dict[str, Any]:
    """Try an example by what would be published, and say what is other than when it was kept."""
    structure = await structures.of(visit.portal, visit.now)
    person = structure.by_own_id.get(example.person_id)
    before = json.loads(example.seen)
    after: list[Any] = before
    if person is not None:
        fields = json.loads(example.fields)
        tried = await trials.tried(visit.reader, visit.portal, template, person, fields, example.at)
        after = json.loads(json.dumps(seen_in(tried)))
    told = Telling(template, names_of(structure), visit.reader.locale)
    writing_form = template.model_dump(mode="json", by_alias=True)
    words = _example(example, Writing(None, None, writing_form), structure, visit)  # type: ignore[arg-type]
    return {
        "example": example,
        "is_other": before != after,
        "after": after,
        "words": words["words"],
        "was": seen_words(before, told),
        "is": seen_words(after, told),
    }
