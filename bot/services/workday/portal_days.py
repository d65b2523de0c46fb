"""The portal's own working day: what is marked with us is an errand there, what its button does becomes a mark here.

Both follow changes, never states: what changed with us since the portal was last told is done there, and what changed
there since we last looked is marked here. So neither undoes what the other has just done, and what one of them cannot
hold stays different, is said once, and starts nothing. Hours are counted from our log alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.errors import Refusal
from bot.domain.events import PortalDayDiffers, PortalDayMarked, PortalDaysRefused, PortalDayUnsaid
from bot.domain.options import PORTAL_WORKDAY
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.workday.moment import Moment
from bot.domain.workday.portal_day import (
    SAME,
    SOURCE,
    TIMEMAN,
    FollowedDay,
    OwnDay,
    PortalDay,
    Standing,
    changed_dates,
    own_day,
)
from bot.domain.workday.portal_looks import pace
from bot.domain.workday.portal_marks import Difference, PortalMark, marks_between, remembered
from bot.domain.workday.portal_steps import Unsaid
from bot.domain.workday.punch_log import PunchKind, WorkSession, is_legal
from bot.gently import gently
from bot.i18n import Translator
from bot.ids import new_id
from bot.ports import DayAsked, DayShown, Told
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService
from bot.services.workday.marks import WINDOW
from bot.services.workday.time_clock import TimeClock
from bot.text import t

_DAY: Final = timedelta(days=1)
_NOTED_EVERY: Final = timedelta(minutes=10)
"""So often it is noted that a day was looked at and is as it was."""
_MOMENT: Final = timedelta(microseconds=1)
_TOLD: Final = "portal_day"
_REASON: Final = t("Marked in Smena")
OF_THE_PORTAL: Final = frozenset({"no_right", "no_scope", "no_method", "no_grant", "needs_application"})
"""Reasons that an administrator can mend, and nobody else."""


class PortalDays(UnitService):
    """Keeps the days of portals where the option is on."""

    async def begin(self, portal: Portal, now: datetime) -> None:
        """Follow from now on: what was known before it was switched off is forgotten; a missing right is told."""
        for employee_id in await self._uow.portal_workdays.of_portal(portal.id):
            self._uow.portal_workdays.put(FollowedDay(portal.id, employee_id))
        found = await self._uow.installations.of(portal.id)
        if found is not None and found.is_served and TIMEMAN not in found.scope:
            await self._refused(portal, "no_scope", now)

    # With us → on the portal

    async def follow(self, portal_id: int, employee_id: int, now: datetime) -> None:
        """Have the portal's day follow what changed with us; what is over there is said."""
        portal = await self._uow.portals.get(portal_id)
        if portal is None or not PORTAL_WORKDAY.of(portal) or not portal.is_active:
            return
        employee = await self._uow.employees.get(portal_id, employee_id)
        account = _account(employee, portal) if employee is not None else ""
        if employee is None or not account:
            return
        known = await self._uow.portal_workdays.get(portal_id, employee_id)
        own = await self._own(employee, known, now)
        for day in changed_dates(known.own, own):
            await self.tell(employee, Unsaid.FORMER, day, now)
        if own.is_like(known.own):
            if known.own is not None and own.earlier != known.own.earlier:
                self._uow.portal_workdays.put(replace(known, own=replace(own, was=known.own.was)))
            return
        key = f"workday:{new_id()}"
        reason = Translator(portal.locale, portal.zone, now).plain(_REASON)
        form = {"employee_id": employee.id, "account": account, "own": own.to_form(), "report": reason}
        lane = f"workday:{employee.id}"
        errand = Errand(new_id(), portal_id, ErrandKind.WORKDAY, form, key, f"day:{employee.id}", now, lane)
        self._uow.errands.add(errand)
        self._uow.portal_workdays.put(replace(known, own=own, asked=key))

    async def ended(self, errand: Errand, now: datetime) -> None:
        """Note how the portal's day is after an errand; what had been done there before it becomes marks."""
        portal = await self._uow.portals.get(errand.portal_id)
        employee = await self._uow.employees.get(errand.portal_id, int(errand.form["employee_id"]))
        if portal is None or employee is None:
            return
        known = await self._uow.portal_workdays.get(portal.id, employee.id)
        # An older errand may end after a newer one, when it is repeated: nobody waits for it.
        ended = errand.key if errand.key == known.asked else known.ended
        if errand.state is ErrandState.DONE:
            looked, day = errand.result.get("looked"), PortalDay.of_form(errand.result["day"])
            if looked and PORTAL_WORKDAY.of(portal):
                is_late = ended != known.asked
                await self._take(portal, employee, known, PortalDay.of_form(looked), now, now, is_late=is_late)
            # Where that made marks, ours is another day than the one that was written: it is followed once more.
            seen = remembered(known.seen, day)
            self._uow.portal_workdays.put(replace(known, seen=seen, seen_at=now, ended=ended))
            for each in errand.result.get("unsaid", ()):
                what = Unsaid(each)
                await self.tell(employee, what, employee.today(now), now, once=what in _ONCE)
            return
        self._uow.portal_workdays.put(replace(known, ended=ended))
        if errand.state is ErrandState.FAILED:
            await self._refused(portal, errand.reason, now, employee)

    # On the portal → with us

    async def asked(self, now: datetime) -> Mapping[str, Sequence[DayAsked]]:
        """Return whose days are to be looked at now and then, by portal."""
        found = {}
        for portal in await self._uow.portals.active():
            if PORTAL_WORKDAY.of(portal) and (people := await self._asked_of(portal, now)):
                found[portal.key] = people
        return found

    async def _asked_of(self, portal: Portal, now: datetime) -> list[DayAsked]:
        followed = await self._uow.portal_workdays.of_portal(portal.id)
        at_work = {each.employee.id for each in await self._uow.employees.present(portal.id)}
        book = await Rosters(self._uow).book(portal, now.date() - _DAY, now.date() + _DAY)

        def asked(each: Employee) -> DayAsked | None:
            known = followed.get(each.id) or FollowedDay(portal.id, each.id)
            account = _account(each, portal)
            if not account or each.is_disabled or known.is_waiting:
                return None
            every = pace(book.of(each.id, each.zone), known.seen, now, is_at_work=each.id in at_work)
            return DayAsked(each.id, account, every, known.version) if every is not None else None

        people = await gently(asked, await self._uow.employees.of_portal(portal.id))
        return [each for each in people if each is not None]

    async def shown(self, realm: str, days: Sequence[DayShown], at: datetime, now: datetime) -> None:
        """Make marks of what was done on a portal since the last look."""
        portal = await self._uow.portals.by_key(realm)
        if portal is None or not PORTAL_WORKDAY.of(portal):
            return
        for each in days:
            known = await self._uow.portal_workdays.get(portal.id, each.asked.employee_id)
            if known.version != each.asked.version or known.is_waiting:
                continue  # since the look began something was done there, by us
            employee = await self._uow.employees.get(portal.id, each.asked.employee_id)
            if employee is not None and not employee.is_disabled:
                await self._take(portal, employee, known, each.day, at, now, since=each.since)

    async def refused(self, realm: str, reason: str, now: datetime) -> None:
        """Tell administrators why a portal shows nobody's day, where that is theirs to mend; other reasons pass."""
        portal = await self._uow.portals.by_key(realm)
        if portal is not None and PORTAL_WORKDAY.of(portal) and reason in OF_THE_PORTAL:
            await self._refused(portal, reason, now)

    async def _take(
        self,
        portal: Portal,
        employee: Employee,
        known: FollowedDay,
        day: PortalDay,
        at: datetime,
        now: datetime,
        *,
        since: datetime | None = None,
        is_late: bool = False,
    ) -> None:
        """Mark what was done there; where a newer mark of ours waits (`is_late`), no break of which no time is told."""
        log = await self._uow.punches.log(employee, now - WINDOW)
        _, session = log.state_at(now)
        resting = session.running_break if session is not None else None
        rests = resting.started_at if resting is not None else None
        seen_at = max(known.seen_at or at, since or known.seen_at or at)  # that it is the same is not noted each time
        found = marks_between(known.seen, seen_at, day, at, resting_since=rests)
        made = [
            each.kind
            for each in found
            if isinstance(each, PortalMark)
            and not (is_late and each.kind in _BREAKS)
            and await self._mark(portal, employee, each, day, now)
        ]
        for each in found:
            if isinstance(each, Difference) and each.kind is PunchKind.BREAK_END:
                await self.tell(employee, Unsaid.BREAKS, employee.today(each.at), now)
            elif isinstance(each, Difference):
                await self._differs(portal, employee, each.kind, each.at, now)
        if made:
            self._uow.events.append(PortalDayMarked(portal.id, employee.id, tuple(made)))
        seen = remembered(known.seen, day)
        is_old = known.seen_at is None or at - known.seen_at >= _NOTED_EVERY
        if made or seen != known.seen or is_old:
            own = known.own
            if made or own is None:  # what is so at the first look has been so: only what changes after it follows
                own = await self._own(employee, known, now)
                own = replace(own, was=own.state)
            self._uow.portal_workdays.put(replace(known, seen=seen, seen_at=at, own=own))

    async def _mark(self, portal: Portal, employee: Employee, mark: PortalMark, day: PortalDay, now: datetime) -> bool:
        """Put a mark into the log, unless it is there; what was written afterwards counts from now, and is asked."""
        log = await self._uow.punches.log(employee, min(mark.at, now) - WINDOW)
        if any(each.event == mark.event for each in log.punches) or _is_there(log.sessions, mark):
            return False
        is_past = mark.is_stated and now - mark.at > portal.free_correction
        at = now if is_past else mark.at
        if is_past:
            await self._differs(portal, employee, mark.kind, mark.at, now)
            if day.standing is Standing.CLOSED and mark.kind is PunchKind.IN:
                return False  # all of it is over: it is the person who says how it was
        state, session = log.state_at(at)
        is_here = session is not None and session.work_date == employee.today(at)
        if not is_legal(state, mark.kind) or (mark.kind is PunchKind.IN and is_here):
            if mark.kind is PunchKind.OUT and not is_past:
                await self._differs(portal, employee, mark.kind, mark.at, now)
            return False
        moment = Moment(at, now, employee.zone, SOURCE, mark.event, employee.id)
        clock = TimeClock(self._uow)
        punch = {
            PunchKind.IN: clock.check_in,
            PunchKind.BREAK_START: clock.start_break,
            PunchKind.BREAK_END: clock.end_break,
            PunchKind.OUT: clock.check_out,
        }[mark.kind]
        try:
            await punch(employee, moment)
        except Refusal:
            return False
        return True

    async def _differs(self, portal: Portal, employee: Employee, kind: PunchKind, at: datetime, now: datetime) -> None:
        """Tell once of a time that is another one on the portal, where it matters."""
        log = await self._uow.punches.log(employee, min(at, now) - WINDOW)
        of_day = [each for each in log.sessions if each.work_date == employee.today(at)]
        ours = [each.started_at if kind is PunchKind.IN else each.ended_at for each in of_day]
        limit = max(portal.free_correction, SAME)
        if any(each is not None and abs(each - at) <= limit for each in ours):
            return
        if kind is PunchKind.OUT and any(_goes_over_midnight(each, now) for each in of_day):
            return  # there it cannot be as it is
        key = f"{kind.value}:{int(at.timestamp())}"
        if await self._is_new(employee, key, now):
            self._uow.events.append(PortalDayDiffers(portal.id, employee.id, kind, at, employee.zone))

    # What is told

    async def tell(self, employee: Employee, what: Unsaid, day: date, now: datetime, *, once: bool = False) -> None:
        """Tell what the portal cannot hold: some things once at all, others once a date."""
        if await self._is_new(employee, what.value if once else f"{what.value}:{day.isoformat()}", now):
            self._uow.events.append(PortalDayUnsaid(employee.portal_id, employee.id, what, day))

    async def _refused(self, portal: Portal, reason: str, now: datetime, about: Employee | None = None) -> None:
        """Tell of a refusal: administrators once a day of what they can mend, the person once a date of their own."""
        if reason in OF_THE_PORTAL:
            about = None
        for each in [about] if about else await self._uow.employees.of_portal(portal.id):
            if about is None and (not each.is_admin or each.is_disabled):
                continue
            if await self._is_new(each, f"{reason}:{each.today(now).isoformat()}", now):
                self._uow.events.append(PortalDaysRefused(portal.id, each.id, reason))

    def is_for_administrators(self, reason: str) -> bool:
        """Whether a refusal is one that an administrator can mend."""
        return reason in OF_THE_PORTAL

    async def _is_new(self, employee: Employee, key: str, now: datetime) -> bool:
        told = {each.key for each in await self._uow.reminders.of(employee.portal_id, employee.id, _TOLD)}
        if key in told:
            return False
        self._uow.reminders.add(Told(employee.portal_id, employee.id, _TOLD, key, now))
        return True

    async def _own(self, employee: Employee, known: FollowedDay, now: datetime) -> OwnDay:
        log = await self._uow.punches.log(employee, now - WINDOW)
        own = own_day(log.punches, log.sessions, employee.zone, now)
        if known.own is not None or own.since is None:
            return replace(own, was=known.own.state) if known.own is not None else own
        before, _ = log.state_at(own.since - _MOMENT)
        return replace(own, was=before)  # before the first look: what changed is the mark itself


_BREAKS = frozenset({PunchKind.BREAK_START, PunchKind.BREAK_END})
_ONCE = frozenset({Unsaid.SEVERAL, Unsaid.OVER_MIDNIGHT})
"""What is the portal's way and happens again and again: it is explained once."""


def _account(employee: Employee, portal: Portal) -> str:
    """Return somebody's account on the portal; "" where they have none there."""
    return next((each.account for each in employee.identities if each.realm == portal.key), "")


def _goes_over_midnight(session: WorkSession, now: datetime) -> bool:
    zone = ZoneInfo(session.zone)
    return (session.ended_at or now).astimezone(zone).date() > session.work_date


def _is_there(sessions: Sequence[WorkSession], mark: PortalMark) -> bool:
    """Whether the same was marked with us, at nearly the same moment."""
    times: list[datetime | None] = []
    for each in sessions:
        match mark.kind:
            case PunchKind.IN:
                times.append(each.started_at)
            case PunchKind.OUT:
                times.append(each.ended_at)
            case PunchKind.BREAK_START:
                times += [pause.started_at for pause in each.breaks]
            case _:
                times += [pause.ended_at for pause in each.breaks]
    return any(at is not None and abs(at - mark.at) <= SAME for at in times)
