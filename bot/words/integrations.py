"""What programs are allowed and told, in words: scopes of keys, types of happenings, how messages to webhooks stand."""

from collections.abc import Mapping
from typing import Final

from bot.domain.automation.happening import HappeningType
from bot.domain.automation.webhook import DeliveryState, HookDelivery, Stopped
from bot.domain.people.api_key import Scope
from bot.text import Phrase, t

SCOPES: Final[Mapping[Scope, Phrase]] = {
    Scope.ME: t("Know whose key it is"),
    Scope.PEOPLE_READ: t("See people"),
    Scope.PEOPLE_WRITE: t("Change people"),
    Scope.HOURS_READ: t("See hours"),
    Scope.HOURS_WRITE: t("Mark time"),
    Scope.REQUESTS_READ: t("See requests"),
    Scope.REQUESTS_WRITE: t("Ask for something"),
    Scope.REQUESTS_DECIDE: t("Decide on requests"),
    Scope.TEMPLATES_READ: t("See templates"),
    Scope.TEMPLATES_WRITE: t("Change templates"),
    Scope.PERIODS_READ: t("See periods"),
    Scope.PERIODS_WRITE: t("Confirm and close periods"),
    Scope.REPORTS: t("Take reports"),
    Scope.PLANS_READ: t("See plans and leave"),
    Scope.PLANS_WRITE: t("Change plans"),
    Scope.SETTINGS_READ: t("See settings"),
    Scope.SETTINGS_WRITE: t("Change settings"),
    Scope.WEBHOOKS: t("Keep webhooks"),
}
TYPES: Final[Mapping[HappeningType, Phrase]] = {
    HappeningType.REQUEST_ASKED: t("somebody is asked"),
    HappeningType.REQUEST_DECIDED: t("an answer was given"),
    HappeningType.REQUEST_UNDONE: t("an answer was taken back"),
    HappeningType.REQUEST_SETTLED: t("a request has its outcome"),
    HappeningType.REQUEST_WITHDRAWN: t("a request was withdrawn"),
    HappeningType.REQUEST_MOVED: t("others are asked"),
    HappeningType.REQUEST_EXPIRED: t("a request ran out of time"),
    HappeningType.DAY_CHANGED: t("somebody's day changed"),
    HappeningType.PERIOD_CONFIRMED: t("hours were confirmed"),
    HappeningType.PERIOD_CLOSED: t("a period was closed"),
    HappeningType.PERIOD_REOPENED: t("a period was opened again"),
    HappeningType.PERSON_CHANGED: t("a person changed"),
    HappeningType.EFFECT_FAILED: t("something was not done on the portal"),
    HappeningType.REQUEST_OUTCOME: t("the outcome of a route"),
    HappeningType.WEBHOOK_TEST: t("a test"),
}
_WHY: Final[Mapping[str, Phrase]] = {
    "timeout": t("no answer within ten seconds"),
    "connection": t("no connection"),
    "address": t("the address leads into no public network"),
    "secret": t("the secret cannot be read: give it a new one"),
    "fault": t("that is a mistake of mine, and I have written it down"),
}


def off_words(why: str) -> Phrase:
    """Say why a webhook is off."""
    match why:
        case Stopped.GONE:
            return t("off: its receiver is gone (410)")
        case Stopped.SILENT:
            return t("off: it has taken nothing for three days")
        case _:
            return t("off")


def delivery_words(each: HookDelivery) -> Phrase:
    """Say how a message to a webhook stands."""
    if each.state is DeliveryState.DONE:
        return t("arrived")
    if not each.reason:
        return t("is being sent")
    answered = t("answered {status}", status=str(each.status))
    why = answered if each.reason == "status" else _WHY.get(each.reason, _WHY["fault"])
    if each.state is DeliveryState.FAILED:
        return t("not taken: {why}", why=why)
    return t("will be tried again: {why}", why=why)
