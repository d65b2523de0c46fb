"""Who stands in for whom: named, taken back, and asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.errors import Refusal
from bot.domain.events import SubstituteNamed, SubstituteTakenBack
from bot.domain.people.employee import Employee
from bot.domain.people.substitute import Substitute, chain, stands_in
from bot.domain.rights import Right
from bot.ids import new_id
from bot.services.people.people import People
from bot.services.unit_service import UnitService
from bot.text import Day, t

_DAY = timedelta(days=1)


class OwnSubstitute(Refusal):
    """Nobody stands in for themselves."""

    code = "own_substitute"

    def __init__(self) -> None:
        """Say whom to name."""
        super().__init__(t("Nobody can stand in for themselves. Please name somebody else."))


class SubstituteGone(Refusal):
    """Somebody whose access is off cannot stand in."""

    code = "substitute_gone"

    def __init__(self, person: Employee) -> None:
        """Name them."""
        super().__init__(t("{person} has no access now. Please name somebody else.", person=person.name))


class DaysOver(Refusal):
    """Nobody can stand in on days that are over, or that end before they begin."""

    code = "substitute_days_over"

    def __init__(self, last: date) -> None:
        """Name the last of them."""
        super().__init__(t("{day} is over, or before the first day. Please name a later last day.", day=Day(last)))


class Substitutes(UnitService):
    """Keeps who stands in for whom."""

    async def check(
        self, actor: Employee, subject: Employee, person: Employee, first: date, last: date | None, now: datetime
    ) -> date:
        """Return the first day that counts, today or later; refuse what cannot be.

        That is: of others' people, of oneself, of who has no access, of days that are over.
        """
        await People(self._uow).check(actor, Right.NAME_SUBSTITUTES, subject)
        if person.id == subject.id:
            raise OwnSubstitute
        if person.is_disabled or person.portal_id != subject.portal_id:
            raise SubstituteGone(person)
        first = max(first, subject.today(now))
        if last is not None and last < first:
            raise DaysOver(last)
        return first

    async def name(
        self, actor: Employee, subject: Employee, person: Employee, first: date, last: date | None, now: datetime
    ) -> Substitute:
        """Let somebody stand in for a person in some days; what was said before within those days holds no more."""
        first = await self.check(actor, subject, person, first, last, now)
        made = Substitute(new_id(), subject.portal_id, subject.id, person.id, first, last, actor.id, now)
        known = await self.of(subject, now)
        same = stands_in(known, subject.id, first)
        if same is not None and (same.substitute_id, same.last_day) == (person.id, last):
            return same
        for each in known:
            if first <= each.first_day and (last is None or (each.last_day is not None and each.last_day <= last)):
                self._uow.substitutes.drop(each)
        self._uow.substitutes.put(made)
        self._record(actor, subject, f"substitute {person.id} from {first} to {last or '…'}", now)
        event = SubstituteNamed(subject.portal_id, subject.id, person.id, first, last, actor.id)
        self._uow.events.append(event)
        return made

    async def take_back(
        self, actor: Employee, subject: Employee, now: datetime, person: Employee | None = None
    ) -> Sequence[Substitute]:
        """Let nobody stand in for a person from today on, or one who was named; return what ended."""
        await People(self._uow).check(actor, Right.NAME_SUBSTITUTES, subject)
        today = subject.today(now)
        ended = [each for each in await self.of(subject, now) if person is None or each.substitute_id == person.id]
        for each in ended:
            if each.first_day >= today:
                self._uow.substitutes.drop(each)
            else:  # what it meant on days before stays true
                self._uow.substitutes.put(replace(each, last_day=today - _DAY))
        for gone in dict.fromkeys(each.substitute_id for each in ended):
            self._record(actor, subject, f"substitute {gone} taken back", now)
            self._uow.events.append(SubstituteTakenBack(subject.portal_id, subject.id, gone, actor.id))
        return ended

    async def of(self, subject: Employee, now: datetime) -> Sequence[Substitute]:
        """Return who stands in for a person today or later, by first day."""
        known = await self._uow.substitutes.of_portal(subject.portal_id, subject.today(now))
        return sorted((each for each in known if each.employee_id == subject.id), key=lambda each: each.first_day)

    async def names_of(self, subject: Employee, now: datetime) -> list[str]:
        """Return the names of those who stand in for a person today or later, by first day."""
        ids = dict.fromkeys(each.substitute_id for each in await self.of(subject, now))
        found = [await self._uow.employees.get(subject.portal_id, each) for each in ids]
        return [each.name for each in found if each is not None]

    async def by(self, person: Employee, now: datetime) -> Sequence[Substitute]:
        """Return for whom a person stands in today or later, by first day."""
        known = await self._uow.substitutes.of_portal(person.portal_id, person.today(now))
        return sorted((each for each in known if each.substitute_id == person.id), key=lambda each: each.first_day)

    async def chain_of(self, subject: Employee, now: datetime) -> Sequence[Employee]:
        """Return who stands in for a person today, then who stands in for that one: three at most, nobody twice."""
        today = subject.today(now)
        known = await self._uow.substitutes.of_portal(subject.portal_id, today)
        ids = list(chain(known, subject.id, today))
        if not ids:
            return ()
        everybody = {each.id: each for each in await self._uow.employees.of_portal(subject.portal_id)}
        return [everybody[each] for each in ids if each in everybody]

    def _record(self, actor: Employee, subject: Employee, what: str, now: datetime) -> None:
        self._uow.audit.add(subject.portal_id, actor_id=actor.id, subject_id=subject.id, what=what, at=now)
