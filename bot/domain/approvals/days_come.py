"""When the days come that a request asks for: its people are told in time that nobody has decided, and once."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.request import ApprovalRequest, Came

_BEFORE = ("1wd", "3wh")
"""How long before the first day people are reminded: of what was asked late, in its own last hours of work."""
_FRESH = timedelta(hours=1)
"""Whoever has just asked, or was asked, needs no reminder."""
_MORNING = time(9)


def moments(request: ApprovalRequest, reckoning: Reckoning) -> Sequence[tuple[Came, datetime]]:
    """Return when what is to be told of days that lay ahead when they were asked for, earliest first.

    `reckoning` is by the clock of the person concerned. Nothing of what was asked for on its first day, or afterwards.
    """
    days = request.matter.days
    if not days or min(days) <= request.created_at.astimezone(reckoning.zone).date():
        return ()
    first, last = min(days), max(days)
    begun = opening = reckoning.working(reckoning.first_of(first))
    if opening.astimezone(reckoning.zone).date() > last:  # nothing but days off
        begun = datetime.combine(first, _MORNING, reckoning.zone)
    found = [(Came.BEGUN, begun), (Came.OVER, reckoning.first_of(last + timedelta(days=1)))]
    before = (reckoning.before(opening, each) for each in _BEFORE)
    near = next((each for each in before if request.created_at + _FRESH <= each < begun), None)
    return found if near is None else [(Came.NEAR, near), *found]
