"""The option of the portal's own working day: whether it and ours follow each other."""

from dataclasses import dataclass
from datetime import date

from bot.domain.options.option import Option, WrongOption
from bot.domain.portal import Portal
from bot.text import Phrase, t
from bot.understanding.written import yes_or_no


@dataclass(frozen=True, slots=True)
class _PortalWorkday(Option[bool]):
    def of(self, portal: Portal) -> bool:
        return portal.options.get(self.key) is True

    def heard(self, said: str, portal: Portal, today: date) -> bool:
        del portal, today
        found = yes_or_no(said)
        if found is None:
            raise WrongOption(t("Write yes or no, please."))
        return found

    def words(self, value: bool) -> Phrase:
        return t("together with ours") if value else t("on its own")

    def is_told(self, portal: Portal) -> bool:
        return self.of(portal)

    def written(self, value: bool, portal: Portal) -> str:
        del portal
        return "yes" if value else "no"


PORTAL_WORKDAY = _PortalWorkday(
    "portal_workday",
    t("🔁 Day in Bitrix24"),
    t(
        "Shall working days here and in Bitrix24 go together? A check-in here starts the day there, the button there "
        "marks here, and breaks alike. I need the right “Working time” (timeman), and whoever gave me access must be "
        "allowed to manage other people’s days. yes or no"
    ),
    ("no", "yes"),
)
