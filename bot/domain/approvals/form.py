"""Which fields of the subject a route names, and the form that a route has without a template."""

from collections.abc import Iterator, Sequence

from bot.domain.approvals.condition import Compare, comparisons, fields
from bot.domain.approvals.route import TEMPLATE_SCHEMA, ApprovalRoute, ApprovalTemplate, FormField
from bot.domain.approvals.who import INITIATOR, ByField, ByHead, Who


def field_names(route: ApprovalRoute) -> Iterator[tuple[str, str]]:
    """Yield where a route names fields of the subject, and which."""
    for number, stage in enumerate(route.stages):
        at = f"stages[{number}]"
        for name in dict.fromkeys(fields(stage.when)):
            yield f"{at}.when", name
        for place, track in enumerate(stage.tracks):
            yield from _fields_of(f"{at}.tracks[{place}].approvers", track.approvers)
            if not isinstance(track.veto, str):
                yield from _fields_of(f"{at}.tracks[{place}].veto", track.veto)
        yield from _fields_of(f"{at}.fallback", stage.fallback)
        for place, step in enumerate(stage.deadline.escalate):
            yield from _fields_of(f"{at}.deadline.escalate[{place}].to", step.to)
    for number, name in enumerate(route.policy.watch):
        yield f"policy.watch[{number}]", name


def template_of(route: ApprovalRoute) -> ApprovalTemplate:
    """Return a template of a bare route: a field for each name, a number where it is compared with one, else a text."""
    numbers = {each.field for stage in route.stages for each in comparisons(stage.when) if _is_with_number(each)}
    form = [
        FormField(key=name, title={}, type="number" if name in numbers else "text")
        for name in dict.fromkeys(name for _, name in field_names(route))
    ]
    return ApprovalTemplate.model_validate({"schema": TEMPLATE_SCHEMA, "route": route, "form": form})


def _is_with_number(this: Compare) -> bool:
    values = this.value if isinstance(this.value, list) else [this.value]
    return any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _fields_of(at: str, named: Sequence[Who]) -> Iterator[tuple[str, str]]:
    for number, who in enumerate(named):
        if isinstance(who, ByField):
            yield f"{at}[{number}].path", who.path
        elif isinstance(who, ByHead) and who.of != INITIATOR:
            yield f"{at}[{number}].of", who.of
