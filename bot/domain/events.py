"""Domain events: past-tense facts that others may have to be told about, in the same transaction."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Base of all domain events."""

    portal_id: int
    employee_id: int
    """Whom it is about."""


@dataclass(frozen=True, slots=True)
class DayChanged(DomainEvent):
    """The person's day is not what their cards show."""


@dataclass(frozen=True, slots=True)
class IdentityLinked(DomainEvent):
    """A second messenger was linked."""

    channel: str
    told_in: tuple[str, str]
    """(channel, conversation) that is answered in the same turn."""


@dataclass(frozen=True, slots=True)
class RoleChanged(DomainEvent):
    """An administrator changed what the person may do."""

    role: str
    by_id: int


@dataclass(frozen=True, slots=True)
class AccessChanged(DomainEvent):
    """An administrator switched the person off or on."""

    is_disabled: bool
    by_id: int
