"""Looking at the portal's working days: what an answer means, and who is asked about when."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.bitrix24.client import BATCH_LIMIT, BatchAnswer, Call
from bot.channels.bitrix24.errors import RestError
from bot.channels.bitrix24.workdays import EVERY, MOST, WorkdayRound, day_time, read_day
from bot.clock import MovableClock
from bot.domain.workday.portal_day import PortalDay, Standing
from bot.ports import DayAsked, DayShown

NOW = datetime(2026, 8, 21, 7, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("answer", "day"),
    [
        ({"STATUS": "CLOSED"}, PortalDay(Standing.CLOSED)),
        (
            {
                "STATUS": "PAUSED",
                "TIME_START": "2026-08-21T09:01:00+03:00",
                "TIME_FINISH": None,
                "TIME_LEAKS": "00:12:30",
                "ACTIVE": True,
                "TZ_OFFSET": 10800,
            },
            PortalDay(
                Standing.PAUSED,
                datetime(2026, 8, 21, 6, 1, tzinfo=UTC),
                None,
                timedelta(minutes=12, seconds=30),
                offset=timedelta(hours=3),
            ),
        ),
        (
            {
                "STATUS": "CLOSED",
                "TIME_START": "2026-08-20T22:00:00-05:00",
                "TIME_FINISH": "2026-08-20T23:00:00-05:00",
                "TIME_LEAKS": "",
                "ACTIVE": "",
                "TZ_OFFSET": "-18000",
                "ID": "17",
            },
            PortalDay(
                Standing.CLOSED,
                datetime(2026, 8, 21, 3, tzinfo=UTC),
                datetime(2026, 8, 21, 4, tzinfo=UTC),
                is_approved=False,
                offset=timedelta(hours=-5),
            ),
        ),
        ({"STATUS": "SLEEPS"}, None),
        ([], None),
        ("<html>", None),
        ({"STATUS": "OPENED", "TIME_START": "soon", "TIME_LEAKS": "lots", "TZ_OFFSET": []}, PortalDay(Standing.OPENED)),
    ],
)
def test_what_an_answer_means(answer: Any, day: PortalDay | None) -> None:
    """All but the status is optional; what is no day is none."""
    assert day == read_day(answer)


def test_a_time_is_written_by_its_own_clock() -> None:
    """With the offset of whose day it is, east or west."""
    assert "2026-08-21T10:00:00+03:00" == day_time(NOW, timedelta(hours=3))
    assert "2026-08-21T03:30:00-03:30" == day_time(NOW, timedelta(hours=-3, minutes=-30))


@dataclass
class Watch:
    """Knows whom to look at, and keeps what it was shown."""

    people: dict[str, list[DayAsked]]
    found: list[DayShown] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    async def asked(self) -> Mapping[str, Sequence[DayAsked]]:
        """Return whom."""
        return self.people

    async def shown(self, realm: str, days: Sequence[DayShown], at: datetime) -> None:
        """Keep it."""
        del realm, at
        self.found.extend(days)

    async def refused(self, realm: str, reason: str) -> None:
        """Keep it."""
        del realm
        self.reasons.append(reason)


@dataclass
class Portals:
    """Answers for all portals."""

    batches: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    refuse: Callable[[str], RestError | None] = lambda _: None
    fail: RestError | None = None
    waits: asyncio.Event | None = None
    is_served: bool = True

    async def run(self, realm: str, commands: Mapping[str, Call]) -> BatchAnswer | None:
        """Answer a batch."""
        if not self.is_served:
            return None
        self.batches.append((realm, tuple(commands)))
        if self.waits is not None and realm == "slow":
            await self.waits.wait()
        if self.fail is not None:
            raise self.fail
        errors = {key: error for key in commands if (error := self.refuse(key))}
        return BatchAnswer({key: {"STATUS": "CLOSED"} for key in commands if key not in errors}, errors)


def people(count: int, every: timedelta = MINUTE, first: int = 1) -> list[DayAsked]:
    """Return so many to be looked at."""
    return [DayAsked(number, str(number), every, 1) for number in range(first, first + count)]


@dataclass
class Played:
    """A round by a clock that tests move."""

    watch: Watch
    portals: Portals
    seconds: float = 0.0
    clock: MovableClock = field(default_factory=lambda: MovableClock(NOW))

    def __post_init__(self) -> None:
        """Put it together."""
        self.round = WorkdayRound(
            self.watch, self.portals.run, self.clock, monotonic=lambda: self.seconds, sleep=asyncio.sleep
        )

    async def look(self, later: timedelta = timedelta()) -> list[tuple[str, int]]:
        """Look once, and return which batches were asked for."""
        self.clock.move_to(self.clock.now() + later)
        before = len(self.portals.batches)
        await self.round.look(self.clock.now())
        for _ in range(20):
            await asyncio.sleep(0)
        return [(realm, len(asked)) for realm, asked in self.portals.batches[before:]]


async def test_each_in_their_own_time() -> None:
    """Who is at work is asked about each minute, who is off rarely; nobody of a portal is nothing asked of it."""
    round_ = Played(Watch({"a": [*people(2), *people(1, 30 * MINUTE, first=3)], "b": []}), Portals())
    assert [("a", 3)] == await round_.look()
    assert [] == await round_.look(timedelta(seconds=59))
    assert [("a", 2)] == await round_.look(timedelta(seconds=1))
    assert [("a", 3)] == await round_.look(29 * MINUTE)


async def test_of_many_each_in_turn() -> None:
    """At most a hundred of a portal at once; the others are next, and nobody is forgotten."""
    round_ = Played(Watch({"a": people(230)}), Portals())
    assert [("a", BATCH_LIMIT)] * 2 == await round_.look()
    assert [("a", BATCH_LIMIT)] * 2 == await round_.look(EVERY)
    await round_.look(EVERY)
    asked = [account for _, accounts in round_.portals.batches for account in accounts]
    assert {str(number) for number in range(1, 231)} == set(asked)
    assert 3 * MOST == len(asked)


async def test_the_same_again_is_not_told() -> None:
    """What is as it was is handed on each ten minutes; what is another is handed on at once."""
    watch, portals = Watch({"a": people(1)}), Portals()
    round_ = Played(watch, portals)
    for _ in range(10):
        await round_.look(MINUTE)
    assert 1 == len(watch.found)
    await round_.look(MINUTE)
    assert 2 == len(watch.found)
    watch.people["a"] = [DayAsked(1, "1", MINUTE, 2)]
    await round_.look(MINUTE)
    assert 3 == len(watch.found)


async def test_how_long_a_day_was_as_it_is_known() -> None:
    """What is told says when it was still the same before, as long as nothing newer is known."""
    watch = Watch({"a": people(1)})
    round_ = Played(watch, Portals())
    for _ in range(11):
        await round_.look(MINUTE)
    assert [None, NOW + 10 * MINUTE] == [each.since for each in watch.found]
    watch.people["a"] = [DayAsked(1, "1", MINUTE, 2)]
    await round_.look(MINUTE)
    assert watch.found[-1].since is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [("HTTP_400", "no_right"), ("HTTP_0", "no_right"), ("INSUFFICIENT_SCOPE", "no_scope"), ("ODD", "odd")],
)
async def test_refusals_are_told_as_such(code: str, reason: str) -> None:
    """A portal that shows nobody's day has a reason, told each ten minutes."""
    watch = Watch({"a": people(2)})
    round_ = Played(watch, Portals(refuse=lambda _: RestError(code)))
    for _ in range(10):
        await round_.look(MINUTE)
    assert ([], [reason]) == (watch.found, watch.reasons)
    await round_.look(MINUTE)
    assert [reason] * 2 == watch.reasons


async def test_one_refusal_says_nothing_of_the_portal() -> None:
    """Who alone is refused, or alone was asked for, may be so for their own sake, however often; so are two reasons."""
    watch, portals = Watch({"a": people(2)}), Portals(refuse=lambda key: RestError("HTTP_400") if key == "2" else None)
    round_ = Played(watch, portals)
    await round_.look()
    assert [PortalDay(Standing.CLOSED)] == [each.day for each in watch.found]
    await round_.look(MINUTE)
    portals.refuse = lambda key: RestError("HTTP_400" if key == "2" else "OPERATION_TIME_LIMIT")
    await round_.look(MINUTE)
    watch.people["a"] = people(1, first=2)
    await round_.look(MINUTE)
    assert [] == watch.reasons


async def test_a_portal_in_trouble_rests() -> None:
    """What does not answer is asked again after a minute, and tells nothing meanwhile."""
    watch, portals = Watch({"a": people(1)}), Portals(fail=RestError("NO_ANSWER"))
    round_ = Played(watch, portals)
    assert [("a", 1)] == await round_.look()
    assert [] == await round_.look(2 * MINUTE)
    round_.seconds, portals.fail = 61.0, None
    assert [("a", 1)] == await round_.look()
    assert 1 == len(watch.found)


async def test_a_slow_portal_keeps_nobody_waiting() -> None:
    """It is not asked again before it has answered; others are."""
    portals = Portals(waits=asyncio.Event())
    round_ = Played(Watch({"slow": people(1), "a": people(1)}), portals)
    assert [("slow", 1), ("a", 1)] == await round_.look()
    assert [("a", 1)] == await round_.look(MINUTE)
    assert portals.waits is not None
    portals.waits.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert [("slow", 1), ("a", 1)] == await round_.look(MINUTE)


async def test_who_is_not_served_is_not_looked_at() -> None:
    """While a portal is not reached, nothing is known of its days."""
    watch, portals = Watch({"a": people(1)}), Portals(is_served=False)
    round_ = Played(watch, portals)
    await round_.look()
    assert [] == watch.found
    portals.is_served = True
    assert [("a", 1)] == await round_.look()
