"""Templates of approval: read, checked, tried, and changed by administrators; a change is a new version."""

import json
from typing import Any

from bot.api.operation import Answer, Call, Operation, number_of
from bot.api.problems import NOT_FOUND, PRECONDITION_REQUIRED, Problem, own
from bot.api.schemas.base import text_id, utc
from bot.api.schemas.periods import (
    Checked,
    Document,
    Finding,
    Simulated,
    SimulatedStage,
    Simulation,
    TemplateForm,
    TemplateRow,
    TemplatesList,
)
from bot.domain.approvals.lint import warnings
from bot.domain.approvals.reading import BadRoute, Fault, read
from bot.domain.approvals.told import titled
from bot.domain.errors import NotAllowed, UnknownPerson
from bot.domain.people.api_key import Scope
from bot.ports import UnitOfWork
from bot.services.approvals.templates import (
    BadTemplateFile,
    BuiltIn,
    FaultyTemplate,
    KeptTemplate,
    NotReady,
    Templates,
    TooManyTemplates,
    UnknownTemplate,
)
from bot.services.people.people import People

TEMPLATES = Operation("GET", "/templates", Scope.TEMPLATES_READ, answers=TemplatesList)


@TEMPLATES.run
async def list_templates(call: Call, templates: Templates) -> TemplatesList:
    """List the templates, by key, and the routes that are built in."""
    found = [*await templates.all_of(call.portal), *templates.built_in(call.portal)]
    return TemplatesList(items=[_row(call, each) for each in found], next=None)


TEMPLATE = Operation("GET", "/templates/{key}", Scope.TEMPLATES_READ, answers=TemplateForm, refuses=(UnknownTemplate,))


@TEMPLATE.run
async def get_template(call: Call, templates: Templates) -> Answer:
    """Show a template as its newest version says."""
    return _answer(call, await templates.get(call.portal, call.path["key"]))


VERSION = Operation(
    "GET", "/templates/{key}/versions/{n}", Scope.TEMPLATES_READ, answers=TemplateForm, refuses=(UnknownTemplate,)
)


@VERSION.run
async def get_template_version(call: Call, templates: Templates) -> TemplateForm:
    """Show what a version of a template says; requests that run keep theirs."""
    kept = await templates.get(call.portal, call.path["key"])
    n = call.path["n"]
    known = n.isascii() and n.isdigit() and len(n) < 6
    found = await templates.version(call.portal, kept.key, int(n)) if known else None
    if found is None:
        raise own(NOT_FOUND)
    row = _row(call, kept).model_dump() | {"version": int(n)}
    return TemplateForm(**row, document=found.model_dump(mode="json", by_alias=True))


CHECK = Operation("POST", "/templates/check", Scope.TEMPLATES_READ, answers=Checked, body=Document)


@CHECK.run
async def check_template(call: Call, body: Document, uow: UnitOfWork) -> Checked:
    """Say what is wrong with a template, and what is likely a mistake; nothing is stored."""
    try:
        found = read(body.document)
    except BadRoute as bad:
        return Checked(ok=False, faults=_findings(call, bad.faults), warnings=[])
    hooks = {each.name for each in await uow.webhooks.of(call.portal.id)}
    return Checked(ok=True, faults=[], warnings=_findings(call, warnings(found, hooks)))


SIMULATE = Operation(
    "POST",
    "/templates/{key}/simulation",
    Scope.TEMPLATES_READ,
    answers=Simulated,
    body=Simulation,
    refuses=(UnknownTemplate, UnknownPerson),
)


@SIMULATE.run
async def simulate_template(call: Call, body: Simulation, templates: Templates, people: People) -> Simulated:
    """Show who would be asked, and until when, if somebody began now; nothing is stored."""
    kept = await templates.get(call.portal, call.path["key"])
    person = await people.get(number_of(body.initiator_id), call.portal.id)
    if person is None:
        raise UnknownPerson(body.initiator_id)
    tried = await templates.tried(call.portal, kept.template, person, body.fields, call.now)
    stages = []
    for each in tried.preview.stages:
        holders = [holder for track in each.tracks for seat in track.seats for holder in seat.holders]
        asked = [found for holder in holders if (found := tried.structure.employee(holder)) is not None]
        stages.append(
            SimulatedStage(
                id=each.stage.id,
                title=titled(each.stage.title, "", call.locale),
                opens_at=utc(each.opens_at),
                due_at=utc(each.due_at),
                asked=list(dict.fromkeys(text_id(one.id) for one in asked)),
            )
        )
    failed = tried.preview.failed
    return Simulated(
        stages=stages, skipped=[each.id for each in tried.preview.passed], failed=failed.id if failed else None
    )


PUT = Operation(
    "PUT",
    "/templates/{key}",
    Scope.TEMPLATES_WRITE,
    answers=TemplateForm,
    body=Document,
    may_match=True,
    refuses=(NotAllowed, BuiltIn, TooManyTemplates, FaultyTemplate, BadTemplateFile, PRECONDITION_REQUIRED),
)


@PUT.run
async def put_template(call: Call, body: Document, templates: Templates) -> Answer | Problem:
    """Make a new version of a template, switched on by another call; of one that is there it wants If-Match."""
    known = {each.key: each for each in await templates.all_of(call.portal)}
    before = known.get(call.path["key"])
    if before is not None and before.is_stored:
        call.check_seen(before.newest.version, lambda: _form(call, before))
    content = json.dumps(body.document).encode()
    template, _ = await templates.imported(call.person, call.portal, content)
    if template.route.key != call.path["key"]:
        raise own(NOT_FOUND)
    brought = await templates.bring(call.person, call.portal, template, call.now)
    return _answer(call, brought)


OFF = Operation(
    "DELETE",
    "/templates/{key}",
    Scope.TEMPLATES_WRITE,
    answers=TemplateForm,
    may_match=True,
    refuses=(NotAllowed, BuiltIn, UnknownTemplate),
)


@OFF.run
async def stop_template(call: Call, templates: Templates) -> Answer:
    """Start no more requests by a template; those that run go on."""
    return _answer(call, await templates.switch_off(call.person, call.portal, call.path["key"], call.now))


ON = Operation(
    "POST",
    "/templates/{key}/activation",
    Scope.TEMPLATES_WRITE,
    answers=TemplateForm,
    refuses=(NotAllowed, NotReady, UnknownTemplate),
)


@ON.run
async def start_template(call: Call, templates: Templates) -> Answer:
    """Switch the newest version of a template on; the one that was on goes off, and what runs keeps its own."""
    return _answer(call, await templates.switch_on(call.person, call.portal, call.path["key"], call.now))


def _findings(call: Call, faults: Any) -> list[Finding]:
    return [finding(call, each) for each in faults]


def finding(call: Call, each: Fault) -> Finding:
    """Return what was found, in the words of the caller."""
    return Finding(path=each.path, code=each.code, sentence=call.say(each.sentence))


def _row(call: Call, kept: KeptTemplate) -> TemplateRow:
    return TemplateRow(
        key=kept.key,
        title=titled(kept.template.route.title, kept.key, call.locale),
        state=kept.state.value,
        version=kept.newest.version,
        is_built_in=kept.is_built_in,
    )


def _form(call: Call, kept: KeptTemplate) -> TemplateForm:
    document = kept.template.model_dump(mode="json", by_alias=True)
    return TemplateForm(**_row(call, kept).model_dump(), document=document)


def _answer(call: Call, kept: KeptTemplate) -> Answer:
    return Answer(_form(call, kept), version=kept.newest.version)


OPERATIONS = (TEMPLATES, CHECK, TEMPLATE, VERSION, SIMULATE, PUT, OFF, ON)
