"""Whom a route names: people, heads, departments, groups, fields of the subject."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.approvals.base import FieldName, Part, Slug
from bot.text import Phrase

INITIATOR = "initiator"


class ByUser(Part):
    """A person by the portal's id."""

    by: Literal["user"]
    id: Annotated[int, Field(gt=0)]


class ByEmployee(Part):
    """A person whom only Smena knows."""

    by: Literal["employee"]
    id: Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]


class ByHead(Part):
    """The head of the initiator, or of whom a field names; `level` 2 is the head's head."""

    by: Literal["head_of"]
    of: str = INITIATOR
    level: Annotated[int, Field(ge=1, le=5)] = 1


class ByDepartment(Part):
    """A department's head, or everybody in it."""

    by: Literal["department"]
    id: Annotated[int, Field(gt=0)]
    who: Literal["head", "members"] = "head"


class ByGroup(Part):
    """A group of the portal."""

    by: Literal["group"]
    name: Slug


class ByField(Part):
    """Whom a field of the subject names: an id or several."""

    by: Literal["field"]
    path: FieldName


Who = Annotated[ByUser | ByEmployee | ByHead | ByDepartment | ByGroup | ByField, Field(discriminator="by")]


@dataclass(frozen=True, slots=True)
class Called:
    """Somebody by the name that readers know, where a route is read aloud; never part of a document."""

    name: Phrase
