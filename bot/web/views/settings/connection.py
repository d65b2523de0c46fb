"""How the portal is connected: where it is, its rights, its bot, the messengers; a Telegram token is brought here."""

from typing import Any

from bot.services.messengers import Messengers
from bot.services.set_up import SetUp, SetUpState, Step
from bot.text import DayTime, t
from bot.web.forms import Empty, Form
from bot.web.settings import PARTS, SETTINGS, settings_page
from bot.web.visit import Go, Page, Visit
from bot.words.set_up import STEPS, step_words

_ADDRESS = f"{SETTINGS}/connection"
_LONGEST = 200


class Token(Form):
    """A bot's token: it is tried, kept sealed, and shown nowhere."""

    token: str


async def connection(visit: Visit, set_up: SetUp, messengers: Messengers) -> Page:
    """Show it."""
    state = await set_up.look(visit.reader, visit.portal)
    heard = state.standing.heard_at if state.standing else None
    values = {
        "state": state,
        "checks": checks(state),
        "heard": DayTime(heard) if heard else None,
        "site": messengers.site(),
        "rights": state.rights,
        "bot": state.bot,
    }
    return settings_page(visit, "connection", "settings/connection.html", values)


async def bring_token(visit: Visit, form: Token, set_up: SetUp) -> Go:
    """Connect a Telegram bot."""
    name = await set_up.bring_token(visit.reader, visit.portal, form.token[:_LONGEST], visit.now)
    return Go(_ADDRESS, t("@{name} is connected, and works from now on. People link it by /link.", name=name))


async def read_people(visit: Visit, form: Empty, set_up: SetUp) -> Go:
    """Have the people of the portal read now."""
    del form
    if set_up.read_people(visit.reader, visit.portal):
        return Go(SETTINGS, t("The people of the portal are being read. Look here again in a minute."))
    return Go(SETTINGS, t("That cannot be begun from here now; they are read by themselves every six hours."))


def checks(state: SetUpState) -> list[dict[str, Any]]:
    """Return each step of setting up: whether it is done, what stands there, and where it is mended."""
    ways = {
        Step.MESSENGER: f"{_ADDRESS}#telegram" if state.may_bring_token else "",
        Step.TEMPLATE: next((each.path for each in PARTS if each.key == "templates"), ""),
    }
    return [
        {
            "step": each.value,
            "name": STEPS[each],
            "is_done": state.is_done(each),
            "words": step_words(state, each),
            "way": ways.get(each, ""),
        }
        for each in Step
    ]
