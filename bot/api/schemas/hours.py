"""Hours as programs see them: all of an account, as chat, files and pages show it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from bot.api.schemas.base import Days, Given, Id, Instant, Listed, OwnId, Seconds, Shown


class Kind(StrEnum):
    """The marks of a day."""

    IN = "in"
    BREAK = "break"
    BACK = "back"
    OUT = "out"


class Punch(Given):
    """A mark: of now, or of a moment of which a mark may still be made; what lies further back is a correction."""

    kind: Kind
    at: Instant | None = None
    person_id: Annotated[Id | None, Field(description="Somebody else: only for a key that acts for the portal")] = None


class BreakForm(Shown):
    """A break."""

    started_at: datetime
    ended_at: datetime | None


class SessionForm(Shown):
    """From a check-in to its check-out."""

    id: OwnId
    started_at: datetime
    ended_at: datetime | None
    breaks: list[BreakForm]
    is_unconfirmed: bool = Field(description="Closed by the service, and nobody said yes to it")


class TodayForm(Shown):
    """The day that a person is in."""

    person_id: OwnId
    day: date
    state: str = Field(description="`off`, `work` or `break`")
    sessions: list[SessionForm]
    worked_seconds: Seconds
    break_seconds: Seconds
    may_undo: bool


class AbsenceForm(Shown):
    """An approved absence; hours of a day have instants."""

    id: OwnId
    person_id: OwnId
    kind: str
    first: date
    last: date
    starts_at: datetime | None
    ends_at: datetime | None
    request_id: OwnId | None


class Absences(Shown):
    """Absences, oldest first."""

    items: list[AbsenceForm]
    next: None


class Amounts(Shown):
    """What an account adds up to."""

    worked_seconds: Seconds
    break_seconds: Seconds
    plan_seconds: Seconds
    norm_seconds: Annotated[int | None, Field(description="Null where the year's days off are not known yet")]
    balance_seconds: Annotated[int | None, Field(description="Worked less the norm; null without a schedule")]
    over_seconds: Seconds
    overtime_seconds: Annotated[int, Field(description="The approved part of it")]
    night_seconds: Seconds
    holiday_seconds: Seconds
    off_day_seconds: Seconds
    late_seconds: Seconds
    early_seconds: Seconds


class DayForm(Amounts):
    """A work date of an account."""

    day: date
    is_workday: bool
    is_employed: bool
    starts_at: datetime | None = Field(description="Of the planned shift")
    ends_at: datetime | None
    sessions: list[SessionForm]
    absences: list[AbsenceForm]
    flags: list[str]


class DaysOfPerson(Shown):
    """The work dates of a person."""

    person_id: OwnId
    first: date
    last: date
    items: list[DayForm]
    next: None


class AwayForm(Shown):
    """Absences of one kind."""

    kind: str
    days: int
    workdays: int
    hours_seconds: Seconds


class AccountForm(Amounts):
    """The account of a person over a period."""

    person_id: OwnId
    name: str
    first: date
    last: date
    days_worked: int
    late_times: int
    early_times: int
    absences: list[AwayForm]
    flagged: dict[str, int] = Field(description="How many dates have each flag")


class Accounts(Shown):
    """A page of accounts, by name."""

    items: list[AccountForm]
    next: str | None


class AccountsQuery(Listed, Days):
    """Whose accounts."""

    department: Annotated[Id | None, Field(description="The department's id; those below it count")] = None


class GapForm(Shown):
    """Something that is not right on a work date and can be mended."""

    kind: str
    day: date
    session_id: OwnId | None
    started_at: datetime | None
    ended_at: datetime | None
    limit_seconds: Seconds


class GapsOfPerson(Shown):
    """What is not right, oldest first."""

    items: list[GapForm]
    next: None


class PlannedForm(Shown):
    """What is planned for a person on a date."""

    day: date
    schedule: str = Field(description="`fixed`, `rota`, `flexible` or `none`")
    is_employed: bool
    starts_at: datetime | None
    ends_at: datetime | None
    name: str
    plan_seconds: Seconds


class RosterForm(Shown):
    """What is planned for a person."""

    person_id: OwnId
    zone: str
    items: list[PlannedForm]
    next: None
