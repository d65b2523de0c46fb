"""How the service does, and what did not arrive or could not be done on the portal, with “Try again”."""

from bot.domain.automation.errand import Errand
from bot.services.automation.errands import Errands
from bot.services.deliveries import Deliveries
from bot.services.messengers import Messengers
from bot.services.premises import Premises
from bot.text import DayTime, t, tn
from bot.web.forms import Form
from bot.web.settings import SETTINGS, settings_page
from bot.web.visit import Go, NotFound, Page, Visit, number_in
from bot.words.errands import what, why
from bot.words.health import health_lines

_ADDRESS = f"{SETTINGS}/health"
_SHOWN = 50


class Deed(Form):
    """One errand, or all that failed where none is named."""

    errand: str = ""


async def health(
    visit: Visit, premises: Premises, deliveries: Deliveries, errands: Errands, messengers: Messengers
) -> Page:
    """Show what `/ready` tells, in words, and what waits for somebody to say what becomes of it."""
    is_well, facts = await premises.health.facts() if premises.health else (True, None)
    titles = {each.name: each.title for each in messengers.facts}
    turns, messages = await deliveries.failed(visit.reader, visit.portal)
    failed = await errands.failed(visit.portal.id)
    offered = await errands.offered(visit.portal.id)
    backup = await premises.last_backup() if premises.last_backup else None
    values = {
        "is_well": is_well,
        "lines": list(health_lines(facts, titles)) if facts else [],
        "turns": turns,
        "messages": messages,
        "failed": [_shown(each) for each in failed[:_SHOWN]],
        "offered": [_shown(each) for each in offered[:_SHOWN]],
        "more": max(len(failed) - _SHOWN, 0),
        "waiting": len(await errands.waiting(visit.portal.id)),
        "backup": DayTime(backup) if backup else None,
    }
    return settings_page(visit, "health", "settings/health.html", values)


async def mend(visit: Visit, form: Deed, deliveries: Deliveries, errands: Errands) -> Go:
    """Send again what did not arrive; have errands done after all, or leave them."""
    deed = visit.path["deed"]
    if deed == "resend":
        turns, messages = await deliveries.resend(visit.reader, visit.portal, visit.now)
        if not turns and not messages:
            return Go(_ADDRESS, t("Everything has arrived; there is nothing to send again."))
        return Go(
            _ADDRESS,
            t(
                "Trying again: {messages}, {turns}.",
                messages=tn("{count} message", "{count} messages", messages),
                turns=tn("{count} unanswered request", "{count} unanswered requests", turns),
            ),
        )
    if deed not in ("again", "leave"):
        raise NotFound
    if form.errand:
        found = [await errands.get(visit.portal.id, number_in(form.errand) or 0)]
    else:
        found = [*await errands.failed(visit.portal.id)]
    changed = await errands.say(
        visit.reader, [each for each in found if each is not None], visit.now, is_done=deed == "again"
    )
    if deed == "again":
        return Go(_ADDRESS, tn("🔁 {count} action is tried now.", "🔁 {count} actions are tried now.", len(changed)))
    return Go(_ADDRESS, tn("👌 {count} action stays as it is.", "👌 {count} actions stay as they are.", len(changed)))


def _shown(errand: Errand) -> dict[str, object]:
    return {"id": errand.id, "what": what(errand), "why": why(errand) if errand.reason else None}
