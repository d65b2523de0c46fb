"""The people of a portal as built-in routes see them: a seat is for who may decide, works here and can be reached.

A portal's own route names whom it likes. These routes name whoever leads the person: a lead who cannot answer is passed
over to the next one up, and nobody decides whose role does not let them, however they came to be asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.approvals.built_in import ADMINISTRATORS
from bot.domain.approvals.matter import Asks
from bot.domain.approvals.people import LEVELS, PersonId
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may


def may_decide(person: Employee) -> bool:
    """Whether the person's role gives a seat now: one that was taken away takes its power along."""
    return may(person, Right.DECIDE)


def can_answer(person: Employee) -> bool:
    """Whether the person may decide, works here, and can be reached on some channel."""
    return may_decide(person) and any(each.is_reachable for each in person.identities)


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who can be given a seat in requests of a kind; people are known by their own ids."""

    everybody: Mapping[int, Employee]
    asks: Asks
    barred: frozenset[int] = frozenset()
    """Whom the request is of or about, and who cannot be asked whatever their role is."""
    back_at: Mapping[int, datetime] = field(default_factory=dict)
    """When those who are away now are back."""
    stand_ins: Mapping[int, int] = field(default_factory=dict)

    def knows(self, person: PersonId) -> bool:
        """Say whether there is such a person."""
        return person in self.everybody

    def is_active(self, person: PersonId) -> bool:
        """Say whether the person can answer here: what administrators closed, they alone open."""
        found = self._found(person)
        if found is None or found.id in self.barred or not can_answer(found):
            return False
        return self.asks is Asks.LEAD or found.is_admin

    def head_of(self, person: PersonId) -> PersonId | None:
        """Return the nearest lead up who can answer, five levels at most (E36)."""
        found = self._found(person)
        climbed: set[int] = set()
        while found is not None and found.lead_id is not None and len(climbed) < LEVELS:
            if found.lead_id in climbed:
                return None
            climbed.add(found.lead_id)
            if self.is_active(found.lead_id):
                return found.lead_id
            found = self.everybody.get(found.lead_id)
        return None

    def heads_of_department(self, department: int) -> tuple[PersonId, ...]:
        """Return nobody: whoever heads a department leads its people."""
        del department
        return ()

    def members(self, department: int) -> tuple[PersonId, ...]:
        """Return nobody: these routes name no department."""
        del department
        return ()

    def department_of(self, person: PersonId) -> PersonId | None:
        """Return none: these routes know no scope of a department."""
        del person
        return None

    def group(self, name: str) -> tuple[PersonId, ...]:
        """Return the administrators who can answer, where they are meant."""
        if name != ADMINISTRATORS:
            return ()
        return tuple(each.id for each in self.everybody.values() if each.is_admin and self.is_active(each.id))

    def substitute_of(self, person: PersonId) -> PersonId | None:
        """Return who stands in for a person."""
        found = self._found(person)
        return None if found is None else self.stand_ins.get(found.id)

    def away_until(self, person: PersonId, at: datetime) -> datetime | None:
        """Return when a person who is away at an instant is back; None for who is present."""
        found = self._found(person)
        back = None if found is None else self.back_at.get(found.id)
        return back if back is not None and at < back else None

    def _found(self, person: PersonId) -> Employee | None:
        return self.everybody.get(person) if isinstance(person, int) else None
