"""Overtime: work over the plan counts as such only as far as a lead approved it; limits warn, never block (§4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.approvals.matter import LimitPassed, OvertimeMatter
from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.reports.account import PLANNING
from bot.domain.reports.limits import LimitWarning, limit_warnings, limits_of
from bot.domain.workday.correction import FARTHEST_BACK
from bot.services.periods.locks import Locks
from bot.services.reports.accounts import Accounts
from bot.services.unit_service import UnitService
from bot.text import Day, Duration, t

LONGEST = timedelta(hours=16)
AHEAD = timedelta(days=31)
"""Overtime can be agreed on beforehand, so far ahead."""


class OvertimeMisfit(Refusal):
    """Overtime that cannot be asked for; the reason is in its phrase."""

    code = "overtime_misfit"


@dataclass(frozen=True, slots=True)
class OvertimeWish:
    """What would be asked for: a work date, a length, what is recorded over the plan, and limits it would pass."""

    day: date
    length: timedelta
    over: timedelta
    approved: timedelta
    warnings: tuple[LimitWarning, ...]
    worked: timedelta = timedelta()
    is_planned: bool = True
    """Whether the schedule plans hours of the day: only then is anything over them."""

    @property
    def matter(self) -> OvertimeMatter:
        """What a request for it is about."""
        limits = tuple(LimitPassed(each.kind, each.overtime, each.limit) for each in self.warnings)
        return OvertimeMatter(self.day, self.length, self.over, self.worked, self.is_planned, limits)


class Overtimes(UnitService):
    """Prepares requests for overtime; approved, they are carried out like any other."""

    async def open_days(
        self, portal: Portal, person: Employee, first: date, last: date, now: datetime
    ) -> Sequence[tuple[date, timedelta]]:
        """Return the dates with work over the plan that is not approved yet, and how much."""
        account = await Accounts(self._uow).one(portal, person, first, last, now)
        return [(each.day, each.over - each.overtime) for each in account.days if each.over > each.overtime]

    async def wish(
        self, portal: Portal, person: Employee, day: date, length: timedelta | None, now: datetime
    ) -> OvertimeWish:
        """Return what a person would ask for; without a length it is all that is over the plan of the date."""
        today = person.today(now)
        if day - today > AHEAD or today - day > FARTHEST_BACK:
            raise OvertimeMisfit(t("{day} is too far off for that.", day=Day(day)))
        await Locks(self._uow).check(portal, [day])
        account = await Accounts(self._uow).one(portal, person, day, day, now)
        left = account.over - account.overtime
        if length is None and not left:
            raise OvertimeMisfit(
                t(
                    "Nothing is recorded over the plan on {day}. How long was it? For example: “overtime 2 hours”.",
                    day=Day(day),
                )
            )
        asked = length if length is not None else left
        if not timedelta() < asked <= LONGEST:
            raise OvertimeMisfit(t("Overtime of a day is between a minute and {longest}.", longest=Duration(LONGEST)))
        approved = await Accounts(self._uow).approved(
            portal.id, day.replace(month=1, day=1), day.replace(month=12, day=31)
        )
        own = dict(approved.get(person.id, {}))
        before = own.get(day, timedelta())
        own[day] = before + asked
        found = limit_warnings(own, limits_of(portal.country, portal.options))
        concerned = tuple(each for each in found if each.first <= day <= each.last)
        only = account.day(day)
        is_planned = only.kind in PLANNING
        return OvertimeWish(day, asked, account.over, before, concerned, only.worked, is_planned)
