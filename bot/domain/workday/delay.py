"""Delays: what a person said about coming later on a date. The last word counts, and no other date is touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

UNSAID = timedelta(hours=1)
"""Who did not say until when is expected so long after the start of the shift."""


@dataclass(frozen=True, slots=True)
class Delay:
    """That a person said they come later on a day; `until` is None where they did not know when."""

    portal_id: int
    employee_id: int
    day: date
    until: datetime | None
    said_at: datetime

    def expected(self, begins: datetime) -> datetime:
        """Return when the person is expected, on a shift that begins then."""
        return self.until if self.until is not None else max(begins, self.said_at) + UNSAID


def by_person(delays: Iterable[Delay]) -> Mapping[int, Sequence[Delay]]:
    """Return the delays of each person."""
    found: dict[int, list[Delay]] = {}
    for each in delays:
        found.setdefault(each.employee_id, []).append(each)
    return found


def delayed_until(begins: datetime | None, late_by: timedelta, now: datetime) -> datetime:
    """Return when somebody comes who is late by so much: after the start of the shift, else from now on.

    «Опоздаю на 20 минут» at 8:40 and at 9:05 both mean 9:20; said at 9:30 it can only mean 9:50.
    """
    if begins is None or begins + late_by <= now:
        return now + late_by
    return begins + late_by
