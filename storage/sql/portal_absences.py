"""Statements about what portals' calendars say of who is away."""

from sqlalchemy import delete, or_, select

from storage.engines.statement import Statement, number
from storage.schema import portal_absence

_ROW = portal_absence.c
_STILL = (_ROW.portal_id == number("portal_id"), _ROW.ends_at > number("since"), _ROW.starts_at < number("until"))
PORTAL_ABSENCES_OF = Statement(
    "portal absences of a person",
    lambda _: select(*_ROW).where(_ROW.employee_id == number("employee_id"), *_STILL).order_by(_ROW.starts_at),
)
PORTAL_ABSENCES = Statement(
    "portal absences",
    lambda _: select(*_ROW).where(*_STILL).order_by(_ROW.employee_id, _ROW.starts_at),
)
DROP_PORTAL_ABSENCES = Statement(
    "drop portal absences of a person",
    lambda _: delete(portal_absence).where(
        _ROW.portal_id == number("the_portal_id"),
        _ROW.employee_id == number("the_employee_id"),
        # What comes begins with an absence that lasts beyond `since`: whatever began after it and ended, lies in it.
        or_(_ROW.ends_at > number("since"), _ROW.starts_at >= number("until")),
    ),
    rank=119,
    many=True,
)
ADD_PORTAL_ABSENCE = Statement("add portal absence", lambda insert: insert(portal_absence), rank=120)
DROP_PAST_PORTAL_ABSENCES = Statement(
    "drop past portal absences",
    lambda _: delete(portal_absence).where(_ROW.ends_at < number("before")),
    many=True,
)
