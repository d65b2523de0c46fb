"""Delays: a person says they come later; it is kept for that date, the lead is told, and nobody asks before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.events import DelayTold
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import Shift
from bot.domain.portal import Portal
from bot.domain.workday.delay import Delay, delayed_until
from bot.services.planning.rosters import Rosters
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Said:
    """What came of it: the delay, the shift that it is about, and whether anything is new."""

    delay: Delay
    shift: Shift | None
    is_news: bool
    is_on_time: bool
    minutes: int = 0
    """The minutes that were said, where no shift tells from when on they count."""


class Delays(UnitService):
    """Keeps what people say about coming later; the last word of a day counts."""

    async def say(
        self,
        portal: Portal,
        employee: Employee,
        now: datetime,
        *,
        until: datetime | None = None,
        late_by: timedelta | None = None,
        day: date | None = None,
        reason: str = "",
    ) -> Said:
        """Note that the person comes at `until`, or so much after the start of the shift, or nobody knows when.

        It is about today, or the day of `until`, unless a day to come was named.
        """
        today = employee.today(now)
        day = until.astimezone(ZoneInfo(employee.zone)).date() if until else max(day or today, today)
        shift = (await Rosters(self._uow).of(portal, employee, day)).shift(day)
        if until is None and late_by is not None and (shift is not None or day == today):
            until = delayed_until(shift.starts_at if shift else None, late_by, now)
        delay = Delay(portal.id, employee.id, day, until, now)
        if until is not None and shift is not None and until <= shift.starts_at:
            return Said(delay, shift, is_news=False, is_on_time=True)
        before = (await self.on(portal.id, day)).get(employee.id)
        minutes = int(late_by.total_seconds() // 60) if until is None and late_by is not None else 0
        is_news = before is None or before.until != until or minutes > 0
        if is_news:
            self._uow.delays.put(delay)
            self._uow.events.append(DelayTold(portal.id, employee.id, day, until, reason[:_LONGEST_REASON], minutes))
            Watch(self._uow).look_again(portal.id, now)
        return Said(delay, shift, is_news=is_news, is_on_time=False, minutes=minutes)

    async def on(self, portal_id: int, day: date) -> Mapping[int, Delay]:
        """Return what was said about a day, by employee."""
        return {each.employee_id: each for each in await self._uow.delays.since(portal_id, day) if each.day == day}
