"""The deals that a form names, said as they were read."""

from bot.ports import PortalObject
from bot.services.approvals.objects import Filled
from bot.text import Phrase, t, verbatim


def deals_told(filled: Filled) -> list[Phrase]:
    """Return a line for each deal that was read just now."""
    return [deal_words(each) for each in filled.deals]


def deal_words(deal: PortalObject) -> Phrase:
    """Return a deal as it was read."""
    number, title = str(deal.number), deal.title or "…"
    if deal.amount is None:
        return t("💼 Deal {number}: “{title}”", number=number, title=title)
    amount = f"{deal.amount:,}".replace(",", "\N{NO-BREAK SPACE}")
    worth = verbatim(f"{amount} {deal.currency}".strip())
    return t("💼 Deal {number}: “{title}”, {amount}", number=number, title=title, amount=worth)
