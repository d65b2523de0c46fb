"""What a rule does when it holds: asks for approval, makes a task or a deal, changes the object, tells people."""

from typing import Annotated, Literal

from pydantic import Field

from bot.domain.approvals.base import FieldName, Length, Part, Slug
from bot.domain.approvals.who import ByField, ByUser

StageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_:.\-]{1,64}$")]
"""A stage by the portal's own name of it, such as `NEW`, `C5:WON`."""
Line = Annotated[str, Field(min_length=1, max_length=250)]
Body = Annotated[str, Field(max_length=4000)]
Said = Annotated[str, Field(min_length=1, max_length=4000)]
Filling = Annotated[str, Field(max_length=4000)] | int | float | bool
"""What a field becomes; a text may have places such as `{title}`."""
Fillings = Annotated[dict[FieldName, Filling], Field(max_length=50)]


class Responsible(Part):
    """Whoever is responsible for the object."""

    by: Literal["responsible"]


class Mover(Part):
    """Whoever did what the rule waits for."""

    by: Literal["mover"]


class HeadOf(Part):
    """The head of one of these."""

    by: Literal["head_of"]
    of: Literal["responsible", "mover"] = "responsible"


Assignee = Annotated[ByUser | ByField | Responsible | Mover | HeadOf, Field(discriminator="by")]
"""Whom a deed is for."""
_RESPONSIBLE = Responsible(by="responsible")


class AskApproval(Part):
    """Start a request about the object by a template that is on, its form filled from the object's fields."""

    do: Literal["approve"]
    template: Slug
    fields: Fillings = Field(default_factory=dict)


class MakeTask(Part):
    """Make a task that is tied to the object."""

    do: Literal["task"]
    title: Line
    responsible: Assignee = _RESPONSIBLE
    deadline: Length | None = None
    """In working time, from when the rule holds."""
    description: Body = ""


class MakeDeal(Part):
    """Make a deal."""

    do: Literal["deal"]
    title: Line
    responsible: Assignee = _RESPONSIBLE
    stage: StageId | None = None
    fields: Fillings = Field(default_factory=dict)


class ChangeFields(Part):
    """Give fields of the object other values."""

    do: Literal["update"]
    fields: Annotated[dict[FieldName, Filling], Field(min_length=1, max_length=50)]


class MoveToStage(Part):
    """Move the object to a stage."""

    do: Literal["stage"]
    stage: StageId


class Tell(Part):
    """Send a notification."""

    do: Literal["notify"]
    to: Annotated[list[Assignee], Field(min_length=1, max_length=20)]
    text: Said


class AddComment(Part):
    """Write under the object: in the timeline of a deal, in the chat of a task."""

    do: Literal["comment"]
    text: Said


class RunProcess(Part):
    """Start a business process of the portal on the object."""

    do: Literal["process"]
    template_id: Annotated[int, Field(gt=0, le=10**12)]
    parameters: Fillings = Field(default_factory=dict)


class TellRequest(Part):
    """Write what became of the object into the request that it belongs to, and tell who is in it."""

    do: Literal["tell_request"]


Deed = Annotated[
    AskApproval | MakeTask | MakeDeal | ChangeFields | MoveToStage | Tell | AddComment | RunProcess | TellRequest,
    Field(discriminator="do"),
]
