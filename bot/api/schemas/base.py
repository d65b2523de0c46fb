"""What all forms share: ids are strings, instants UTC to the second, lengths whole seconds, and nothing is extra."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, WithJsonSchema

_LARGEST_ID = 2**63
_YEARS = range(1900, 2200)
"""Years that anything may be about: far enough from the ends of the calendar to reckon with days around."""


def _nameable(value: str) -> str:
    if int(value) >= _LARGEST_ID:
        raise ValueError("no id")
    return value


def in_reach(value: date) -> date:
    """Return a day or an instant that can be reckoned with."""
    if value.year not in _YEARS:
        raise ValueError("year")
    return value


Id = Annotated[str, Field(pattern=r"^[0-9]{1,19}$", examples=["1839274658102345728"]), AfterValidator(_nameable)]
OwnId = Annotated[str, WithJsonSchema(TypeAdapter(Id).json_schema())]
"""An id that we answer: it is ours, so nobody looks at it once more."""
GivenDay = Annotated[
    date,
    AfterValidator(in_reach),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-01"]}),
]
"""A day that a program sends."""
Seconds = Annotated[int, Field(description="A length in whole seconds")]
Version = Annotated[int, Field(ge=0, description="Grows with each change; the ETag begins with it")]


def _with_offset(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("no offset")
    in_reach(value)
    return value.astimezone(UTC)


Instant = Annotated[datetime, AfterValidator(_with_offset)]
"""An instant that a program sends: with an offset, for a clock time alone is no instant."""


class Given(BaseModel):
    """What is sent to us: what we do not know is refused, and nothing is taken for something else."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Shown(BaseModel):
    """What we answer. More may come in later versions of the same address."""

    model_config = ConfigDict(frozen=True)


class Query(BaseModel):
    """What may stand behind the question mark of an address."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    is_filter: ClassVar[bool] = True

    @property
    def changes_nothing(self) -> bool:
        """Whether a call that could change something only shows what it would: there is nothing to be repeated then."""
        return False

    def filtered(self) -> list[object]:
        """Return what a cursor is bound to: all but where it goes on, and how much of it is wanted."""
        values = self.model_dump(mode="json", exclude={"after", "limit"})
        return [f"{name}={value}" for name, value in sorted(values.items()) if value is not None]


class NoQuery(Query):
    """Nothing may."""


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise ValueError("whole number")
        return int(value)
    return value


Whole = Annotated[int, BeforeValidator(_whole)]


class Listed(Query):
    """A list a page at a time."""

    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100, description="How many at most")] = 50
    after: Annotated[str | None, Field(description="`next` of the page before", pattern=r"^[A-Za-z0-9_-]{1,512}$")] = (
        None
    )


def _day(value: Any) -> Any:
    if isinstance(value, str):
        if len(value) != 10:
            raise ValueError("day")
        return date.fromisoformat(value)
    return value


Day = Annotated[
    date,
    BeforeValidator(_day),
    AfterValidator(in_reach),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-12-01"]}),
]
"""A day of an address: `2026-12-01` and nothing else."""


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        if value not in {"true", "false"}:
            raise ValueError("true or false")
        return value == "true"
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
MOST_DAYS = 366


class Days(Query):
    """A range of days, both included, of 366 at most."""

    first: Annotated[Day, Field(description="The first day")]
    last: Annotated[Day, Field(description="The last day")]


def utc(at: datetime) -> datetime:
    """Return an instant as it is answered."""
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return there.replace(microsecond=0) if there.microsecond else there


def utc_or_none(at: datetime | None) -> datetime | None:
    """Return an instant as it is answered, where there is one."""
    return None if at is None else utc(at)


def seconds(length: timedelta) -> int:
    """Return a length as it is answered."""
    return int(length.total_seconds())


def seconds_or_none(length: timedelta | None) -> int | None:
    """Return a length as it is answered, where there is one."""
    return None if length is None else seconds(length)


def text_id(number: int) -> str:
    """Return an id as it is answered."""
    return str(number)


def text_id_or_none(number: int | None) -> str | None:
    """Return an id as it is answered, where there is one."""
    return None if number is None else str(number)
