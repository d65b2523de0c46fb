"""The option of asking others as well: after how many working days without an answer."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.options.option import Option, WrongOption
from bot.domain.portal import Portal
from bot.text import Phrase, t, tn
from bot.understanding.written import written, yes_or_no

MOST_DAYS = 30
_DAYS = re.compile(r"(?:after |через )?(\d{1,2})(?: (?:working |рабоч\w+ )?(?:days?|дн\w+|день))?")
_NEVER = frozenset({"never", "никогда", "не спрашивать", "nobody else", "никого"})


@dataclass(frozen=True, slots=True)
class _Escalation(Option[int]):
    def of(self, portal: Portal) -> int:
        found = portal.options.get(self.key)
        return found if type(found) is int and 0 <= found <= MOST_DAYS else 0

    def is_told(self, portal: Portal) -> bool:
        return self.of(portal) > 0  # a ladder that nobody made says nothing

    def heard(self, said: str, portal: Portal, today: date) -> int:
        del portal, today
        words = written(said)
        if words in _NEVER or yes_or_no(said) is False:
            return 0
        found = _DAYS.fullmatch(words)
        if found is None or int(found[1]) > MOST_DAYS:
            raise WrongOption(t("Write working days from 1 to {most}, or 0 for never, please.", most=MOST_DAYS))
        return int(found[1])

    def words(self, value: int) -> Phrase:
        return tn("after {count} working day", "after {count} working days", value) if value else t("never")


ESCALATION = _Escalation(
    "escalation_days",
    t("⏫ No answer to a request"),
    t(
        "After how many working days without an answer is the next lead up asked as well, and then the administrators? "
        "For example: 2; 0 means never"
    ),
    ("0", "1", "2", "3", "5"),
)
