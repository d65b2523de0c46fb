"""Which fields of the subject a route names, and where."""

from collections.abc import Iterator, Sequence

from bot.domain.approvals.condition import fields
from bot.domain.approvals.route import ApprovalRoute
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


def _fields_of(at: str, named: Sequence[Who]) -> Iterator[tuple[str, str]]:
    for number, who in enumerate(named):
        if isinstance(who, ByField):
            yield f"{at}[{number}].path", who.path
        elif isinstance(who, ByHead) and who.of != INITIATOR:
            yield f"{at}[{number}].of", who.of
