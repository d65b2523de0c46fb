"""The portal's production calendar: how it is read, and how it is changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.errors import UnknownCountry
from bot.domain.people.employee import Employee
from bot.domain.planning.calendar import COUNTRY, CalendarDay, ProductionCalendar
from bot.domain.planning.calendar_change import CalendarChange
from bot.domain.planning.country_year import is_known_country, is_package_loaded, load_package
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.services.periods.locks import Locks
from bot.services.reminding.timers import look_again
from bot.services.unit_service import UnitService


@dataclass(frozen=True, slots=True)
class CalendarNews:
    """The calendar before and after a change, and the days that are other."""

    before: ProductionCalendar
    after: ProductionCalendar
    days: Sequence[CalendarDay]

    @property
    def months(self) -> list[date]:
        """The first days of the months whose norm may be another."""
        return sorted({each.day.replace(day=1) for each in self.days})


class Calendars(UnitService):
    """Keeps the days by which a portal's calendar differs from its country's; everything else is derived."""

    async def of(self, portal: Portal) -> ProductionCalendar:
        """Return the calendar that counts for a portal."""
        if not is_package_loaded():
            await asyncio.to_thread(load_package)
        return ProductionCalendar(portal.country).with_changes(await self._uow.calendar.days(portal.id))

    async def preview(self, portal: Portal, actor: Employee, change: CalendarChange) -> CalendarNews:
        """Return what a change would do; only whoever keeps the calendar may want one."""
        check(actor, Right.KEEP_CALENDAR)
        before = await self.of(portal)
        days = change.days(before)
        await Locks(self._uow).check(portal, [each.day for each in days])
        return CalendarNews(before, before.with_changes(days), days)

    async def change(self, portal: Portal, actor: Employee, change: CalendarChange, at: datetime) -> CalendarNews:
        """Change the calendar, on record; norms and hours follow by themselves, since they are derived from it."""
        news = await self.preview(portal, actor, change)
        for day in news.days:
            if day.source == COUNTRY:
                self._uow.calendar.remove(portal.id, day.day)
            else:
                self._uow.calendar.put(portal.id, day)
        if news.days:
            self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=f"calendar {change}", at=at)
            look_again(self._uow, portal.id, at)
        return news

    async def preview_country(self, portal: Portal, actor: Employee, country: str) -> CalendarNews:
        """Return what another country's calendar would do; days changed by hand stay as they are."""
        check(actor, Right.KEEP_CALENDAR)
        if not is_known_country(country):
            raise UnknownCountry(country)
        await Locks(self._uow).check_between(
            portal, date.min, date.max
        )  # another country has other days off at all times
        before = await self.of(portal)
        return CalendarNews(before, replace(before, country=country), ())

    async def change_country(self, portal: Portal, actor: Employee, country: str, at: datetime) -> CalendarNews:
        """Use another country's calendar, on record."""
        news = await self.preview_country(portal, actor, country)
        self._uow.portals.put(replace(portal, country=country))
        self._uow.audit.add(portal.id, actor_id=actor.id, subject_id=None, what=f"calendar of {country}", at=at)
        look_again(self._uow, portal.id, at)
        return news
