"""Words of the pages themselves: the sections."""

from dataclasses import dataclass

from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.text import Phrase, t


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the application: its key, its address, its name, and who sees it."""

    key: str
    path: str
    name: Phrase
    rights: tuple[Right, ...] = ()
    """It is shown to whoever has one of them beyond their own matters; to everybody where there is none."""
    is_in_bar: bool = True
    """Whether it stands in the top bar; whoever reads has their own place there."""
    is_on_phone: bool = False
    """Whether it stands in the bottom bar of a phone; others are behind “More”, for six words do not fit."""
    letter: str = ""
    """What is pressed after `g` to go there; its first letter where there is none."""

    @property
    def hotkey(self) -> str:
        """The letter that leads there."""
        return self.letter or self.key[0]

    def is_for(self, reader: Employee) -> bool:
        """Whether somebody may see it."""
        return not self.rights or any(may(reader, each) for each in self.rights)


LIVE_SECTIONS = frozenset({"settings"})
"""Sections whose pages, as they were opened, are read again when the topic of that name is told."""
SECTIONS = (
    Section("overview", "/", t("Overview"), is_on_phone=True),
    Section("approvals", "/approvals", t("Approvals"), is_on_phone=True),
    Section("hours", "/hours", t("Hours"), is_on_phone=True),
    Section("statistics", "/statistics/hours", t("Statistics"), (Right.SEE_HOURS,)),
    Section("people", "/people", t("People")),
    Section("settings", "/settings", t("Settings"), (Right.KEEP_CALENDAR,), letter=","),
    Section("leave", "/leave", t("Time off"), is_in_bar=False),
    Section("me", "/me", t("Me"), is_in_bar=False),
)
