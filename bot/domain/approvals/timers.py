"""What the clock does to a request: settling, the hard limit, a principal's return, deadlines and escalations."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from bot.domain.approvals.people import PersonId
from bot.domain.approvals.progress import Place, Progress
from bot.domain.approvals.running import Running
from bot.domain.approvals.seating import has_voice
from bot.domain.approvals.stage import Escalation

_SETTLING, _HARD_LIMIT, _RETURN, _DEADLINE = range(4)


class Timer(NamedTuple):
    """Something that falls due; of those due together the one with the lower rank goes first."""

    at: datetime
    rank: int
    place: Place | None = None


def run_timers(progress: Progress, at: datetime) -> None:
    """Carry out everything due by an instant, each at its own; what is overdue is carried out at once."""
    while not progress.running.has_ended and progress.running.status != "draft":
        timer = min(_timers(progress.running), key=lambda each: each[:2])
        if timer.at > at:
            return
        progress.change(now=timer.at)
        _DOES[timer.rank](progress, timer)


def next_at(running: Running) -> datetime | None:
    """Return when the clock will do something to a request by itself; None before its start and after its end."""
    if running.has_ended or running.status == "draft":
        return None
    return min(timer.at for timer in _timers(running))


def _timers(running: Running) -> Iterator[Timer]:
    now, stage = running.now, running.stage
    yield Timer(max(running.hard_at, now), _HARD_LIMIT)
    if running.rework_due is not None:
        yield Timer(max(running.rework_due, now), _DEADLINE)
    if stage is None:
        return
    if stage.settles_at is None:
        yield Timer(max(stage.due_at, now), _DEADLINE)
    else:
        yield Timer(max(stage.settles_at, now), _SETTLING)
    for number, track in enumerate(stage.tracks):
        for place, seat in enumerate(track.seats):
            if seat.returns_at is not None and seat.ballot is None:
                yield Timer(max(seat.returns_at, now), _RETURN, Place(number, place))


def _settle(progress: Progress, _: Timer) -> None:
    progress.settle()


def _hard_limit(progress: Progress, _: Timer) -> None:
    """A stage that settles does so; what this does not end has expired."""
    if _is_settling(progress):
        progress.settle()
    while _is_settling(progress) and progress.open.settles_at == progress.running.now:
        progress.settle()
    if not progress.running.has_ended:
        progress.by_the_clock(lambda: progress.end("expired"))


def _is_settling(progress: Progress) -> bool:
    stage = progress.running.stage
    return stage is not None and stage.settles_at is not None


def _return(progress: Progress, timer: Timer) -> None:
    """Whose seat a substitute still holds is back; who may not sit by now is not."""
    if timer.place is None:
        return
    seat = progress.seat(timer.place)
    progress.change_seat(timer.place, returns_at=None)
    if seat.substitute in seat.holders and progress.seating.may_sit(seat.principal, progress.stage.id):
        holders = (seat.principal if holder == seat.substitute else holder for holder in seat.holders)
        progress.give(timer.place, holders)


def _deadline(progress: Progress, _: Timer) -> None:
    progress.by_the_clock(lambda: _time_is_up(progress))


def _time_is_up(progress: Progress) -> None:
    if progress.running.stage is None:  # the deadline of a rework
        progress.end("expired")
        return
    deadline, spent = progress.stage.deadline, progress.open.escalations
    if spent < len(deadline.escalate):
        _escalate(progress, deadline.escalate[spent])
        return
    match deadline.on_expire:
        case "reject":
            progress.end("rejected")
        case "expire":
            progress.end("expired")
        case "approve":
            progress.approve_stage(progress.running.revision)
        case "skip":
            progress.skip_stage()


def _escalate(progress: Progress, step: Escalation) -> None:
    """Deal others to the open seats of each track, round and round, and give more time."""
    for number in range(len(progress.open.tracks)):
        if progress.verdict(number) is None:
            _deal(progress, number, step)
    progress.change_stage(escalations=progress.open.escalations + 1)
    progress.set_deadline(progress.reckoning.after(progress.open.due_at, step.extend))


def unreached(progress: Progress, person: PersonId) -> None:
    """Nothing that is written reaches a holder: others are asked now, not at the deadline (E28)."""
    if progress.running.stage is None or _is_settling(progress):
        return
    waits_for = [
        place
        for place, seat in progress.seats()
        if person in seat.holders and seat.ballot is None and progress.verdict(place.track) is None
    ]
    spent, steps = progress.open.escalations, progress.stage.deadline.escalate
    if waits_for and spent < len(steps):
        _escalate(progress, steps[spent])
        return
    for place in waits_for:
        seat = progress.seat(place)
        successor = progress.seating.successor(person, progress.stage, progress.open.tracks[place.track])
        if seat.holders == (person,) and successor is not None:
            progress.give(place, (person, successor))


def _deal(progress: Progress, number: int, step: Escalation) -> None:
    seats = progress.open.tracks[number].seats
    places = [Place(number, place) for place, seat in enumerate(seats) if seat.ballot is None]
    seating = progress.seating
    targets = [
        person
        for person in seating.resolve(step.to)
        if seating.may_sit(person, progress.stage.id) and not has_voice(person, seats)
    ]
    for turn, place in enumerate(places):
        dealt = targets[turn :: len(places)]
        if dealt:
            before = progress.seat(place).holders if step.mode == "add" else ()
            progress.give(place, (*before, *dealt))


_DOES: dict[int, Callable[[Progress, Timer], None]] = {
    _SETTLING: _settle,
    _HARD_LIMIT: _hard_limit,
    _RETURN: _return,
    _DEADLINE: _deadline,
}
