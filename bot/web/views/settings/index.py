"""The index of Settings: how far the portal is set up, and the sections that the reader may open."""

from bot.domain.rights import Right
from bot.services.set_up import SetUp
from bot.text import t
from bot.web.settings import open_to
from bot.web.views.settings.connection import checks
from bot.web.visit import Page, Visit


async def index(visit: Visit, set_up: SetUp) -> Page:
    """List the sections with what one does in each; above them what is left to set up, to whoever may."""
    state = await set_up.look(visit.reader, visit.portal) if visit.may(Right.INTRODUCE) else None
    values = {
        "parts": open_to(visit),
        "checks": checks(state) if state else [],
        "left": len(state.left) if state else 0,
    }
    return Page("settings/index.html", t("Settings"), values, "settings")
