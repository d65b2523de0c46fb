"""The built-in routes: valid, without warnings, and what a request about a matter does is what their course says."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.approvals.built_in import ADMINISTRATORS, LONGEST_DAYS, built_in, key_of, route_of
from bot.domain.approvals.course import Course
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.event import Event
from bot.domain.approvals.lint import warnings
from bot.domain.approvals.matter import Asks, CorrectionMatter, Matter, ReopenMatter
from bot.domain.approvals.people import Company, Person
from bot.domain.approvals.reading import Read, read
from bot.domain.approvals.refusals import ApprovalRefusal
from bot.domain.approvals.request import UNDO_WITHIN, ApprovalRequest
from bot.domain.approvals.rule import Verdict
from bot.domain.approvals.running import Running
from bot.domain.approvals.sentences import sentences
from tests.properties.strategies import EXAMPLES
from tests.unit.domain.asking import ASKED_AT, DEPUTY, LEAD, REQUESTER, STRANGER, asked

KINDS = get_args(Matter)
RECKONING = Reckoning(ZoneInfo("UTC"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_matter_has_its_route(kind: type[Matter]) -> None:
    """It reads back as any file would, nothing in it is likely a mistake, and it is told in sentences."""
    template = built_in()[key_of(kind.kind)]
    again = read(template.model_dump(mode="json", by_alias=True))
    assert template == again.template
    assert route_of(kind.kind) == template.route
    assert () == warnings(Read(template.route, template))
    assert 5 <= len(sentences(template.route))
    assert len(KINDS) == len(built_in())


@pytest.mark.parametrize("kind", KINDS)
def test_the_route_says_whom_the_matter_is_put_before(kind: type[Matter]) -> None:
    """The lead and then the administrators; what administrators closed, they alone."""
    (stage,) = route_of(kind.kind).stages
    (track,) = stage.tracks
    named = {"by": "group", "name": ADMINISTRATORS}
    dumped = [each.model_dump(mode="json") for each in (*track.approvers, *stage.fallback)]
    if kind.asks is Asks.ADMINISTRATORS:
        assert [named] == dumped
    else:
        assert [{"by": "head_of", "of": "initiator", "level": 1}, named] == dumped


def test_thirty_seconds_and_a_year() -> None:
    """What people are told of undoing is what the route says; nothing waits longer than any route may."""
    for each in built_in().values():
        assert timedelta(seconds=each.route.policy.undo_seconds) == UNDO_WITHIN == timedelta(seconds=30)
        assert f"{LONGEST_DAYS}d" == each.route.hard_limit


# What a request does is what its course says

LED = Company({each: Person(each, head=LEAD if each == REQUESTER else None) for each in (1, 2, 3, 4)})
STEERED = Company({each: Person(each) for each in (1, 2, 3, 4)}, {}, {ADMINISTRATORS: (LEAD, DEPUTY)})
DOES = st.tuples(
    st.sampled_from(["approve", "reject", "undo", "withdraw"]),
    st.sampled_from([REQUESTER, LEAD, DEPUTY, STRANGER]),
    st.sampled_from([0.5, 3.25, 12.125, 29.75, 31.5, 4000.0]),
)


def done(request: ApprovalRequest, do: str, by: int, at: datetime) -> ApprovalRequest:
    """Do to a request what an event says."""
    if request.settles_at is not None and request.settles_at <= at:
        request = request.settle(at)
    does: dict[str, Callable[[], ApprovalRequest]] = {
        "approve": lambda: request.cast(by, Verdict.APPROVED, at, "because"),
        "reject": lambda: request.cast(by, Verdict.REJECTED, at, "because"),
        "undo": lambda: request.undo(by, at),
        "withdraw": lambda: request.withdraw(by, at),
    }
    try:
        return does[do]()
    except ApprovalRefusal:
        return request


def standing(running: Running) -> tuple[str, datetime | None]:
    """Return where a request on a route stands, in the words of requests about matters, and when it settles."""
    stage = running.stage
    if stage is None or stage.outcome is None:
        return running.status, None
    return stage.outcome, stage.settles_at


def compared(course: Course, request: ApprovalRequest, events: list[Any], *, undos: int) -> None:
    """Play the same on both, and check that they stand alike after each event; so many undos are played."""
    running = course.step(Running(), Event(ASKED_AT, "start", by=REQUESTER)).running
    at = ASKED_AT
    for do, by, later in events:
        at += timedelta(seconds=later)
        if at == request.settles_at:  # the thirtieth second: who presses in it is still taken at their word
            continue
        undos -= do == "undo"
        if undos < 0 and do == "undo":
            continue
        stepped = course.step(running, Event(at, do, by=by, reason="because"))
        is_settled = request.settles_at is not None and request.settles_at < at
        before, request, running = request, done(request, do, by, at), stepped.running
        assert request.version - before.version == is_settled + (stepped.refusal is None), (do, by)
        assert standing(running) == (request.state.value, request.settles_at)
        assert running.has_ended == (request.settled_at is not None)
        if not running.has_ended and request.is_open:
            assert set(request.holders) == set(course.asked(running))


@settings(max_examples=max(EXAMPLES, 200), deadline=None)
@given(st.lists(DOES, max_size=12))
def test_a_lead_decides_as_the_course_says(events: list[Any]) -> None:
    """Whatever anybody does, in whatever order and at whatever time: the same outcome, settling at the same instant."""
    compared(Course(route_of(CorrectionMatter.kind), LED, RECKONING), asked(LEAD), events, undos=99)


@settings(max_examples=max(EXAMPLES, 200), deadline=None)
@given(st.lists(DOES, max_size=12))
def test_administrators_decide_as_the_course_says(events: list[Any]) -> None:
    """They share one seat and so one undo; all else is as if each had their own."""
    course = Course(route_of(ReopenMatter.kind), STEERED, RECKONING)
    compared(course, asked(LEAD, DEPUTY), events, undos=1)
