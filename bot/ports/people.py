"""Portals, their people, and what is asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.audited import Audited
from bot.domain.people.employee import Employee, Identity
from bot.domain.people.listed import ListedPerson, PeopleWanted
from bot.domain.people.substitute import Substitute
from bot.domain.portal import Portal
from bot.domain.workday.punch_log import WorkSession
from bot.messages import Replied, Say, State


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link to tie an account on `channel` to an employee, open until `expires_at`.

    Asked for by an employee, it names the employee; asked for by a stranger, it names the stranger's account.
    """

    token_hash: str
    portal_id: int | None
    employee_id: int | None
    channel: str
    expires_at: datetime
    realm: str = ""
    account: str = ""
    conversation: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """Who is at work now."""

    employee: Employee
    session: WorkSession


@dataclass(frozen=True, slots=True)
class InChat:
    """What stands in a slot of a conversation: its words, without their buttons."""

    conversation: str
    slot: str
    say: Say
    has_buttons: bool


class Portals(Protocol):
    """Tenants."""

    async def get(self, portal_id: int) -> Portal | None:
        """Return the portal of that id."""
        ...

    async def by_key(self, key: str) -> Portal | None:
        """Return the portal of that key."""
        ...

    async def active(self) -> Sequence[Portal]:
        """Return the portals that use the service now."""
        ...

    async def all(self) -> Sequence[Portal]:
        """Return every portal, by key."""
        ...

    def add(self, portal: Portal) -> None:
        """Note a new portal; a second one of the same key is a Conflict."""
        ...

    def put(self, portal: Portal) -> None:
        """Note a change of a portal."""
        ...


class Employees(Protocol):
    """The people of one portal at a time. Employees come with their identities."""

    async def get(self, portal_id: int, employee_id: int) -> Employee | None:
        """Return the employee of that id."""
        ...

    async def by_identity(self, channel: str, realm: str, account: str) -> Employee | None:
        """Return whose account that is, disabled people too."""
        ...

    async def of_account(self, channel: str, account: str) -> Sequence[Employee]:
        """Return whoever an account is in its companies, the first one's first; of a messenger of one realm for all."""
        ...

    async def of_portal(self, portal_id: int) -> Sequence[Employee]:
        """Return everybody, by name."""
        ...

    async def present(self, portal_id: int) -> Sequence[Present]:
        """Return who has an open session, earliest first."""
        ...

    def add(self, employee: Employee) -> None:
        """Note a new employee with identities."""
        ...

    def put(self, employee: Employee) -> None:
        """Note a change of the employee's own fields; expects `employee.version` and stores it grown by one."""
        ...

    def link(self, employee: Employee, identity: Identity) -> None:
        """Note an identity; an account that is somebody's already is a Conflict."""
        ...

    def unlink(self, employee: Employee, identity: Identity) -> None:
        """Note that an identity is no longer the employee's."""
        ...

    def set_reachable(self, employee: Employee, identity: Identity, *, is_reachable: bool) -> None:
        """Note whether the messenger lets us write to the person."""
        ...

    def speak_in(self, employee: Employee, identity: Identity) -> None:
        """Note in which company the free words of an account act, and when it last said something."""
        ...

    def come_first(self, employee: Employee, identity: Identity) -> None:
        """Note that a further company of an account is its first one now; what stands in its chat goes with it."""
        ...


class PeopleLists(Protocol):
    """Lists of people, a page at a time."""

    async def page(
        self, portal_id: int, wanted: PeopleWanted, after: Employee | None, size: int, *, today: date, invites: str
    ) -> Sequence[ListedPerson]:
        """Return a page of people by name, behind somebody; `invites` is the messenger that people are brought into."""
        ...


class Dialogs(Protocol):
    """The question each conversation waits on."""

    async def get(self, channel: str, realm: str, conversation: str) -> State | None:
        """Return the open question; one that expired or that no longer exists in this version is None."""
        ...

    async def replied(self, channel: str, realm: str, conversation: str, message: str) -> Replied:
        """Return what is known of a message of the conversation that somebody answers."""
        ...

    async def company_of(self, channel: str, conversation: str, message: str) -> int | None:
        """Return of which portal a message to an account of several companies is; None: of its first one."""
        ...

    async def shown(self, channel: str, realm: str) -> Sequence[InChat]:
        """Return what stands in the chats of a realm, in the order in which it was said."""
        ...

    def forget_shown(self, channel: str, realm: str) -> None:
        """Note that nothing that stands in the chats of a realm can be changed any more: another bot speaks there."""
        ...

    def put(self, portal_id: int, channel: str, realm: str, conversation: str, state: State | None) -> None:
        """Note the question, or None to end the dialog."""
        ...


class Links(Protocol):
    """One-time links."""

    async def get(self, token_hash: str) -> Link | None:
        """Return the link, used ones excluded."""
        ...

    def add(self, link: Link) -> None:
        """Note a link; earlier unused links of the same employee, or of the same account, stop working."""
        ...

    async def lives(self, channel: str, realm: str, account: str, now: datetime) -> bool:
        """Return whether an unused link that names an account, and no employee, still opens."""
        ...

    def use(self, link: Link) -> None:
        """Note that the link opened; a Conflict when somebody was faster."""
        ...


class Substitutes(Protocol):
    """Who stands in for whom."""

    async def of_portal(self, portal_id: int, since: date) -> Sequence[Substitute]:
        """Return what holds on that day or later, in the order in which it was said."""
        ...

    def put(self, substitute: Substitute) -> None:
        """Note what is new, or has other days now."""
        ...

    def drop(self, substitute: Substitute) -> None:
        """Note that it never comes to be."""
        ...


class Audit(Protocol):
    """An append-only record of who changed what about whom; never of words."""

    def add(self, portal_id: int, *, actor_id: int | None, subject_id: int | None, what: str, at: datetime) -> None:
        """Note a change."""
        ...

    async def page(
        self, portal_id: int, *, person_id: int | None, before: tuple[datetime, int] | None, size: int
    ) -> Sequence[Audited]:
        """Return the next changes before an instant and an id, the newest first: all, or those of one person."""
        ...


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the portal's directory lists them."""

    account: str
    name: str
    zone: str | None = None
    is_admin: bool = False
    is_active: bool = True
    heads: tuple[str, ...] = ()
    """Accounts of the heads above this person, nearest first."""
    departments: tuple[str, ...] = ()
    """Keys of the person's departments, the main one first."""
    title: str = ""
    """The post; "" where the portal does not say."""
    hired_on: date | None = None
    paper_name: str = ""
    """Family name and initials; "" where the portal does not tell them apart."""


@dataclass(frozen=True, slots=True)
class ListedDepartment:
    """A department as the portal's directory lists it; `head` is an account."""

    key: str
    name: str
    parent: str = ""
    head: str = ""


class Directory(Protocol):
    """Is told who works on a portal, whenever a channel has read its directory."""

    async def __call__(
        self, realm: str, people: Sequence[Person], departments: Sequence[ListedDepartment] = ()
    ) -> Sequence[str]:
        """Bring the portal with that key up to date; people and departments that are not listed are left alone.

        Returns the accounts of those who work there as far as we know but are not listed: they may be dismissed.
        """
        ...
