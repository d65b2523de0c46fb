"""The sections of Settings: one list, from which the index, the bar within settings and the rights of both are made."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.rights import Right
from bot.text import Phrase, t
from bot.web.visit import Page, Visit

SETTINGS = "/settings"


@dataclass(frozen=True, slots=True)
class Part:
    """A section of Settings: its key, its address, its name, what one does there, and the right to open it."""

    key: str
    path: str
    name: Phrase
    about: Phrase
    right: Right


PARTS = (
    Part(
        "connection",
        f"{SETTINGS}/connection",
        t("Connection"),
        t("The portal, its rights and its bot, and the bot in Telegram"),
        Right.INTRODUCE,
    ),
    Part(
        "organisation",
        f"{SETTINGS}/organisation",
        t("Organisation"),
        t("How it stands on papers: its name, its code, and the letters of form T-13"),
        Right.KEEP_ORGANISATION,
    ),
    Part(
        "calendar",
        f"{SETTINGS}/calendar",
        t("Production calendar"),
        t("Whose it is, which days are off or shorter, and days off that are moved"),
        Right.KEEP_CALENDAR,
    ),
    Part(
        "hours",
        f"{SETTINGS}/hours",
        t("Rules of hours"),
        t("Changes without approval, overtime, leave in advance, how long hours are kept"),
        Right.KEEP_OPTIONS,
    ),
    Part(
        "notifications",
        f"{SETTINGS}/notifications",
        t("Notifications"),
        t("When digests come, when people are reminded, and who is asked next"),
        Right.KEEP_OPTIONS,
    ),
    Part(
        "templates",
        f"{SETTINGS}/templates",
        t("Templates"),
        t("Who approves what: in which order, by when, and what follows"),
        Right.KEEP_RULES,
    ),
    Part(
        "rules",
        f"{SETTINGS}/rules",
        t("Rules of the portal"),
        t("What happens by itself when deals, leads, tasks or elements change"),
        Right.KEEP_RULES,
    ),
    Part(
        "webhooks",
        f"{SETTINGS}/webhooks",
        t("Webhooks"),
        t("Programs that are told what happens here"),
        Right.INTEGRATE,
    ),
    Part(
        "keys",
        f"{SETTINGS}/keys",
        t("Keys for programs"),
        t("Which programs may call the API, and from which pages"),
        Right.INTEGRATE,
    ),
    Part(
        "health",
        f"{SETTINGS}/health",
        t("Health"),
        t("How the service does, what did not arrive, and what could not be done on the portal"),
        Right.RESEND,
    ),
    Part(
        "audit",
        f"{SETTINGS}/audit",
        t("Record of changes"),
        t("Who changed what, about whom, and when"),
        Right.SEE_RECORD,
    ),
)
"""In the order in which they are listed. A new page of settings hangs its line in here."""


def open_to(visit: Visit) -> list[Part]:
    """Return the sections that a reader may open."""
    return [each for each in PARTS if visit.may(each.right)]


def settings_page(
    visit: Visit, key: str, template: str, values: Mapping[str, Any], title: Phrase | None = None
) -> Page:
    """Return a page of Settings, with the bar of the sections; it has the section's title where it has none."""
    part = next(each for each in PARTS if each.key == key)
    shown = {"parts": open_to(visit), "part": part, **values}
    return Page(template, title or part.name, shown, "settings")
