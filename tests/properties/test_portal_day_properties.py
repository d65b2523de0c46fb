"""The portal's day and ours, each pressed as people please: in the end nothing is due, and our log is our own."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.bitrix24.workdays import day_time, read_day
from bot.clock import MovableClock
from bot.domain.workday.portal_day import SAME, OwnDay, PortalDay, Standing, own_day
from bot.domain.workday.portal_marks import PortalMark, marks_between, remembered
from bot.domain.workday.portal_steps import MOST_STEPS, next_step
from bot.domain.workday.punch_log import DayState, Punch, PunchKind, derive, is_legal, standing, state_at
from bot.sandbox.companies import COMPANIES
from bot.sandbox.portal.errors import RestError
from bot.sandbox.portal.roster import Account
from bot.sandbox.portal.rows import Rows
from bot.sandbox.portal.timeman import Timeman
from bot.sandbox.world import World

NINE = datetime(2026, 8, 21, 6, 0, tzinfo=UTC)
ZONE = "Europe/Moscow"
KINDS = {
    "came": PunchKind.IN,
    "lunch": PunchKind.BREAK_START,
    "back": PunchKind.BREAK_END,
    "left": PunchKind.OUT,
}
SAID = {DayState.WORK: Standing.OPENED, DayState.BREAK: Standing.PAUSED, DayState.OFF: Standing.CLOSED}


@dataclass
class Both:
    """A person with a chat and a portal, and what lies between the two."""

    clock: MovableClock
    timeman: Timeman
    account: Account
    log: list[Punch] = field(default_factory=list)
    seen: PortalDay | None = None
    seen_at: datetime = NINE
    own: OwnDay | None = None
    calls: int = 0

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.clock.now()

    @property
    def theirs(self) -> PortalDay:
        """The portal's day as it tells it."""
        found = read_day(self.timeman.form(self.timeman.last(self.account)))
        assert found is not None
        return found

    @property
    def ours(self) -> OwnDay:
        """Our day as it is."""
        own = own_day(self.log, derive(self.log), ZONE, self.now)
        return replace(own, was=self.own.state) if self.own else own

    def mark(self, kind: PunchKind, at: datetime, event: str) -> bool:
        """Put a mark into the log, if it changes anything."""
        state, _ = state_at(self.log, at)
        if any(each.event == event for each in self.log) or not is_legal(state, kind):
            return False
        if kind is PunchKind.IN and state is not DayState.OFF:
            return False
        self.log.append(Punch(len(self.log) + 1, kind, at, self.now, ZONE, event=event))
        return True

    def says(self, what: str) -> None:
        """Say something in the chat."""
        if self.mark(KINDS[what], self.now, f"chat:{len(self.log)}"):
            self.writes()

    def presses(self, what: str) -> None:
        """Press the portal's button, as far as it is there."""
        with suppress(RestError):
            getattr(self.timeman, what)(*((self.account,) if what == "pause" else (self.account, None, "")))

    def writes(self) -> None:
        """Have the portal's day follow ours, as an errand does."""
        own, looked = self.ours, self.theirs
        if own.is_like(self.own):
            return
        self.own = own
        for _ in range(MOST_STEPS + 1):
            step = next_step(own, self.theirs, self.now)
            if step is None:
                break
            self.calls += 1
            at = datetime.fromisoformat(day_time(step.at, looked.offset)) if step.at else None
            call = getattr(self.timeman, step.do)
            call(*((self.account,) if step.do == "pause" else (self.account, at, "because")))
            assert step.then is self.theirs.standing
        else:
            raise AssertionError("there is no end of it")
        self.take(looked)
        self.seen, self.seen_at = remembered(self.seen, self.theirs), self.now
        self.own = own
        self.writes()  # what was done there before may be another end than the one that was written

    def looks(self) -> int:
        """Look at the portal's day, and mark what was done there."""
        return self.take(self.theirs)

    def take(self, day: PortalDay) -> int:
        """Mark what was done on the portal until then."""
        _, session = standing(derive(self.log))
        rest = session.running_break if session else None
        since = rest.started_at if rest else None
        found = marks_between(self.seen, self.seen_at, day, self.now, resting_since=since)
        made = [self.mark(each.kind, each.at, each.event) for each in found if isinstance(each, PortalMark)]
        if any(made):
            self.own = self.ours
        self.seen, self.seen_at = remembered(self.seen, day), self.now
        return sum(made)


@contextmanager
def both() -> Iterator[Both]:
    """A morning at nine, before anybody has pressed anything."""
    world = World(MovableClock(NINE), companies=COMPANIES)
    timeman = Timeman(world, Rows(world.db, "main"))
    try:
        person = Both(world.clock, timeman, Account(3, "Anna", "Kim", ZONE))
        person.looks()
        yield person
    finally:
        world.close()


ACTS = st.one_of(
    st.tuples(st.just("says"), st.sampled_from(sorted(KINDS))),
    st.tuples(st.just("presses"), st.sampled_from(["open", "pause", "close"])),
    st.tuples(st.just("waits"), st.integers(1, 90)),
    st.tuples(st.just("looks"), st.none()),
)


def play(person: Both, acts: list[tuple[str, Any]]) -> None:
    """Do one thing after another, none within a second of another."""
    for what, value in acts:
        person.clock.move_to(person.now + timedelta(seconds=1))
        match what:
            case "waits":
                person.clock.move_to(person.now + timedelta(minutes=value))
            case "looks":
                person.looks()
            case _:
                getattr(person, what)(value)


@given(st.lists(ACTS, max_size=14))
def test_it_comes_to_rest(acts: list[tuple[str, Any]]) -> None:
    """After both have looked once more, neither has anything to do: nothing is marked, nothing is called."""
    with both() as person:
        play(person, acts)
        person.looks()
        person.writes()
        person.clock.move_to(person.now + timedelta(minutes=1))
        calls = person.calls
        for _ in range(3):
            assert 0 == person.looks()
            person.writes()
            person.clock.move_to(person.now + timedelta(minutes=1))
        assert calls == person.calls


@given(st.lists(ACTS, max_size=14))
def test_both_stand_alike(acts: list[tuple[str, Any]]) -> None:
    """While a day is not over, whoever is at work, on a break or gone is so on both sides."""
    with both() as person:
        play(person, acts)
        person.looks()
        person.writes()
        if person.theirs.standing is not Standing.EXPIRED and person.theirs.is_of(person.now):
            assert SAID[person.ours.state] is person.theirs.standing


@given(st.lists(ACTS, max_size=14))
def test_nothing_is_taken_from_the_log(acts: list[tuple[str, Any]]) -> None:
    """Whatever the portal does, what was marked in the chat stays as it was; a mark of the portal comes once."""
    with both() as person:
        for act in acts:
            before = list(person.log)
            play(person, [act])
            assert before == person.log[: len(before)]
            assert len({each.event for each in person.log}) == len(person.log)


@given(st.lists(st.tuples(st.sampled_from(["pause", "open"]), st.integers(2, 30)), max_size=8))
def test_breaks_are_as_long_as_there(presses: list[tuple[str, int]]) -> None:
    """Breaks by the portal's button are as long with us, to the second, when they are seen to begin."""
    with both() as person:
        person.presses("open")
        person.looks()
        for press, minutes in [*presses, ("open", 1)]:
            person.presses(press)
            person.clock.move_to(person.now + timedelta(seconds=40))
            person.looks()
            person.clock.move_to(person.now + timedelta(minutes=minutes))
        person.presses("close")
        person.looks()
        (session,) = derive(person.log)
        short = timedelta(seconds=40) * len(presses)
        assert abs(session.on_break(person.now) - person.theirs.leaks) <= short + SAME
