"""The course of a request on its route: one pure function from a state and an event to the next state.

It knows no clock but the event's `at`: what fell due by then is carried out first, each at its own instant. What it
does not take changes nothing, and it says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.approvals.answering import answer, remark, undo
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.event import Do, Event, RefusalCode
from bot.domain.approvals.handing import delegate, dismiss, replace_holder
from bot.domain.approvals.not_taken import NotTaken
from bot.domain.approvals.people import PersonId, Structure
from bot.domain.approvals.policy import Effect, Ending
from bot.domain.approvals.progress import Progress
from bot.domain.approvals.route import ApprovalRoute
from bot.domain.approvals.rule import Verdict
from bot.domain.approvals.running import Running, copied
from bot.domain.approvals.timers import run_timers, unreached
from bot.domain.approvals.values import revision


@dataclass(frozen=True, slots=True)
class Stepped:
    """What came of an event: the request after it, why it was refused if it was, and what is to be done now."""

    running: Running
    refusal: RefusalCode | None = None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A route, the people and the clock that its requests go by."""

    route: ApprovalRoute
    structure: Structure
    reckoning: Reckoning

    def step(self, running: Running, event: Event) -> Stepped:
        """Return what comes of an event. An instant before the last one counts as that one."""
        at = max(event.at, running.now)
        progress = Progress(self.route, self.structure, self.reckoning, copied(running))
        run_timers(progress, at)
        progress.change(now=at)
        try:
            self._check(progress, event)
            _DOES[event.do](progress, event)
        except NotTaken as refused:  # always before anything was changed
            return Stepped(progress.running, refused.code, progress.effects)
        run_timers(progress, at)
        return Stepped(progress.running, None, progress.effects)

    def _check(self, progress: Progress, event: Event) -> None:
        """Refuse what is refused whatever the event is about."""
        running = progress.running
        if running.status == "draft" and event.do not in {"start", "tick"}:
            raise NotTaken("not_started")
        if not all(person is not None and self.structure.knows(person) for person in event.named):
            raise NotTaken("unknown_person")
        if event.do == "start" and running.status != "draft":
            raise NotTaken("not_allowed")
        if running.has_ended and event.do not in {"tick", "undo"}:
            raise NotTaken("expired" if running.ended_by_clock else "already_decided")
        if event.by is not None and not progress.seating.is_active(event.by):
            raise NotTaken("not_allowed")

    def asked(self, running: Running) -> tuple[PersonId, ...]:
        """Return who may answer now, numbers first."""
        if running.stage is None or running.stage.settles_at is not None:
            return ()
        progress = Progress(self.route, self.structure, self.reckoning, running)
        undecided = [progress.verdict(number) is None for number in range(len(running.stage.tracks))]
        people = {
            holder
            for place, seat in progress.seats()
            if undecided[place.track] and seat.ballot is None and progress.is_next(place)
            for holder in seat.holders
            if progress.seating.is_active(holder)
        }
        return tuple(sorted(people, key=lambda each: (isinstance(each, str), each)))


def tally(running: Running) -> dict[str, tuple[int, int, int]]:
    """Return for each track of the open stage how many approved, rejected and have not answered."""
    counted: dict[str, tuple[int, int, int]] = {}
    for track in () if running.stage is None else running.stage.tracks:
        verdicts = [seat.ballot.verdict for seat in track.seats if seat.ballot is not None]
        approved = verdicts.count(Verdict.APPROVED)
        counted[track.id] = (approved, len(verdicts) - approved, len(track.seats) - len(verdicts))
    return counted


def due(running: Running) -> datetime | None:
    """Return the deadline of the open stage or of the rework."""
    return running.rework_due if running.stage is None else running.stage.due_at


def reminders(running: Running) -> tuple[datetime, ...]:
    """Return the reminders still to come for the present deadline."""
    return () if running.stage is None else tuple(at for at in running.stage.reminders if at > running.now)


def _start(progress: Progress, event: Event) -> None:
    progress.start(_by(event), dict(event.subject or {}))


def _tick(_: Progress, __: Event) -> None:
    """Time alone has passed."""


def _withdraw(progress: Progress, event: Event) -> None:
    running = progress.running
    decided = running.was_returned or running.voted or any(seat.ballot for _, seat in progress.seats())
    policy = progress.route.policy.withdraw
    if event.by != running.initiator or policy == "never" or (policy == "until_first_decision" and decided):
        raise NotTaken("not_allowed")
    progress.end("withdrawn")


def _resubmit(progress: Progress, event: Event) -> None:
    running = progress.running
    if event.by != running.initiator or running.status != "rework":
        raise NotTaken("not_allowed")
    _merge(progress, event.subject or {})
    progress.resubmit()


def _change(progress: Progress, event: Event) -> None:
    running = progress.running
    subject, seen = event.subject or {}, running.revision
    if event.by is not None and event.by not in running.authors:
        progress.change(authors=(*running.authors, event.by))
    _merge(progress, subject)
    differs = seen != progress.running.revision
    if differs and running.status == "pending" and progress.route.policy.on_change == "rework":
        progress.send_back()


def _merge(progress: Progress, changed: Mapping[str, object]) -> None:
    if changed:
        subject = {**progress.running.subject, **changed}
        progress.change(subject=subject, revision=revision(subject, progress.route.policy.watch))


def _dismiss(progress: Progress, event: Event) -> None:
    if event.person is not None:
        dismiss(progress, event.person)


def _unreached(progress: Progress, event: Event) -> None:
    if event.person is not None:
        unreached(progress, event.person)


def _outside(progress: Progress, event: Event) -> None:
    ending = _ENDINGS.get(event.ending)
    if ending is None:
        raise NotTaken("not_allowed")
    progress.end(ending)


def _by(event: Event) -> PersonId:
    if event.by is None:
        raise NotTaken("unknown_person")
    return event.by


def _personal(work: Callable[[Progress, Event, PersonId], None]) -> Callable[[Progress, Event], None]:
    """Let what somebody does be done only by somebody."""
    return lambda progress, event: work(progress, event, _by(event))


_ENDINGS: dict[str, Ending] = {each: each for each in ("approved", "rejected", "withdrawn", "failed")}
_DOES: dict[Do, Callable[[Progress, Event], None]] = {
    "start": _start,
    "approve": _personal(answer),
    "reject": _personal(answer),
    "return": _personal(answer),
    "comment": _personal(remark),
    "ask": _personal(remark),
    "delegate": _personal(delegate),
    "undo": _personal(undo),
    "resubmit": _resubmit,
    "change": _change,
    "withdraw": _withdraw,
    "replace": _personal(replace_holder),
    "dismiss": _dismiss,
    "unreached": _unreached,
    "outside": _outside,
    "tick": _tick,
}
