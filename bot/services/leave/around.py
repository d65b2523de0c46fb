"""What else there is on the days of a leave, for whoever decides: of the person, and of those beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.approvals.matter import LeaveChangeMatter, LeaveMatter, Matter
from bot.domain.approvals.request import ApprovalRequest
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.asked import absence_asked
from bot.domain.leave.away import PRESENT, is_whole_day
from bot.domain.leave.balance import Left
from bot.domain.leave.wish import LeaveWish, clashes, displaced
from bot.domain.people.employee import Employee
from bot.domain.people.staff import Employment, employment_on
from bot.domain.periods.period import days_between
from bot.services.leave.balances import Balances
from bot.services.unit_service import UnitService

Beside = tuple[Employee, date, date]
"""A colleague, and their first and last day away."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands beside a leave that is asked for. Of colleagues it tells days, never why."""

    displaced: Sequence[Absence] = ()
    """Approved absences of the person that an illness comes over."""
    rivals: Sequence[LeaveWish] = ()
    """Other requests of the person about the same days, of which only one can be approved."""
    away: Sequence[Beside] = ()
    asking: Sequence[Beside] = ()
    left: int = 0
    """How many of the team would be there on the day with the fewest."""
    size: int = 0
    balance: Left | None = None
    """Days of leave that the person would have left, where a balance is kept."""

    @property
    def is_shared(self) -> bool:
        """Whether anybody else is, or wants to be, away."""
        return bool(self.away or self.asking)


NOTHING = Around()


class Arounds(UnitService):
    """Looks at what stands beside a leave."""

    async def of(self, request: ApprovalRequest) -> Around:
        """Return what stands beside a leave that waits; nothing for anything else."""
        return (await self.of_each([request]))[0]

    async def of_each(self, requests: Sequence[ApprovalRequest]) -> list[Around]:
        """Return the same of several requests of a portal, in their order; what they share is read once."""
        meant = [request.is_open and _wish_of(request.matter) is not None for request in requests]
        if not any(meant):
            return [NOTHING] * len(requests)
        pending = await self._uow.requests.pending(requests[0].portal_id)
        return [
            await self._beside(each, pending) if is_meant else NOTHING
            for each, is_meant in zip(requests, meant, strict=True)
        ]

    async def _beside(self, request: ApprovalRequest, pending: Sequence[ApprovalRequest]) -> Around:
        wish = _wish_of(request.matter)
        subject = await self._uow.employees.get(request.portal_id, request.subject_id)
        if wish is None or subject is None:
            return NOTHING
        waiting = [
            (each.matter.wish, absence)
            for each in pending
            if each.id != request.id and isinstance(each.matter, LeaveMatter) and (absence := absence_asked(each))
        ]
        approved = await self._uow.absences.between(request.portal_id, wish.first, wish.last)
        own = approved.get(subject.id, ())
        rivals = [other for other, absence in waiting if absence.employee_id == subject.id and clashes(wish, absence)]
        if wish.kind in PRESENT or wish.start is not None:
            return Around(displaced(wish, own), rivals, balance=await self._balance(request, subject, wish))
        team = await self._team(subject, wish.first)
        asked: dict[int, list[Absence]] = {}
        for _, absence in waiting:
            asked.setdefault(absence.employee_id, []).append(absence)
        others = [each for each in team if each.id != subject.id]
        away, asking = _beside(others, approved, wish), _beside(others, asked, wish)
        left = min(_there(others, (approved, asked), day) for day in days_between(wish.first, wish.last))
        balance = await self._balance(request, subject, wish)
        return Around(displaced(wish, own), rivals, away, asking, left, len(team), balance)

    async def colleagues_away(self, subject: Employee, first: date, last: date) -> list[Beside]:
        """Return who of a person's team is away in some days, and on which of them: never why, nor who only asks."""
        team = [each for each in await self._team(subject, first) if each.id != subject.id]
        approved = await self._uow.absences.between(subject.portal_id, first, last)
        return sorted(_beside(team, approved, LeaveWish(AbsenceKind.VACATION, first, last)), key=lambda each: each[1])

    async def _balance(self, request: ApprovalRequest, subject: Employee, wish: LeaveWish) -> Left | None:
        """Return what the person would have left."""
        portal = await self._uow.portals.get(request.portal_id)
        today = request.created_at.astimezone(ZoneInfo(subject.zone)).date()
        if portal is None:
            return None
        if isinstance(request.matter, LeaveChangeMatter):
            return await Balances(self._uow).after_change(portal, subject, request.matter.change, today)
        return await Balances(self._uow).after(portal, subject, wish, today)

    async def _team(self, subject: Employee, day: date) -> list[Employee]:
        """Return who works in the person's department, or under the same lead where no department is known."""
        people = [each for each in await self._uow.employees.of_portal(subject.portal_id) if not each.is_disabled]
        stretches: dict[int, list[Employment]] = {}
        for each in await self._uow.staff.employments(subject.portal_id):
            stretches.setdefault(each.employee_id, []).append(each)

        def place(person: Employee) -> int | None:
            found = employment_on(stretches.get(person.id, ()), day)
            return found.department_id if found else None

        here = place(subject)
        if here is not None:
            return [each for each in people if place(each) == here]
        return [each for each in people if each.id == subject.id or (each.lead_id and each.lead_id == subject.lead_id)]


def _wish_of(matter: Matter) -> LeaveWish | None:
    """Return the days away that are asked for, where any are."""
    match matter:
        case LeaveMatter(wish=wish):
            return wish
        case LeaveChangeMatter(change=change) if change.added:
            return LeaveWish(change.kind, *change.added[-1])
        case _:
            return None


def _off(absence: Absence) -> bool:
    """Whether a colleague is not there: away for whole days, and not at work from home."""
    return is_whole_day(absence) and absence.kind is not AbsenceKind.REMOTE


def _beside(team: Sequence[Employee], absences: Mapping[int, Sequence[Absence]], wish: LeaveWish) -> list[Beside]:
    return [
        (person, each.first, each.last)
        for person in team
        for each in absences.get(person.id, ())
        if _off(each) and each.first <= wish.last and wish.first <= each.last
    ]


def _there(others: Sequence[Employee], known: Sequence[Mapping[int, Sequence[Absence]]], day: date) -> int:
    """Return how many of the others are there on a day."""

    def is_away(person: Employee) -> bool:
        found = (each for absences in known for each in absences.get(person.id, ()))
        return any(_off(each) and each.first <= day <= each.last for each in found)

    return sum(1 for each in others if not is_away(each))
