"""Answers in a seat: approve, reject, return, take back; comments and questions beside them."""

from bot.domain.approvals.event import Event
from bot.domain.approvals.not_taken import NotTaken
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.progress import Place, Progress
from bot.domain.approvals.rule import Verdict
from bot.domain.approvals.stage import Track


def seats_of(progress: Progress, person: PersonId, track: str | None) -> tuple[Place, ...]:
    """Return the seats of a person, in the route's order; those of one track where it is named."""
    places = tuple(
        place
        for place, seat in progress.seats()
        if person in seat.holders and track in {None, progress.open.tracks[place.track].id}
    )
    if not places:
        raise NotTaken("not_your_seat")
    return places


def open_seat_of(progress: Progress, person: PersonId, track: str | None, *, in_turn: bool = False) -> Place:
    """Return the first seat of a person in which a ballot could still count; of those whose turn it is, if `in_turn`.

    Where there is none, an answer that was given goes before an outcome that was reached.
    """
    places = seats_of(progress, person, track)
    is_settling = progress.open.settles_at is not None
    open_places = [] if is_settling else [place for place in places if progress.is_open(place)]
    now = [place for place in open_places if progress.is_next(place)] if in_turn else open_places
    if now:
        return now[0]
    if any(progress.seat(place).ballot is not None for place in places):
        raise NotTaken("already_answered")
    raise NotTaken("not_allowed" if open_places else "already_decided")


def answer(progress: Progress, event: Event, by: PersonId) -> None:
    """Take a ballot or a return."""
    place = open_seat_of(progress, by, event.track, in_turn=True)
    track = progress.stage.tracks[place.track]
    if event.do not in track.actions:
        raise NotTaken("not_allowed")
    if _wants_reason(track, event.do) and not event.reason.strip():
        raise NotTaken("comment_required")
    if event.do == "return":
        progress.change(was_returned=True)
        progress.send_back()
        return
    progress.cast(place, by, Verdict.APPROVED if event.do == "approve" else Verdict.REJECTED)
    progress.evaluate()


def _wants_reason(track: Track, do: str) -> bool:
    return track.comment_required in {do, "always"}


def remark(progress: Progress, event: Event, by: PersonId) -> None:
    """Take a comment or a question; nothing changes by it."""
    if by == progress.running.initiator:
        return
    places = seats_of(progress, by, event.track)
    if not any(event.do in progress.stage.tracks[place.track].actions for place in places):
        raise NotTaken("not_allowed")


def undo(progress: Progress, _: Event, by: PersonId) -> None:
    """Take back one's own latest ballot while its stage settles."""
    own = [
        (seat.ballot.number, place)
        for place, seat in progress.seats()
        if seat.ballot is not None and seat.ballot.voter == by
    ]
    if not own:
        raise NotTaken("too_late_to_take_back" if by in progress.running.voted else "nothing_to_take_back")
    place = max(own, key=lambda each: each[0])[1]
    if progress.open.settles_at is None or not progress.seat(place).can_undo:
        raise NotTaken("not_allowed")
    progress.change_seat(place, ballot=None, can_undo=False)
    progress.evaluate()
