"""What people send from a page: fields with types. What cannot be read becomes a phrase beside its field."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.errors import BadForm
from bot.text import Phrase, t
from bot.web.visit import FIRST_DAY, LAST_DAY


class Form(BaseModel):
    """Base of all forms: a field that is not named is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Empty(Form):
    """A button alone."""


Words = Annotated[str, StringConstraints(max_length=2_000)]
"""What somebody types in a few sentences."""

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
"""A day that can be worked."""

MaybeDay = Annotated[Day | None, BeforeValidator(lambda said: said or None)]
"""A day, or a field that was left empty."""

_Form = TypeVar("_Form", bound=Form)


def read(kind: type[_Form], fields: Mapping[str, str]) -> _Form:
    """Return the form of these fields; BadForm says what is wrong."""
    try:
        return kind.model_validate(dict(fields))
    except ValidationError as error:
        first = error.errors()[0]
        at = str(first["loc"][0]) if first["loc"] else ""
        raise BadForm(_why(first["type"]), at) from None


def _why(kind: str) -> Phrase:
    match kind:
        case "missing":
            return t("Something is missing here. Please fill it in and send it again.")
        case "string_too_long":
            return t("That is longer than fits here. Please say it in fewer words.")
        case _:
            return t("That could not be read. Please look at it and send it again; nothing was changed.")
