"""Addresses of pages that others link to."""

ENTER = "/enter"
"""Where somebody is told how to come in."""
LINK = "/enter/link"
"""Where a one-time link leads: its token stands behind a `#`, which no server log and no preview sees."""
BY_PORTAL = "/enter/bitrix24"
"""Where the portal's authorisation server tells who somebody is."""
BY_TELEGRAM = "/enter/telegram"
"""What opens in Telegram's own frame."""


def own_page(wanted: str) -> str:
    """Return the page to go on to, if it is one of ours; "" for anything else."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/enter")) and wanted.isprintable()
    return wanted if is_ours and len(wanted) <= 500 else ""
