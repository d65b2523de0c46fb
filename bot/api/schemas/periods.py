"""Periods, the calendar, settings and files as programs see them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from bot.api.schemas.base import Day as QueryDay
from bot.api.schemas.base import Given, GivenDay, Id, OwnId, Query, Seconds, Shown, Version


class Range(Given):
    """Days, both included."""

    first: GivenDay
    last: GivenDay


class Confirmation(Range):
    """That one's own hours of a period are right."""

    even_empty: Annotated[bool, Field(description="Also where workdays have no work at all")] = False


class Approval(Range):
    """That confirmed hours are right: everybody's who waits, or one person's."""

    person_id: Id | None = None


class NewClosing(Range):
    """A period to be closed."""

    anyway: Annotated[bool, Field(description="Requests that wait about it are ended")] = False


class Reopening(Range):
    """A period to be opened again, and why."""

    why: Annotated[str, Field(min_length=1, max_length=300)]


class ClosingForm(Shown):
    """A period that was closed."""

    id: OwnId
    first: date
    last: date
    closed_by: OwnId
    closed_at: datetime
    reopened_by: OwnId | None
    reopened_at: datetime | None
    reason: str | None


class Closings(Shown):
    """All closings, newest first."""

    items: list[ClosingForm]
    next: None


class SheetForm(Shown):
    """A person's hours of a period: what stands in the way, who found them right."""

    person_id: OwnId
    name: str
    worked_seconds: Seconds
    is_confirmed: bool
    is_approved: bool
    blockers: list[str]


class Sheets(Shown):
    """People's hours of a period."""

    items: list[SheetForm]
    next: None


class CalendarDayForm(Shown):
    """A day of the production calendar."""

    day: date
    is_off: bool
    is_short: bool
    is_holiday: bool
    name: str
    note: str


class CalendarYear(Shown):
    """A year: its days off and short days."""

    year: int
    country: str
    is_known: bool = Field(description="Whether every day off of the year is known")
    items: list[CalendarDayForm]
    next: None


class DayKind(StrEnum):
    """What a day shall be."""

    WORKING = "working"
    OFF = "off"
    SHORT = "short"


class CalendarChange(Given):
    """Another kind of day, or a day off that is given on another day."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "off"}]})

    kind: DayKind | None = None
    moved_to: GivenDay | None = None


class OptionForm(Shown):
    """A setting of the portal."""

    key: str
    title: str
    value: str
    words: str


class Settings(Shown):
    """What counts on the portal."""

    items: list[OptionForm]
    version: Version


class SettingsChange(Given):
    """Settings by key, as people write them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"options": {"digest_at": "9:30"}}]})

    options: Annotated[dict[str, Annotated[str, Field(max_length=300)]], Field(min_length=1, max_length=50)]


class ReportForm(StrEnum):
    """Formats of time sheets."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"
    T13 = "t13"


class NewReport(Range):
    """A file that is wanted: of a person, a department, or everybody whom one may see."""

    form: ReportForm
    person_id: Id | None = None
    department_id: Id | None = None


class Report(Shown):
    """A file, made as it is fetched; for a day, and only for who asked."""

    id: str
    form: ReportForm
    first: date
    last: date
    state: Literal["ready"]
    until: datetime


class TemplateRow(Shown):
    """A template."""

    key: str
    title: str
    state: str
    version: int
    is_built_in: bool


class TemplatesList(Shown):
    """All templates, by key."""

    items: list[TemplateRow]
    next: None


class TemplateForm(TemplateRow):
    """A template with what it says."""

    document: dict[str, Any] = Field(description="`approval.template/1`")


class Document(Given):
    """A template as it is to be."""

    document: dict[str, Any]


class Finding(Shown):
    """Something wrong, or likely a mistake."""

    path: str
    code: str
    sentence: str


class Checked(Shown):
    """What is found in a template."""

    ok: bool
    faults: list[Finding]
    warnings: list[Finding]


class Simulation(Given):
    """Who begins, with which fields."""

    initiator_id: Id
    fields: dict[str, Any] = Field(default_factory=dict)


class SimulatedStage(Shown):
    """A stage that would open."""

    id: str
    title: str
    opens_at: datetime
    due_at: datetime
    asked: list[OwnId]


class Simulated(Shown):
    """Who would be asked, when; nothing is stored."""

    stages: list[SimulatedStage]
    skipped: list[str]
    failed: str | None = Field(description="The stage for which there is nobody to ask")


class SheetsQuery(Query):
    """Of which days."""

    first: QueryDay
    last: QueryDay


class BalanceForm(Shown):
    """Days of leave that are left."""

    kind: str
    left: int
    as_of: date


class Balances(Shown):
    """Days of leave that are left, by kind."""

    items: list[BalanceForm]
    next: None
