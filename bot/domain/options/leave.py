"""The option of leave in advance: more days than are earned are told of, or refused."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.options.option import Option, WrongOption
from bot.domain.portal import Portal
from bot.text import Phrase, t
from bot.understanding.written import written

_WARN, _FORBID = "warn", "forbid"
_WORDS = {
    _WARN: True,
    "with a warning": True,
    "yes": True,
    "предупреждать": True,
    "с предупреждением": True,
    "да": True,
    _FORBID: False,
    "not possible": False,
    "no": False,
    "запрещать": False,
    "нельзя": False,
    "нет": False,
}


@dataclass(frozen=True, slots=True)
class _Overdraft(Option[bool]):
    def of(self, portal: Portal) -> bool:
        return portal.options.get(self.key) != _FORBID

    @property
    def is_choice(self) -> bool:
        return True

    def heard(self, said: str, portal: Portal, today: date) -> bool:
        del portal, today
        found = _WORDS.get(written(said))
        if found is None:
            raise WrongOption(t("Write warn or forbid, please."))
        return found

    def words(self, value: bool) -> Phrase:
        return t("with a warning") if value else t("not possible")

    def written(self, value: bool, portal: Portal) -> str:
        del portal
        return _WARN if value else _FORBID

    def _stored(self, value: bool) -> Any:
        return _WARN if value else _FORBID


OVERDRAFT = _Overdraft(
    "leave_overdraft",
    t("🌴 Leave in advance"),
    t("When somebody asks for more days of leave than will be earned by then: warn or forbid?"),
    (_WARN, _FORBID),
)
