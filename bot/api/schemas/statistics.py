"""Statistics as programs see them: what the pages show, as numbers."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from bot.api.schemas.base import Days, Id, OwnId, Seconds, Shown

_DEPARTMENT = Field(description="The department's id; those below it count")


class ApprovalsQuery(Days):
    """Of which days, and of which requests."""

    template: Annotated[str | None, Field(max_length=64, description="The key of a template")] = None
    department: Annotated[Id | None, _DEPARTMENT] = None


class HoursQuery(Days):
    """Of which days, and of whom."""

    department: Annotated[Id | None, _DEPARTMENT] = None


class Tally(Shown):
    """What came of something in the days; times are working time of who was asked."""

    asked: int
    decided: int
    expired: int
    median_seconds: Seconds | None = Field(description="Half of them took at most so long")
    ninetieth_seconds: Seconds | None = Field(description="Nine of ten took at most so long")


class TemplateTally(Tally):
    """Of a template."""

    template: str
    title: str


class StageTally(Tally):
    """Of a stage."""

    template: str
    stage: str
    title: str


class PersonTally(Tally):
    """Of a person who is asked."""

    person_id: OwnId
    name: str


class HeldForm(Shown):
    """What somebody holds now."""

    person_id: OwnId
    name: str
    count: int
    since: datetime = Field(description="Since when the oldest waits")


class ApprovalsForm(Shown):
    """How long decisions took."""

    first: date
    last: date
    templates: list[TemplateTally]
    stages: list[StageTally]
    people: list[PersonTally]
    held: list[HeldForm]


class OverLimit(Shown):
    """Overtime over a limit of the law."""

    kind: str = Field(description="`two_days` or `year`")
    first: date
    last: date
    overtime_seconds: Seconds
    limit_seconds: Seconds


class PersonHoursForm(Shown):
    """What a person worked."""

    person_id: OwnId
    name: str
    worked_seconds: Seconds
    norm_seconds: Seconds | None
    balance_seconds: Seconds | None
    over_seconds: Seconds
    overtime_seconds: Seconds
    year_overtime_seconds: Seconds = Field(description="Approved from the New Year to the last day")
    over_limits: list[OverLimit]


class MonthHoursForm(Shown):
    """What all of them worked in a month, as far as it is among the days."""

    first: date
    last: date
    worked_seconds: Seconds
    norm_seconds: Seconds | None
    over_seconds: Seconds
    overtime_seconds: Seconds


class HoursNumbers(Shown):
    """Hours of the people whom the caller sees."""

    first: date
    last: date
    worked_seconds: Seconds
    limit_two_days_seconds: Seconds | None
    limit_year_seconds: Seconds | None
    people: list[PersonHoursForm]
    months: list[MonthHoursForm]
