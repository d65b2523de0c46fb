"""What holds on every route, among all people, whatever happens: the invariants, and that every request ends.

`make series` makes a long series of it.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.approvals.course import Course, Stepped
from bot.domain.approvals.event import Event
from bot.domain.approvals.rule import threshold
from bot.domain.approvals.running import Running, from_json, to_json
from bot.domain.approvals.timers import next_at
from tests.approvals import chance as by_chance
from tests.series import series

EXAMPLES = series(40)
FEW = settings(max_examples=EXAMPLES, deadline=None)
SEEDS = st.integers(0, 2**40)
LOWERS = {"approve", "reject", "return", "delegate", "undo", "resubmit", "withdraw", "replace", "start"}
"""What changes a request whenever it is accepted."""


def ranking(course: Course, running: Running) -> tuple[int, ...]:
    """Return μ: rounds left, whether it is reworked, stages left, escalations left, and what seats can still do."""
    if running.has_ended:
        return (-1,)
    if running.status == "draft":
        return (99,)
    route, stage = course.route, running.stage
    rounds = route.rework.max_rounds - running.round
    people = -len(running.dismissed)
    if stage is None:
        return (rounds, 1, len(route.stages), 0, people)
    potential = people + 20 - stage.replacements
    for track in stage.tracks:
        for seat in track.seats:
            potential += (
                seat.delegations_left + (seat.ballot is None) + 2 * seat.can_undo + (seat.returns_at is not None)
            )
    escalations = len(route.stages[stage.number].deadline.escalate) - stage.escalations
    return (rounds, 0, len(route.stages) - stage.number, escalations, potential)


def check(course: Course, running: Running) -> None:
    """Check what holds in every state."""
    route, forbidden = course.route, course.route.policy.self_approval == "forbid"
    assert running == from_json(to_json(running))
    assert (next_at(running) is None) == (running.has_ended or running.status == "draft")
    assert running.now < (next_at(running) or by_chance.FOR_EVER), "what fell due has been done"
    for stages in route.policy.four_eyes:
        held = [set(running.held.get(stage, ())) for stage in stages]
        assert not any(one & two for number, one in enumerate(held) for two in held[:number]), "I5"
    if running.has_ended:
        assert (None, None) == (running.stage, running.rework_due)
        return
    for number, opened in enumerate(running.stage.tracks if running.stage else ()):
        track = route.stages[running.stage.number].tracks[number]  # type: ignore[union-attr]
        assert None is not threshold(track.rule, len(opened.seats)), "I7"
        voters = [seat.ballot.voter for seat in opened.seats if seat.ballot is not None]
        holders = [holder for seat in opened.seats for holder in seat.holders]
        assert len(voters) == len(set(voters)), "I3"
        assert len(holders) == len(set(holders)), "nobody has two voices in a track"
        assert all(seat.holders for seat in opened.seats)
        if forbidden:
            assert running.initiator not in voters, "I4"
            assert running.initiator not in holders, "I4"


def without_clock(running: Running) -> Running:
    """Return a request without the instant at which it was looked at last."""
    return replace(running, now=by_chance.BEGIN)


def played(seed: int, length: int = 30) -> tuple[Course, list[Event], list[Stepped]]:
    """Play a request by chance; return its events and what came of them."""
    chance = Random(seed)
    course = by_chance.course(chance)
    events, steps = [by_chance.start(chance)], []
    steps.append(course.step(Running(), events[0]))
    at = by_chance.BEGIN
    for _ in range(length):
        running = steps[-1].running
        at = by_chance.later(chance, max(at, running.now) if running.status != "draft" else at)
        events.append(by_chance.event(chance, at, course.asked(running), running))
        steps.append(course.step(running, events[-1]))
    return course, events, steps


@FEW
@given(SEEDS)
def test_invariants(seed: int) -> None:
    """I1–I7: one end, one ballot a seat, one voice a track, nobody on their own, and nothing after the end."""
    course, _, steps = played(seed)
    effects = [each.effects for each in steps if each.effects]
    assert len(effects) == steps[-1].running.has_ended, "I1"
    ended: Running | None = None
    for step in steps:
        check(course, step.running)
        if ended is not None:
            assert without_clock(ended) == without_clock(step.running), "I6"
        ended = step.running if step.running.has_ended else None
    last = steps[-1].running
    if last.status == "approved" and not course.route.policy.auto_approve_on_expiry:
        assert last.ballots, "nothing is approved by silence"


@FEW
@given(SEEDS)
def test_the_ranking_falls(seed: int) -> None:
    """μ falls with every accepted change and never rises; what is refused changes nothing but what was due."""
    course, events, steps = played(seed)
    before = Running()
    for event, step in zip(events, steps, strict=True):
        due = course.step(before, Event(event.at, "tick"))
        if without_clock(due.running) != without_clock(before):
            assert ranking(course, due.running) < ranking(course, before), "what the clock does is done once"
        if step.refusal is not None:
            assert (due.running, due.effects) == (step.running, step.effects)
        elif event.do in LOWERS:
            assert ranking(course, step.running) < ranking(course, due.running), event.do
        else:
            assert ranking(course, step.running) <= ranking(course, due.running), event.do
        before = step.running


@FEW
@given(SEEDS)
def test_every_request_ends(seed: int) -> None:
    """It has ended by its hard limit, whatever happened before; all that fell due was done at its own instant."""
    course, _, steps = played(seed, 8)
    running = steps[-1].running
    if running.status == "draft":
        return
    late = course.step(running, Event(running.hard_at, "tick")).running
    assert late.has_ended
    at = running.now
    while at < late.now:
        at += timedelta(hours=7)
        running = course.step(running, Event(min(at, late.now), "tick")).running
    assert late == running


@FEW
@given(SEEDS)
def test_looking_changes_nothing(seed: int) -> None:
    """I14: however often somebody looks in between, timers fire once, at their own instants."""
    course, events, steps = played(seed)
    running = Running()
    for event, step in zip(events, steps, strict=True):
        if running.status != "draft":
            gap = event.at - running.now
            for part in (0.3, 0.7, 1.0):
                if gap > timedelta(0):
                    running = course.step(running, Event(event.at - gap * (1 - part), "tick")).running
        found: Any = course.step(running, event)
        assert (step.running, step.refusal) == (found.running, found.refusal)
        running = found.running
