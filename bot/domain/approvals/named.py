"""Whom a template names, wherever it does, and its form where a bare route brings none."""

from collections.abc import Iterator
from typing import Any

from bot.domain.approvals.condition import Compare, comparisons
from bot.domain.approvals.named_fields import field_names
from bot.domain.approvals.reading import Read
from bot.domain.approvals.route import TEMPLATE_SCHEMA, ApprovalRoute, ApprovalTemplate, FormField
from bot.domain.approvals.who import Who


def everybody_named(template: ApprovalTemplate) -> Iterator[Who]:
    """Yield whom a template names: those who are asked in their order first, then who may start it."""
    for stage in template.route.stages:
        for track in stage.tracks:
            yield from track.approvers
            if not isinstance(track.veto, str):
                yield from track.veto
        yield from stage.fallback
        for step in stage.deadline.escalate:
            yield from step.to
    yield from template.start.who


def in_place_of_group(template: ApprovalTemplate, name: str, who: Who) -> ApprovalTemplate:
    """Return a template that names somebody else wherever it named a group."""

    def named(form: Any) -> Any:
        match form:
            case {"by": "group", "name": group} if group == name:
                return who.model_dump(mode="json")
            case dict():
                return {key: named(each) for key, each in form.items()}
            case list():
                return [named(each) for each in form]
            case _:
                return form

    return ApprovalTemplate.model_validate(named(template.model_dump(mode="json", by_alias=True)))


def template_of(found: Read) -> ApprovalTemplate:
    """Return the template that was read; a bare route gets a form with one field for each name in it."""
    if found.template is not None:
        return found.template
    return ApprovalTemplate.model_validate(
        {"schema": TEMPLATE_SCHEMA, "route": found.route, "form": list(_derived(found.route))}
    )


_SENT = "_sha256"
"""How a field is called whose value is the hash of a file."""


def _derived(route: ApprovalRoute) -> Iterator[FormField]:
    """People where somebody is looked up by the name, numbers where it is compared with one, files, texts else."""
    numbers = {each.field for stage in route.stages for each in comparisons(stage.when) if _is_of_number(each)}
    people = {name for path, name in field_names(route) if path.endswith((".path", ".of"))}
    for name in dict.fromkeys(name for _, name in field_names(route)):
        if name.endswith(_SENT):
            kind = "file"
        else:
            kind = "person" if name in people else "number" if name in numbers else "text"
        yield FormField.model_validate({"key": name, "title": {"ru": name, "en": name}, "type": kind})


def _is_of_number(each: Compare) -> bool:
    return isinstance(each.value, int | float) and not isinstance(each.value, bool)
