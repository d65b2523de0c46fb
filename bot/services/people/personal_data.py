"""Personal data: a person gets everything as a file; it is erased once they left and the retention term is over."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.people.employee import Employee, Role
from bot.domain.people.privacy import StillHere, StillKept, erasable_from, retention_months
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import Job
from bot.services.unit_service import UnitService

Stored = Mapping[str, Sequence[Mapping[str, Any]]]
_DATED = (("sessions", "work_date"), ("absences", "last"), ("overtime", "day"), ("confirmations", "last"))
"""Where the last recorded day is looked for."""


CLEAN = "clean"
"""The job that erases what is stored about one person of a portal that asked for everything to go."""


@dataclass(frozen=True, slots=True)
class PersonalFile:
    """What is stored about one person."""

    stored: Stored

    @property
    def counts(self) -> Mapping[str, int]:
        """How many entries there are of each kind, without the empty ones."""
        return {kind: len(rows) for kind, rows in self.stored.items() if rows}

    @property
    def last_day(self) -> date | None:
        """The last day about which something was recorded."""
        days = [str(row[column]) for kind, column in _DATED for row in self.stored.get(kind, ())]
        return date.fromisoformat(max(days)) if days else None

    def as_json(self, portal: Portal, at: datetime) -> bytes:
        """Return the file: text that a person can read and a program as well."""
        form = {"organisation": portal.name, "made_at": at.isoformat(), **self.stored}
        return json.dumps(form, ensure_ascii=False, indent=2).encode()


class PersonalData(UnitService):
    """Hands out and erases what is stored about a person."""

    async def of(self, person: Employee) -> PersonalFile:
        """Return everything that is stored about a person."""
        return PersonalFile(await self._uow.privacy.everything(person))

    async def erasable(self, portal: Portal, admin: Employee, person: Employee, now: datetime) -> PersonalFile:
        """Return what would go; StillHere or StillKept where nothing may."""
        check(admin, Right.ERASE)
        if not person.is_disabled or person.id == admin.id:
            raise StillHere(person.name)
        found = await self.of(person)
        since = erasable_from(found.last_day, retention_months(portal.options))
        if since is not None and now.astimezone(ZoneInfo(portal.zone)).date() < since:
            raise StillKept(person.name, since)
        return found

    async def erase(self, portal: Portal, admin: Employee, person: Employee, name: str, now: datetime) -> PersonalFile:
        """Make it go for good: what stays is a nameless person, and one line of the record."""
        found = await self.erasable(portal, admin, person, now)
        self._gone(person, portal, name)
        self._uow.audit.add(portal.id, actor_id=admin.id, subject_id=person.id, what="erased", at=now)
        return found

    async def clean_all(self, portal: Portal, now: datetime) -> None:
        """Have everybody's go, by a job each."""
        self._uow.errands.drop_of(portal.id)
        for each in await self._uow.employees.of_portal(portal.id):
            self._uow.jobs.add(Job(new_id(), portal.id, CLEAN, str(each.id), now, {"employee_id": each.id}))

    async def keep_all(self, portal: Portal) -> None:
        """Keep what was to go once its retention term is over: nobody asks for that any more."""
        for each in await self._uow.employees.of_portal(portal.id):
            self._uow.jobs.cancel(portal.id, CLEAN, str(each.id))

    async def clean(self, portal: Portal, person: Employee, name: str, now: datetime) -> None:
        """Make it go because the portal's administrator removed the application with all of its data.

        What the retention term keeps goes when that is over.
        """
        since = erasable_from((await self.of(person)).last_day, retention_months(portal.options))
        if since is not None and now.astimezone(ZoneInfo(portal.zone)).date() < since:
            due = datetime.combine(since, time.min, ZoneInfo(portal.zone))
            self._uow.jobs.add(Job(new_id(), portal.id, CLEAN, str(person.id), due, {"employee_id": person.id}))
            return
        self._gone(replace(person, is_disabled=True), portal, name)
        self._uow.audit.add(portal.id, actor_id=None, subject_id=person.id, what="erased", at=now)

    def _gone(self, person: Employee, portal: Portal, name: str) -> None:
        nobody = replace(
            person,
            name=name,
            role=Role.EMPLOYEE,
            lead_id=None,
            zone=portal.zone,
            locale=portal.locale,
            muted_until=None,
            prefers="",
            paper_name="",
        )
        self._uow.employees.put(nobody)
        self._uow.privacy.erase(person)
