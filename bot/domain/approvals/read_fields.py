"""What is read of the deal that a form names, kept beside its number: never asked for, shown as it was read."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.approvals.filling import is_share
from bot.domain.approvals.route import FormField

_TITLE = ":title"


def title_key(field: FormField) -> str:
    """Return where the subject keeps the title of a field's object; no field of a form has such a key."""
    return f"{field.key}{_TITLE}"


def is_read(key: str) -> bool:
    """Whether a key of the subject was read with an object, and not filled in by anybody."""
    return key.endswith(_TITLE)


def filled_in(form: Sequence[FormField], subject: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the fields of a form hold, with what was read of the objects that they name."""
    names = [name for each in form for name in (each.key, title_key(each))]
    return {name: subject[name] for name in names if name in subject}


def amount_field(form: Sequence[FormField]) -> FormField | None:
    """Return the field that the amount of a deal is offered for: the form's first sum that is no share."""
    return next((each for each in form if each.type == "money" and not is_share(each)), None)
