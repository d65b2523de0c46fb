"""A deal that a form names: what the portal tells of it is said as read, and its amount is offered."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dispatch.turn import Turn
from bot.domain.approvals.read_fields import amount_field, title_key
from bot.domain.approvals.route import FormField
from bot.ports import PortalObject
from bot.services.approvals.objects import PortalObjects
from bot.text import Phrase, t, verbatim


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form so far; `offered` are keys that were read and are still to be agreed to.

    Fields before the `place` were asked for: what was left out there stays out.
    """

    fields: dict[str, Any]
    offered: list[str] = field(default_factory=list)
    told: list[Phrase] = field(default_factory=list)
    place: int = 0


async def with_deals(
    turn: Turn,
    form: Sequence[FormField],
    named: Sequence[FormField],
    filled: Filled,
    objects: PortalObjects,
) -> Filled:
    """Read the deals that the fields of `named` hold by now; what is not read costs nobody anything."""
    for each in named:
        if each.type != "deal" or each.key not in filled.fields:
            continue
        fields = {key: value for key, value in filled.fields.items() if key != title_key(each)}
        deal = await objects.shown_to(turn.portal, turn.employee, "deal", fields[each.key])
        known = replace(filled, fields=fields)
        filled = known if deal is None else _with(deal, each, form, known)
    return filled


def _with(deal: PortalObject, named: FormField, form: Sequence[FormField], filled: Filled) -> Filled:
    fields, offered = dict(filled.fields), list(filled.offered)
    if deal.title:
        fields[title_key(named)] = deal.title
    wants = amount_field(form)
    is_ahead = wants is not None and wants in form[filled.place :]
    if wants is not None and is_ahead and wants.key not in fields and deal.amount is not None:
        fields[wants.key] = deal.amount
        offered.append(wants.key)
    return Filled(fields, offered, [*filled.told, deal_words(deal)], filled.place)


def deal_words(deal: PortalObject) -> Phrase:
    """Return a deal as it was read."""
    number, title = str(deal.number), deal.title or "…"
    if deal.amount is None:
        return t("💼 Deal {number}: “{title}”", number=number, title=title)
    amount = f"{deal.amount:,}".replace(",", "\N{NO-BREAK SPACE}")
    worth = verbatim(f"{amount} {deal.currency}".strip())
    return t("💼 Deal {number}: “{title}”, {amount}", number=number, title=title, amount=worth)
