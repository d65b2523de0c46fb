"""What a file shows: lines of people, the period, and whose organisation it is. Every format is made from this."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.reports.account import Account, DayAccount, Flag

DOUBTFUL = frozenset({Flag.UNCONFIRMED, Flag.PENDING, Flag.RUNNING})
"""Flags of days that stand out in every format: their hours can still change."""


class Format(StrEnum):
    """What kind of file."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    T13 = "t13"
    """The unified form Т-13, as a spreadsheet."""

    @property
    def suffix(self) -> str:
        """The ending of the file's name."""
        return "xlsx" if self is Format.T13 else self.value


@dataclass(frozen=True, slots=True)
class Line:
    """A person in one department; who moved within the period has a line for each stretch, by dates (case 73)."""

    name: str
    account: Account
    department: str = ""
    title: str = ""
    """The post."""
    number: str = ""
    """The personnel number."""
    paper_name: str = ""
    """Family name and initials, as form Т-13 wants them; the name where they are not known."""
    eve: DayAccount | None = None
    """The day before the first one: a shift of it can end in this line (case 67)."""

    @property
    def days(self) -> Sequence[DayAccount]:
        """The days of the line, oldest first."""
        return self.account.days


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that one file is made from. `subject` names whom it is about: a person, a department or the portal."""

    subject: str
    first: date
    last: date
    today: date
    """The date on which it is drawn up, in the reader's zone."""
    lines: tuple[Line, ...]
    organisation: str = ""
    revision: int = 1
    """Grows each time a closed period was reopened (case 66)."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """The portal's policies: `okpo`, `t13_codes`, `t13_fill`."""

    @property
    def worked(self) -> timedelta:
        """Everybody's hours together."""
        return sum((line.account.worked for line in self.lines), timedelta())

    @property
    def people(self) -> int:
        """How many people it shows, whichever departments they were in."""
        return len({line.account.employee_id for line in self.lines})

    @property
    def is_of_one(self) -> bool:
        """Whether it shows one person."""
        return self.people == 1

    @property
    def is_whole_month(self) -> bool:
        """Whether it shows one calendar month from its first day to its last."""
        last = monthrange(self.first.year, self.first.month)[1]
        return self.first.day == 1 and self.last == self.first.replace(day=last)

    @property
    def unknown_year(self) -> int | None:
        """A year whose days off are not all known, so that a norm in it is not told."""
        days = (day for line in self.lines for day in line.days)
        return next((day.day.year for day in days if not day.norm_is_known), None)

    @property
    def period(self) -> str:
        """The period as file names and document numbers have it: 2026-06, else both dates."""
        return f"{self.first:%Y-%m}" if self.is_whole_month else f"{self.first}_{self.last}"

    @property
    def departments(self) -> Sequence[str]:
        """The departments that occur, in order."""
        return tuple(dict.fromkeys(line.department for line in self.lines))
