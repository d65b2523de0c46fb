"""Matters of requests ⇄ two columns, `kind` and `payload`: the one place that knows their stored forms.

A form is declared as it lies in the rows and only ever added to: what was written years ago is read as it is. A new
kind of matter is one more form here, with what makes a matter of it and the other way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Discriminator, PlainSerializer, PlainValidator, Tag, TypeAdapter

from bot.domain.approvals.matter import (
    CorrectionMatter,
    LeaveChangeMatter,
    LeaveMatter,
    LimitPassed,
    Matter,
    OvertimeMatter,
    ReopenMatter,
)
from bot.domain.leave.changing import LeaveChange
from bot.domain.leave.wish import LeaveWish
from bot.domain.reports.limits import LimitKind
from bot.domain.workday.correction import Mark, Plan, Span, Subject
from bot.domain.workday.punch_log import PunchKind


def _instant_of(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _length_of(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def _whole_seconds(length: timedelta) -> int:
    return int(length.total_seconds())


_Instant = Annotated[datetime, PlainValidator(_instant_of), PlainSerializer(datetime.timestamp)]
_Shift = Annotated[timedelta, PlainValidator(_length_of), PlainSerializer(timedelta.total_seconds)]
_Length = Annotated[timedelta, PlainValidator(_length_of), PlainSerializer(_whole_seconds)]
_Stretch = tuple[_Instant, _Instant | None, tuple[tuple[_Instant, _Instant | None], ...]]
_Leave = Annotated[LeaveWish, PlainValidator(LeaveWish.of_payload), PlainSerializer(attrgetter("payload"))]
"""As conversations keep it, too."""
_LeaveChange = Annotated[LeaveChange, PlainValidator(LeaveChange.of_payload), PlainSerializer(attrgetter("payload"))]


@dataclass(frozen=True, slots=True)
class _Correction:
    subject: Subject
    zone: str
    voids: tuple[int, ...]
    adds: Sequence[tuple[PunchKind, _Instant]]
    before: Sequence[_Stretch]
    after: Sequence[_Stretch]
    shift: _Shift | None
    target: str

    @classmethod
    def of(cls, plan: Plan) -> Self:
        return cls(
            plan.subject,
            plan.zone,
            plan.voids,
            [(each.kind, each.at) for each in plan.adds],
            [(each.start, each.end, each.breaks) for each in plan.before],
            [(each.start, each.end, each.breaks) for each in plan.after],
            plan.shift,
            plan.target,
        )

    def plan(self) -> Plan:
        return Plan(
            self.subject,
            self.zone,
            self.voids,
            tuple(Mark(*each) for each in self.adds),
            tuple(Span(*each) for each in self.before),
            tuple(Span(*each) for each in self.after),
            self.shift,
            self.target,
        )


_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class _Overtime:
    day: date
    seconds: _Length
    over: _Length = _NONE
    worked: _Length = _NONE
    is_planned: bool = True
    limits: Sequence[tuple[LimitKind, _Length, _Length]] = ()

    @classmethod
    def of(cls, matter: OvertimeMatter) -> Self:
        return cls(matter.day, matter.length, matter.over, matter.worked, matter.is_planned, matter.limits)

    def matter(self) -> OvertimeMatter:
        limits = tuple(LimitPassed(*each) for each in self.limits)
        return OvertimeMatter(self.day, self.seconds, self.over, self.worked, self.is_planned, limits)


_Form = (
    Annotated[tuple[Literal["correction"], _Correction], Tag("correction")]
    | Annotated[tuple[Literal["leave"], _Leave], Tag("leave")]
    | Annotated[tuple[Literal["leave_change"], _LeaveChange], Tag("leave_change")]
    | Annotated[tuple[Literal["overtime"], _Overtime], Tag("overtime")]
    | Annotated[tuple[Literal["reopen"], ReopenMatter], Tag("reopen")]
)
"""The two columns, by the first of which the second is known."""


def _kind_of(columns: Sequence[str]) -> str:
    return columns[0]


# Made at the first request that is read or written: that takes longer than the start has to spare.
_FORMS: TypeAdapter[_Form] = TypeAdapter(Annotated[_Form, Discriminator(_kind_of)], config=ConfigDict(defer_build=True))


@lru_cache(maxsize=1_024)
def read_matter(kind: str, payload: str) -> Matter:
    """Return the matter of the two columns; it is never changed, and the same are read again and again."""
    _, form = _FORMS.validate_json(f'["{kind}",{payload}]')
    match form:
        case _Correction():
            return CorrectionMatter(form.plan())
        case LeaveWish():
            return LeaveMatter(form)
        case LeaveChange():
            return LeaveChangeMatter(form)
        case _Overtime():
            return form.matter()
        case ReopenMatter():
            return form


def write_matter(matter: Matter) -> tuple[str, str]:
    """Return the two columns of a matter."""
    columns = _FORMS.dump_json(_form_of(matter)).decode()
    return matter.kind, columns[len(matter.kind) + 4 : -1]  # what lies between `["kind",` and `]`


def _form_of(matter: Matter) -> _Form:
    match matter:
        case CorrectionMatter():
            return "correction", _Correction.of(matter.plan)
        case LeaveMatter():
            return "leave", matter.wish
        case LeaveChangeMatter():
            return "leave_change", matter.change
        case OvertimeMatter():
            return "overtime", _Overtime.of(matter)
        case ReopenMatter():
            return "reopen", matter
