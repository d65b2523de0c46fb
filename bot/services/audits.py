"""The record of changes, read page by page by whoever may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.audited import Audited
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, check
from bot.services.unit_service import UnitService

PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LONGEST_PLACE = 40


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the record, the newest first; `after` names where the next one begins, "" where this is the last."""

    rows: Sequence[Audited]
    after: str = ""


class Audits(UnitService):
    """Shows what was changed on a portal."""

    async def page(self, actor: Employee, person_id: int | None = None, after: str = "") -> AuditPage:
        """Return a page of the record, or of what one person did or what was done about them."""
        check(actor, Right.SEE_RECORD)
        found = await self._uow.audit.page(actor.portal_id, person_id=person_id, before=_place(after), size=PAGE + 1)
        rows = found[:PAGE]
        return AuditPage(rows, _named(rows[-1]) if len(found) > PAGE else "")


def _named(row: Audited) -> str:
    return f"{(row.at - _EPOCH) // _MILLISECOND}.{row.id}"


def _place(after: str) -> tuple[datetime, int] | None:
    """Return the instant and the id that a place names; None for what names none: the first page."""
    at, _, row_id = after.partition(".")
    if len(after) > _LONGEST_PLACE or not (after.isascii() and at.isdecimal() and row_id.isdecimal()):
        return None
    try:
        return _EPOCH + int(at) * _MILLISECOND, min(int(row_id), 2**63 - 1)
    except OverflowError:
        return None
