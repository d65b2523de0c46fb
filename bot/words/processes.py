"""What a portal's designers read about our robot, and how readers are told what a process runs on."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.process import (
    COMMENT,
    DECIDED_AT,
    DECIDED_BY,
    DECISION,
    REQUEST,
    ProcessCall,
)
from bot.i18n import LOCALES, Translator
from bot.text import Phrase, t, verbatim

_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""None of these words tells a time."""
ROBOT_NAME: Final = t("Ask for approval in chat")
ROBOT_ABOUT: Final = t(
    "Asks people in Telegram or in the chat of Bitrix24, waits for their decision, and gives it to the process."
)
PROPERTIES: Final[Sequence[tuple[str, str, Phrase, Phrase]]] = (
    (
        "template",
        "select",
        t("Template"),
        t("Who is asked, in which order, by when. Without one, the approvers below are asked and all must agree."),
    ),
    (
        "approvers",
        "user",
        t("Approvers"),
        t("Whom to ask where no template is chosen, or where the template takes them from its field “approvers”."),
    ),
    ("subject", "string", t("What to approve"), t("One sentence; without it, the name of the document.")),
    ("amount", "double", t("Amount"), t("Without it, the amount of the deal.")),
    (
        "fields",
        "text",
        t("Other fields of the template"),
        t("One a line, as “Name: value”; people as a variable of the process."),
    ),
    ("initiator", "user", t("Who asks"), t("Without it, whoever is responsible for the document.")),
)
"""Properties of the robot: name, type, title, explanation."""
RESULTS: Final[Sequence[tuple[str, str, Phrase]]] = (
    (DECISION, "string", t("Decision: approved, rejected, withdrawn, expired, failed")),
    (COMMENT, "text", t("What was said")),
    (DECIDED_BY, "user", t("Who decided")),
    (DECIDED_AT, "datetime", t("When it was decided")),
    (REQUEST, "string", t("Number of the request")),
)


def in_each_language(words: Phrase) -> dict[str, str]:
    """Return words in all languages that we speak, as a portal takes names."""
    return {locale: Translator(locale, "UTC", _NO_TIME).plain(words) for locale in LOCALES}


def document_words(call: ProcessCall) -> Phrase:
    """Say what a process runs on."""
    ref: ObjectRef | None = call.about
    match ref:
        case ObjectRef(kind="deal", number=number):
            return t("deal {number}", number=number)
        case ObjectRef(kind="lead", number=number):
            return t("lead {number}", number=number)
        case _:
            return verbatim(call.document[-1][:60])
