"""People as a list shows them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people.employee import Employee, Role


class PeopleState(StrEnum):
    """Which people a list is of."""

    ACTIVE = "active"
    """Who has access."""
    UNLINKED = "unlinked"
    """Who has access, and is not in the messenger that people are brought into by a link."""
    UNREACHED = "unreached"
    """Who has access, and whom messages do not reach somewhere."""
    DISABLED = "disabled"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class PeopleWanted:
    """Which people; what is left empty is any."""

    name: str = ""
    """A part of the name, in whatever case."""
    department_id: int = 0
    """Those below it count."""
    role: Role | None = None
    state: PeopleState = PeopleState.ACTIVE


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One row: a person, and the names of their department and lead."""

    employee: Employee
    department: str = ""
    lead: str = ""
