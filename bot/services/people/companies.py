"""One account in several companies: which there are, where free words act, and how one is left.

A messenger like Telegram has one realm for everybody: an account is one person in each company that it was linked to.
In its first one it is spoken with in that realm, in each further one in a realm beside it, so that cards, questions
and live messages of companies stay apart in the one chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.options import ORGANISATION
from bot.domain.people.employee import Employee, Identity, realm_beside
from bot.domain.portal import Portal
from bot.services.unit_service import UnitService

LONG_SILENT = timedelta(hours=8)
"""After so long nobody can tell for sure in which company a mark was meant that names none."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company of an account: who it is there."""

    portal: Portal
    employee: Employee
    identity: Identity

    @property
    def title(self) -> str:
        """What it is called."""
        return title_of(self.portal)

    @property
    def is_open(self) -> bool:
        """Whether anything can be recorded there now."""
        return self.portal.is_active and not self.employee.is_disabled


def title_of(portal: Portal) -> str:
    """Return what a company is called: the organisation of its papers, else the portal by its name."""
    return ORGANISATION.of(portal) or portal.name


class Companies(UnitService):
    """Knows the companies of accounts."""

    async def of(self, channel: str, account: str) -> Sequence[Company]:
        """Return the companies of an account, its first one first."""
        found = []
        for employee in await self._uow.employees.of_account(channel, account):
            identity, portal = employee.identity(channel), await self._uow.portals.get(employee.portal_id)
            if identity is not None and portal is not None:
                found.append(Company(portal, employee, identity))
        return found

    async def joined(self, employee: Employee, identity: Identity, now: datetime) -> Identity:
        """Return the identity by which an account joins a further company, which it speaks in from now on."""
        (first, *_) = await self.of(identity.channel, identity.account)
        self._uow.employees.speak_in(
            first.employee, replace(first.identity, chosen_id=employee.portal_id, spoken_at=now)
        )
        return replace(identity, realm=realm_beside(employee.portal_id))

    async def choose(self, companies: Sequence[Company], portal_id: int) -> None:
        """Note in which company the free words of an account act from now on."""
        first, own = await self._first(companies)
        self._uow.employees.speak_in(first, replace(own, chosen_id=portal_id))

    async def spoke(self, companies: Sequence[Company], chosen_id: int | None, now: datetime) -> None:
        """Note that an account said something just now, and perhaps in which company its free words act."""
        first, own = await self._first(companies)
        spoken = now if own.spoken_at is None or own.spoken_at < now else own.spoken_at
        self._uow.employees.speak_in(first, replace(own, chosen_id=chosen_id or own.chosen_id, spoken_at=spoken))

    async def _first(self, companies: Sequence[Company]) -> tuple[Employee, Identity]:
        """Return who an account is in its first company, as noted by now: there stands what concerns them all."""
        first = companies[0]
        known = await self._uow.employees.get(first.portal.id, first.employee.id) or first.employee
        return known, known.identity(first.identity.channel) or first.identity

    async def left(self, employee: Employee, identity: Identity) -> None:
        """Let the companies that an account still has be as if the one that it left had never been there."""
        others = await self.of(identity.channel, identity.account)
        await self.settled([each for each in others if each.employee.id != employee.id])

    async def settled(self, companies: Sequence[Company]) -> Sequence[Company]:
        """Return the companies of an account as they are to stand: one of them first, where it is one, none to choose.

        A company goes without a word where its person is erased; whoever writes next finds the others.
        """
        if not companies:
            return ()
        first = companies[0]
        ids = {each.portal.id for each in companies}
        chosen = first.identity.chosen_id if first.identity.chosen_id in ids else companies[-1].portal.id
        wanted = replace(first.identity, chosen_id=chosen if len(companies) > 1 else None)
        if first.identity.realm:
            self._uow.employees.come_first(first.employee, wanted)
            wanted = replace(wanted, realm="")
        elif wanted != first.identity:
            self._uow.employees.speak_in(first.employee, wanted)
        employee = await self._uow.employees.get(first.portal.id, first.employee.id) or first.employee
        return [Company(first.portal, employee, wanted), *companies[1:]]

    @staticmethod
    def called(companies: Sequence[Company], name: str) -> Company | None:
        """Return the one company that a name means; the whole name before its beginning or a part of it."""
        wanted = " ".join(name.casefold().replace("ё", "е").split())
        names = [" ".join(each.title.casefold().replace("ё", "е").split()) for each in companies]
        for fits in (str.__eq__, str.startswith, str.__contains__):
            found = [each for each, own in zip(companies, names, strict=True) if wanted and fits(own, wanted)]
            if found:
                return found[0] if len(found) == 1 else None
        return None
