"""A request tried on a template: who would be asked and why, what is passed over, and when each deadline would fall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.approvals.course import Course
from bot.domain.approvals.event import Event
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.preview import Preview, SeenStage, preview
from bot.domain.approvals.running import Running
from bot.domain.approvals.seating import Seating
from bot.domain.approvals.stage import Escalation, Track
from bot.domain.approvals.who import Who


@dataclass(frozen=True, slots=True)
class Step:
    """What happens when a deadline passes without an answer: somebody else is asked, or it is over."""

    at: datetime
    escalation: Escalation | None
    """None where the stage is over then."""
    people: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """What a request would meet, with the reasons."""

    preview: Preview
    why: Mapping[tuple[str, str, PersonId], Who]
    """By stage, track and who was named for a seat: what of the template means them; not of whom is asked instead."""
    steps: Mapping[str, tuple[Step, ...]]
    """By stage, what would happen if nobody answered."""


def trial(course: Course, initiator: PersonId, subject: Mapping[str, Any], at: datetime) -> Trial:
    """Try a request by the code that runs real ones."""
    seen = preview(course, initiator, subject, at)
    begun = course.step(Running(), Event(at, "start", by=initiator, subject=dict(subject))).running
    seating = Seating(course.route, course.structure, begun)
    why: dict[tuple[str, str, PersonId], Who] = {}
    for each in seen.stages:
        for track in each.stage.tracks:
            why |= {(each.stage.id, track.id, person): who for person, who in _meant(seating, track).items()}
    steps = {each.stage.id: tuple(_steps(course, seating, each)) for each in seen.stages}
    return Trial(seen, why, steps)


def _meant(seating: Seating, track: Track) -> dict[PersonId, Who]:
    found: dict[PersonId, Who] = {}
    for who in track.approvers:
        for person in seating.resolve([who]):
            found.setdefault(person, who)
    return found


def _steps(course: Course, seating: Seating, seen: SeenStage) -> list[Step]:
    due, steps = seen.due_at, []
    for each in seen.stage.deadline.escalate:
        steps.append(Step(due, each, seating.resolve(each.to)))
        due = course.reckoning.after(due, each.extend)
    return [*steps, Step(due, None)]
