"""The people of a company as routes see them: who heads whom, who stands in, who is away."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning

PersonId = int | str
"""A number is the portal's id, a text is the id of somebody whom only Smena knows; they never mean the same person."""

LEVELS = 5
"""How many departments a head is looked for in, from one's own up."""
LINKS = 3
"""How long a chain of substitutes may be."""


class Structure(Protocol):
    """What the course of a request asks about people. What it does not know is nobody."""

    def knows(self, person: PersonId) -> bool:
        """Say whether there is such a person."""

    def is_active(self, person: PersonId) -> bool:
        """Say whether the person works here."""

    def head_of(self, person: PersonId) -> PersonId | None:
        """Return a person's head: who is named, else the first other head from the department up."""

    def heads_of_department(self, department: int) -> tuple[PersonId, ...]:
        """Return the heads from a department up, at most five levels, the nearest first."""

    def members(self, department: int) -> tuple[PersonId, ...]:
        """Return who is in a department itself."""

    def department_of(self, person: PersonId) -> PersonId | None:
        """Return the department of a person."""

    def group(self, name: str) -> tuple[PersonId, ...]:
        """Return who is in a group, in its order."""

    def substitute_of(self, person: PersonId) -> PersonId | None:
        """Return who stands in for a person."""

    def away_until(self, person: PersonId, at: datetime) -> datetime | None:
        """Return when a person who is away at an instant is back; None for who is present."""


class BadPeople(ValueError):
    """A company that somebody wrote cannot be; the text says what is wrong and what to write."""


@dataclass(frozen=True, slots=True)
class Person:
    """One of a company."""

    id: PersonId
    head: PersonId | None = None
    department: PersonId | None = None
    active: bool = True
    away: tuple[tuple[datetime, datetime], ...] = ()
    """Spans with their beginning and without their end, by beginning."""
    substitute: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """One department of a company."""

    id: PersonId
    head: PersonId | None = None
    parent: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A structure of plain data."""

    people: Mapping[PersonId, Person]
    departments: Mapping[PersonId, Department] = field(default_factory=dict)
    groups: Mapping[str, tuple[PersonId, ...]] = field(default_factory=dict)
    _heads: dict[PersonId, PersonId | None] = field(default_factory=dict, compare=False, repr=False)

    def knows(self, person: PersonId) -> bool:
        """Say whether there is such a person."""
        return person in self.people

    def is_active(self, person: PersonId) -> bool:
        """Say whether the person works here."""
        return self.people[person].active

    def head_of(self, person: PersonId) -> PersonId | None:
        """Return a person's head: who is named, else the first other head from the department up."""
        if person not in self._heads:
            self._heads[person] = self._head_of(self.people[person])
        return self._heads[person]

    def _head_of(self, person: Person) -> PersonId | None:
        if person.head is not None and person.head != person.id and person.head in self.people:
            return person.head
        return next((head for head in self.heads_of_department(person.department) if head != person.id), None)

    def heads_of_department(self, department: PersonId | None) -> tuple[PersonId, ...]:
        """Return the heads from a department up, at most five levels, the nearest first."""
        heads: list[PersonId] = []
        for _ in range(LEVELS):
            found = self.departments.get(department) if department is not None else None
            if found is None:
                break
            if found.head is not None and found.head in self.people:
                heads.append(found.head)
            department = found.parent
        return tuple(heads)

    def members(self, department: int) -> tuple[PersonId, ...]:
        """Return who is in a department itself."""
        return tuple(person.id for person in self.people.values() if person.department == department)

    def department_of(self, person: PersonId) -> PersonId | None:
        """Return the department of a person."""
        return self.people[person].department

    def group(self, name: str) -> tuple[PersonId, ...]:
        """Return who is in a group, in its order."""
        return self.groups.get(name, ())

    def substitute_of(self, person: PersonId) -> PersonId | None:
        """Return who stands in for a person."""
        substitute = self.people[person].substitute
        return substitute if substitute is not None and substitute in self.people else None

    def away_until(self, person: PersonId, at: datetime) -> datetime | None:
        """Return when a person who is away at an instant is back; spans that touch are one absence."""
        back: datetime | None = None
        for begin, end in self.people[person].away:
            if begin <= (back or at) < end:
                back = end
        return back

    @classmethod
    def read(cls, form: Any, reckoning: Reckoning, zone: ZoneInfo) -> "Company":
        """Read PEOPLE; a bare date is its first instant in the route's zone, an instant without offset is in `zone`."""
        form = _object(form, "PEOPLE")
        people: dict[PersonId, Person] = {}
        for number, each in enumerate(_list(form.get("people", []), "people")):
            person = _person(_object(each, f"people[{number}]"), f"people[{number}]", reckoning, zone)
            if people.setdefault(person.id, person) is not person:
                raise BadPeople(f"people[{number}].id: {person.id!r} is there twice")
        departments: dict[PersonId, Department] = {}
        for number, each in enumerate(_list(form.get("departments", []), "departments")):
            at = f"departments[{number}]"
            row = _object(each, at)
            department = Department(_id(row, "id", at), _maybe(row, "head", at), _maybe(row, "parent", at))
            if departments.setdefault(department.id, department) is not department:
                raise BadPeople(f"{at}.id: {department.id!r} is there twice")
        groups = {
            name: tuple(_known(each, f"groups.{name}") for each in _list(ids, f"groups.{name}"))
            for name, ids in _object(form.get("groups", {}), "groups").items()
        }
        return cls(people, departments, groups)


def person_id(value: Any) -> PersonId | None:
    """Return a JSON value as an id, None if it cannot be one."""
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def _person(row: Mapping[str, Any], at: str, reckoning: Reckoning, zone: ZoneInfo) -> Person:
    active = row.get("active", True)
    if not isinstance(active, bool):
        raise BadPeople(f"{at}.active must be true or false")
    spans: list[tuple[datetime, datetime]] = []
    for span in _list(row.get("away") or [], f"{at}.away"):
        if not isinstance(span, list) or len(span) != 2:
            raise BadPeople(f"{at}.away must be pairs of a beginning and an end")
        spans.append((_instant(span[0], at, reckoning, zone), _instant(span[1], at, reckoning, zone)))
    return Person(
        _id(row, "id", at), _maybe(row, "head", at), _maybe(row, "department", at),
        active, tuple(sorted(spans)), _maybe(row, "substitute", at),
    )  # fmt: skip


def _instant(value: Any, at: str, reckoning: Reckoning, zone: ZoneInfo) -> datetime:
    try:
        if isinstance(value, str) and len(value) == len("2026-01-01"):
            return reckoning.first_of(date.fromisoformat(value))
        return instant(value, zone)
    except (OverflowError, TypeError, ValueError):
        raise BadPeople(f"{at}.away must have days or instants such as 2026-07-15T09:00:00+03:00") from None


def instant(value: Any, zone: ZoneInfo) -> datetime:
    """Read an instant; without an offset it is in `zone`."""
    at = datetime.fromisoformat(value)
    if not 1900 <= at.year <= 9000:
        raise ValueError("out of range")
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _object(value: Any, at: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadPeople(f"{at} must be an object")
    return value


def _list(value: Any, at: str) -> list[Any]:
    if not isinstance(value, list):
        raise BadPeople(f"{at} must be a list")
    return value


def _id(row: Mapping[str, Any], name: str, at: str) -> PersonId:
    return _known(row.get(name), f"{at}.{name}")


def _maybe(row: Mapping[str, Any], name: str, at: str) -> PersonId | None:
    value = row.get(name)
    return None if value is None else _known(value, f"{at}.{name}")


def _known(value: Any, at: str) -> PersonId:
    found = person_id(value)
    if found is None:
        raise BadPeople(f"{at} must be an id: a number or a text")
    return found
