"""The deal that a request speaks of: read from the portal for whoever has to do with it there."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.approvals.read_fields import amount_field, title_key
from bot.domain.approvals.route import FormField
from bot.domain.automation.portal_object import ObjectKind
from bot.domain.people.employee import Employee, Role
from bot.domain.portal import Portal
from bot.ports import PortalObject, UnitOfWork
from bot.services.messengers import Messengers
from bot.services.people.people import People
from bot.services.unit_service import UnitService

_LONGEST = 15


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form so far; `offered` are keys that were read and are still to be agreed to.

    Fields before the `place` were asked for: what was left out there stays out.
    """

    fields: dict[str, Any]
    offered: list[str] = field(default_factory=list)
    deals: list[PortalObject] = field(default_factory=list)
    """Those that were read just now."""
    place: int = 0


class PortalObjects(UnitService):
    """Objects of the portal. We may see more there than the reader may, so it is shown only to whom it concerns."""

    def __init__(self, uow: UnitOfWork, messengers: Messengers) -> None:
        """Ask the portal through the channel that serves it."""
        super().__init__(uow)
        self._messengers = messengers

    async def shown_to(self, portal: Portal, reader: Employee, kind: ObjectKind, said: object) -> PortalObject | None:
        """Return what a number means on the portal, for an administrator, for who has to do with it, and their leads.

        None where it is no number, is not there, is none of the reader's business, or cannot be read now.
        """
        look_up, number = self._messengers.look_up, str(said)
        if look_up is None or not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
            return None
        found = await look_up(portal.key, kind, int(number))
        return found if found is not None and await self._concerns(portal, reader, found) else None

    async def read_into(
        self, portal: Portal, reader: Employee, form: Sequence[FormField], named: Sequence[FormField], filled: Filled
    ) -> Filled:
        """Read the deals that the fields of `named` hold by now; what is not read costs nobody anything."""
        for each in named:
            if each.type != "deal" or each.key not in filled.fields:
                continue
            fields = {key: value for key, value in filled.fields.items() if key != title_key(each)}
            deal = await self.shown_to(portal, reader, "deal", fields[each.key])
            known = replace(filled, fields=fields)
            filled = known if deal is None else _with(deal, each, form, known)
        return filled

    async def _concerns(self, portal: Portal, reader: Employee, found: PortalObject) -> bool:
        if reader.is_admin or _has_part(portal, reader, found):
            return True
        team = await People(self._uow).team_of(reader) if reader.role is Role.LEAD else ()
        return any(_has_part(portal, each, found) for each in team)


def _with(deal: PortalObject, named: FormField, form: Sequence[FormField], filled: Filled) -> Filled:
    fields, offered = dict(filled.fields), list(filled.offered)
    if deal.title:
        fields[title_key(named)] = deal.title
    wants = amount_field(form)
    is_ahead = wants is not None and wants in form[filled.place :]
    if wants is not None and is_ahead and wants.key not in fields and deal.amount is not None:
        fields[wants.key] = deal.amount
        offered.append(wants.key)
    return Filled(fields, offered, [*filled.deals, deal], filled.place)


def _has_part(portal: Portal, employee: Employee, found: PortalObject) -> bool:
    return any(each.realm == portal.key and each.account in found.accounts for each in employee.identities)
