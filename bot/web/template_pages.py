"""The pages of templates: the list, each with its versions, the builder, and what is done with it."""

from collections.abc import Callable
from typing import Any

from bot.web.views.settings import builder, templates

_TEMPLATES = "/settings/templates"
_OF_KEY = f"{_TEMPLATES}/{{key}}"


def template_pages(shows: Callable[[str, Any], Any], sends: Callable[[str, Any, Any, str], Any]) -> tuple[Any, ...]:
    """Return their routes, made by what makes a page that is shown, and one that is sent."""
    return (
        shows("", templates.templates),
        # No template has the key "-".
        sends("/-/new", templates.begin, templates.templates, _TEMPLATES),
        sends("/-/import", templates.bring, templates.templates, _TEMPLATES),
        shows("/{key}", builder.builder),
        sends("/{key}/draft", builder.save, builder.builder, _OF_KEY),
        sends("/{key}/check", builder.check, builder.builder, _OF_KEY),
        sends("/{key}/publish", builder.publish, builder.builder, _OF_KEY),
        sends("/{key}/simulate", builder.simulate, builder.builder, _OF_KEY),
        sends("/{key}/examples", builder.keep, builder.builder, _OF_KEY),
        sends("/{key}/examples/{id}/drop", builder.drop, builder.builder, _OF_KEY),
        sends("/{key}/group", builder.fill, builder.builder, _OF_KEY),
        shows("/{key}/file", templates.draft_file),
        shows("/{key}/versions/{n}", templates.version),
        shows("/{key}/versions/{n}/file", templates.version_file),
        sends("/{key}/start", templates.start, builder.builder, _OF_KEY),
        sends("/{key}/stop", templates.stop, builder.builder, _OF_KEY),
        sends("/{key}/copy", templates.copy, builder.builder, _OF_KEY),
    )
