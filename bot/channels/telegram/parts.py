"""What one message of the outbox is sent as: pages of words, a file with a caption, or a file and then words.

Words go under their file as its caption where they fit, and where nobody will edit them: a caption cannot be edited
as a text is, so what lives in a slot is a message of its own.
"""

from dataclasses import dataclass

from bot.channels.telegram.api import Rows
from bot.channels.telegram.render import CAPTION, Page, first_page, pages, to_html, units
from bot.messages import Attachment, Say

LARGEST_FILE = 50 * 1024 * 1024
"""Bytes that a bot may upload."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message to Telegram."""

    html: str
    rows: Rows
    file: Attachment | None = None


def parts(say: Say, spans: Page, rows: Rows) -> list[Part]:
    """Return what to send, in order; the last part has the buttons."""
    file = say.file
    if file is not None and not say.slot and sum(units(span.text) for span in spans) <= CAPTION:
        return [Part(to_html(spans), rows, file)]
    words = [to_html(page) for page in pages(spans)]
    texts = [Part(html, rows if number == len(words) else []) for number, html in enumerate(words, 1)]
    return texts if file is None else [Part("", [], file), *texts]


def edited(spans: Page, rows: Rows) -> Part:
    """Return what an edited message shows: as much as fits one."""
    return Part(to_html(first_page(spans)), rows)
