"""How often somebody's day on the portal is looked at: each minute while they are at work, hardly when they are off."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.planning.roster import Roster
from bot.domain.planning.schedule import ScheduleKind
from bot.domain.reminding.watch import is_daytime
from bot.domain.workday.portal_day import PortalDay, Standing

AT_WORK: Final = timedelta(minutes=1)
"""A break is seen when it runs: its beginning is known no better than the looks are apart."""
EXPECTED: Final = timedelta(minutes=1)
UNPLANNED: Final = timedelta(minutes=2)
"""Of whom no plan is known. A beginning is told by the portal to the second, whenever it is seen."""
OFF: Final = timedelta(minutes=15)
_BEFORE: Final = timedelta(hours=1)
_AFTER: Final = timedelta(hours=2)
_DAY: Final = timedelta(days=1)


def pace(roster: Roster, seen: PortalDay | None, now: datetime, *, is_at_work: bool) -> timedelta | None:
    """Return how long after the last look the next one is due; None where there is none now."""
    if is_at_work or (seen is not None and seen.standing in (Standing.OPENED, Standing.PAUSED)):
        return AT_WORK
    local = now.astimezone(ZoneInfo(roster.zone))
    today = local.date()
    shifts = [roster.shift(today + day * _DAY) for day in (-1, 0, 1)]
    if any(each is not None and each.starts_at - _BEFORE <= now < each.ends_at + _AFTER for each in shifts):
        return EXPECTED
    if not is_daytime(local) or not roster.is_employed(today):
        return None
    is_planned = roster.schedule(today).kind is not ScheduleKind.NONE or bool(roster.dates)
    return OFF if is_planned else UNPLANNED
