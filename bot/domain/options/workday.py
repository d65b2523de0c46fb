"""The option of the portal's own working day: whether it and ours follow each other."""

from dataclasses import dataclass

from bot.domain.options.option import YesOrNo
from bot.domain.portal import Portal
from bot.text import Phrase, t


@dataclass(frozen=True, slots=True)
class _PortalWorkday(YesOrNo):
    def words(self, value: bool) -> Phrase:
        return t("together with ours") if value else t("on its own")

    def is_told(self, portal: Portal) -> bool:
        return self.of(portal)


PORTAL_WORKDAY = _PortalWorkday(
    "portal_workday",
    t("🔁 Day in Bitrix24"),
    t(
        "Shall working days here and in Bitrix24 go together? A check-in here starts the day there, the button there "
        "marks here, and breaks alike. I need the right “Working time” (timeman), and whoever gave me access must be "
        "allowed to manage other people’s days."
    ),
    ("no", "yes"),
)
