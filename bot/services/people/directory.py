"""The update from a directory: a portal's people, departments and employments, as it lists them now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.people.employee import Employee, Identity, Role, clean_name
from bot.domain.people.staff import ALWAYS, Department, Employment, carried_on, ended
from bot.domain.portal import Portal
from bot.domain.rights import Right, roles_with
from bot.i18n import known_zone
from bot.ids import new_id
from bot.ports import Job, ListedDepartment, Person
from bot.services.reminding.watch import Watch
from bot.services.unit_service import UnitService

DISMISSED = "dismissed"
"""The job that lets it be known that the portal dismissed a person: `employee_id`."""


LEADS_NO_MORE = "leads-no-more"
"""The job by which what waits for somebody who heads nobody any more goes to others: `employee_id`."""


class DirectoryUpdate(UnitService):
    """Takes over what a portal's directory says.

    A role or a zone that was chosen by hand stays. A person dismissed on the portal is disabled (case 72); one who came
    back is not enabled by itself: an administrator may have had a reason.
    """

    async def take(
        self,
        portal: Portal,
        channel: str,
        people: Sequence[Person],
        departments: Sequence[ListedDepartment],
        now: datetime,
    ) -> list[str]:
        """Take over who is listed; returns the accounts of people who should be there but are not listed."""
        known = {
            identity.account: employee
            for employee in await self._uow.employees.of_portal(portal.id)
            for identity in employee.identities
            if identity.channel == channel
        }
        ids = {account: employee.id for account, employee in known.items()}
        ids |= {person.account: new_id() for person in people if person.account not in ids and person.is_active}
        heads = {head for person in people for head in person.heads}
        stretches: dict[int, list[Employment]] = {}
        for each in await self._uow.staff.employments(portal.id):
            stretches.setdefault(each.employee_id, []).append(each)
        places = await self._departments(portal, departments, ids)
        today = now.astimezone(ZoneInfo(portal.zone)).date()
        for person in people:
            if person.account not in ids:
                continue
            role = Role.ADMIN if person.is_admin else Role.LEAD if person.account in heads else Role.EMPLOYEE
            lead = next((ids[head] for head in person.heads if head in ids and head != person.account), None)
            before = known.get(person.account)
            if before is None:
                self._hire(portal, channel, ids[person.account], person, role, lead)
            elif person.is_active:
                self._update(before, person, role, lead, now)
            elif not before.is_disabled:
                self._dismiss(before, now)
            employee_id = ids[person.account]
            if self._employ(portal.id, employee_id, person, places, stretches.get(employee_id, []), today):
                Watch(self._uow).look_again(portal.id, now)  # another department may have another schedule
        listed = {person.account for person in people}
        return [
            account
            for account, each in known.items()
            if account not in listed and (not each.is_disabled or _is_open(stretches.get(each.id, ())))
        ]

    async def _departments(
        self, portal: Portal, listed: Sequence[ListedDepartment], ids: Mapping[str, int]
    ) -> Mapping[str, Department]:
        """Take over the departments; returns all that are known, by key."""
        known = {each.key: each for each in await self._uow.staff.departments(portal.id)}
        for each in listed:
            before = known.get(each.key)
            number = before.id if before else new_id()
            name = clean_name(each.name) or each.key
            after = Department(number, portal.id, each.key, name, each.parent, ids.get(each.head))
            if after != before:
                self._uow.staff.put_department(after)
            known[each.key] = after
        return known

    def _hire(self, portal: Portal, channel: str, number: int, person: Person, role: Role, lead: int | None) -> None:
        employee = Employee(
            number,
            portal.id,
            clean_name(person.name) or f"#{person.account}",
            role=role,
            zone=known_zone(person.zone) or portal.zone,
            locale=portal.locale,
            lead_id=lead,
            paper_name=person.paper_name,
            identities=(Identity(channel, portal.key, person.account, person.account),),
        )
        self._uow.employees.add(employee)

    def _update(self, before: Employee, person: Person, role: Role, lead: int | None, now: datetime) -> None:
        after = replace(
            before,
            name=clean_name(person.name) or before.name,
            role=before.role if before.role_is_chosen else role,
            zone=before.zone if before.zone_is_chosen else known_zone(person.zone) or before.zone,
            lead_id=lead,
            paper_name=person.paper_name or before.paper_name,
        )
        if after != before:
            self._uow.employees.put(after)
        deciding = roles_with(Right.DECIDE)
        if before.role in deciding and after.role not in deciding:
            self._later(LEADS_NO_MORE, after, now)

    def _dismiss(self, employee: Employee, now: datetime) -> None:
        """Switch a person off; who has to know learns it from a job, for nobody speaks while a directory is read."""
        self._uow.employees.put(replace(employee, is_disabled=True))
        self._uow.web_sessions.end_all(employee.portal_id, employee.id, now)
        self._later(DISMISSED, employee, now)

    def _later(self, kind: str, employee: Employee, now: datetime) -> None:
        payload = {"employee_id": employee.id}
        self._uow.jobs.add(Job(new_id(), employee.portal_id, kind, str(employee.id), now, payload))

    def _employ(
        self,
        portal_id: int,
        employee_id: int,
        person: Person,
        places: Mapping[str, Department],
        stretches: Sequence[Employment],
        today: date,
    ) -> bool:
        """Carry the person's employment on; whether that changed anything."""
        place = next((places[key].id for key in person.departments if key in places), None)
        since = person.hired_on or ALWAYS
        present = Employment(new_id(), portal_id, employee_id, since, None, place, clean_name(person.title))
        changed = carried_on(stretches, present, today) if person.is_active else ended(stretches, today)
        for each in changed:
            self._uow.staff.put_employment(each)
        return bool(changed)


def _is_open(stretches: Sequence[Employment]) -> bool:
    return any(each.until is None for each in stretches)
