"""A template while it is being written, and examples of requests by which it is tried before it is published."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What administrators write at before it becomes a version. One a template; it may have faults still."""

    portal_id: int
    key: str
    document: str
    """`approval.template/1` as JSON text; nothing where there is no draft now."""
    based_on: int
    """The version that it began with."""
    version: int
    """Grows with each change, also over drafts: whoever saves names the one that they saw."""
    changed_at: datetime
    changed_by: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is something that is not published."""
        return bool(self.document)


@dataclass(frozen=True, slots=True)
class TemplateExample:
    """A request by which a template is tried each time before it is published, with what came of it then."""

    portal_id: int
    key: str
    id: int
    person_id: int
    """Who would ask."""
    fields: str
    """What the request would say, as JSON text."""
    at: datetime
    seen: str
    """Who was asked in which stage, as JSON text."""
    kept_at: datetime
    kept_by: int | None = None
