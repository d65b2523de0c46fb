"""Seats that go to others: delegated by who holds them, replaced by an administrator, left by who was dismissed."""

from bot.domain.approvals.answering import open_seat_of
from bot.domain.approvals.event import Event
from bot.domain.approvals.not_taken import NotTaken
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.progress import Place, Progress
from bot.domain.approvals.seating import has_voice

REPLACEMENTS = 20
"""How many holders an administrator may replace while a stage is open."""


def delegate(progress: Progress, event: Event, by: PersonId) -> None:
    """Hand one's seat over."""
    if event.to is None:
        raise NotTaken("bad_delegate")
    place = open_seat_of(progress, by, event.track)
    seat = progress.seat(place)
    scope = progress.route.policy.delegation.scope
    allowed = scope != "none" and "delegate" in progress.stage.tracks[place.track].actions
    if not allowed or not seat.delegations_left:
        raise NotTaken("not_allowed")
    if not _is_within(progress, scope, by, event.to) or not _may_take(progress, place, event.to):
        raise NotTaken("bad_delegate")
    progress.change_seat(place, delegations_left=seat.delegations_left - 1)
    _move(progress, place, by, event.to)


def replace_holder(progress: Progress, event: Event, _: PersonId) -> None:
    """Let somebody else hold an open seat, as an administrator says, who is trusted."""
    if event.holder is None or event.to is None:
        raise NotTaken("bad_delegate")
    place = open_seat_of(progress, event.holder, event.track)
    if progress.open.replacements >= REPLACEMENTS:
        raise NotTaken("not_allowed")
    if not _may_take(progress, place, event.to):
        raise NotTaken("bad_delegate")
    progress.change_stage(replacements=progress.open.replacements + 1)
    _move(progress, place, event.holder, event.to)


def dismiss(progress: Progress, person: PersonId) -> None:
    """Note that somebody does not work here any more; their open seats go on to others, ballots stay."""
    running = progress.running
    if person in running.dismissed:
        return
    progress.change(dismissed=(*running.dismissed, person))
    for place, seat in list(progress.seats()):
        if person not in seat.holders or seat.ballot is not None:
            continue
        others = tuple(holder for holder in seat.holders if holder != person)
        if any(progress.seating.is_active(holder) for holder in others):
            progress.give(place, others)
            continue
        successor = progress.seating.successor(person, progress.stage, progress.open.tracks[place.track])
        if successor is not None:
            _move(progress, place, person, successor)


def _move(progress: Progress, place: Place, giver: PersonId, taker: PersonId) -> None:
    holders = progress.seat(place).holders
    progress.give(place, (taker if holder == giver else holder for holder in holders))


def _may_take(progress: Progress, place: Place, taker: PersonId) -> bool:
    """Say whether somebody may be given a seat by hand: never the initiator, never who has a voice in the track."""
    return (
        taker != progress.running.initiator
        and progress.seating.may_sit(taker, progress.stage.id)
        and taker not in progress.seat(place).past
        and not has_voice(taker, progress.open.tracks[place.track].seats)
    )


def _is_within(progress: Progress, scope: str, giver: PersonId, taker: PersonId) -> bool:
    structure = progress.structure
    match scope:
        case "subordinates":
            return giver in progress.seating.heads_upwards(taker)
        case "department":
            department = structure.department_of(giver)
            return department is not None and department == structure.department_of(taker)
        case _:
            return True
