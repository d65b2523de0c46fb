"""Templates as a portal keeps them: versions that are never overwritten, one of which may be on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TemplateState(StrEnum):
    """Whether requests are started by a version."""

    DRAFT = "draft"
    """Never was on, or waits for what is not filled in yet."""
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """One version of a template. Its document never changes: an edit is a new version, running requests keep theirs."""

    portal_id: int
    key: str
    version: int
    document: str
    """`approval.template/1` as JSON text."""
    state: TemplateState
    made_at: datetime
    made_by: int | None = None
    """The employee who brought it; None for what came ready-made."""
    changed_at: datetime | None = None
    """When it was switched on or off last, and who did that."""
    changed_by: int | None = None

    @property
    def is_on(self) -> bool:
        """Whether requests are started by it."""
        return self.state is TemplateState.ON


def newest(versions: list[TemplateVersion]) -> dict[str, TemplateVersion]:
    """Return the newest version of each template, by key."""
    found: dict[str, TemplateVersion] = {}
    for each in sorted(versions, key=lambda each: each.version):
        found[each.key] = each
    return dict(sorted(found.items()))
