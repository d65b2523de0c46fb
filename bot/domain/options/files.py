"""The option of how much room a portal gives to the files of requests."""

from dataclasses import dataclass
from datetime import date

from bot.domain.options.option import Option, WrongOption
from bot.domain.portal import Portal
from bot.text import Phrase, t

DEFAULT_MB = 1024
MOST_MB = 102_400
_NONE = ("no files", "без файлов")


@dataclass(frozen=True, slots=True)
class _FilesRoom(Option[int]):
    def of(self, portal: Portal) -> int:
        own = portal.options.get(self.key)
        return own if type(own) is int and 0 <= own <= MOST_MB else DEFAULT_MB

    def heard(self, said: str, portal: Portal, today: date) -> int:
        del portal, today
        if said.strip().casefold() in _NONE:
            return 0
        digits = said.strip().casefold().removesuffix("mb").removesuffix("мб").replace(" ", "").strip()
        if not (digits.isascii() and digits.isdecimal() and len(digits) < 7 and int(digits) <= MOST_MB):
            raise WrongOption(t("Write megabytes from 0 to {most}, please, for example 1024.", most=MOST_MB))
        return int(digits)

    def words(self, value: int) -> Phrase:
        return t("{count} MB", count=value) if value else t("no files")


FILES_ROOM = _FilesRoom(
    "files_mb",
    t("📎 Room for files"),
    t(
        "How much room do the files of requests get, all together? In megabytes, 0 for no files at all. "
        "For example: 1024"
    ),
    ("256", "1024", "5120", "20480"),
)
