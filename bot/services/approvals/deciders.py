"""Who is asked: the lead, else the next lead up, else the administrators; never the requester."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.leave.away import WORKING, is_whole_day
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.services.people.substitutes import Substitutes
from bot.services.unit_service import UnitService

HIGHEST = 5
"""Levels to climb (E36)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The people of one seat. `is_fallback` tells that it is not the person's own lead, which is said openly."""

    people: tuple[Employee, ...]
    is_fallback: bool
    away_until: date | None = None
    """The last day of absence where everybody who is asked is away now; the request waits for them."""
    helpers: tuple[Employee, ...] = ()
    """Administrators who are there meanwhile: they can record themselves what cannot wait."""
    instead_of: Employee | None = None
    """Who would decide but is away, and has somebody to stand in: that one is asked, which is said openly."""
    back_after: date | None = None
    """The last day of that absence."""


class Deciders(UnitService):
    """Finds the people who can decide about somebody's request."""

    async def about(self, subject: Employee, requester: Employee, *without: Employee) -> Asked:
        """Return who is asked, without those who cannot be; NobodyToAsk when there is nobody but the requester."""
        everybody = {each.id: each for each in await self._uow.employees.of_portal(subject.portal_id)}
        barred = {subject.id, requester.id, *(each.id for each in without)}
        lead_id, level = subject.lead_id, 0
        climbed: set[int] = set()
        while lead_id is not None and lead_id not in climbed and level < HIGHEST:
            climbed.add(lead_id)
            lead = everybody.get(lead_id)
            if lead is not None and lead.id not in barred and can_answer(lead):
                return Asked((lead,), is_fallback=level > 0)
            lead_id = lead.lead_id if lead is not None else None
            level += 1
        return Asked(_admins(everybody.values(), barred), is_fallback=True)

    async def admins(self, portal_id: int, *without: Employee) -> Asked:
        """Return the administrators but some; NobodyToAsk when there is nobody else."""
        everybody = await self._uow.employees.of_portal(portal_id)
        return Asked(_admins(everybody, {each.id for each in without}), is_fallback=False)

    async def or_substitute(self, asked: Asked, now: datetime, *without: Employee) -> Asked:
        """Ask whoever stands in for a lead who is away: the first of three who is here, may decide and is not barred.

        Standing in gives no right to decide what one may not decide by one's role; then the request waits as ever.
        """
        if len(asked.people) != 1:
            return asked
        lead = asked.people[0]
        away = await self._away((lead,), now)
        if not away:
            return asked
        barred = {each.id for each in without}
        chain = [each for each in await Substitutes(self._uow).chain_of(lead, now) if each.id not in barred]
        absent = await self._away(chain, now)
        found = next((each for each in chain if each.id not in absent and can_answer(each)), None)
        if found is None:
            return asked
        return replace(asked, people=(found,), instead_of=lead, back_after=away[lead.id])

    async def with_absences(self, asked: Asked, requester: Employee, now: datetime) -> Asked:
        """Say until when all who are asked are away, and which administrators are there meanwhile (case 71)."""
        away = await self._away(asked.people, now)
        if len(away) < len(asked.people):
            return asked
        everybody = await self._uow.employees.of_portal(requester.portal_id)
        barred = {requester.id, *(each.id for each in asked.people)}
        admins = [each for each in everybody if each.is_admin and each.id not in barred and can_answer(each)]
        absent = await self._away(admins, now)
        helpers = tuple(each for each in admins if each.id not in absent)
        return replace(asked, away_until=min(away.values()), helpers=helpers)

    async def _away(self, people: Sequence[Employee], now: datetime) -> Mapping[int, date]:
        """Return the last day away of those who are away all day now, by employee."""
        found: dict[int, date] = {}
        for person in people:
            today = person.today(now)
            for each in await self._uow.absences.of(person, today, today):
                if is_whole_day(each) and each.kind not in WORKING:
                    found[person.id] = max(each.last, found.get(person.id, each.last))
        return found


def _admins(people: Iterable[Employee], barred: set[int]) -> tuple[Employee, ...]:
    found = tuple(each for each in people if each.is_admin and each.id not in barred and can_answer(each))
    if not found:
        raise NobodyToAsk
    return found


def can_answer(person: Employee) -> bool:
    """Whether the person may decide, works here, and can be reached on some channel."""
    return may(person, Right.DECIDE) and any(each.is_reachable for each in person.identities)
