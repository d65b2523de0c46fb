"""Where people work: departments, and who was employed in which of them from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

ALWAYS = date(1970, 1, 1)
"""The beginning of an employment whose first day nobody told us."""
_DAY = timedelta(days=1)


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
    is_told: bool = False
    """An administrator said until when; the portal's directory does not take that back."""

    def covers(self, day: date) -> bool:
        """Whether the person is employed so on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


def employment_on(stretches: Sequence[Employment], day: date) -> Employment | None:
    """Return the stretch that a day falls into."""
    for each in stretches:
        if each.covers(day):
            return each
    return None


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


def carried_on(stretches: Sequence[Employment], present: Employment, today: date) -> list[Employment]:
    """Return which of a person's stretches are new or different when the portal describes them as `present`.

    `present.since` is the day of hiring as far as it is known. A move ends one stretch yesterday and begins the next
    today; what is only learned now (a department where none was known, the day of hiring) is put into the stretch
    itself, and what the portal leaves out changes nothing.
    """
    if not stretches:
        return [present]
    last = stretches[-1]
    if last.is_told and last.until is not None:
        return []
    if last.until is not None and last.until < today:
        since = present.since if last.until < present.since else today
        return [replace(present, since=since, number=last.number)]
    is_first = len(stretches) == 1 and last.since == ALWAYS
    known = replace(last, since=present.since if is_first else last.since, until=None)
    moved = replace(
        known,
        department_id=known.department_id if present.department_id is None else present.department_id,
        title=present.title or known.title,
    )
    if known.since >= today or _is_learned(known, moved):
        return [moved] if moved != last else []
    return [replace(known, until=today - _DAY), replace(moved, id=present.id, since=today)]


def ended(stretches: Sequence[Employment], today: date) -> list[Employment]:
    """Return the stretches that end today because the person was dismissed; a last day told before stays."""
    return [
        replace(each, until=max(today, each.since)) for each in stretches if each.until is None or each.until > today
    ]


def _is_learned(before: Employment, after: Employment) -> bool:
    """Whether `after` only says what was not known before."""
    return before.department_id in (None, after.department_id) and before.title in ("", after.title)


def without_gap(stretches: Sequence[Employment]) -> Employment:
    """Return the first of the stretches that follow one another day by day up to the last."""
    first = stretches[-1]
    for each in reversed(stretches[:-1]):
        if each.until is None or each.until + _DAY < first.since:
            break
        first = each
    return first
