"""How it reads how far a portal is set up, and what is wrong with its connection."""

from collections.abc import Iterator

from bot.domain.outage import Outage
from bot.ports.premises import STARTING
from bot.services.set_up import Care, SetUpState, Step
from bot.text import Phrase, t, tn
from bot.words.health import messenger_words
from bot.words.installations import trouble_words

STEPS: dict[Step, Phrase] = {
    Step.PORTAL: t("Portal"),
    Step.RIGHTS: t("Rights"),
    Step.BOT: t("Bot"),
    Step.MESSENGER: t("Telegram"),
    Step.PEOPLE: t("People"),
    Step.TEMPLATE: t("First template"),
}
_OUTAGES: dict[Outage, Phrase] = {
    Outage.NETWORK: t("The portal does not answer. Messages wait, and arrive once it does."),
    Outage.CREDENTIALS: t(
        "The portal does not let me in. Please look there whether the webhook or the application is still there, with "
        "all its rights."
    ),
    Outage.SERVER: t("The portal answers with errors of its own. That usually passes."),
    Outage.BUSY: t("The portal asks to be asked less. That passes by itself."),
    Outage.DELIVERIES: t("What comes from the portal cannot be told from forgeries, so it is not taken."),
    Outage.STARTING: t("The bot is being registered on the portal."),
    Outage.OURS: t("That is a mistake of this service. Please tell whoever runs it."),
}


def outage_words(outage: Outage) -> Phrase:
    """Say what is wrong with a portal's connection, and what helps."""
    return _OUTAGES[outage]


def step_words(state: SetUpState, step: Step) -> Phrase:
    """Say how a step stands: what is there, or what is missing and what helps."""
    standing, bot = state.standing, state.bot
    match step:
        case Step.PORTAL:
            if state.installation is not None and state.installation.trouble is not None:
                return trouble_words(state.installation.trouble)
            if standing is None:
                return t("The portal is not served now. Please open the application there once, or ask who runs this.")
            if standing.outage is not None and not state.is_done(step):
                return outage_words(standing.outage)
            return t("{host} answers", host=state.host)
        case Step.RIGHTS:
            if state.rights is None:
                return t("The portal does not say now which rights there are.")
            if state.missing:
                missing = ", ".join(state.missing)
                return t(
                    "Missing: {rights}. Please allow them on the portal, in the webhook or the application.",
                    rights=missing,
                )
            return t("All that the bot needs is allowed")
        case Step.BOT:
            if standing is None:
                return t("It comes once the portal is served.")
            return t("It is registered and answers") if standing.outage is None else outage_words(standing.outage)
        case Step.MESSENGER:
            if bot is None or not bot.is_connected:
                return t("Not connected. People can write in Bitrix24 alone.")
            if bot.error == STARTING:
                return t("It is being connected; that takes a minute.")
            if bot.error is not None:
                return messenger_words(STEPS[step], bot.why)
            return t("@{name} is connected", name=bot.name) if bot.name else t("Connected")
        case Step.PEOPLE:
            return tn("{count} person is known", "{count} people are known", state.people)
        case Step.TEMPLATE:
            if state.templates:
                return tn("{count} template is on", "{count} templates are on", state.templates)
            return t("None is on yet: leaves and corrections work all the same.")


def care_lines(care: Care) -> Iterator[tuple[str, Phrase]]:
    """Say what needs an administrator, each with the section of the settings where it is mended."""
    if care.outage is not None:
        yield "connection", outage_words(care.outage)
    if care.bot_trouble is not None:
        yield "connection", messenger_words(t("Telegram"), care.bot_trouble)
    if care.errands:
        yield (
            "health",
            tn(
                "{count} action on the portal did not work out",
                "{count} actions on the portal did not work out",
                care.errands,
            ),
        )
    if care.messages:
        yield "health", tn("{count} message did not arrive", "{count} messages did not arrive", care.messages)
