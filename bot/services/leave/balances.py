"""Days of leave that are left: worked out from what is set and approved, and set by whoever keeps personnel data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.approvals.matter import LeaveMatter
from bot.domain.errors import Refusal
from bot.domain.leave.absence import Absence, AbsenceKind
from bot.domain.leave.away import is_whole_day
from bot.domain.leave.balance import Balance, Left, days_from
from bot.domain.leave.changing import LeaveChange
from bot.domain.leave.entitlement import EVERYBODY, MOST_DAYS, Entitlement, Opening, Unit
from bot.domain.leave.wish import LeaveWish
from bot.domain.options.leave import OVERDRAFT
from bot.domain.people.employee import Employee
from bot.domain.people.staff import ALWAYS, Employment, without_gap
from bot.domain.planning.calendar import ProductionCalendar
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.gently import gently
from bot.services.planning.calendars import Calendars
from bot.services.unit_service import UnitService
from bot.text import Day, t, tn

_AHEAD = timedelta(days=800)
_LARGEST = 100_000
"""Hundredths of a day that an opening balance may have."""
_RUSSIA = "RU"


class BalanceMisfit(Refusal):
    """Days of leave that cannot be set so."""

    code = "balance_misfit"


class NotEnoughLeft(Refusal):
    """A leave of more days than will be earned, where the portal forbids that."""

    code = "not_enough_left"

    def __init__(self, left: Left) -> None:
        """Say how many days there are by then."""
        super().__init__(
            tn(
                "By {day} there is {count} day, and this leave takes {taken}. Here no leave is taken in advance.",
                "By {day} there are {count} days, and this leave takes {taken}. Here no leave is taken in advance.",
                max(left.days + left.taken, 0),
                day=Day(left.by),
                taken=left.taken,
            )
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's days of a kind, as they stand on a day."""

    balance: Balance
    today: date
    available: int
    """Earned by today and not taken yet."""
    year_end: date
    by_year_end: int
    """What is left then, with all that is approved until then."""
    planned: int
    """Approved and still ahead."""
    waiting: int
    """Asked for and not decided."""


class Balances(UnitService):
    """Works balances out, and keeps what they are worked out from."""

    async def of(self, portal: Portal, employee: Employee, kind: AbsenceKind, today: date) -> Balance | None:
        """Return a person's balance of a kind; None where no entitlement is set."""
        terms = [each for each in await self._uow.entitlements.of(portal.id, employee.id) if each.kind is kind]
        if not terms:
            return None
        openings = [each for each in await self._uow.entitlements.openings(portal.id, employee.id) if each.kind is kind]
        stretches = await self._uow.staff.employments(portal.id, employee.id)
        basis = _Basis(terms, openings[-1] if openings else None, stretches)
        absences = await self._uow.absences.of(employee, basis.start, max(today, basis.start) + _AHEAD)
        return basis.balance(portal, kind, await Calendars(self._uow).of(portal), absences)

    async def kinds(self, portal: Portal) -> list[AbsenceKind]:
        """Return the kinds of which a balance is kept of anybody, vacation first."""
        found = {each.kind for each in await self._uow.entitlements.of_portal(portal.id)}
        return sorted(found, key=lambda each: (each is not AbsenceKind.VACATION, each.value))

    async def standings(
        self, portal: Portal, people: Sequence[Employee], kind: AbsenceKind, today: date
    ) -> Mapping[int, Standing]:
        """Return how the days of several people stand, by id, read once for all; who has no entitlement is left out."""
        terms = [each for each in await self._uow.entitlements.of_portal(portal.id) if each.kind is kind]
        if not terms:
            return {}
        openings: dict[int, Opening] = {
            each.employee_id: each for each in await self._uow.entitlements.openings_of_portal(portal.id, kind)
        }
        stretches: dict[int, list[Employment]] = {}
        for each in await self._uow.staff.employments(portal.id):
            stretches.setdefault(each.employee_id, []).append(each)
        bases = {}
        for person in people:
            own = [each for each in terms if each.employee_id in (EVERYBODY, person.id)]
            if own:
                bases[person.id] = _Basis(own, openings.get(person.id), stretches.get(person.id, ()))
        begins = min((each.start for each in bases.values()), default=today)
        absences = await self._uow.absences.between(portal.id, begins, max(today, begins) + _AHEAD)
        calendar = await Calendars(self._uow).of(portal)
        waiting = await self._all_waiting(portal.id, kind)

        def standing(row: tuple[int, _Basis]) -> tuple[int, Standing]:
            person_id, basis = row
            own = [each for each in absences.get(person_id, ()) if each.last >= basis.start]
            balance = basis.balance(portal, kind, calendar, own)
            return person_id, _standing(balance, today, waiting.get(person_id, ()))

        return dict(await gently(standing, list(bases.items())))

    async def standing(self, portal: Portal, employee: Employee, kind: AbsenceKind, today: date) -> Standing | None:
        """Return how a person's days of a kind stand today; None where no entitlement is set."""
        balance = await self.of(portal, employee, kind, today)
        if balance is None:
            return None
        return _standing(balance, today, (await self._all_waiting(portal.id, kind)).get(employee.id, ()))

    async def after(self, portal: Portal, employee: Employee, wish: LeaveWish, today: date) -> Left | None:
        """Return what would be left after a leave."""
        balance = await self.of(portal, employee, wish.kind, today)
        return None if balance is None else balance.after(wish)

    async def after_change(self, portal: Portal, employee: Employee, change: LeaveChange, today: date) -> Left | None:
        """Return what would be left after a leave with other days."""
        balance = await self.of(portal, employee, change.kind, today)
        if balance is None or not change.after:
            return None
        *kept, new = change.after
        others = balance.without(change.absence_id)
        same = [Absence(change.absence_id, portal.id, employee.id, change.kind, *each) for each in kept]
        return replace(others, taken=[*others.taken, *same]).after(LeaveWish(change.kind, *new))

    async def check(self, portal: Portal, employee: Employee, wish: LeaveWish, today: date) -> Left | None:
        """Return what would be left; NotEnoughLeft below nothing where the portal gives no leave in advance."""
        left = await self.after(portal, employee, wish, today)
        if left is not None and left.days < 0 and forbids_overdraft(portal):
            raise NotEnoughLeft(left)
        return left

    def check_keeper(self, actor: Employee) -> None:
        """Refuse whoever keeps no personnel data."""
        check(actor, Right.KEEP_PERSONNEL)

    def check_term(self, actor: Employee, term: Entitlement) -> None:
        """Refuse whoever keeps no personnel data, and days that no year has."""
        self.check_keeper(actor)
        if not 0 <= term.days <= MOST_DAYS:
            raise BalanceMisfit(
                t("A year has up to {most} days of leave. Please write another number.", most=MOST_DAYS)
            )

    def check_opening(self, actor: Employee, opening: Opening, today: date) -> None:
        """Refuse whoever keeps no personnel data, days to come, and numbers that cannot be."""
        self.check_keeper(actor)
        if opening.day > today:
            day = Day(opening.day)
            raise BalanceMisfit(
                t("What is left on {day} nobody knows yet. Please name today or a day before.", day=day)
            )
        if abs(opening.hundredths) > _LARGEST:
            raise BalanceMisfit(t("That many days of leave cannot be left. Please write another number."))

    async def set_term(self, actor: Employee, portal: Portal, term: Entitlement, at: datetime) -> None:
        """Say how many days a year there are, for everybody or one person, on record."""
        self.check_term(actor, term)
        self._uow.entitlements.put(term)
        whose = None if term.employee_id == EVERYBODY else term.employee_id
        what = f"entitlement {term.kind} {term.days} {term.unit} since {term.since} carry {term.carry}"
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=whose, what=what, at=at)

    async def drop_terms(
        self, actor: Employee, portal: Portal, subject: Employee | None, kind: AbsenceKind, at: datetime
    ) -> None:
        """Keep no balance of a kind any more, for everybody or by a person's own terms, on record."""
        check(actor, Right.KEEP_PERSONNEL)
        self._uow.entitlements.drop(portal.id, subject.id if subject else EVERYBODY, kind)
        whose = subject.id if subject else None
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=whose, what=f"entitlement {kind} dropped", at=at)

    async def next_term(
        self,
        portal: Portal,
        subject: Employee | None,
        kind: AbsenceKind,
        *,
        days: int | None,
        unit: Unit | None,
        since: date | None,
        today: date,
    ) -> Entitlement | None:
        """Return the terms that are meant: what was not said stays as it is; None where the days are not known.

        Without a day they take the place of those that count now; the first ones count from the New Year on.
        """
        target = subject.id if subject else EVERYBODY
        known = [each for each in await self._uow.entitlements.of(portal.id, target) if each.kind is kind]
        own = [each for each in known if each.employee_id == target]
        former = next(reversed(own or known), None)
        if days is None and former is None:
            return None
        count = former.days if days is None and former else days or 0
        begins = since or (own[-1].since if own else date(today.year, 1, 1))
        carry = former.carry if former else None
        return Entitlement(
            portal.id, target, kind, begins, count, unit or (former.unit if former else Unit.CALENDAR), carry
        )

    async def open(self, actor: Employee, portal: Portal, opening: Opening, today: date, at: datetime) -> None:
        """Say what was left to a person as a day began, on record; days are counted from there on."""
        self.check_opening(actor, opening, today)
        self._uow.entitlements.put_opening(opening)
        what = f"leave left {opening.kind} {opening.hundredths / 100:g} on {opening.day}"
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=opening.employee_id, what=what, at=at)

    async def _all_waiting(self, portal_id: int, kind: AbsenceKind) -> Mapping[int, Sequence[LeaveWish]]:
        """Return what is asked for of a kind and not decided, whole days, by person."""
        found: dict[int, list[LeaveWish]] = {}
        for each in await self._uow.requests.pending(portal_id):
            if (
                isinstance(each.matter, LeaveMatter)
                and each.matter.wish.kind is kind
                and each.matter.wish.start is None
            ):
                found.setdefault(each.subject_id, []).append(each.matter.wish)
        return found


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a balance is worked out from, beside absences: terms of a kind, what was left, and employment."""

    terms: Sequence[Entitlement]
    opening: Opening | None
    stretches: Sequence[Employment]

    @property
    def start(self) -> date:
        """The day from which on days are counted."""
        if self.opening is not None:
            return self.opening.day
        since = without_gap(self.stretches).since if self.stretches else ALWAYS
        kept_since = min(each.since for each in self.terms)
        return kept_since if since == ALWAYS else max(since, kept_since)

    def balance(
        self, portal: Portal, kind: AbsenceKind, calendar: ProductionCalendar, absences: Sequence[Absence]
    ) -> Balance:
        """Return the balance."""
        return Balance(
            kind,
            self.terms,
            self.start,
            calendar,
            self.opening,
            self.stretches[-1].until if self.stretches else None,
            _dates(absences, AbsenceKind.UNPAID) if portal.country == _RUSSIA else frozenset(),
            [each for each in absences if each.kind is kind],
            frozenset() if kind is AbsenceKind.SICK else _dates(absences, AbsenceKind.SICK),
        )


def _standing(balance: Balance, today: date, wishes: Iterable[LeaveWish]) -> Standing:
    end = date(today.year, 12, 31)
    return Standing(
        balance,
        today,
        balance.left(today),
        end,
        balance.left(end),
        balance.used(today + timedelta(days=1), date.max),
        sum(balance.length(each.first, each.last) for each in wishes),
    )


def forbids_overdraft(portal: Portal) -> bool:
    """Whether no leave is taken in advance."""
    return not OVERDRAFT.of(portal)


def _dates(absences: Iterable[Absence], kind: AbsenceKind) -> frozenset[date]:
    found = (each for each in absences if each.kind is kind and is_whole_day(each))
    return frozenset(day for each in found for day in days_from(each.first, each.last))
