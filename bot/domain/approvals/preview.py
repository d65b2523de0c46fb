"""Who would be asked: a request that is played to its end, everybody approving, by the code that runs real ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.approvals.condition import holds
from bot.domain.approvals.course import Course, due
from bot.domain.approvals.event import Event
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.running import Running, Seat
from bot.domain.approvals.stage import Stage

_MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class SeenTrack:
    """Who would be asked in one track: for each seat who was named, and who answers."""

    id: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class SeenStage:
    """A stage that would open: its people, and until when they could answer."""

    stage: Stage
    opens_at: datetime
    due_at: datetime
    tracks: tuple[SeenTrack, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a request would meet if everybody approved at once."""

    stages: tuple[SeenStage, ...]
    passed: tuple[Stage, ...]
    """Stages that this request does not need."""
    failed: Stage | None = None
    """The stage for which there is nobody to ask."""


def preview(course: Course, initiator: PersonId, subject: Mapping[str, Any], at: datetime) -> Preview:
    """Play a request of somebody about a subject."""
    running = course.step(Running(), Event(at, "start", by=initiator, subject=dict(subject))).running
    seen: list[SeenStage] = []
    for _ in range(_MOST_STEPS):
        if running.stage is None or running.has_ended:
            break
        stage = course.route.stages[running.stage.number]
        if not seen or seen[-1].stage is not stage:
            tracks = tuple(SeenTrack(each.id, each.seats) for each in running.stage.tracks)
            seen.append(SeenStage(stage, running.now, due(running) or running.now, tracks))
        running = _on(course, running)
    opened = {each.stage.id for each in seen}
    left = [each for each in course.route.stages if each.id not in opened]
    needed = [each for each in left if each.when is None or holds(each.when, subject, subject)]
    failed = needed[0] if running.status == "failed" and needed else None
    return Preview(tuple(seen), tuple(each for each in left if each not in needed), failed)


def _on(course: Course, running: Running) -> Running:
    """Let the next person approve, or the clock go on to where the stage settles, or to its deadline."""
    stage = running.stage
    if stage is None:
        return running
    if stage.settles_at is not None:
        return course.step(running, Event(stage.settles_at, "tick")).running
    for person in course.asked(running):
        event = Event(running.now, "approve", by=person, reason="-")
        stepped = course.step(running, event)
        if stepped.refusal is None:
            return stepped.running
    return course.step(running, Event(stage.due_at, "tick")).running
