"""Who stands in for whom, and when. Nobody is asked for two people by chance: a chain has three links at most."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

LINKS = 3
"""How long a chain of substitutes may be, as on routes."""


@dataclass(frozen=True, slots=True)
class Substitute:
    """One person stands in for another while that one is away, in some days."""

    id: int
    portal_id: int
    employee_id: int
    """Who is stood in for."""
    substitute_id: int
    first_day: date
    last_day: date | None
    """None: until it is taken back."""
    made_by: int
    made_at: datetime

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    @property
    def order(self) -> tuple[datetime, int]:
        """What was said later counts more."""
        return self.made_at, self.id


def stands_in(known: Iterable[Substitute], employee_id: int, day: date) -> Substitute | None:
    """Return what holds for a person on a day: what was said last of all that cover it."""
    found = (each for each in known if each.employee_id == employee_id and each.covers(day))
    return max(found, key=lambda each: each.order, default=None)


def chain(known: Iterable[Substitute], employee_id: int, day: date) -> Iterator[int]:
    """Yield who stands in for a person, who for that one, and so on: three links, nobody twice."""
    known, met = tuple(known), {employee_id}
    for _ in range(LINKS):
        found = stands_in(known, employee_id, day)
        if found is None or found.substitute_id in met:
            return
        employee_id = found.substitute_id
        met.add(employee_id)
        yield employee_id
