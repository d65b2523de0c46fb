"""Leave wishes: what was said of a leave, held against the plan of that day, becomes a wish or a question."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.request import ApprovalRequest, RequestKind
from bot.domain.leave.said import LeaveSaid, Open, day_of, read
from bot.domain.leave.wish import LeaveWish
from bot.domain.people.employee import Employee
from bot.domain.planning.schedule import Shift
from bot.domain.portal import Portal
from bot.services.planning.rosters import Rosters
from bot.services.unit_service import UnitService

_DAY = timedelta(days=1)


class LeaveWishes(UnitService):
    """Reads what was said."""

    async def read(self, portal: Portal, employee: Employee, said: LeaveSaid, now: datetime) -> LeaveWish | Open:
        """Return the wish of a person where it is whole, else what is missing."""
        day = day_of(said, now.astimezone(ZoneInfo(employee.zone)).date())
        roster = await Rosters(self._uow).of(portal, employee, day)
        return read(said, [roster.shift(day), roster.shift(day + _DAY)], now, employee.zone)

    async def shift_now(self, portal: Portal, employee: Employee, now: datetime) -> Shift | None:
        """Return the shift of today, or one that began yesterday and runs."""
        today = now.astimezone(ZoneInfo(employee.zone)).date()
        roster = await Rosters(self._uow).of(portal, employee, today)
        for day in (today - _DAY, today):
            shift = roster.shift(day)
            if shift is not None and now < shift.ends_at and (day == today or shift.starts_at <= now):
                return shift
        return None


def leave_request(
    portal: Portal,
    requester: Employee,
    subject: Employee,
    wish: LeaveWish,
    reason: str,
    now: datetime,
    request_id: int,
) -> ApprovalRequest:
    """Return a new request for a leave, without seats yet; a second one for the same time replaces it (case 33)."""
    times = f":{wish.start:%H%M}-{wish.end:%H%M}" if wish.start and wish.end else ""
    return ApprovalRequest(
        request_id,
        portal.id,
        RequestKind.LEAVE,
        requester.id,
        subject.id,
        f"leave:{wish.first}:{wish.last}{times}",
        wish.payload,
        now,
        (),
        reason=reason,
    ).recorded("asked", requester.id, now)
