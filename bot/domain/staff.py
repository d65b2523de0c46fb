"""Where people work: departments, and who was employed in which of them from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

ALWAYS = date(1970, 1, 1)
"""The beginning of an employment whose first day nobody told us."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department of the portal. `key` is the portal's own id of it; `parent_key` is "" at the top."""

    id: int
    portal_id: int
    key: str
    name: str
    parent_key: str = ""
    head_id: int | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    """A stretch of a person's work in one department and post, from `since` to `until`, both included.

    A move to another department ends one stretch and begins the next: a time sheet has a line for each (case 73).
    """

    id: int
    portal_id: int
    employee_id: int
    since: date = ALWAYS
    until: date | None = None
    department_id: int | None = None
    title: str = ""
    """The post."""
    number: str = ""
    """The personnel number."""

    def covers(self, day: date) -> bool:
        """Whether the person is employed so on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def employment_on(stretches: Sequence[Employment], day: date) -> Employment | None:
    """Return the stretch that a day falls into."""
    return next((each for each in stretches if each.covers(day)), None)


def line_above(departments: Sequence[Department], department_id: int | None) -> list[int]:
    """Return the ids of a department and of those above it, nearest first."""
    by_id = {each.id: each for each in departments}
    by_key = {each.key: each for each in departments}
    found: list[int] = []
    here = by_id.get(department_id) if department_id is not None else None
    while here is not None and here.id not in found:
        found.append(here.id)
        here = by_key.get(here.parent_key) if here.parent_key else None
    return found
