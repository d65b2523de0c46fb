"""Routes and templates read from JSON; what is wrong is told by path, code and sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.approvals.fault_words import sentence_of
from bot.domain.approvals.route import ROUTE_SCHEMA, TEMPLATE_SCHEMA, ApprovalRoute, ApprovalTemplate
from bot.text import Phrase


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, or likely a mistake, in a route: where it is, what kind it is, and what to write."""

    path: str
    code: str
    sentence: Phrase


class BadRoute(ValueError):
    """What was read is no route; `faults` say why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Tell of `faults`, one at least."""
        first = faults[0]
        super().__init__(f"{first.path}: {first.code}" if first.path else first.code)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Read:
    """A route, and the template that it came in, if it came in one."""

    route: ApprovalRoute
    template: ApprovalTemplate | None = None


def read(form: Any) -> Read:
    """Read a route or a template; `BadRoute` says everything that is wrong with it."""
    if not isinstance(form, Mapping):
        raise BadRoute([_fault("", "not_an_object", {}, form)])
    schema = form.get("schema")
    if schema not in {ROUTE_SCHEMA, TEMPLATE_SCHEMA}:
        raise BadRoute([_fault("schema", "unknown_schema", {}, form)])
    try:
        if schema == TEMPLATE_SCHEMA:
            template = ApprovalTemplate.model_validate(form)
            return Read(template.route, template)
        return Read(ApprovalRoute.model_validate(form))
    except RecursionError:
        raise BadRoute([_fault("", "too_deep", {}, form)]) from None
    except ValidationError as error:
        raise BadRoute(list(faults_of(error, form))) from None


def faults_of(error: ValidationError, form: Any) -> Iterator[Fault]:
    """Yield one fault a path: of a choice that failed in several ways, the first tells enough."""
    seen: set[str] = set()
    for detail in error.errors(include_url=False, include_input=False):
        path = _path(detail["loc"], form, missing=detail["type"] in {"missing", "extra_forbidden"})
        values = dict(detail.get("ctx", {}))
        inner = values.pop("at", "")
        path = ".".join(part for part in (path, inner) if part) if isinstance(inner, str) else path
        if path not in seen:
            seen.add(path)
            yield _fault(path, _code(detail), values, form)


def _code(detail: ErrorDetails) -> str:
    return _CODES.get(detail["type"], detail["type"])


_CODES = {
    "extra_forbidden": "unknown_key",
    "union_tag_invalid": "unknown_kind",
    "union_tag_not_found": "kind_missing",
    "literal_error": "unknown_value",
    "string_pattern_mismatch": "bad_text",
    "int_parsing": "not_a_number",
    "int_type": "not_a_number",
    "int_from_float": "not_a_number",
    "string_type": "not_a_text",
    "bool_parsing": "not_a_truth",
    "bool_type": "not_a_truth",
    "list_type": "not_a_list",
    "frozen_set_type": "not_a_list",
    "dict_type": "not_an_object",
    "model_type": "not_an_object",
    "model_attributes_type": "not_an_object",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "too_short": "too_few",
    "too_long": "too_many",
    "recursion_loop": "too_deep",
}
"""Kinds of mistakes, in our words for theirs; a contradiction brings its own."""


def _path(place: Sequence[int | str], form: Any, *, missing: bool) -> str:
    """Return a place as people write it; the names of choices that pydantic puts in between are left out."""
    path, here = "", form
    for number, part in enumerate(place):
        is_last = number == len(place) - 1
        if isinstance(part, int):
            if isinstance(here, list):
                path, here = f"{path}[{part}]", here[part] if part < len(here) else None
            continue
        if isinstance(here, Mapping) and (part in here or (is_last and missing)):
            path, here = (f"{path}.{part}" if path else part), here.get(part)
    return path


def stage_at(path: str, form: Any) -> str:
    """Return the id of the stage that a path is in, or what can be said of it."""
    head, _, rest = path.partition("stages[")
    if not rest or head not in {"", "route."}:
        return ""
    number = int(rest.partition("]")[0])
    route = form.get("route") if head else form
    stages = route.get("stages") if isinstance(route, Mapping) else None
    stage = stages[number] if isinstance(stages, list) and number < len(stages) else None
    name = stage.get("id") if isinstance(stage, Mapping) else None
    return name if isinstance(name, str) and name else str(number + 1)


def _fault(path: str, code: str, values: Mapping[str, Any], form: Any) -> Fault:
    return Fault(path, code, sentence_of(code, path, stage_at(path, form), values))
