"""How somebody came into the web application, in words."""

from bot.domain.people.session import Via
from bot.text import Phrase, t


def via_words(via: Via) -> Phrase:
    """Say by which door a session began."""
    match via:
        case Via.LINK:
            return t("by a link from the bot")
        case Via.OAUTH:
            return t("by the portal")
        case Via.MINI_APP:
            return t("in Telegram")
        case Via.FRAME | Via.FRAME_HEADER:
            return t("in the portal's page")
