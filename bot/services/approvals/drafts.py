"""Templates that are being written: one draft each on the server, which becomes a version when it is published."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.domain.approvals.built_in import built_in
from bot.domain.approvals.drafts import TemplateDraft, TemplateExample
from bot.domain.approvals.lint import warnings
from bot.domain.approvals.reading import BadRoute, Fault, Read, read
from bot.domain.approvals.route import ROUTE_SCHEMA, TEMPLATE_SCHEMA, ApprovalTemplate
from bot.domain.approvals.template import TemplateVersion
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.i18n import Translator
from bot.ids import new_id
from bot.services.approvals.templates import (
    BuiltIn,
    FaultyTemplate,
    KeptTemplate,
    Templates,
    document_of,
    parsed,
)
from bot.services.approvals.trials import Tried, seen_in
from bot.services.people.groups import slug_of
from bot.services.unit_service import UnitService
from bot.text import t

_LONGEST_KEY = 28
MOST_EXAMPLES = 20


class DraftChanged(Refusal):
    """Somebody else saved meanwhile: nothing of theirs is overwritten."""

    code = "draft_changed"

    def __init__(self, name: str) -> None:
        """Name who it was, where that is known."""
        super().__init__(
            t("{person} changed this template meanwhile: below it stands as it is now. Nothing was saved.", person=name)
            if name
            else t("This template changed meanwhile: below it stands as it is now. Nothing was saved.")
        )


class TooManyExamples(Refusal):
    """More examples than a template may have."""

    code = "too_many_examples"

    def __init__(self) -> None:
        """Say how many there may be."""
        super().__init__(t("There are {most} examples already: take one out first.", most=MOST_EXAMPLES))


@dataclass(frozen=True, slots=True)
class Writing:
    """A template as it is being written: its draft, or what a draft would begin with."""

    kept: KeptTemplate
    draft: TemplateDraft | None
    form: Mapping[str, Any]
    """`approval.template/1`, perhaps with faults still."""

    @property
    def seen(self) -> str:
        """What names exactly this state; whoever saves sends it back."""
        version = 0 if self.draft is None else self.draft.version
        return f"{version}.{self.kept.newest.version}"

    @property
    def is_open(self) -> bool:
        """Whether there is something that is not published."""
        return self.draft is not None and self.draft.is_open

    @property
    def is_behind(self) -> bool:
        """Whether another version came after the draft was begun."""
        return self.draft is not None and self.draft.is_open and self.draft.based_on != self.kept.newest.version


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with a draft, or likely a mistake; and what it says, where nothing is wrong."""

    template: ApprovalTemplate | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def checked(form: Mapping[str, Any], hooks: Collection[str] | None = None) -> Checked:
    """Return what is wrong with a template, and what is likely a mistake; `hooks` as the linter has them."""
    try:
        template = read(form).template
    except BadRoute as bad:
        return Checked(None, bad.faults, ())
    if template is None:  # drafts are templates, never bare routes
        return Checked(None, (), ())
    return Checked(template, (), warnings(Read(template.route, template), hooks))


class Drafts(UnitService):
    """Keeps what administrators write before they publish it."""

    async def writing(self, portal: Portal, key: str) -> Writing:
        """Return a template as it is being written."""
        kept = await Templates(self._uow).get(portal, key)
        draft = await self._uow.template_drafts.get(portal.id, key)
        document = draft.document if draft is not None and draft.is_open else document_of(kept.template)
        return Writing(kept, draft, json.loads(document))

    async def open_of(self, portal: Portal) -> Mapping[str, TemplateDraft]:
        """Return the drafts that are not published yet, by key."""
        found = await self._uow.template_drafts.of_portal(portal.id)
        return {key: each for key, each in found.items() if each.is_open}

    async def versions(self, portal: Portal, key: str) -> Sequence[TemplateVersion]:
        """Return the versions of a template, newest first."""
        return sorted(await self._uow.templates.versions(portal.id, key), key=lambda each: -each.version)

    async def running(self, portal: Portal) -> Mapping[tuple[str, int], int]:
        """Return how many requests run, by template and version."""
        return await self._uow.routed.running(portal.id)

    async def checked(self, portal: Portal, form: Mapping[str, Any]) -> Checked:
        """Return what is wrong with a template, and what is likely a mistake on this portal."""
        return checked(form, {each.name for each in await self._uow.webhooks.of(portal.id)})

    async def save(
        self, actor: Employee, portal: Portal, key: str, seen: str, form: Mapping[str, Any], now: datetime
    ) -> Writing:
        """Keep a draft as it is given; whoever saw another one than there is saves nothing."""
        before = await self._seen(actor, portal, key, seen)
        form = _of_key(form, key)
        if form == before.form:
            return before
        document = json.dumps(form, ensure_ascii=False, separators=(",", ":"))
        return self._put(before, actor, document, now)

    async def drop(self, actor: Employee, portal: Portal, key: str, seen: str, now: datetime) -> Writing:
        """Throw a draft away: the template is written from its newest version on."""
        before = await self._seen(actor, portal, key, seen)
        return self._put(before, actor, "", now) if before.is_open else before

    async def publish(self, actor: Employee, portal: Portal, key: str, seen: str, now: datetime) -> KeptTemplate:
        """Make a version of a draft and switch it on; requests that run keep theirs."""
        before = await self._seen(actor, portal, key, seen)
        templates = Templates(self._uow)
        if before.is_open:
            found = await self.checked(portal, before.form)
            if found.template is None:
                raise FaultyTemplate(found.faults)
            await templates.bring(actor, portal, found.template, now)
            self._put(before, actor, "", now)
        return await templates.switch_on(actor, portal, key, now)

    async def copy(self, actor: Employee, portal: Portal, key: str, now: datetime) -> KeptTemplate:
        """Keep what is written of a template as another one, which is a draft."""
        check(actor, Right.KEEP_RULES)
        before = await self.writing(portal, key)
        found = await self.checked(portal, before.form)
        template = found.template or before.kept.template
        titles = {
            str(name): Translator(name, portal.zone, now).plain(t("{title} (copy)", title=text))
            for name, text in template.route.title.items()
        }
        return await self._new(actor, portal, template, key, titles, now)

    async def begin(self, actor: Employee, portal: Portal, title: str, now: datetime) -> KeptTemplate:
        """Begin a template of one stage, in which the initiator's head is asked."""
        check(actor, Right.KEEP_RULES)
        stage = {
            "id": "head",
            "tracks": [{"id": "head", "approvers": [{"by": "head_of"}], "rule": {"type": "any"}}],
            "deadline": {"after": "1wd", "on_expire": "expire"},
        }
        route = {
            "schema": ROUTE_SCHEMA, "key": "new", "version": 1, "title": {}, "subjects": ["custom"],
            "timezone": portal.zone, "stages": [stage],
        }  # fmt: skip
        blank = ApprovalTemplate.model_validate({"schema": TEMPLATE_SCHEMA, "route": route})
        return await self._new(actor, portal, blank, slug_of(title, set()), {actor.locale: title}, now)

    # Examples

    async def examples(self, portal: Portal, key: str) -> Sequence[TemplateExample]:
        """Return the requests by which a template is tried before it is published, oldest first."""
        return await self._uow.template_drafts.examples(portal.id, key)

    async def keep_example(
        self, actor: Employee, tried: Tried, key: str, at: datetime, now: datetime
    ) -> TemplateExample:
        """Keep a trial as an example, with what came of it."""
        check(actor, Right.KEEP_RULES)
        portal = tried.structure.portal
        if len(await self.examples(portal, key)) >= MOST_EXAMPLES:
            raise TooManyExamples
        fields = json.dumps(tried.fields, ensure_ascii=False)
        example = TemplateExample(
            portal.id, key, new_id(), tried.person.id, fields, at, json.dumps(seen_in(tried)), now, actor.id
        )
        self._uow.template_drafts.add_example(example)
        return example

    async def drop_example(self, actor: Employee, portal: Portal, key: str, example_id: int) -> None:
        """Keep an example no longer."""
        check(actor, Right.KEEP_RULES)
        found = next((each for each in await self.examples(portal, key) if each.id == example_id), None)
        if found is not None:
            self._uow.template_drafts.drop_example(found)

    def put_example(self, example: TemplateExample, seen: Sequence[Any]) -> None:
        """Take what came of an example now for right."""
        self._uow.template_drafts.put_example(replace(example, seen=json.dumps(seen)))

    async def _new(
        self,
        actor: Employee,
        portal: Portal,
        like: ApprovalTemplate,
        key: str,
        titles: Mapping[str, str],
        now: datetime,
    ) -> KeptTemplate:
        templates = Templates(self._uow)
        known = await templates.all_of(portal)
        taken = {*(each.key for each in known), *built_in()}
        names = (key, *(f"{key[:_LONGEST_KEY]}_{number}" for number in range(2, len(taken) + 3)))
        free = next(each for each in names if each not in taken)
        form = json.loads(document_of(like))
        form["route"] |= {"key": free, "title": dict(titles)}
        return await templates.bring(actor, portal, parsed(json.dumps(form)), now)

    async def _seen(self, actor: Employee, portal: Portal, key: str, seen: str) -> Writing:
        check(actor, Right.KEEP_RULES)
        before = await self.writing(portal, key)
        if before.kept.is_built_in:
            raise BuiltIn
        if before.seen != seen:
            by = None if before.draft is None else before.draft.changed_by
            who = None if by is None else await self._uow.employees.get(portal.id, by)
            raise DraftChanged("" if who is None or who.id == actor.id else who.name)
        return before

    def _put(self, before: Writing, actor: Employee, document: str, now: datetime) -> Writing:
        newest = before.kept.newest
        version = 1 if before.draft is None else before.draft.version + 1
        base = before.draft.based_on if before.draft is not None and before.is_open and document else newest.version
        after = TemplateDraft(newest.portal_id, newest.key, document, base, version, now, actor.id)
        self._uow.template_drafts.put(before.draft, after)
        form = json.loads(document or document_of(before.kept.template))
        return replace(before, draft=after, form=form)


def _of_key(form: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return a template under the key that it has here, whatever it says itself."""
    return {**form, "route": {**form["route"], "key": key}}
