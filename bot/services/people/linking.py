"""Linking a second messenger: a one-time link from either side, bound to the person, visible and revocable."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import AlreadyLinked, LinkNotValid, NotLinked, TooManyTries
from bot.domain.events import IdentityLinked
from bot.domain.people.employee import Employee, Identity
from bot.domain.rights import Right, check
from bot.messages import DAY_CARD, Address, Incoming
from bot.ports import Link, Told, UnitOfWork
from bot.services.apart import Apart
from bot.services.approvals.seals import Seals
from bot.services.people.companies import Companies
from bot.services.people.installations import JOIN
from bot.services.unit_service import UnitService

LIVES = timedelta(minutes=10)
TRIES = 5
"""Codes that somebody may enter in vain while a code lives; of a hundred million, that is nothing."""
MISSED = "link missed"
"""What is noted of each code entered in vain."""
_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Claim:
    """An account that asks to be linked, as the employee is shown it before they agree."""

    token: str
    name: str


class Linking(UnitService):
    """Makes and opens one-time links. Only the keyed hash of a token is stored."""

    def __init__(self, uow: UnitOfWork, apart: Apart, seals: Seals) -> None:
        """Work in `uow`; what was tried in vain is noted `apart`, for it outlives a refused turn."""
        super().__init__(uow)
        self._apart = apart
        self._seals = seals
        self._companies = Companies(uow)

    def offer(self, employee: Employee, channel: str, now: datetime) -> str:
        """Return the token of a new link that ties an account on `channel` to the employee."""
        token = secrets.token_urlsafe(24)
        self._uow.links.add(Link(self._seals.hashes(token)[0], employee.portal_id, employee.id, channel, now + LIVES))
        return token

    def ask(self, message: Incoming, now: datetime) -> str:
        """Return a short code for a stranger; an employee who enters it on the portal adopts the stranger's account."""
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        link = Link(
            self._seals.hashes(code)[0],
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
        link = await self._find(token, now)
        if link is None or link.employee_id is None or link.portal_id is None or link.channel != message.channel:
            raise LinkNotValid
        employee = await self._uow.employees.get(link.portal_id, link.employee_id)
        if employee is None or employee.is_disabled:
            raise LinkNotValid
        identity = Identity(message.channel, message.realm, message.sender.account, message.conversation)
        return await self._tie(employee, identity, link, now, (message.channel, message.conversation))

    async def portal_of(self, token: str, now: datetime) -> int:
        """Return of which company a link is; 0 where it opens nothing."""
        link = await self._find(token, now)
        return link.portal_id or 0 if link is not None else 0

    async def look(self, employee: Employee, code: str, now: datetime) -> Claim:
        """Return whose account a stranger's code would link, so that the employee can agree or not."""
        return Claim(_digits(code), (await self._asked(employee, _digits(code), now)).name)

    async def adopt(self, employee: Employee, code: str, now: datetime, told_in: tuple[str, str]) -> Employee:
        """Link the account that got the code to the employee."""
        link = await self._asked(employee, _digits(code), now)
        identity = Identity(link.channel, link.realm, link.account, link.conversation)
        return await self._tie(employee, identity, link, now, told_in)

    async def part(self, employee: Employee, channel: str, now: datetime) -> None:
        """Take an account off the employee."""
        await self.part_of(employee, employee, channel, now)

    async def part_of(self, actor: Employee, employee: Employee, channel: str, now: datetime) -> None:
        """Take an account off somebody: one's own, and as an administrator any."""
        if actor.id != employee.id:
            check(actor, Right.GIVE_ACCESS)
        identity = employee.identity(channel)
        if identity is None:
            raise NotLinked
        await self._leave(employee, identity, now)
        self._uow.audit.add(
            employee.portal_id, actor_id=actor.id, subject_id=employee.id, what=f"unlinked {channel}", at=now
        )

    async def _leave(self, employee: Employee, identity: Identity, now: datetime) -> None:
        """Take an account off somebody; in its other companies it stays as it is."""
        self._uow.employees.unlink(employee, identity)
        came_by = (identity.channel, identity.realm, identity.account)
        for each in await self._uow.web_sessions.of(employee.portal_id, employee.id):
            if (
                each.channel,
                each.realm,
                each.account,
            ) == came_by:  # else they would open again when it is linked again
                self._uow.web_sessions.end(each, now)
        if identity.is_shared:
            # A mark by a button of a company that was left must not land in another one.
            to = Address(
                employee.portal_id,
                identity.channel,
                identity.realm,
                identity.account,
                identity.conversation,
                employee.locale,
                employee.zone,
            )
            self._uow.outbox.strip(to, DAY_CARD, at=now)
            await self._companies.left(employee, identity)

    async def _asked(self, employee: Employee, code: str, now: datetime) -> Link:
        """Return the link of a stranger's code; whoever guesses has few tries."""
        missed = await self._uow.reminders.of(employee.portal_id, employee.id, MISSED)
        if sum(now - each.at < LIVES for each in missed) >= TRIES:
            raise TooManyTries
        link = await self._find(code, now)
        if link is None or link.employee_id is not None or link.channel == JOIN:
            missed_one = Told(employee.portal_id, employee.id, MISSED, secrets.token_hex(8), now)

            async def note(own: UnitOfWork) -> None:
                own.reminders.add(missed_one)

            await self._apart(note)
            raise LinkNotValid
        return link

    async def _find(self, token: str, now: datetime) -> Link | None:
        for name in self._seals.hashes(token):
            link = await self._uow.links.get(name)
            if link is not None and link.expires_at > now:
                return link
        return None

    async def _tie(
        self, employee: Employee, identity: Identity, link: Link, now: datetime, told_in: tuple[str, str]
    ) -> Employee:
        former = employee.identity(identity.channel)
        if former is None or former.account != identity.account:
            owner = await self._uow.employees.by_identity(identity.channel, identity.realm, identity.account)
            if owner is not None:
                identity = await self._beside(employee, identity, now)
            if former is not None:
                await self._leave(employee, former, now)
            self._uow.employees.link(employee, identity)
        self._uow.links.use(link)
        self._uow.audit.add(
            employee.portal_id, actor_id=employee.id, subject_id=employee.id, what=f"linked {identity.channel}", at=now
        )
        self._uow.events.append(IdentityLinked(employee.portal_id, employee.id, identity.channel, told_in))
        return await self._uow.employees.get(employee.portal_id, employee.id) or employee

    async def _beside(self, employee: Employee, identity: Identity, now: datetime) -> Identity:
        """Return the identity of an account in a further company; two people of one company never share an account."""
        others = await self._companies.of(identity.channel, identity.account)
        if not others or employee.portal_id in {each.portal.id for each in others}:
            raise AlreadyLinked
        return await self._companies.joined(employee, identity, now)


def _digits(code: str) -> str:
    return "".join(each for each in code if each.isdigit())
