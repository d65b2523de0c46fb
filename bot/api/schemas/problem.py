"""How a refusal looks."""

from typing import Any

from pydantic import Field

from bot.api.schemas.base import Shown


class ProblemError(Shown):
    """One thing that is wrong in what was sent."""

    at: str = Field(description="Where: names of fields, with strokes between; never what was sent")
    message: str


class ProblemForm(Shown):
    """A refusal (RFC 9457)."""

    type: str = Field(description="The address of a page that tells more")
    status: int
    code: str = Field(description="What programs go by")
    title: str = Field(description="What people read, by Accept-Language")
    errors: list[ProblemError]
    turn: str = Field(description="By this the call is found in the log")
    present: Any = Field(None, description="The thing as it is now, where what was seen is not what is")
