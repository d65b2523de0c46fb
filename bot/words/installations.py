"""How an installation reads: what is wrong with it, and who can mend it how."""

from bot.domain.installation import Trouble
from bot.text import Phrase, t

_WRONG: dict[Trouble, Phrase] = {
    Trouble.GRANT_LOST: t(
        "Bitrix24 no longer takes the access that was given to me, as after half a year without use. "
        "Please open the application on the portal once as an administrator: that gives it anew."
    ),
    Trouble.UNPAID: t(
        "Bitrix24 says that the application is not paid for, or that its trial period is over. "
        "Please extend it in the portal's Market, then open the application once."
    ),
    Trouble.WRONG_CLIENT: t(
        "Bitrix24 does not know this application by the id and secret that I was given. Whoever runs this service has "
        "to look at BITRIX24_CLIENT_ID and BITRIX24_CLIENT_SECRET; after that, please install the application again."
    ),
    Trouble.NOT_INSTALLED: t(
        "Bitrix24 says that the application is not installed on the portal any more. "
        "Please install it again: people and hours are kept."
    ),
    Trouble.PORTAL_DELETED: t(
        "Bitrix24 says that this portal was deleted. People and hours are kept here. "
        "If it comes back, please install the application again."
    ),
    Trouble.MOVED: t(
        "The portal answers from a new address that Bitrix24 has not confirmed yet. "
        "If you renamed it, please open the application there once as an administrator."
    ),
    Trouble.HOST_TAKEN: t(
        "Another company uses the portal's former address now, so I have stopped; people and hours are kept. "
        "Please install the application on your portal again, under its new address."
    ),
    Trouble.RIGHTS_MISSING: t(
        "The application was installed with fewer rights than I need: messages, chat-bots and the list of people. "
        "Please allow all of them and install it again."
    ),
    Trouble.NO_ADMINISTRATOR: t(
        "The application was installed by somebody who is no administrator of the portal. I can talk to everybody, but "
        "not follow deals and processes. Please open the application once as an administrator."
    ),
    Trouble.UNREADABLE: t(
        "I cannot read the access that I have stored, because the service runs with another SECRET_KEY. "
        "Whoever runs it has to put the former key behind the new one, or please install the application again."
    ),
}


def trouble_words(trouble: Trouble) -> Phrase:
    """Say what is wrong with an installation, and what mends it."""
    return _WRONG[trouble]
