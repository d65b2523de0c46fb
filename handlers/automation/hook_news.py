"""What administrators are told of webhooks: that one was switched off by itself, and why."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.domain.automation.webhook import Stopped
from bot.domain.events import HookStopped
from bot.messages import Say
from bot.services.people.people import People
from bot.text import lines, t

router = Router("hook_news")


@router.happened(HookStopped)
async def stopped(event: HookStopped, people: People) -> Sequence[Notice]:
    """Each administrator learns that a program is told nothing any more, and what to do."""
    if event.why == Stopped.GONE.value:
        why = t("Its receiver answered that there is none any more (410).")
    else:
        why = t("Its receiver has taken nothing for three days.")
    words = lines(
        t("🔌 *The webhook “{name}” is switched off.*", name=event.name),
        why,
        t("What waits for it is kept for seven days. Mend the receiver, then switch it on: Settings → Webhooks."),
    )
    return [Notice(each, Say(words)) for each in await people.administrators(event.portal_id)]
