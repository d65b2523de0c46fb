"""Templates of approval: what a portal has, brought by a file, switched on and off, tried before anybody is asked."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.asked_by_process import ASKED_BY_PROCESS, asked_by_process
from bot.domain.approvals.base import Titles
from bot.domain.approvals.built_in import built_in
from bot.domain.approvals.course import Course
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.lacking import Lack, lacks
from bot.domain.approvals.lines import parsed as json_of
from bot.domain.approvals.lint import warnings
from bot.domain.approvals.named import template_of
from bot.domain.approvals.preview import Preview, preview
from bot.domain.approvals.reading import BadRoute, Fault, Read, read
from bot.domain.approvals.ready import ready_made
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.template import TemplateState, TemplateVersion
from bot.domain.errors import Refusal
from bot.domain.events import TemplatesChanged
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.services.approvals.asked_for import named, titles_of
from bot.services.approvals.structure import PortalStructure, Structures, person_id
from bot.services.unit_service import UnitService
from bot.text import Phrase, t, tn

LARGEST = 1 << 20
"""Bytes of a template's file."""
_MOST_TEMPLATES = 100
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class UnknownTemplate(Refusal):
    """No template of that name."""

    code = "unknown_template"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name what was looked for, and what there is."""
        if known:
            super().__init__(
                t("I know no template “{name}”. There are: {found}", name=name, found=", ".join(known[:20]))
            )
        else:
            super().__init__(t("There are no templates to start a request by yet: an administrator switches them on."))


class AmbiguousTemplate(Refusal):
    """Several templates of that name."""

    code = "ambiguous_template"

    def __init__(self, name: str, found: Sequence[str]) -> None:
        """Name those that were found."""
        super().__init__(
            t("“{name}” can be several templates: {found}. Write the full name.", name=name, found=", ".join(found))
        )


class BadTemplateFile(Refusal):
    """A file that is no template."""

    code = "bad_template_file"


class FaultyTemplate(Refusal):
    """A template with faults."""

    code = "faulty_template"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults, for whoever shows them."""
        super().__init__(
            tn("The template has {count} fault. Nothing was changed.",
               "The template has {count} faults. Nothing was changed.", len(faults))
        )  # fmt: skip
        self.faults = tuple(faults)


class NotReady(Refusal):
    """A template in which something is missing cannot be switched on."""

    code = "template_not_ready"

    def __init__(self, missing: Sequence[Lack]) -> None:
        """Keep what is missing, for whoever asks for it."""
        super().__init__(t("The template cannot be switched on yet: something is missing in it."))
        self.missing = tuple(missing)


class BuiltIn(Refusal):
    """A route that is built in is neither switched off nor changed."""

    code = "built_in_template"

    def __init__(self) -> None:
        """Say so, and how to have one's own."""
        super().__init__(
            t("This route is built in: it is always on and never changes. For one of your own, write another key.")
        )


class TooManyTemplates(Refusal):
    """More templates than a portal may have."""

    code = "too_many_templates"

    def __init__(self) -> None:
        """Say how many there may be."""
        super().__init__(t("There are {most} templates already, and there cannot be more.", most=_MOST_TEMPLATES))


@dataclass(frozen=True, slots=True)
class KeptTemplate:
    """One template of a portal: its newest version, the one that is on, and both as what they say."""

    newest: TemplateVersion
    template: ApprovalTemplate
    """What the newest version says."""
    on: TemplateVersion | None = None
    is_stored: bool = True
    """False of a ready-made one that the portal has not touched yet, and of a built-in one."""
    is_built_in: bool = False
    """Always on, and never changed."""

    @property
    def key(self) -> str:
        """Its key."""
        return self.newest.key

    @property
    def state(self) -> TemplateState:
        """On where one of its versions is; else what its newest version is."""
        return TemplateState.ON if self.on is not None else self.newest.state


@dataclass(frozen=True, slots=True)
class Tried:
    """Who would be asked, with the structure that names them."""

    preview: Preview
    structure: PortalStructure


class Templates(UnitService):
    """Keeps a portal's templates; administrators alone change them."""

    async def all_of(self, portal: Portal) -> Sequence[KeptTemplate]:
        """Return the templates, the ready-made ones that nobody touched among them, by key."""
        by_key: dict[str, list[TemplateVersion]] = {}
        for each in await self._uow.templates.of_portal(portal.id):
            by_key.setdefault(each.key, []).append(each)
        found = {key: _kept(versions) for key, versions in by_key.items()}
        for key, ready in ready_made().items():
            if key not in found:
                template = in_zone(ready, portal)
                draft = TemplateVersion(portal.id, key, 1, document_of(template), TemplateState.DRAFT, _BEGINNING)
                found[key] = KeptTemplate(draft, template, is_stored=False)
        return [found[key] for key in sorted(found)]

    def built_in(self, portal: Portal) -> Sequence[KeptTemplate]:
        """Return the routes of corrections, leaves and the like, which are always on."""
        found = []
        for key, own in built_in().items():
            template = in_zone(own, portal)
            version = TemplateVersion(portal.id, key, 1, document_of(template), TemplateState.ON, _BEGINNING)
            found.append(KeptTemplate(version, template, version, is_stored=False, is_built_in=True))
        return found

    async def find(self, portal: Portal, said: str) -> KeptTemplate:
        """Return the one template that words mean: its key, its title, or words that are of its title alone."""
        known = await self.all_of(portal)
        found = named(known, said) or named(self.built_in(portal), said)
        if len(found) == 1:
            return found[0]
        if not found:
            raise UnknownTemplate(said.strip()[:60], [titles_of(each)[0] for each in known])
        raise AmbiguousTemplate(said.strip()[:60], [titles_of(each)[0] for each in found])

    async def get(self, portal: Portal, key: str) -> KeptTemplate:
        """Return the template of a key."""
        known = await self.all_of(portal)
        found = next((each for each in (*known, *self.built_in(portal)) if each.key == key), None)
        if found is None:
            raise UnknownTemplate(key, [titles_of(each)[0] for each in known])
        return found

    async def version(self, portal: Portal, key: str, version: int) -> ApprovalTemplate | None:
        """Return what a version says: a request that runs keeps the one that it began with."""
        for each in await self._uow.templates.versions(portal.id, key):
            if each.version == version:
                return parsed(each.document)
        return in_zone(asked_by_process(), portal) if (key, version) == (ASKED_BY_PROCESS, 1) else None

    async def titles(self, portal: Portal, keys: Collection[str]) -> Mapping[str, Titles]:
        """Return what templates are called by their newest versions, by key."""
        if not keys:
            return {}
        found = {ASKED_BY_PROCESS: asked_by_process().route.title}
        of_portal = await self._uow.templates.of_portal(portal.id)
        for each in sorted(of_portal, key=lambda version: version.version):
            if each.key in keys:
                found[each.key] = parsed(each.document).route.title
        return found

    async def on(self, portal: Portal) -> Sequence[tuple[TemplateVersion, ApprovalTemplate]]:
        """Return the versions that are on, by key: by these a process or a rule begins a request."""
        found = [each for each in await self._uow.templates.of_portal(portal.id) if each.is_on]
        return sorted(((each, parsed(each.document)) for each in found), key=lambda each: each[0].key)

    async def started_by_hand(self, portal: Portal) -> Sequence[tuple[TemplateVersion, ApprovalTemplate]]:
        """Return the versions that are on and that people may start in chat, by key."""
        on = [each for each in await self._uow.templates.of_portal(portal.id) if each.is_on]
        told = [(each, parsed(each.document)) for each in on]
        return [(each, template) for each, template in told if template.start.by_hand]

    # Files

    async def imported(self, actor: Employee, portal: Portal, content: bytes) -> tuple[ApprovalTemplate, int]:
        """Read a file that somebody sent; returns the template with the number that its version will have."""
        check(actor, Right.KEEP_RULES)
        template = await self._translated(portal, read_file(content))
        if template.route.key in built_in() or template.route.key == ASKED_BY_PROCESS:
            raise BuiltIn
        known = await self.all_of(portal)
        before = next((each for each in known if each.key == template.route.key), None)
        if before is None and len(known) >= _MOST_TEMPLATES:
            raise TooManyTemplates
        version = 1 if before is None else before.newest.version + 1
        return _numbered(template, version), version

    async def bring(self, actor: Employee, portal: Portal, template: ApprovalTemplate, now: datetime) -> KeptTemplate:
        """Keep a template as a new version, a draft; the one that is on goes on until this one is switched on."""
        check(actor, Right.KEEP_RULES)
        known = await self.all_of(portal)
        before = next((each for each in known if each.key == template.route.key), None)
        if before is None and len(known) >= _MOST_TEMPLATES:
            raise TooManyTemplates
        number = 1 if before is None else before.newest.version + 1
        template = _numbered(template, number)
        version = TemplateVersion(
            portal.id, template.route.key, number, document_of(template), TemplateState.DRAFT, now, actor.id
        )
        self._uow.templates.add(version)
        self._record(actor, portal, f"template {version.key} {version.version} brought", now)
        return KeptTemplate(version, template, None if before is None else before.on)

    async def _translated(self, portal: Portal, template: ApprovalTemplate) -> ApprovalTemplate:
        """Name people whom the portal knows by the portal's number, also where their own id was written."""
        ids = {str(each.id): person_id(portal, each) for each in await self._uow.employees.of_portal(portal.id)}
        document = template.model_dump(mode="json", by_alias=True)
        return ApprovalTemplate.model_validate(_with_ids(document, ids))

    # On and off

    async def lacks(self, portal: Portal, template: ApprovalTemplate, now: datetime) -> tuple[Lack, ...]:
        """Return what is missing before a template can be switched on."""
        if template.route.key in built_in():
            return ()
        return lacks(template, (await Structures(self._uow).of(portal, now)).company)

    async def likely_mistakes(self, portal: Portal, template: ApprovalTemplate) -> tuple[Phrase, ...]:
        """Return what is likely a mistake in a template on this portal."""
        hooks = {each.name for each in await self._uow.webhooks.of(portal.id)}
        return tuple(each.sentence for each in warnings(Read(template.route, template), hooks))

    async def switch_on(self, actor: Employee, portal: Portal, key: str, now: datetime) -> KeptTemplate:
        """Switch the newest version on, and the one that was on off; what runs keeps its own."""
        check(actor, Right.KEEP_RULES)
        kept = await self.get(portal, key)
        if kept.newest.is_on:
            return kept
        missing = await self.lacks(portal, kept.template, now)
        if missing:
            raise NotReady(missing)
        after = replace(kept.newest, state=TemplateState.ON, changed_at=now, changed_by=actor.id)
        if kept.is_stored:
            self._uow.templates.put_state(kept.newest, after)
        else:
            self._uow.templates.add(after)
        if kept.on is not None:
            self._off(actor, kept.on, now)
        self._record(actor, portal, f"template {key} {after.version} on", now)
        self._uow.events.append(TemplatesChanged(portal.id, actor.id))
        return replace(kept, newest=after, on=after, is_stored=True)

    async def switch_off(self, actor: Employee, portal: Portal, key: str, now: datetime) -> KeptTemplate:
        """Start no more requests by a template; those that run go on."""
        check(actor, Right.KEEP_RULES)
        kept = await self.get(portal, key)
        if kept.is_built_in:
            raise BuiltIn
        if kept.on is None:
            return kept
        after = self._off(actor, kept.on, now)
        self._record(actor, portal, f"template {key} {after.version} off", now)
        self._uow.events.append(TemplatesChanged(portal.id, actor.id))
        newest = after if after.version == kept.newest.version else kept.newest
        return replace(kept, newest=newest, on=None)

    def _off(self, actor: Employee, version: TemplateVersion, now: datetime) -> TemplateVersion:
        after = replace(version, state=TemplateState.OFF, changed_at=now, changed_by=actor.id)
        self._uow.templates.put_state(version, after)
        return after

    # Trying

    async def tried(
        self, portal: Portal, template: ApprovalTemplate, person: Employee, fields: Mapping[str, Any], now: datetime
    ) -> Tried:
        """Return who would be asked if somebody started a request with those fields now."""
        structure = await Structures(self._uow).of(portal, now)
        reckoning = Reckoning(ZoneInfo(template.route.timezone), structure.hours)
        course = Course(template.route, structure.company, reckoning)
        return Tried(preview(course, person_id(portal, person), fields, now), structure)

    def _record(self, actor: Employee, portal: Portal, what: str, now: datetime) -> None:
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=what, at=now)


def read_file(content: bytes) -> ApprovalTemplate:
    """Read a template or a route from a file; a Refusal says in a sentence what is wrong with it."""
    if len(content) > LARGEST:
        raise BadTemplateFile(t("The file is larger than 1 MB. Templates are much smaller: is it the right one?"))
    try:
        form = json_of(content.decode("utf-8-sig"))
    except ValueError:
        raise BadTemplateFile(t("This is no JSON file. I take templates as JSON: /templates shows some.")) from None
    try:
        return template_of(read(form))
    except BadRoute as bad:
        raise FaultyTemplate(bad.faults) from None


def document_of(template: ApprovalTemplate) -> str:
    """Return a template as JSON text."""
    return json.dumps(template.model_dump(mode="json", by_alias=True), ensure_ascii=False, separators=(",", ":"))


def file_of(template: ApprovalTemplate) -> bytes:
    """Return a template as a file to read and to change."""
    form = template.model_dump(mode="json", by_alias=True)
    return (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode()


@lru_cache(maxsize=64)
def parsed(document: str) -> ApprovalTemplate:
    """Read what `document_of` wrote; a version never changes, so it is read once."""
    return ApprovalTemplate.model_validate_json(document)


def _kept(versions: Sequence[TemplateVersion]) -> KeptTemplate:
    newest = max(versions, key=lambda each: each.version)
    return KeptTemplate(newest, parsed(newest.document), next((each for each in versions if each.is_on), None))


def _numbered(template: ApprovalTemplate, version: int) -> ApprovalTemplate:
    return template.model_copy(update={"route": template.route.model_copy(update={"version": version})})


def in_zone(template: ApprovalTemplate, portal: Portal) -> ApprovalTemplate:
    """Return a template whose times are the portal's."""
    return template.model_copy(update={"route": template.route.model_copy(update={"timezone": portal.zone})})


def _with_ids(form: Any, ids: Mapping[str, Any]) -> Any:
    match form:
        case {"by": "employee", "id": str(key)} if isinstance(ids.get(key), int):
            return {"by": "user", "id": ids[key]}
        case dict():
            return {name: _with_ids(each, ids) for name, each in form.items()}
        case list():
            return [_with_ids(each, ids) for each in form]
        case _:
            return form
