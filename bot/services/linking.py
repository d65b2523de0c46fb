"""Linking a second messenger: a one-time link from either side, bound to the person, visible and revocable."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.employee import Employee, Identity
from bot.domain.errors import AlreadyLinked, LinkNotValid, NotLinked
from bot.domain.events import IdentityLinked
from bot.messages import Incoming
from bot.ports import Link, UnitOfWork

LIVES = timedelta(minutes=10)
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that asks to be linked, as the employee is shown it before they agree."""

    token: str
    name: str


class Linking:
    """Makes and opens one-time links. Only the hash of a token is stored."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Work in `uow`."""
        self._uow = uow

    def offer(self, employee: Employee, channel: str, now: datetime) -> str:
        """Return the token of a new link that ties an account on `channel` to the employee."""
        token = secrets.token_urlsafe(24)
        self._uow.links.add(Link(_hash(token), employee.portal_id, employee.id, channel, now + LIVES))
        return token

    def ask(self, message: Incoming, now: datetime) -> str:
        """Return a short code for a stranger; an employee who enters it on the portal adopts the stranger's account."""
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        link = Link(
            _hash(code),
            None,
            None,
            message.channel,
            now + LIVES,
            realm=message.realm,
            account=message.sender.account,
            conversation=message.conversation,
            name=message.sender.name,
        )
        self._uow.links.add(link)
        return f"{code[:4]}-{code[4:]}"

    async def open(self, token: str, message: Incoming, now: datetime) -> Employee:
        """Link the account that wrote `message` to the employee who asked for the token."""
        link = await self._valid(token, now)
        if link.employee_id is None or link.portal_id is None or link.channel != message.channel:
            raise LinkNotValid
        employee = await self._uow.employees.get(link.portal_id, link.employee_id)
        if employee is None or employee.is_disabled:
            raise LinkNotValid
        identity = Identity(message.channel, message.realm, message.sender.account, message.conversation)
        return await self._tie(employee, identity, link, now, (message.channel, message.conversation))

    async def look(self, code: str, now: datetime) -> Claim:
        """Return whose account a stranger's code would link, so that the employee can agree or not."""
        link = await self._valid(_digits(code), now)
        if link.employee_id is not None:
            raise LinkNotValid
        return Claim(_digits(code), link.name)

    async def adopt(self, employee: Employee, code: str, now: datetime, told_in: tuple[str, str]) -> Employee:
        """Link the account that got the code to the employee."""
        link = await self._valid(_digits(code), now)
        if link.employee_id is not None:
            raise LinkNotValid
        identity = Identity(link.channel, link.realm, link.account, link.conversation)
        return await self._tie(employee, identity, link, now, told_in)

    def part(self, employee: Employee, channel: str, now: datetime) -> None:
        """Take an account off the employee."""
        identity = employee.identity(channel)
        if identity is None:
            raise NotLinked
        self._uow.employees.unlink(employee, identity)
        self._uow.audit.add(
            employee.portal_id, actor_id=employee.id, subject_id=employee.id, what=f"unlinked {channel}", at=now
        )

    async def _valid(self, token: str, now: datetime) -> Link:
        link = await self._uow.links.get(_hash(token))
        if link is None or link.expires_at <= now:
            raise LinkNotValid
        return link

    async def _tie(
        self, employee: Employee, identity: Identity, link: Link, now: datetime, told_in: tuple[str, str]
    ) -> Employee:
        owner = await self._uow.employees.by_identity(identity.channel, identity.realm, identity.account)
        if owner is not None and owner.id != employee.id:
            raise AlreadyLinked
        former = employee.identity(identity.channel)
        if former is not None and former.account != identity.account:
            self._uow.employees.unlink(employee, former)
        if former is None or former.account != identity.account:
            self._uow.employees.link(employee, identity)
        self._uow.links.use(link)
        self._uow.audit.add(
            employee.portal_id, actor_id=employee.id, subject_id=employee.id, what=f"linked {identity.channel}", at=now
        )
        self._uow.events.append(IdentityLinked(employee.portal_id, employee.id, identity.channel, told_in))
        return await self._uow.employees.get(employee.portal_id, employee.id) or employee


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _digits(code: str) -> str:
    return "".join(each for each in code if each.isdigit())
