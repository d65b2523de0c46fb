"""Who is asked by a built-in route: read once, and told by the same rule of seats as for every other route.

The lead, else the next lead up, else the administrators together; never the requester. Whoever stands in for a lead who
is away is asked instead, where they may decide by their own role; standing in gives none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.built_in import route_of
from bot.domain.approvals.deciding import Deciding, can_answer, may_decide
from bot.domain.approvals.matter import Asks, CorrectionMatter, Matter
from bot.domain.approvals.refusals import NobodyToAsk
from bot.domain.approvals.request import ApprovalRequest, CannotTakeSeat
from bot.domain.approvals.running import Running, Seat
from bot.domain.approvals.seating import Seating, Unseated
from bot.domain.leave.away import WORKING, is_whole_day
from bot.domain.leave.portal_absence import as_absences
from bot.domain.people.employee import Employee
from bot.domain.people.substitute import chain, stands_in
from bot.services.unit_service import UnitService
from bot.text import t

_DAY = timedelta(days=1)
_WHENEVER = datetime(1, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=366)
"""No request waits longer."""


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
    back_at: datetime | None = None
    """When that absence is over: what nobody answered is theirs again (E34)."""


class Deciders(UnitService):
    """Finds the people who can decide about somebody's request."""

    async def of_leads(self, subject: Employee) -> Asked:
        """Return who decides about a person's time, whoever is away; NobodyToAsk when there is nobody else."""
        structure = await self._structure(subject, Asks.LEAD, {subject.id})
        return _asked(structure, CorrectionMatter.kind, subject, _WHENEVER)

    async def of(
        self, matter: Matter, subject: Employee, requester: Employee, now: datetime, *without: Employee
    ) -> Asked:
        """Return who is asked, without those who cannot be; NobodyToAsk when there is nobody but the requester."""
        barred = {subject.id, requester.id, *(each.id for each in without)}
        structure = await self._structure(subject, matter.asks, barred)
        asked = _asked(structure, matter.kind, subject, now)
        if len(asked.people) != 1:
            return asked
        away = await self._away(asked.people, now)
        if not away:
            return asked
        structure = await self._with_stand_ins(structure, asked.people[0], away, now)
        instead = _asked(structure, matter.kind, subject, now)
        if instead.instead_of is None:
            return asked
        return replace(instead, back_after=away[instead.instead_of.id])

    async def after(
        self, request: ApprovalRequest, subject: Employee, requester: Employee, silent: Employee, now: datetime
    ) -> Asked:
        """Return who is asked when a holder cannot answer any more (E24, E28).

        Whoever shares the seat keeps it. Else it is whoever leads the person now; then who stands in for the one who
        is gone, then the next lead up, then the administrators.
        """
        barred = {subject.id, requester.id, silent.id}
        structure = await self._structure(subject, request.matter.asks, barred)
        others = [each for each in request.holders if each != silent.id and structure.is_active(each)]
        if others:
            return Asked(tuple(structure.everybody[each] for each in others), is_fallback=False)
        if subject.lead_id is None or not structure.is_active(subject.lead_id):
            structure = await self._with_stand_ins(structure, silent, {}, now)
            seating = Seating(request.route, structure, Running(initiator=subject.id, authors=tuple(barred), now=now))
            stage = request.route.stages[0]
            stand_ins = seating.substitutes(silent.id)
            found = next((each for each in stand_ins if seating.may_sit(each, stage.id)), None)
            if isinstance(found, int):
                return Asked((structure.everybody[found],), is_fallback=True)
        return await self.of(request.matter, subject, requester, now, silent)

    async def structure_of(self, request: ApprovalRequest, subject: Employee, requester: Employee) -> Deciding:
        """Return who can be given the seat of a request."""
        return await self._structure(subject, request.matter.asks, {subject.id, requester.id})

    def why_not(self, request: ApprovalRequest, structure: Deciding, to: Employee) -> CannotTakeSeat:
        """Return why somebody cannot be given a seat."""
        person = to.name
        if to.id in structure.barred:
            return CannotTakeSeat(t("Nobody decides on their own request: please name somebody else."))
        if to.id in {*request.holders, *(each.principal_id for each in request.seats), request.handed_by}:
            return CannotTakeSeat(
                t("{person} is asked already, or was before: please name somebody else.", person=person)
            )
        if request.matter.asks is Asks.ADMINISTRATORS and not to.is_admin and may_decide(to):
            return CannotTakeSeat(t("Only administrators decide on this: please name one of them."))
        if not may_decide(to):
            words = t("{person} may not decide: please name a lead or an administrator.", person=person)
            return CannotTakeSeat(words)
        return CannotTakeSeat(t("My messages do not reach {person} now: please name somebody else.", person=person))

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

    async def _structure(self, subject: Employee, asks: Asks, barred: Iterable[int]) -> Deciding:
        everybody = {each.id: each for each in await self._uow.employees.of_portal(subject.portal_id)}
        return Deciding(everybody, asks, frozenset(barred))

    async def _with_stand_ins(
        self, structure: Deciding, lead: Employee, away: Mapping[int, date], now: datetime
    ) -> Deciding:
        """Return the structure with who stands in for a lead today, and which of those are away themselves."""
        today = lead.today(now)
        known = await self._uow.substitutes.of_portal(lead.portal_id, today)
        links = [lead.id, *chain(known, lead.id, today)]
        people = [structure.everybody[each] for each in links[1:] if each in structure.everybody]
        absent = {**away, **await self._away(people, now)}
        found = {each: stands_in(known, each, today) for each in links}
        return replace(
            structure,
            back_at={each: _first_after(structure.everybody[each], last) for each, last in absent.items()},
            stand_ins={each: one.substitute_id for each, one in found.items() if one is not None},
        )

    async def _away(self, people: Sequence[Employee], now: datetime) -> Mapping[int, date]:
        """Return the last day away of those who are away all day now, by employee, also by the portal's calendar."""
        found: dict[int, date] = {}
        for person in people:
            today = person.today(now)
            by_portal = await self._uow.portal_absences.of(person, now, now + _LONGEST)
            known = [
                *await self._uow.absences.of(person, today, today + _LONGEST),
                *as_absences(by_portal, person.zone),
            ]
            last = None
            for each in sorted(known, key=lambda each: each.first):
                begins = today if last is None else last + _DAY  # those that touch are one absence
                if is_whole_day(each) and each.kind not in WORKING and each.first <= begins:
                    last = each.last if last is None else max(last, each.last)
            if last is not None:
                found[person.id] = last
        return found


def _asked(structure: Deciding, kind: str, subject: Employee, now: datetime) -> Asked:
    """Return who the route of a kind asks: one seat, which administrators share."""
    route = route_of(kind)
    # Where people may be asked is a question of the structure; the route passes over the authors by it as well.
    running = Running(initiator=subject.id, authors=tuple(structure.barred), now=now)
    try:
        (track,) = Seating(route, structure, running).tracks(route.stages[0])
    except Unseated:
        raise NobodyToAsk from None
    seats = track.seats
    own_lead = len(seats) == 1 and seats[0].principal == subject.lead_id
    is_fallback = structure.asks is Asks.LEAD and not own_lead
    people = tuple(_employee(structure, each) for each in seats)
    first = seats[0]
    if len(seats) != 1 or first.substitute is None or not isinstance(first.principal, int):
        return Asked(people, is_fallback)
    principal = structure.everybody[first.principal]
    return Asked(people, is_fallback, instead_of=principal, back_at=first.returns_at)


def _employee(structure: Deciding, seat: Seat) -> Employee:
    (holder,) = seat.holders
    if not isinstance(holder, int):
        raise TypeError(holder)
    return structure.everybody[holder]


def _first_after(person: Employee, last: date) -> datetime:
    """Return when a day is over by a person's own clock."""
    return datetime.combine(last + _DAY, time(), tzinfo=ZoneInfo(person.zone)).astimezone(UTC)
