"""What all forms of requests have: fields that keep what was typed, a number by which they are sent once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ConfigDict

from bot.domain.errors import BadFields
from bot.ids import ID_BITS, new_id
from bot.services.approvals.requests import Requests
from bot.text import Phrase, Value, t
from bot.web.forms import Form
from bot.web.visit import Go, Visit, number_in

_LIVES = 7 * 24 * 3600 * 1000 << ID_BITS
"""So long a form that stays open can still be sent; its number says when it was made."""
PREFIX = "f-"
WEB = "web"
"""Where something was done, as the record names it."""


class Sent(Form):
    """A form with fields of its own beside these."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    token: str = ""
    version: str = ""
    files: str = ""
    again: str = ""
    change: str = ""
    """“Change it”: back from the look to the form."""
    drop: str = ""
    """The file that is left out."""

    @property
    def said(self) -> dict[str, str]:
        """What stands in its own fields."""
        extra: Mapping[str, Any] = self.model_extra or {}
        return {name.removeprefix(PREFIX): str(value) for name, value in extra.items() if name.startswith(PREFIX)}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the page shows it."""

    name: str
    label: Value
    kind: str
    value: str = ""
    is_required: bool = False
    choices: Sequence[tuple[str, Value]] = ()
    hint: Phrase | None = None
    error: Phrase | None = None
    files: Sequence[tuple[int, Phrase]] = field(default_factory=tuple)
    """Those that it holds, of a field for a file."""


def errors_of(visit: Visit) -> dict[str, Phrase]:
    """Return what is wrong with which field."""
    found = dict(visit.refused.errors) if isinstance(visit.refused, BadFields) else {}
    return {**found, **dict(visit.files_refused)}


def token_in(said: str) -> int | None:
    """Return the number of a form; None where it is none of ours, or too old."""
    number = number_in(said)
    return number if number is not None and 0 < new_id() - number < _LIVES else None


def token_for(said: str) -> str:
    """Return the number by which a form is sent once: its own, or a new one."""
    return str(token_in(said) or new_id())


async def sent_before(visit: Visit, form: Sent, requests: Requests) -> Go | None:
    """Return where to go where this very form was sent already: twice pressed, or from behind the back button."""
    token = token_in(form.token)
    if token is not None and await requests.sent_as(visit.reader, token):
        return Go(f"/approvals/{token}", t("It was sent already: here it is."))
    return None


def hidden(form: Sent, token: str, **more: str) -> list[tuple[str, str]]:
    """Return all that a look takes on to the sending."""
    own = [(f"{PREFIX}{name}", value) for name, value in form.said.items() if name not in more]
    kept = [("token", token), ("version", form.version), ("files", form.files), ("again", form.again)]
    return [*own, *((f"{PREFIX}{name}", value) for name, value in more.items()), *((n, v) for n, v in kept if v)]
