"""Whatever order marks arrive in, the hours are those of the order in which they were made (case 15)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Refusal
from bot.domain.people.employee import Employee
from bot.domain.workday.moment import Moment
from bot.domain.workday.punch_log import IDLE, Punch, PunchKind, WorkSession, derive, live
from bot.ports import Log
from bot.services.workday.time_clock import TimeClock
from tests.properties.strategies import BEGIN, KINDS, PATIENT, instant, spans

ANNA = Employee(7, 1, "Анна Ким", zone="Europe/Moscow")
Said = tuple[PunchKind, int]
"""What was said, and the second of it."""


class Memory:
    """The log of one person, kept in memory."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.punches_kept: list[Punch] = []

    async def log(self, employee: Employee, since: object) -> Log:
        """Return all of it."""
        found = tuple(sorted(self.punches_kept, key=lambda each: (each.at, each.id)))
        return Log(BEGIN, found, tuple(derive(found)))

    def add(self, employee: Employee, punches: Sequence[Punch], log: Log, sessions: Sequence[WorkSession]) -> None:
        """Keep new ones; an event counts once."""
        assert not {each.event for each in punches} & {each.event for each in self.punches_kept}
        self.punches_kept += punches


async def told(day: Sequence[Said]) -> list[Punch]:
    """Let marks arrive in the order given, a second apart and after all were made; return the log."""
    memory: Any = Memory()
    clock = TimeClock(SimpleNamespace(punches=memory, events=[]))  # type: ignore[arg-type]
    deeds = dict(zip(KINDS, (clock.check_in, clock.start_break, clock.end_break, clock.check_out), strict=True))
    for number, (kind, second) in enumerate(day):
        at = BEGIN + timedelta(seconds=second)
        moment = Moment(at, instant(600) + timedelta(seconds=number), ANNA.zone, "telegram", f"telegram:{second}")
        try:
            await deeds[kind](ANNA, moment)
        except Refusal as refusal:
            await clock.remember(ANNA, refusal, at)
    return list(memory.punches_kept)


said = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 4 * 3600)), max_size=9, unique_by=lambda each: each[1])


@PATIENT
@given(said, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_hours(day: list[Said], random: Any) -> None:
    """Refused or not when it came, each mark is judged by its own time; so are those that arrived before it."""
    right = asyncio.run(told(sorted(day, key=lambda each: each[1])))
    random.shuffle(day)
    assert spans(derive(right)) == spans(derive(asyncio.run(told(day))))


@PATIENT
@given(said)
def test_what_changes_nothing_is_kept_and_counts_for_nothing(day: list[Said]) -> None:
    """In the right order an idle mark is in the log and in no session; each word of a person is there once."""
    log = asyncio.run(told(sorted(day, key=lambda each: each[1])))
    assert sorted(second for _, second in day) == sorted(int(each.event.split(":")[1]) for each in log)
    assert derive(log) == derive([each for each in log if each.mark != IDLE])
    assert not [each for each in live(log) if each.mark == IDLE]
