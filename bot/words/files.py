"""How files of a request read: each by its name and size."""

from collections.abc import Sequence

from bot.domain.approvals.files import RequestFile
from bot.text import Phrase, t

_KILO, _MEGA = 1 << 10, 1 << 20
_LONGEST = 60


def file_words(file: RequestFile) -> Phrase:
    """Return a file's name and size."""
    name = _short(file.name)
    if file.size < _MEGA:
        return t("{name}, {count} KB", name=name, count=-(-file.size // _KILO))
    return t("{name}, {count} MB", name=name, count=-(-file.size // _MEGA))


def attached_lines(files: Sequence[RequestFile]) -> list[Phrase]:
    """Return a line for each file that fills no field of the form."""
    return [t("📎 {file}", file=file_words(each)) for each in files if not each.field]


def _short(name: str) -> str:
    """Return a name that fits a line, with its ending."""
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 13]}…{name[-12:]}"
