"""Words of the pages themselves: the sections."""

from dataclasses import dataclass

from bot.domain.rights import Right
from bot.text import Phrase, t


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the application: its key, its address, its name, and the right to see it."""

    key: str
    path: str
    name: Phrase
    right: Right | None = None
    is_in_bar: bool = True
    """Whether it stands in the top bar; whoever reads has their own place there."""
    is_on_phone: bool = True
    """Whether it stands in the bottom bar of a phone; others are behind “More”."""


SECTIONS = (
    Section("overview", "/", t("Overview")),
    Section("approvals", "/approvals", t("Approvals")),
    Section("hours", "/hours", t("Hours")),
    Section("me", "/me", t("Me"), is_in_bar=False),
)
