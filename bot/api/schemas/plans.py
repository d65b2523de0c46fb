"""Schedules, shifts and changes of absences as programs see them."""

from datetime import date, time, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from bot.api.schemas.base import Given, GivenDay, OwnId, Seconds, Shown
from bot.domain.planning.schedule import Hours, PlannedBreak, Schedule, ScheduleKind


def _clock(value: str) -> str:
    time.fromisoformat(value)
    return value


Clock = Annotated[
    str,
    Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    AfterValidator(_clock),
    WithJsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:00"]}),
]
"""A time of the wall clock of whoever works by it."""
_DAY_SECONDS = 86_400


class HoursForm(Given):
    """Planned hours; an end that is not after the start is on the next day."""

    starts: Clock
    ends: Clock
    name: Annotated[str, Field(max_length=40)] = ""

    def hours(self) -> Hours:
        """Return them as the domain has them."""
        return Hours(time.fromisoformat(self.starts), time.fromisoformat(self.ends), " ".join(self.name.split()))


class BreakPlan(Given):
    """The break that a plan provides for."""

    length_seconds: Annotated[int, Field(ge=0, le=_DAY_SECONDS)] = 0
    starts: Clock | None = None
    is_paid: bool = False
    is_deducted: Annotated[bool, Field(description="Taken off by itself where a session shows no break")] = False

    def pause(self) -> PlannedBreak:
        """Return it as the domain has it."""
        start = None if self.starts is None else time.fromisoformat(self.starts)
        return PlannedBreak(timedelta(seconds=self.length_seconds), start, self.is_paid, self.is_deducted)


class ScheduleFields(Given):
    """A way to plan time."""

    kind: ScheduleKind
    days: Annotated[
        tuple[HoursForm | None, ...],
        Field(max_length=60, description="Monday to Sunday of `fixed`; the cycle of a `rota`, from `anchor` on"),
    ] = ()
    anchor: GivenDay | None = None
    pause: BreakPlan = BreakPlan()
    grace_seconds: Annotated[int, Field(ge=0, le=_DAY_SECONDS, description="Coming so much later is not late")] = 300
    week_hours: Annotated[int, Field(ge=1, le=168, description="The law's week")] = 40
    fraction_percent: Annotated[int, Field(ge=1, le=100, description="Part time, of the norm")] = 100
    norm_seconds: Annotated[int | None, Field(ge=0, le=2_678_400, description="Of a `flexible` one")] = None
    norm_per: Literal["", "week", "month"] = ""
    accounting: Literal["month", "quarter", "year"] = "month"
    break_limit_seconds: Annotated[int, Field(ge=0, le=_DAY_SECONDS)] = 3600

    @model_validator(mode="after")
    def _has_days(self) -> Self:
        wanted = {ScheduleKind.FIXED: (7, 7), ScheduleKind.ROTA: (1, 60)}.get(self.kind, (0, 0))
        if not wanted[0] <= len(self.days) <= wanted[1] or (self.days and not any(self.days)):
            raise ValueError("days")
        if (self.kind is ScheduleKind.ROTA) != (self.anchor is not None):
            raise ValueError("anchor")
        if (self.norm_seconds is None) != (self.norm_per == "") or (
            self.norm_seconds is not None and self.kind is not ScheduleKind.FLEXIBLE
        ):
            raise ValueError("norm")
        return self

    def schedule(self) -> Schedule:
        """Return it as the domain has it."""
        return Schedule(
            self.kind,
            tuple(None if each is None else each.hours() for each in self.days),
            self.anchor,
            self.pause.pause(),
            timedelta(seconds=self.grace_seconds),
            Fraction(self.week_hours),
            Fraction(self.fraction_percent, 100),
            None if self.norm_seconds is None else timedelta(seconds=self.norm_seconds),
            self.norm_per,
            self.accounting,
            timedelta(seconds=self.break_limit_seconds),
        )


class ScheduleChange(ScheduleFields):
    """A schedule from a day on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "flexible", "since": "2026-12-01"}]})

    since: GivenDay


class ShiftChange(Given):
    """What is planned for one day instead of the schedule's: hours, or a day off."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"hours": {"starts": "20:00", "ends": "08:00"}}]})

    hours: Annotated[HoursForm | None, Field(description="Null for a day off")]
    pause: BreakPlan | None = Field(None, description="The schedule's, fitted to these hours, where it is left out")


class ShownHours(Shown):
    """Planned hours."""

    starts: str
    ends: str
    name: str


class ShownBreak(Shown):
    """A planned break."""

    length_seconds: Seconds
    starts: str | None
    is_paid: bool
    is_deducted: bool


class ScheduleForm(Shown):
    """A way to plan time."""

    kind: ScheduleKind
    days: list[ShownHours | None]
    anchor: date | None
    pause: ShownBreak
    grace_seconds: Seconds
    week_hours: float
    fraction_percent: float
    norm_seconds: Seconds | None
    norm_per: str
    accounting: str
    break_limit_seconds: Seconds


class AssignmentForm(Shown):
    """To whom a schedule is given, and from which day on."""

    scope: Literal["portal", "department", "person"]
    target_id: OwnId | None = Field(description="The department or the person; null for the portal")
    since: date
    schedule: ScheduleForm


class Schedules(Shown):
    """Schedules that were given, by the day from which they count."""

    items: list[AssignmentForm]
    next: None


class ScheduleOfPerson(Shown):
    """The schedules that a person was given themselves, and the one by which they work today."""

    person_id: OwnId
    today: ScheduleForm
    items: list[AssignmentForm]
    next: None


class ShiftForm(Shown):
    """What is planned for a day."""

    person_id: OwnId
    day: date
    is_named: bool = Field(description="Whether it is named for this day, instead of the schedule's")
    hours: ShownHours | None
    pause: ShownBreak | None


class AbsenceMove(Given):
    """Other days of an absence; as many as it had, where no last one is named."""

    first: GivenDay
    last: GivenDay | None = None
    reason: Annotated[str, Field(max_length=300)] = ""


class AbsenceEnd(Given):
    """Another last day."""

    last: GivenDay
    reason: Annotated[str, Field(max_length=300)] = ""


class AbsenceCancellation(Given):
    """That an absence shall not be."""

    reason: Annotated[str, Field(max_length=300)] = ""


def hours_form(hours: Hours | None) -> ShownHours | None:
    """Return planned hours as they are shown."""
    if hours is None:
        return None
    return ShownHours(starts=f"{hours.start:%H:%M}", ends=f"{hours.end:%H:%M}", name=hours.name)


def break_form(pause: PlannedBreak) -> ShownBreak:
    """Return a planned break as it is shown."""
    return ShownBreak(
        length_seconds=int(pause.length.total_seconds()),
        starts=None if pause.start is None else f"{pause.start:%H:%M}",
        is_paid=pause.is_paid,
        is_deducted=pause.is_deducted,
    )


def schedule_form(schedule: Schedule) -> ScheduleForm:
    """Return a schedule as it is shown."""
    norm: Any = schedule.norm
    return ScheduleForm(
        kind=schedule.kind,
        days=[hours_form(each) for each in schedule.days],
        anchor=schedule.anchor,
        pause=break_form(schedule.pause),
        grace_seconds=int(schedule.grace.total_seconds()),
        week_hours=float(schedule.week_hours),
        fraction_percent=float(schedule.fraction * 100),
        norm_seconds=None if norm is None else int(norm.total_seconds()),
        norm_per=schedule.norm_per,
        accounting=schedule.accounting,
        break_limit_seconds=int(schedule.break_limit.total_seconds()),
    )
