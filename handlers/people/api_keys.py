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
    """Tell whose key it is, or all administrators, that it works for a week yet; a revoked one is nobody's matter."""
    found = await keys.about_to_end(job.portal_id, int(job.payload["key_id"]), occasion.now)
    if found is None:
        return ()
    people, key = found
    last = Day(key.expires_at.astimezone(occasion.now.tzinfo).date())
    text = t(
        "🔑 The API key “{name}” works until {day}. Make a new one before, so that nothing stops.",
        name=key.name,
        day=last,
    )
    return [Notice(each, Say(text)) for each in people]
