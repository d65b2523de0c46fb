"""All that waits for a person's decision, of every kind, what is most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Employee
from bot.services.approvals.courses import Courses, Standing


@dataclass(frozen=True, slots=True)
class Waiting:
    """Requests with one seat, oldest first, and those on routes, by their deadlines."""

    requests: Sequence[ApprovalRequest]
    standings: Sequence[Standing]
    urgent: Sequence[Standing]
    """Those of them whose time is up today, by the reader's clock."""

    @property
    def count(self) -> int:
        """How many wait."""
        return len(self.requests) + len(self.standings)

    @property
    def with_time(self) -> Sequence[Standing]:
        """Those on routes whose time is not up today."""
        pressing = {each.request.id for each in self.urgent}
        return [each for each in self.standings if each.request.id not in pressing]

    @property
    def ordered(self) -> Sequence[ApprovalRequest | Standing]:
        """What runs out today, then what only waits, oldest first, then what has time."""
        return (*self.urgent, *self.requests, *self.with_time)


async def on_routes(courses: Courses, reader: Employee, now: datetime) -> list[Standing]:
    """Return what waits for a reader on routes, what has the earliest deadline first."""
    standings = [await courses.standing(each, now) for each in await courses.waiting_for(reader)]
    return sorted(standings, key=lambda each: each.due or now)


async def all_that_waits(
    courses: Courses, requests: Sequence[ApprovalRequest], reader: Employee, now: datetime
) -> Waiting:
    """Return what waits for a reader: those requests with one seat, and those on routes."""
    standings = await on_routes(courses, reader, now)
    zone = ZoneInfo(reader.zone)
    today = now.astimezone(zone).date()
    urgent = [each for each in standings if each.due is not None and each.due.astimezone(zone).date() <= today]
    return Waiting(requests, standings, urgent)
