"""Calendar feeds: a secret link under which a person's own calendar shows their shifts and days away."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.domain.leave.absence import Absence, AbsenceKind, absence_words
from bot.domain.people.employee import Employee
from bot.domain.planning.roster import Roster
from bot.i18n import Translator
from bot.ports import Feed
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService
from bot.sheets.ical import CalendarEvent, ical
from bot.text import t

BACK = timedelta(days=30)
AHEAD = timedelta(days=90)


class Feeds(UnitService):
    """Makes and revokes the links of people. Only the hash of a token is stored; a person has one link at a time."""

    async def of(self, employee: Employee) -> Feed | None:
        """Return the person's link, if one works."""
        return await self._uow.feeds.of(employee.portal_id, employee.id)

    def open(self, employee: Employee, now: datetime) -> str:
        """Return the token of a new link; an earlier one stops working."""
        token = secrets.token_urlsafe(24)
        self._uow.feeds.add(Feed(_hash(token), employee.portal_id, employee.id, now))
        self._note(employee, "opened a calendar link", now)
        return token

    def revoke(self, employee: Employee, now: datetime) -> None:
        """Let the person's link stop working."""
        self._uow.feeds.revoke(employee.portal_id, employee.id, now)
        self._note(employee, "revoked the calendar link", now)

    async def read(self, token: str, now: datetime) -> str | None:
        """Return the calendar under a link; None for one that does not work, and for people who are switched off.

        It is stamped with the present day, so that it stays the same text while nothing changes.
        """
        feed = await self._uow.feeds.get(_hash(token))
        if feed is None:
            return None
        portal = await self._uow.portals.get(feed.portal_id)
        employee = await self._uow.employees.get(feed.portal_id, feed.employee_id)
        if portal is None or not portal.is_active or employee is None or employee.is_disabled:
            return None
        first, last = (now - BACK).date(), (now + AHEAD).date()
        book = await Rosters(self._uow).book(portal, first, last, [employee])
        absences = await self._uow.absences.of(employee, first, last)
        translator = Translator(employee.locale, employee.zone, now)
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        roster = book.of(employee.id, employee.zone)
        shifts = [_shift(roster, day, translator) for day in days if not _is_away(absences, day)]
        events = [*(each for each in shifts if each), *(_absence(each, translator) for each in absences)]
        title = translator.plain(t("Work: {name}", name=employee.name))
        return ical(title, events, now.replace(hour=0, minute=0, second=0, microsecond=0))

    def _note(self, employee: Employee, what: str, now: datetime) -> None:
        self._uow.audit.add(employee.portal_id, actor_id=employee.id, subject_id=employee.id, what=what, at=now)


def _shift(roster: Roster, day: date, translator: Translator) -> CalendarEvent | None:
    shift = roster.shift(day)
    if shift is None:
        return None
    title = translator.plain(t("Shift: {name}", name=shift.name) if shift.name else t("Work"))
    return CalendarEvent(f"shift-{roster.employee_id}-{day}@smena", title, shift.starts_at, shift.ends_at)


def _is_away(absences: Sequence[Absence], day: date) -> bool:
    """Whether the person does not work on that whole day."""
    whole = [each for each in absences if each.start is None and each.kind is not AbsenceKind.REMOTE]
    return any(each.first <= day <= each.last for each in whole)


def _absence(absence: Absence, translator: Translator) -> CalendarEvent:
    """Return days or hours away; they are the owner's own calendar, so it says the kind, but never the reason."""
    title = translator.plain(absence_words(absence.kind))
    start, end = absence.start or absence.first, absence.end or absence.last
    return CalendarEvent(f"absence-{absence.id}@smena", title, start, end, is_busy=absence.start is not None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
