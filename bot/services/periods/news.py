"""Whom it concerns that a period was closed or opened again: each learns it once, and a whole company not at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.people.employee import Employee
from bot.domain.periods.period import Closing
from bot.domain.reminding.watch import DAYTIME, is_daytime
from bot.ids import new_id
from bot.ports import Job
from bot.services.unit_service import UnitService

PERIOD_NEWS = "period-news"
"""The job that tells people: `closing`, `is_closed`, who `knows`, and `people` once it is known whom."""
AT_ONCE = 200
"""People told in one go: answers to others go out in between."""
_PAUSE = timedelta(seconds=10)
_MORNING = time(9)


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told now, of what, and by whom it was done."""

    people: Sequence[Employee]
    closing: Closing
    by: Employee | None


class PeriodNews(UnitService):
    """Spreads what was done to a period among the people who have hours in it."""

    def spread(self, closing: Closing, now: datetime, knows: Collection[int] = ()) -> None:
        """Note that people are to be told how a period is now, but those who learn it by their own request."""
        payload = {"closing": closing.id, "is_closed": closing.is_closed, "knows": sorted(knows)}
        self._job(closing.portal_id, "all", now, payload)

    async def due(self, job: Job, now: datetime) -> Told | None:
        """Return whom to tell now; None where it is not true any more, or is split among jobs of some people each.

        Who sleeps is told in the morning.
        """
        found = await self._uow.periods.closings(job.portal_id)
        closing = next((each for each in found if each.id == job.payload["closing"]), None)
        if closing is None or closing.is_closed is not job.payload["is_closed"]:
            return None
        by_id = closing.closed_by if closing.is_closed else closing.reopened_by
        if "people" not in job.payload:
            await self._split(job, closing, by_id, now)
            return None
        everybody = {each.id: each for each in await self._uow.employees.of_portal(job.portal_id)}
        people = [everybody[each] for each in job.payload["people"] if each in everybody]
        awake = [each for each in people if is_daytime(now.astimezone(ZoneInfo(each.zone)))]
        asleep: dict[str, list[int]] = {}
        for each in people:
            if each not in awake:
                asleep.setdefault(each.zone, []).append(each.id)
        for zone, ids in asleep.items():
            self._job(job.portal_id, f"{job.key}:{zone}", _morning(now, zone), {**job.payload, "people": ids})
        return Told(awake, closing, everybody.get(by_id or 0))

    async def _split(self, job: Job, closing: Closing, by_id: int | None, now: datetime) -> None:
        with_hours = await self._uow.punches.of_people(job.portal_id, closing.first, closing.last)
        here = {each.id for each in await self._uow.employees.of_portal(job.portal_id) if not each.is_disabled}
        ids = sorted((set(with_hours) & here) - {by_id, *job.payload["knows"]})
        for number, begin in enumerate(range(0, len(ids), AT_ONCE)):
            payload = {**job.payload, "people": ids[begin : begin + AT_ONCE]}
            self._job(job.portal_id, str(number), now + _PAUSE * number, payload)

    def _job(self, portal_id: int, part: str, at: datetime, payload: Mapping[str, Any]) -> None:
        key = f"{payload['closing']}:{payload['is_closed']}:{part}"
        self._uow.jobs.add(Job(new_id(), portal_id, PERIOD_NEWS, key, at, payload))


def _morning(now: datetime, zone: str) -> datetime:
    """Return the next morning in a zone."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days=local.time() >= DAYTIME[0])
    return datetime.combine(day, _MORNING, local.tzinfo).astimezone(UTC)
