"""Asking by a template: its form, a look at who would be asked, sending; and what was sent back, sent again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.domain.approvals.files import LARGEST, FileGone, RequestFile, with_files
from bot.domain.approvals.read_fields import filled_in
from bot.domain.approvals.route import ApprovalTemplate, FormField
from bot.domain.approvals.told import titled
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.errors import BadFields, BadForm
from bot.domain.people.employee import Employee
from bot.services.approvals.attachments import Attachments
from bot.services.approvals.courses import Courses, Standing, TemplateOff
from bot.services.approvals.form_values import FormValues, asked_before, written
from bot.services.approvals.objects import Filled, PortalObjects
from bot.services.approvals.requests import Requests
from bot.services.approvals.structure import person_id
from bot.services.approvals.templates import Templates
from bot.services.people.people import People
from bot.text import Phrase, t, verbatim
from bot.web.taking import named_files, without_file
from bot.web.views.approvals import refusal_of
from bot.web.views.asking import PREFIX, WEB, Field, Sent, errors_of, hidden, sent_before, token_for, token_in
from bot.web.visit import Go, NotFound, NotTaken, Page, Visit, number_in
from bot.words.errands import object_called
from bot.words.files import file_words
from bot.words.routed import field_changes, field_lines
from bot.words.who_is_asked import stages_told

_KINDS = {"text": "text", "number": "number", "money": "number", "date": "date", "choice": "select",
          "person": "select", "deal": "object", "task": "object", "file": "file"}  # fmt: skip
_HINTS: dict[str, Phrase] = {
    "money": t("A sum, please, such as 150,000."),
    "deal": t("The number of the deal on the portal."),
    "task": t("The number of the task on the portal."),
    "file": t("A document or a picture, {most} MB at most.", most=LARGEST >> 20),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked by: a template as it is today, or that of a request which was sent back."""

    template: ApprovalTemplate
    path: str
    version: str
    standing: Standing | None = None
    """The request that was sent back."""
    parent: Standing | None = None
    """The request that has ended and is asked for again."""

    @property
    def known(self) -> Sequence[RequestFile]:
        """Files that it has already."""
        return () if self.standing is None else self.standing.request.files


async def new(visit: Visit, courses: Courses) -> Page:
    """Offer all that somebody can ask for; come from the tab of a deal or a task, its form will name that one."""
    offered = await courses.startable(visit.portal, visit.reader, visit.now)
    about = ObjectRef.parse(visit.query.get("about", ""))
    titles = [(each.version.key, titled(each.template.route.title, each.version.key, visit.reader.locale))
              for each in offered]  # fmt: skip
    values = {
        "templates": sorted(titles, key=lambda each: each[1].casefold()),
        "about": None if about is None else object_called(about),
        "query": "" if about is None else f"?{urlencode({'about': str(about)})}",
    }
    return Page("new.html", t("New request"), values, "approvals")


async def _asked(visit: Visit, courses: Courses, requests: Requests, again: str = "") -> _Asked:
    if "id" in visit.path:
        number = visit.number("id")
        found = await requests.shown_to(visit.reader, number, visit.now)
        if not isinstance(found, Standing) or found.request.initiator_id != visit.reader.id:
            raise NotFound
        if found.running.status != "rework":
            raise NotTaken(t("This request is not with you to be changed: this is how it stands now."))
        return _Asked(found.template, f"/approvals/{number}/resubmission", str(found.request.version), found)
    key = visit.path["template"]
    offered = await courses.startable(visit.portal, visit.reader, visit.now)
    chosen = next((each for each in offered if each.version.key == key), None)
    if chosen is None:
        raise TemplateOff
    parent = None
    if (before := number_in(again)) is not None:
        shown = await requests.shown_to(visit.reader, before, visit.now)
        if isinstance(shown, Standing) and shown.request.initiator_id == visit.reader.id:
            parent = shown
    return _Asked(chosen.template, f"/approvals/new/{key}", str(chosen.version.version), parent=parent)


async def admits(visit: Visit, courses: Courses, requests: Requests) -> None:
    """Refuse whoever may not ask by that template, or whose request is not with them to be changed."""
    await _asked(visit, courses, requests)


async def form(visit: Visit, courses: Courses, requests: Requests, people: People, attachments: Attachments) -> Page:
    """Show the form, with what was typed, or what was asked for last time."""
    typed = visit.typed
    asked = await _asked(visit, courses, requests, typed.get("again") or visit.query.get("again", ""))
    return await _form_page(visit, asked, Sent.model_validate(dict(typed)), people, attachments)


async def _form_page(visit: Visit, asked: _Asked, sent: Sent, people: People, attachments: Attachments) -> Page:
    everybody = [each for each in await people.everybody_of(visit.portal.id) if not each.is_disabled]
    said, files = sent.said, sent.files
    if not sent.token:  # nobody has typed anything yet
        said = _before(visit, asked, everybody)
        files = "" if asked.standing is None else _named(asked.standing.request.present_files)
    wanted = named_files(files)
    kept = await attachments.still_there(visit.portal, visit.reader, list(wanted), asked.known)
    errors = errors_of(visit)
    fields = [_field(visit, each, said, errors, everybody, [one for one in kept if wanted[one.id] == each.key])
              for each in asked.template.form]  # fmt: skip
    named = {each.key for each in asked.template.form}
    beside = [(each.id, file_words(each)) for each in kept if wanted[each.id] not in named]
    fields.append(
        Field("file-", t("Other files, if you like"), "files", hint=_HINTS["file"], error=errors.get(""), files=beside)
    )
    hidden_fields = [
        ("token", token_for(sent.token)),
        ("version", asked.version),
        ("files", ",".join(f"{each.id}:{wanted[each.id]}" for each in kept)),
        ("again", sent.again or (str(asked.parent.request.id) if asked.parent else "")),
    ]
    title = titled(asked.template.route.title, asked.template.route.key, visit.reader.locale)
    values = {
        "path": asked.path,
        "fields": sorted(fields, key=lambda each: each.kind in {"file", "files"}),  # fields come before files
        "hidden": hidden_fields,
        "takes_files": True,
        "back": f"/approvals/{asked.standing.request.id}" if asked.standing else "/approvals/new",
        "is_changed": asked.standing is not None,
    }
    return Page("ask.html", verbatim(title), values, "approvals")


def _before(visit: Visit, asked: _Asked, everybody: Sequence[Employee]) -> dict[str, str]:
    ids = {person_id(visit.portal, each): each for each in everybody}
    fields: Mapping[str, Any] = {}
    if asked.standing is not None:
        fields = filled_in(asked.template.form, asked.standing.running.subject)
    elif asked.parent is not None:
        fields = asked_before(asked.parent, asked.template)
    known = {each.key: written(each, fields.get(each.key), ids) for each in asked.template.form}
    about = ObjectRef.parse(visit.query.get("about", ""))
    if about is not None and asked.standing is None:
        named = next((each.key for each in asked.template.form if each.type == about.kind), None)
        known |= {} if named is None else {named: str(about.number)}
    return known


def _named(files: Sequence[RequestFile]) -> str:
    return ",".join(f"{each.id}:{each.field}" for each in files)


def _field(
    visit: Visit,
    wanted: FormField,
    said: Mapping[str, str],
    errors: Mapping[str, Phrase],
    everybody: Sequence[Employee],
    files: Sequence[RequestFile],
) -> Field:
    choices: list[tuple[str, str]] = []
    if wanted.type == "choice":
        choices = [(each, each) for each in wanted.choices]
    elif wanted.type == "person":
        choices = [(str(each.id), each.name) for each in everybody]
    return Field(
        f"file-{wanted.key}" if wanted.type == "file" else f"{PREFIX}{wanted.key}",
        titled(wanted.title, wanted.key, visit.reader.locale),
        _KINDS[wanted.type],
        said.get(wanted.key, ""),
        wanted.required,
        choices,
        _HINTS.get(wanted.type),
        errors.get(wanted.key),
        [(each.id, file_words(each)) for each in files],
    )


async def look(
    visit: Visit,
    form: Sent,
    courses: Courses,
    requests: Requests,
    people: People,
    attachments: Attachments,
    values: FormValues,
    objects: PortalObjects,
    templates: Templates,
) -> Page:
    """Show what would be sent and who would be asked, by the code that then asks them; or the form, to be changed."""
    asked = await _asked(visit, courses, requests, form.again)
    if form.change or form.drop:
        kept = form.model_copy(update={"files": without_file(form.files, form.drop)})
        return await _form_page(visit, asked, kept, people, attachments)
    filled, files = await _filled(visit, form, asked, attachments, values, objects)
    tried = await templates.tried(
        visit.portal, asked.template, visit.reader, with_files(asked.template.form, filled.fields, files, {}), visit.now
    )
    stages, passed = stages_told(tried, asked.template, visit.reader, filled.fields)
    ids = {person_id(visit.portal, each): each for each in tried.structure.by_own_id.values()}
    offered = {key: written(each, filled.fields[key], ids) for each in asked.template.form
               if (key := each.key) in filled.offered}  # fmt: skip
    was = None if asked.standing is None else asked.standing.running.subject
    shown: dict[str, Any] = {
        "path": asked.path,
        "lines": field_lines(asked.template, filled.fields, tried.structure, visit.reader.locale, files),
        "changes": [] if was is None else field_changes(
            asked.template, was, with_files(asked.template.form, filled.fields, files, was), tried.structure,
            visit.reader.locale,
        ),
        "is_changed": was is not None,
        "stages": stages,
        "passed": passed,
        "is_missing": not stages or any(each.is_missing for each in stages),
        "notes": [],
        "hidden": hidden(form, token_for(form.token), **offered),
    }  # fmt: skip
    title = titled(asked.template.route.title, asked.template.route.key, visit.reader.locale)
    return Page("ask_look.html", t("{what}: look at it before it is sent", what=title), shown, "approvals")


async def _filled(
    visit: Visit, form: Sent, asked: _Asked, attachments: Attachments, values: FormValues, objects: PortalObjects
) -> tuple[Filled, list[RequestFile]]:
    """Return what the form holds; BadFields where something is wrong with it."""
    if form.version and form.version != asked.version and asked.standing is None:
        raise BadForm(t("This template was changed meanwhile. What you typed is kept: please look at it once more."))
    wanted, own = named_files(form.files), asked.template.form
    try:
        files = await attachments.chosen(visit.portal, visit.reader, own, wanted, asked.known)
    except FileGone:
        raise BadForm(t("A file was not kept: it waited too long. Please add it again; all else is here.")) from None
    sent = {each.field: each.sha256 for each in files if each.field}
    read = await values.read_all(visit.portal, visit.reader, own, form.said, sent, visit.now)
    filled = await objects.read_into(visit.portal, visit.reader, own, own, Filled(dict(read.fields)))
    errors = {key: why for key, why in read.errors.items() if key not in filled.offered}
    if errors or visit.files_refused:
        raise BadFields({**errors, **dict(visit.files_refused)})
    return filled, files


async def send(
    visit: Visit,
    form: Sent,
    courses: Courses,
    requests: Requests,
    attachments: Attachments,
    values: FormValues,
    objects: PortalObjects,
) -> Go:
    """Send what was looked at, once: pressed twice, or from behind the back button, it is the same request."""
    if "id" in visit.path:
        return await _resubmit(visit, form, courses, requests, attachments, values, objects)
    if (before := await sent_before(visit, form, requests)) is not None:
        return before
    asked = await _asked(visit, courses, requests, form.again)
    filled, files = await _filled(visit, form, asked, attachments, values, objects)
    token = token_in(form.token)
    if token is None:
        raise BadForm(t("This page was open for long. What you typed is here: please look at it and send it again."))
    chosen = (asked.template.route.key, int(asked.version))
    done = await courses.start(
        visit.portal, chosen, visit.reader, filled.fields, visit.now, WEB, files,
        asked.parent.request if asked.parent else None, request_id=token,
    )  # fmt: skip
    said = t("The same is under way already: here it is.") if done.refusal else t("Sent. Here you see who is asked.")
    return Go(f"/approvals/{done.request.id}", said)


async def _resubmit(
    visit: Visit,
    form: Sent,
    courses: Courses,
    requests: Requests,
    attachments: Attachments,
    values: FormValues,
    objects: PortalObjects,
) -> Go:
    number = visit.number("id")
    asked = await _asked(visit, courses, requests)
    filled, files = await _filled(visit, form, asked, attachments, values, objects)
    seen = number_in(form.version)
    done = await requests.resubmit(visit.reader, number, filled.fields, files, visit.now, seen, WEB)
    if (why := refusal_of(done, visit)) is not None:
        raise NotTaken(why)
    return Go(f"/approvals/{number}", t("Sent again."))
