"""The people side of a unit of work: portals and employees, with what was read and what was noted."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.people.employee import Employee, Identity
from bot.domain.portal import Portal
from bot.gently import gently
from bot.ports import Conflict, Present
from storage.engines.engine import Read, Reader, Write
from storage.part import Part
from storage.rows import Row, clean
from storage.shapes import (
    employee_values,
    identity_values,
    person_of,
    persons_in,
    portal_of,
    portal_values,
    present_of,
)
from storage.sql import conversations, people, queues

Account = tuple[str, str, str]


def own_lane(channel: str, realm: str, account: str) -> str:
    """Return the lane of an account that is nobody's yet."""
    return f"a:{channel}:{realm}:{account}"


class Portals(Part):
    """Tenants. What was noted wins over what was read."""

    def __init__(self, engine: Reader) -> None:
        """Read through `engine`."""
        super().__init__(engine)
        self._read: dict[int, Portal] = {}
        self._noted: dict[int, Portal] = {}

    def remember(self, portal: Portal) -> None:
        """Keep a portal that was read together with something else."""
        self._read[portal.id] = portal

    async def get(self, portal_id: int) -> Portal | None:
        """Return the portal of that id."""
        known = self._noted.get(portal_id) or self._read.get(portal_id)
        if known is None:
            known = await self._find(Read(people.PORTAL_BY_ID, {"portal_id": portal_id}))
        return known

    async def by_key(self, key: str) -> Portal | None:
        """Return the portal of that key."""
        for known in ({**self._read, **self._noted}).values():
            if known.key == key:
                return known
        return await self._find(Read(people.PORTAL_BY_KEY, {"key": clean(key)}))

    async def active(self) -> Sequence[Portal]:
        """Return the portals that use the service now."""
        rows = await self._rows(people.ACTIVE_PORTALS, {"is_active": True})
        found = {each.id: each for each in map(portal_of, rows)} | self._noted
        return [each for each in found.values() if each.is_active]

    async def all(self) -> Sequence[Portal]:
        """Return every portal, by key."""
        rows = await self._rows(people.PORTALS, {})
        known = {each.id: each for each in map(portal_of, rows)}
        return sorted({**known, **self._noted}.values(), key=lambda each: each.key)

    async def _find(self, read: Read) -> Portal | None:
        (rows,) = await self._engine.read([read])
        if not rows:
            return None
        portal = portal_of(rows[0])
        self._read[portal.id] = portal
        return portal

    def add(self, portal: Portal) -> None:
        """Note a new portal; a second one of the same key is a Conflict."""
        self._noted[portal.id] = portal
        self._note(people.ADD_PORTAL, portal_values(portal))

    def put(self, portal: Portal) -> None:
        """Note a change of a portal."""
        self._noted[portal.id] = portal
        self._note(people.PUT_PORTAL, portal_values(portal), 1)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        self._noted.clear()


class Employees(Part):
    """People with their identities. However often a unit changes a person, their version is checked and grows once."""

    def __init__(self, engine: Reader, portals: Portals) -> None:
        """Read through `engine`; a person's portal comes along and is remembered."""
        super().__init__(engine)
        self._portals = portals
        self._read: dict[int, Employee] = {}
        self._everybody: dict[int, Sequence[Employee | None]] = {}
        """The people of a portal as they were read: a page asks for them several times."""
        self._accounts: dict[Account, int | None] = {}
        self._noted: dict[int, Employee] = {}
        self._noted_accounts: dict[Account, int | None] = {}
        self._expected: dict[int, Employee] = {}
        self._put: dict[int, Employee] = {}

    def remember(self, account: Account | None, rows: Sequence[Row]) -> Employee | None:
        """Keep a person that was read, and that the account is theirs, or nobody's."""
        person = person_of(rows)
        if account is not None:
            self._accounts[account] = person.id if person else None
        if person is not None:
            # The first reading stays: a version must not be newer than the log that was read with it.
            person = self._read.setdefault(person.id, person)
            self._portals.remember(portal_of(rows[0]))
        return person

    def _known(self, employee_id: int) -> Employee | None:
        return self._noted.get(employee_id) or self._read.get(employee_id)

    async def get(self, portal_id: int, employee_id: int) -> Employee | None:
        """Return the employee of that id."""
        known = self._known(employee_id)
        if known is None:
            values = {"portal_id": portal_id, "employee_id": employee_id}
            rows = await self._rows(people.PERSON_BY_ID, values)
            return self.remember(None, rows)
        return known if known.portal_id == portal_id else None

    async def by_identity(self, channel: str, realm: str, account: str) -> Employee | None:
        """Return whose account that is, disabled people too."""
        key = (channel, clean(realm), clean(account))
        for accounts in (self._noted_accounts, self._accounts):
            if key in accounts:
                employee_id = accounts[key]
                return None if employee_id is None else self._known(employee_id)
        values = {"channel": key[0], "realm": key[1], "account": key[2]}
        rows = await self._rows(people.PERSON_BY_IDENTITY, values)
        person = self.remember(key, rows)
        return person and self._known(person.id)

    async def of_account(self, channel: str, account: str) -> Sequence[Employee]:
        """Return whoever an account is in its companies, the first one's first."""
        rows = await self._rows(people.PEOPLE_OF_ACCOUNT, {"channel": channel, "account": clean(account)})
        read = [person for group in persons_in(rows) if (person := self.remember(None, group)) is not None]
        everybody = {each.id: each for each in read} | self._noted
        realms = {
            each.id: own.realm
            for each in everybody.values()
            if (own := each.identity(channel)) is not None and own.account == account
        }
        return [everybody[each] for each in sorted(realms, key=realms.__getitem__)]

    async def of_portal(self, portal_id: int) -> Sequence[Employee]:
        """Return everybody, by name."""
        read = self._everybody.get(portal_id)
        if read is None:
            rows = await self._rows(people.PEOPLE_OF_PORTAL, {"portal_id": portal_id})
            read = self._everybody[portal_id] = await gently(person_of, persons_in(rows))
        found = {person.id: self._noted.get(person.id, person) for person in read if person is not None}
        found.update({each.id: each for each in self._noted.values() if each.portal_id == portal_id})
        return sorted(found.values(), key=lambda each: (each.name, each.id))

    async def present(self, portal_id: int) -> Sequence[Present]:
        """Return who has an open session, earliest first."""
        rows = await self._rows(people.PRESENT, {"portal_id": portal_id})
        found = await gently(present_of, persons_in(tuple(row) for row in rows))
        return [each for each in found if each is not None]

    def add(self, employee: Employee) -> None:
        """Note a new employee with identities."""
        self._noted[employee.id] = employee
        self._note(people.ADD_EMPLOYEE, employee_values(employee))
        for identity in employee.identities:
            self._add_identity(employee, identity)

    def put(self, employee: Employee) -> None:
        """Note a change of the employee's own fields; expects `employee.version` and stores it grown by one."""
        first = self._expect(employee)
        known = self._known(employee.id)
        identities = known.identities if known else employee.identities
        self._noted[employee.id] = replace(employee, version=first.version + 1, identities=identities)
        self._put[employee.id] = employee

    def touch(self, employee: Employee) -> None:
        """Note that the employee's log changes; expects `employee.version` and stores it grown by one."""
        first = self._expect(employee)
        self._noted[employee.id] = replace(self._known(employee.id) or employee, version=first.version + 1)

    def _expect(self, employee: Employee) -> Employee:
        """Return the employee as first expected; what the same unit did to the version since is no conflict."""
        first = self._expected.setdefault(employee.id, employee)
        if employee.version not in (first.version, first.version + 1):
            raise Conflict("two versions of one employee in a unit of work")
        return first

    def link(self, employee: Employee, identity: Identity) -> None:
        """Note an identity; an account that is somebody's already is a Conflict."""
        known = self._known(employee.id) or employee
        self._noted[employee.id] = replace(known, identities=(*known.identities, identity))
        self._add_identity(employee, identity)

    def _add_identity(self, employee: Employee, identity: Identity) -> None:
        values = identity_values(employee, identity)
        account = (values["channel"], values["realm"], values["account"])
        self._noted_accounts[account] = employee.id
        self._note(people.ADD_IDENTITY, values)
        # What the account sent before it was somebody's is the person's from now on, in one order with the rest.
        lanes = {"own_lane": own_lane(*account), "lane": f"e:{employee.id}"}
        self._note(queues.INBOX_MOVE, lanes)

    def unlink(self, employee: Employee, identity: Identity) -> None:
        """Note that an identity is no longer the employee's."""
        known = self._known(employee.id) or employee
        left = tuple(each for each in known.identities if each.channel != identity.channel)
        self._noted[employee.id] = replace(known, identities=left)
        values = identity_values(employee, identity)
        self._noted_accounts[values["channel"], values["realm"], values["account"]] = None
        self._note(people.REMOVE_IDENTITY, values, 1)

    def set_reachable(self, employee: Employee, identity: Identity, *, is_reachable: bool) -> None:
        """Note whether the messenger lets us write to the person, and the conversation it happens in."""
        known = self._known(employee.id) or employee
        changed = replace(identity, is_reachable=is_reachable)
        others = tuple(changed if each.channel == identity.channel else each for each in known.identities)
        self._noted[employee.id] = replace(known, identities=others)
        self._note(people.PUT_REACHABLE, identity_values(employee, changed))

    def speak_in(self, employee: Employee, identity: Identity) -> None:
        """Note in which company the free words of an account act, and when it last said something."""
        known = self._known(employee.id) or employee
        others = tuple(identity if each.channel == identity.channel else each for each in known.identities)
        self._noted[employee.id] = replace(known, identities=others)
        self._note(people.PUT_CHOSEN, identity_values(employee, identity))

    def come_first(self, employee: Employee, identity: Identity) -> None:
        """Note that a further company of an account is its first one now; what stands in its chat goes with it."""
        known = self._known(employee.id) or employee
        first = replace(identity, realm="")
        others = tuple(first if each.channel == identity.channel else each for each in known.identities)
        self._noted[employee.id] = replace(known, identities=others)
        values = identity_values(employee, identity)
        self._noted_accounts[values["channel"], values["realm"], values["account"]] = None
        self._noted_accounts[values["channel"], "", values["account"]] = employee.id
        self._note(people.COME_FIRST, values, 1)
        for statement in (conversations.LEAVE_SLOTS, conversations.LEAVE_DIALOG):
            self._note(statement, {**values, "realm": ""})
        for statement in (conversations.MOVE_SLOTS, conversations.MOVE_DIALOG):
            self._note(statement, values)

    def forget(self) -> None:
        """Drop what was noted."""
        super().forget()
        for noted in (self._everybody, self._noted, self._noted_accounts, self._expected, self._put):
            noted.clear()

    def writes(self) -> list[Write]:
        """Return what was noted, each person's version once."""
        changes = []
        for first in self._expected.values():
            key = {"the_id": first.id, "the_portal_id": first.portal_id, "expected": first.version}
            last = self._put.get(first.id)
            if last is None:
                changes.append(Write(people.TOUCH_EMPLOYEE, key, 1))
            else:
                changes.append(Write(people.PUT_EMPLOYEE, {**employee_values(last), **key}, 1))
        return [*self._writes, *changes]
