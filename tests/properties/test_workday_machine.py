"""A person's days as they happen: marks, late marks, slips taken back, repeated and reordered deliveries.

The model is a picture of time in minutes, painted by a small table of transitions; the sessions must match it.
"""

import random
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.workday.punch_log import Break, Punch, PunchKind, WorkSession, derive, is_legal, live, state_at
from bot.domain.workday.timesheet import day_total, week_of
from tests.properties.strategies import EXAMPLES, FOLLOWS, KINDS, ZONES, instant

TABLE = {"off": {"in"}, "work": {"break", "out"}, "break": {"back", "in", "out"}}
MINUTE = timedelta(minutes=1)


class Days(RuleBasedStateMachine):
    """One person's log beside the picture of what they did."""

    @initialize(zone=st.sampled_from(ZONES))
    def begin(self, zone: str) -> None:
        """Begin with an empty log."""
        self.zone = zone
        self.now = 0
        self.log: list[Punch] = []
        self.told: dict[int, tuple[str, int]] = {}

    def mark(self, kind: PunchKind, minute: int) -> None:
        """Tell a mark, to the log and to the model; at each minute there is one mark only."""
        if minute in {when for _, when in self.told.values()}:
            return
        number = len(self.log) + 1
        self.log.append(Punch(number, kind, instant(minute), instant(self.now), self.zone, event=f"m{number}"))
        self.told[number] = (kind.value, minute)

    def picture(self) -> list[str]:
        """Paint the state of each minute; "begin" where a session begins."""
        at = {minute: kind for kind, minute in self.told.values()}
        state, painted = "off", []
        for minute in range(self.now + 1):
            begins = False
            kind = at.get(minute)
            if kind in TABLE[state]:
                begins = state == "off"
                state = FOLLOWS[kind]
            painted.append("begin" if begins else state)
        return painted

    @rule(kind=st.sampled_from(KINDS), later=st.integers(1, 240))
    def live_mark(self, kind: PunchKind, later: int) -> None:
        """The person says something now."""
        self.now += later
        self.mark(kind, self.now)

    @rule(kind=st.sampled_from(KINDS), ago=st.integers(1, 600))
    def late_mark(self, kind: PunchKind, ago: int) -> None:
        """A message arrives late: it counts for when it was written (cases 15 and 17)."""
        if ago <= self.now:
            self.mark(kind, self.now - ago)

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        """A mark is taken back by a void (case 44)."""
        number = data.draw(st.sampled_from(sorted(self.told)))
        gone = next(punch for punch in self.log if punch.id == number)
        self.log.append(Punch(len(self.log) + 1, PunchKind.VOID, gone.at, instant(self.now), self.zone, target=number))
        del self.told[number]

    @rule(seed=st.integers(0, 10**6))
    def repeated_and_reordered(self, seed: int) -> None:
        """Every delivery comes again, in another order: nothing changes (cases 13 and 16)."""
        before = derive(self.log)
        told = [*self.log, *self.log]
        random.Random(seed).shuffle(told)
        assert derive(told) == before

    @rule(later=st.integers(1, 2000))
    def time_passes(self, later: int) -> None:
        """The clock moves and nobody says anything."""
        self.now += later

    @invariant()
    def the_state_is_that_of_the_picture(self) -> None:
        """Now, and at any minute before, what is legal follows from it."""
        painted = self.picture()
        for minute in {self.now, self.now // 2, max(self.now - 1, 0)}:
            state = "work" if painted[minute] == "begin" else painted[minute]
            found, session = state_at(self.log, instant(minute))
            assert found.value == state
            assert (session is not None) == (state != "off")
            assert {kind.value for kind in KINDS if is_legal(found, kind)} == TABLE[state]

    @invariant()
    def the_sessions_are_those_of_the_picture(self) -> None:
        """Beginnings, ends, breaks and sums, to the minute."""
        painted = self.picture()
        sessions = derive(self.log)
        until = instant(self.now)
        assert [(each.started_at, each.ended_at, each.breaks) for each in sessions] == drawn(painted)
        # The last minute painted has not passed yet.
        passed = painted[:-1]
        worked = sum((each.worked(until) for each in sessions), timedelta())
        on_break = sum((each.on_break(until) for each in sessions), timedelta())
        assert worked == MINUTE * sum(state in ("work", "begin") for state in passed)
        assert on_break == MINUTE * sum(state == "break" for state in passed)
        assert whole(sessions, until) == worked

    @invariant()
    def at_most_one_session_is_open_and_the_log_only_grows(self) -> None:
        """Whatever happened."""
        assert sum(each.is_open for each in derive(self.log)) <= 1
        assert [punch.id for punch in self.log] == list(range(1, len(self.log) + 1))
        assert {punch.id for punch in live(self.log)} == set(self.told)


def whole(sessions: list[WorkSession], until: datetime) -> timedelta:
    """Return the sum of all the weeks that have work."""
    mondays = {week_of(each.work_date)[0] for each in sessions}
    days = [monday + timedelta(days=number) for monday in mondays for number in range(7)]
    return sum((day_total(sessions, day, until).worked for day in days), timedelta())


def drawn(painted: list[str]) -> list[tuple[object, object, tuple[Break, ...]]]:
    """Read sessions off the picture: where they begin and end, and the breaks inside."""
    sessions: list[tuple[object, object, tuple[Break, ...]]] = []
    start: int | None = None
    pause: int | None = None
    breaks: list[Break] = []
    for minute, state in enumerate(painted):
        if state == "begin":
            start, pause, breaks = minute, None, []
        if start is None:
            continue
        if pause is not None and state != "break":
            breaks.append(Break(instant(pause), instant(minute)))
            pause = None
        if pause is None and state == "break":
            pause = minute
        if state == "off":
            sessions.append((instant(start), instant(minute), tuple(breaks)))
            start = None
    if start is not None:
        if pause is not None:
            breaks.append(Break(instant(pause)))
        sessions.append((instant(start), None, tuple(breaks)))
    return sessions


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=max(EXAMPLES // 3, 25), stateful_step_count=30, deadline=None)
