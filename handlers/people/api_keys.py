"""Keys of the API: who has one is told before it ends."""

from collections.abc import Sequence

from bot.dispatch.announcer import Notice
from bot.dispatch.router import Router
from bot.dispatch.turn import Occasion
from bot.messages import Say
from bot.ports import Job
from bot.services.people.keys import KEY_EXPIRES, Keys
from bot.text import Day, t

router = Router("api_keys")


@router.due(KEY_EXPIRES)
async def key_expires(job: Job, occasion: Occasion, keys: Keys) -> Sequence[Notice]:
    """Tell whoever made a key that it will work no longer than a week; one that was revoked is nobody's matter."""
    found = await keys.about_to_end(job.portal_id, int(job.payload["key_id"]), occasion.now)
    if found is None:
        return ()
    owner, key = found
    last = Day(key.expires_at.astimezone(occasion.now.tzinfo).date())
    text = t(
        "🔑 The API key “{name}” works until {day}. Make a new one before, so that nothing stops.",
        name=key.name,
        day=last,
    )
    return (Notice(owner, Say(text)),)
