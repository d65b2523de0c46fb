"""What a Bot API server understands beyond the basics; each can be turned off for a server that refuses it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Features:
    """Switches for what older or partial Bot API servers answer with an error."""

    style: bool = True
    """Colours of buttons (Bot API 9.4)."""
    link_preview_options: bool = True
    """No preview under links (Bot API 7.0)."""
    descriptions: bool = True
    """What an empty chat and the bot's profile say (Bot API 6.6)."""


ALL = Features()
