"""Matters: what a request is about. Each says what it is known by, which dates it changes and whom it is put before.

A matter knows what is asked for, never how it is done: that is registered by its type in
`bot/services/approvals/outcomes.py`; its stored form is known to `storage/matters.py` alone, its words to who shows it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import ClassVar, NamedTuple

from bot.domain.leave.changing import LeaveChange
from bot.domain.leave.wish import LeaveWish
from bot.domain.periods.period import days_between
from bot.domain.reports.limits import LimitKind
from bot.domain.workday.correction import Plan


class Asks(Enum):
    """Whom a matter is put before."""

    LEAD = "lead"
    """Whoever leads the person, else the next lead up, else the administrators."""
    ADMINISTRATORS = "administrators"
    """What an administrator closed, only they open."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What every matter answers; what most of them answer alike, it answers for them."""

    kind: ClassVar[str]
    """Its name in rows, in the record and to programs."""
    asks: ClassVar[Asks] = Asks.LEAD
    changes_marks: ClassVar[bool] = False
    """Whether others that wait may show other hours once it is carried out."""

    @property
    def key(self) -> str:
        """What it is about: a second open request of the same key replaces the first (case 33)."""
        raise NotImplementedError

    @property
    def days(self) -> tuple[date, ...]:
        """The work dates that it would change."""
        return ()

    @property
    def goes_on(self) -> bool:
        """Whether it is about a day that ran when it was shown: such a day changes, and everybody knows."""
        return False

    @property
    def shown(self) -> object:
        """What of it whoever decides sees; where that is the same, it need not be seen anew."""
        return self

    def is_small(self, limit: timedelta) -> bool:
        """Whether it is small enough to pass without a lead."""
        del limit
        return False

    def is_called(self, name: str) -> bool:
        """Whether people name it so: “approve all vacations”."""
        return name == self.kind


@dataclass(frozen=True, slots=True)
class CorrectionMatter(_Matter):
    """Marks are voided and added."""

    kind: ClassVar[str] = "correction"
    changes_marks: ClassVar[bool] = True
    plan: Plan

    @property
    def key(self) -> str:
        """Of the same mark only one correction waits."""
        return f"{self.kind}:{self.plan.target}"

    @property
    def days(self) -> tuple[date, ...]:
        """The dates on which it changes anything."""
        return self.plan.days

    @property
    def goes_on(self) -> bool:
        """Whether its day has no check-out yet."""
        return self.plan.goes_on

    @property
    def shown(self) -> object:
        """The hours before and after; by which marks they come about nobody sees."""
        return self.plan.before, self.plan.after, self.key

    def is_small(self, limit: timedelta) -> bool:
        """Whether no mark moves by more (case 31)."""
        return self.plan.is_small(limit)


@dataclass(frozen=True, slots=True)
class LeaveMatter(_Matter):
    """Days or hours away."""

    kind: ClassVar[str] = "leave"
    wish: LeaveWish

    @property
    def key(self) -> str:
        """Of the same time only one leave waits."""
        wish = self.wish
        times = f":{wish.start:%H%M}-{wish.end:%H%M}" if wish.start and wish.end else ""
        return f"{self.kind}:{wish.first}:{wish.last}{times}"

    @property
    def days(self) -> tuple[date, ...]:
        """The days away."""
        return tuple(days_between(self.wish.first, self.wish.last))

    def is_called(self, name: str) -> bool:
        """People name a leave by its kind as well."""
        return name in (self.kind, self.wish.kind.value)


@dataclass(frozen=True, slots=True)
class LeaveChangeMatter(_Matter):
    """An approved absence is moved, made shorter or longer, or cancelled."""

    kind: ClassVar[str] = "leave_change"
    change: LeaveChange

    @property
    def key(self) -> str:
        """Of the same absence only one change waits."""
        return f"{self.kind}:{self.change.absence_id}"

    @property
    def days(self) -> tuple[date, ...]:
        """The dates that are another thing afterwards."""
        return tuple(self.change.touched)

    def is_called(self, name: str) -> bool:
        """People name it by the leave as well."""
        return name in (self.kind, LeaveMatter.kind, self.change.kind.value)


class LimitPassed(NamedTuple):
    """A limit of the law that overtime would pass, as it was told when it was asked for."""

    kind: LimitKind
    overtime: timedelta
    limit: timedelta


@dataclass(frozen=True, slots=True)
class OvertimeMatter(_Matter):
    """Work over the plan of a date shall count as overtime."""

    kind: ClassVar[str] = "overtime"
    day: date
    length: timedelta
    over: timedelta = timedelta()
    """What was recorded over the plan when it was asked for."""
    worked: timedelta = timedelta()
    is_planned: bool = True
    """Whether the schedule planned hours of the day: only then is anything over them."""
    limits: tuple[LimitPassed, ...] = ()

    @property
    def key(self) -> str:
        """Of the same date only one overtime waits."""
        return f"{self.kind}:{self.day}"

    @property
    def days(self) -> tuple[date, ...]:
        """The date."""
        return (self.day,)


@dataclass(frozen=True, slots=True)
class ReopenMatter(_Matter):
    """A closed period shall be opened again (case 65)."""

    kind: ClassVar[str] = "reopen"
    asks: ClassVar[Asks] = Asks.ADMINISTRATORS
    closing_id: int
    first: date
    last: date

    @property
    def key(self) -> str:
        """Of the same closing everybody asks once."""
        return f"{self.kind}:{self.closing_id}"


Matter = CorrectionMatter | LeaveMatter | LeaveChangeMatter | OvertimeMatter | ReopenMatter
