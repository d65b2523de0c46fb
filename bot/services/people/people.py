"""People: who writes to us, what they may do, and how they like to be spoken to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.domain.errors import AmbiguousPerson, LastAdmin, NotYourPeople, UnknownPerson
from bot.domain.events import AccessChanged, MarkAsked, RoleChanged
from bot.domain.people.employee import Employee, Identity, Role, clean_name
from bot.domain.portal import Portal
from bot.domain.rights import Reach, Right, check, reach, within
from bot.i18n import known_locale
from bot.ids import new_id
from bot.messages import Sender
from bot.ports import Present
from bot.services.people.naming import named, near
from bot.services.unit_service import UnitService


class People(UnitService):
    """Knows the employees of a portal."""

    async def enrol(self, portal: Portal, channel: str, sender: Sender) -> Employee:
        """Make an employee of a colleague who wrote for the first time; the portal's language until they choose."""
        identity = Identity(channel, portal.key, sender.account, sender.account)
        employee = Employee(
            new_id(),
            portal.id,
            clean_name(sender.name) or f"#{sender.account}",
            zone=portal.zone,
            locale=known_locale(sender.locale) or portal.locale,
            identities=(identity,),
        )
        self._uow.employees.add(employee)
        return employee

    async def find(self, portal: Portal, name: str) -> Employee:
        """Return the one person that a name means; two that fit are told apart by whoever asks, never guessed."""
        people = await self._uow.employees.of_portal(portal.id)
        found = named(people, name)
        if len(found) == 1:
            return found[0]
        if not found:
            raise UnknownPerson(clean_name(name), near(people, name))
        raise AmbiguousPerson(clean_name(name), ", ".join(person.name for person in found[:5]))

    async def fitting(self, portal: Portal, name: str) -> list[Employee]:
        """Return everybody whom a name can mean."""
        return named(await self._uow.employees.of_portal(portal.id), name)

    async def named_at_start(self, portal: Portal, text: str) -> tuple[Employee | None, str]:
        """Return the person that the first words name, and the rest: two words before one."""
        words = text.split()
        for count in (2, 1):
            if len(words) < count:
                continue
            try:
                return await self.find(portal, " ".join(words[:count])), " ".join(words[count:])
            except UnknownPerson:
                continue
        return None, text

    async def get(self, employee_id: int, portal_id: int) -> Employee | None:
        """Return the employee of that id."""
        return await self._uow.employees.get(portal_id, employee_id)

    async def told_by_itself(self, employee_id: int, portal_id: int) -> Employee | None:
        """Return somebody to remind or ask of our own accord; None where access is off or the bot was removed."""
        portal = await self._uow.portals.get(portal_id)
        employee = await self.get(employee_id, portal_id)
        return None if portal is None or not portal.is_active or employee is None or employee.is_disabled else employee

    async def everybody_of(self, portal_id: int) -> Sequence[Employee]:
        """Return everybody of the portal with that id, by name."""
        return await self._uow.employees.of_portal(portal_id)

    async def administrators(self, portal_id: int) -> list[Employee]:
        """Return who steers the portal and is not switched off, by name."""
        everybody = await self._uow.employees.of_portal(portal_id)
        return [each for each in everybody if each.is_admin and not each.is_disabled]

    async def within(self, actor: Employee, right: Right) -> list[Employee]:
        """Return the people about whom a person has a right, themselves included where they are, by name."""
        return within(actor, right, await self._uow.employees.of_portal(actor.portal_id))

    async def team_of(self, actor: Employee, right: Right = Right.SEE_HOURS) -> list[Employee]:
        """Return the people below a lead, or everybody where the right reaches all, by name; a Refusal for others."""
        check(actor, right)
        found = await self.within(actor, right)
        return found if reach(actor, right) is Reach.ALL else [each for each in found if each.id != actor.id]

    async def check(self, actor: Employee, right: Right, subject: Employee) -> None:
        """Refuse what the person has no right to do about somebody."""
        if not await self.may(actor, right, subject):
            raise NotYourPeople

    async def may(self, actor: Employee, right: Right, subject: Employee) -> bool:
        """Whether a person has a right about somebody."""
        if reach(actor, right) is Reach.BELOW and subject.id != actor.id:
            everybody: Sequence[Employee] = await self._uow.employees.of_portal(actor.portal_id)
        else:
            everybody = (subject,) if subject.portal_id == actor.portal_id else ()
        return subject.id in {each.id for each in within(actor, right, everybody)}

    def ask_for_marks(self, lead: Employee, person: Employee) -> None:
        """Let somebody be reminded of their marks by whoever leads them."""
        self._uow.events.append(MarkAsked(person.portal_id, person.id, lead.id))

    async def at_work(self, portal: Portal) -> Sequence[Present]:
        """Return who has an open session now."""
        return await self._uow.employees.present(portal.id)

    async def set_role(
        self, actor: Employee, subject: Employee, role: Role, at: datetime, *, is_chosen: bool = True
    ) -> Employee:
        """Change what a person may do; the last administrator cannot be lost.

        A role that is not `is_chosen` by hand follows the portal's structure.
        """
        check(actor, Right.GIVE_ROLES)
        if subject.role is Role.ADMIN and role is not Role.ADMIN:
            await self.check_another_admin_than(subject)
        after = replace(subject, role=role, role_is_chosen=is_chosen)
        self._uow.employees.put(after)
        self._uow.audit.add(
            actor.portal_id, actor_id=actor.id, subject_id=subject.id, what=f"role {subject.role} -> {role}", at=at
        )
        if subject.role is not role:
            self._uow.events.append(RoleChanged(subject.portal_id, subject.id, role.value, actor.id))
        return after

    async def follow_portal(self, actor: Employee, subject: Employee, at: datetime) -> Employee:
        """Let the portal say again what a person may do, who had a role by hand.

        Whether they lead anybody is known here, and counts at once; whom the portal calls its administrator is told
        when its people are read next, and until then an administrator stays one.
        """
        check(actor, Right.GIVE_ROLES)
        role = subject.role
        if role is Role.ADMIN:
            await self.check_another_admin_than(subject)
        else:
            everybody = await self._uow.employees.of_portal(subject.portal_id)
            departments = await self._uow.staff.departments(subject.portal_id)
            leads = any(each.lead_id == subject.id and not each.is_disabled for each in everybody)
            heads = any(each.head_id == subject.id for each in departments)
            role = Role.LEAD if leads or heads else Role.EMPLOYEE
        return await self.set_role(actor, subject, role, at, is_chosen=False)

    async def set_disabled(self, actor: Employee, subject: Employee, at: datetime, *, is_disabled: bool) -> Employee:
        """Switch a person off or on; what they recorded stays."""
        check(actor, Right.GIVE_ACCESS)
        if is_disabled and subject.role is Role.ADMIN:
            await self.check_another_admin_than(subject)
        after = replace(subject, is_disabled=is_disabled)
        self._uow.employees.put(after)
        if is_disabled:
            self._uow.web_sessions.end_all(subject.portal_id, subject.id, at)
        what = "disabled" if is_disabled else "enabled"
        self._uow.audit.add(actor.portal_id, actor_id=actor.id, subject_id=subject.id, what=what, at=at)
        if subject.is_disabled is not is_disabled:
            self._uow.events.append(AccessChanged(subject.portal_id, subject.id, is_disabled, actor.id))
        return after

    def announce_dismissal(self, portal_id: int, employee_id: int) -> None:
        """Let it be known that the portal dismissed a person (case 72)."""
        self._uow.events.append(AccessChanged(portal_id, employee_id, is_disabled=True))

    def speak(self, employee: Employee, locale: str, *, is_chosen: bool) -> Employee:
        """Speak that language to the person from now on."""
        if employee.locale == locale and employee.locale_is_chosen == is_chosen:
            return employee
        after = replace(employee, locale=locale, locale_is_chosen=is_chosen or employee.locale_is_chosen)
        self._uow.employees.put(after)
        return after

    def silence(self, employee: Employee, until: date | None) -> Employee:
        """Send the person no reminders before that day."""
        after = replace(employee, muted_until=until)
        self._uow.employees.put(after)
        return after

    def prefer(self, employee: Employee, channel: str) -> Employee:
        """Tell the person on that channel what comes by itself, as long as they are reached there."""
        after = replace(employee, prefers=channel)
        self._uow.employees.put(after)
        return after

    def use_letters(self, employee: Employee, *, wanted: bool) -> Employee:
        """Let single letters be keys on pages, or no more (WCAG 2.1.4)."""
        after = replace(employee, wants_letters=wanted)
        self._uow.employees.put(after)
        return after

    def move(self, employee: Employee, zone: str) -> Employee:
        """Use that zone for what the person does from now on; sessions keep theirs (case 56)."""
        after = replace(employee, zone=zone, zone_is_chosen=True)
        self._uow.employees.put(after)
        return after

    async def check_another_admin_than(self, subject: Employee) -> None:
        """Raise LastAdmin where nobody else could let people in."""
        if not any(each.id != subject.id for each in await self.administrators(subject.portal_id)):
            raise LastAdmin
