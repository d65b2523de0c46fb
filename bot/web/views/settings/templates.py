"""Templates: which there are, what they say, their versions, and bringing, copying, starting and stopping them."""

import json
from typing import Any

from bot.domain.approvals.sentences import sentences
from bot.domain.approvals.template import TemplateState
from bot.domain.approvals.told import Telling
from bot.domain.errors import BadForm
from bot.services.approvals.drafts import Drafts
from bot.services.approvals.structure import Structures
from bot.services.approvals.templates import FaultyTemplate, KeptTemplate, Templates, file_of
from bot.text import t
from bot.web.forms import Empty, Form
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Download, Go, NotFound, Page, Visit
from bot.words.templates import lines_of, names_of, start_words, state_words, telling

TEMPLATES = f"{SETTINGS}/templates"
_LONGEST_TITLE = 100
_MOST_FAULTS = 12
_STATES = {TemplateState.ON: "ok", TemplateState.OFF: "withdrawn", TemplateState.DRAFT: "pending"}


class Named(Form):
    """What a new template is called."""

    title: str


class Pasted(Form):
    """A template as JSON, as somebody pasted it or chose it as a file."""

    text: str


async def templates(visit: Visit, templates: Templates, drafts: Drafts, structures: Structures) -> Page:
    """List the templates: on or off, their version, how many run, who may start them."""
    structure = await structures.of(visit.portal, visit.now)
    names, running = names_of(structure), await drafts.running(visit.portal)
    drafted = await drafts.open_of(visit.portal)

    def row(kept: KeptTemplate) -> dict[str, Any]:
        told = Telling(kept.template, names, visit.reader.locale)
        return {
            "key": kept.key,
            "title": told.title,
            "state": _STATES[kept.state],
            "words": state_words(kept.state),
            "version": (kept.on or kept.newest).version,
            "newer": kept.newest.version if kept.on and kept.newest.version > kept.on.version else 0,
            "running": sum(count for (key, _), count in running.items() if key == kept.key),
            "start": start_words(told),
            "is_drafted": kept.key in drafted,
        }

    values = {
        "faults": visit.refused.faults[:_MOST_FAULTS] if isinstance(visit.refused, FaultyTemplate) else (),
        "rows": [row(each) for each in await templates.all_of(visit.portal)],
        "built_in": [row(each) for each in templates.built_in(visit.portal)],
    }
    return settings_page(visit, "templates", "settings/templates.html", values)


async def begin(visit: Visit, form: Named, drafts: Drafts) -> Go:
    """Begin a template of one stage."""
    if not form.title or len(form.title) > _LONGEST_TITLE:
        raise BadForm(t("Write what the template is called, in a few words."), "title")
    kept = await drafts.begin(visit.reader, visit.portal, form.title, visit.now)
    return Go(f"{TEMPLATES}/{kept.key}", t("Here is a beginning: the initiator's head is asked. Change what you like."))


async def bring(visit: Visit, form: Pasted, templates: Templates) -> Go:
    """Keep a template that was pasted as a new version, a draft."""
    template, _ = await templates.imported(visit.reader, visit.portal, form.text.encode())
    kept = await templates.bring(visit.reader, visit.portal, template, visit.now)
    said = t(
        "Kept as version {version}, a draft: nobody starts by it until it is published.", version=kept.newest.version
    )
    return Go(f"{TEMPLATES}/{kept.key}", said)


async def versions_of(visit: Visit, kept: KeptTemplate, drafts: Drafts) -> dict[str, Any]:
    """Return what a page says of a template's versions and of what can be done with it."""
    running = await drafts.running(visit.portal)
    return {
        "path": f"{TEMPLATES}/{kept.key}",
        "state": _STATES[kept.state],
        "state_words": state_words(kept.state),
        "versions": [
            {
                "number": each.version,
                "state": _STATES[each.state],
                "words": state_words(each.state),
                "at": each.made_at,
                "running": running.get((each.key, each.version), 0),
            }
            for each in await drafts.versions(visit.portal, kept.key)
        ],
    }


async def version(visit: Visit, templates: Templates, structures: Structures) -> Page:
    """Show a version as it is for ever, in sentences and as JSON."""
    kept = await templates.get(visit.portal, visit.path["key"])
    number = visit.number("n")
    found = kept.template if kept.is_built_in else await templates.version(visit.portal, kept.key, number)
    if found is None:
        raise NotFound
    told = telling(found, await structures.of(visit.portal, visit.now), visit.reader.locale)
    values = {
        "path": f"{TEMPLATES}/{kept.key}",
        "number": number,
        "is_built_in": kept.is_built_in,
        "lines": [*lines_of(told), start_words(told)] if not kept.is_built_in else sentences(told.route()),
        "json": file_of(found).decode(),
    }
    title = t("{title}, version {version}", title=told.title, version=number)
    return settings_page(visit, "templates", "settings/template_version.html", values, title)


async def version_file(visit: Visit, templates: Templates) -> Download:
    """Give a version as a file."""
    kept = await templates.get(visit.portal, visit.path["key"])
    number = visit.number("n")
    found = kept.template if kept.is_built_in else await templates.version(visit.portal, kept.key, number)
    if found is None:
        raise NotFound
    return Download(f"{kept.key}-{number}.json", "application/json", file_of(found))


async def draft_file(visit: Visit, drafts: Drafts) -> Download:
    """Give what is written of a template as a file."""
    writing = await drafts.writing(visit.portal, visit.path["key"])
    return Download(f"{writing.kept.key}.json", "application/json", pretty(writing.form).encode())


async def start(visit: Visit, form: Empty, templates: Templates) -> Go:
    """Switch the newest version on as it is."""
    del form
    kept = await templates.switch_on(visit.reader, visit.portal, visit.path["key"], visit.now)
    return Go(
        f"{TEMPLATES}/{kept.key}", t("Version {version} is on: requests start by it.", version=kept.newest.version)
    )


async def stop(visit: Visit, form: Empty, templates: Templates) -> Go:
    """Start no more requests by a template."""
    del form
    kept = await templates.switch_off(visit.reader, visit.portal, visit.path["key"], visit.now)
    return Go(f"{TEMPLATES}/{kept.key}", t("Off: no request starts by it. Those that run go on."))


async def copy(visit: Visit, form: Empty, drafts: Drafts) -> Go:
    """Make another template of this one."""
    del form
    kept = await drafts.copy(visit.reader, visit.portal, visit.path["key"], visit.now)
    return Go(f"{TEMPLATES}/{kept.key}", t("This is the copy: a draft of its own. The other one stays as it was."))


def pretty(form: Any) -> str:
    """Return a template as JSON to read and to change."""
    return json.dumps(form, ensure_ascii=False, indent=1) + "\n"
