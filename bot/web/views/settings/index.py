"""The index of Settings: its sections, those that the reader may open."""

from bot.text import t
from bot.web.settings import open_to
from bot.web.visit import Page, Visit


async def index(visit: Visit) -> Page:
    """List the sections with what one does in each."""
    return Page("settings/index.html", t("Settings"), {"parts": open_to(visit)}, "settings")
