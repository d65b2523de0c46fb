"""What an errand's form says, in our types; a form that says nothing usable is refused, and tried no more."""

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.bitrix24.errands.refusals import refused
from bot.channels.bitrix24.errands.site import mark_of
from bot.channels.bitrix24.render import neutral
from bot.domain.automation.errand import Errand
from bot.domain.automation.portal_object import ObjectRef

_LINES = re.compile(r"\r\n|[\r\n\v\f\x85\u2028\u2029]")
LONGEST_TEXT = 10_000


def object_of(errand: Errand, name: str = "object") -> ObjectRef:
    """Return the object that a form names."""
    found = ObjectRef.parse(str(errand.form.get(name, "")))
    if found is None:
        raise refused("no_object")
    return found


def entity_of(errand: Errand) -> tuple[ObjectRef, int]:
    """Return the object of CRM that a form names, and its type."""
    ref = object_of(errand)
    if ref.entity_type is None:
        raise refused("no_object")
    return ref, ref.entity_type


def fields_of(errand: Errand) -> dict[str, Any]:
    """Return the fields that a form sets."""
    found = errand.form.get("fields")
    return dict(found) if isinstance(found, Mapping) else {}


def plain(text: str) -> str:
    """Return words of strangers in which nothing is markup."""
    return "\n".join(neutral(line) for line in _LINES.split(text[:LONGEST_TEXT]))


def marked_text(errand: Errand, name: str = "text") -> str:
    """Return a form's words without markup, and below them our mark."""
    written = plain(str(errand.form.get(name, ""))).strip()
    return f"{written}\n\n{mark_of(errand)}" if written else mark_of(errand)


def has_mark(errand: Errand, text: Any) -> bool:
    """Whether words of the portal are those of this errand."""
    return re.search(rf"{re.escape(mark_of(errand))}(?!\d)", str(text)) is not None
