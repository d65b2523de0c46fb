"""What the parts of a route have in common: no unknown key, never changed, spaces around words do not count."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
"""A name in a route: of a stage, a track, a group."""
FieldName = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.]{0,63}$")]
"""A field of the subject."""
Length = Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(m|h|wh|d|wd)$")]
"""Minutes, hours, working hours, days or working days."""
Titles = dict[Literal["ru", "en"], str]

_MINUTES = {"m": 1, "h": 60, "wh": 60, "d": 1440, "wd": 1440}


class Part(BaseModel):
    """A part of a route."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@lru_cache(maxsize=1024)
def parted(length: str) -> tuple[int, str]:
    """Return number and unit of a length of time."""
    found = re.fullmatch(r"(\d+)([a-z]+)", length)
    if found is None:
        raise ValueError(f"{length} is no length of time")
    return int(found[1]), found[2]


def minutes(length: str) -> int:
    """Return how many minutes by the wall clock a length has at least."""
    number, unit = parted(length)
    return number * _MINUTES[unit]


def fault(code: str, at: str = "", **values: Any) -> PydanticCustomError:
    """Return what is raised where a part contradicts itself: a code, where in the part it is, and what to name."""
    return PydanticCustomError(code, code, {"at": at, **values})


def check_once(names: Iterable[str], code: str, at: str, value: str) -> None:
    """Fault the second of two parts that are called alike; `at` has a place for its number."""
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            raise fault(code, at.format(number), **{value: name})
        seen.add(name)
