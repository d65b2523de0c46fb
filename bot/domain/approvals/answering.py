"""Answers in a seat: approve, reject, return, take back; comments and questions beside them."""

from bot.domain.approvals.event import Event
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.progress import Place, Progress
from bot.domain.approvals.refusal import NotTaken
from bot.domain.approvals.stage import Track


def seat_of(progress: Progress, person: PersonId, track: str | None) -> Place:
    """Return the seat of a person that an event is about: the first that can answer now, else the first."""
    places = [
        place
        for place, seat in progress.seats()
        if person in seat.holders and track in {None, progress.open.tracks[place.track].id}
    ]
    if not places:
        raise NotTaken("not_your_seat")
    return next((place for place in places if progress.can_answer(place)), places[0])


def open_seat_of(progress: Progress, person: PersonId, track: str | None) -> Place:
    """Return the seat that an event is about, if it has no ballot and one could still count."""
    place = seat_of(progress, person, track)
    if progress.seat(place).ballot is not None:
        raise NotTaken("already_answered")
    if progress.open.settles_at is not None or progress.verdict(place.track) is not None:
        raise NotTaken("already_decided")
    return place


def answer(progress: Progress, event: Event, by: PersonId) -> None:
    """Take a ballot or a return."""
    place = open_seat_of(progress, by, event.track)
    track = progress.stage.tracks[place.track]
    if event.do not in track.actions or not progress.is_next(place):
        raise NotTaken("not_allowed")
    if _wants_reason(track, event.do) and not event.reason.strip():
        raise NotTaken("comment_required")
    if event.do == "return":
        progress.change(was_returned=True)
        progress.send_back()
        return
    progress.cast(place, by, "approved" if event.do == "approve" else "rejected")
    progress.evaluate()


def _wants_reason(track: Track, do: str) -> bool:
    return track.comment_required in {do, "always"}


def remark(progress: Progress, event: Event, by: PersonId) -> None:
    """Take a comment or a question; nothing changes by it."""
    if by == progress.running.initiator:
        return
    place = seat_of(progress, by, event.track)
    if event.do not in progress.stage.tracks[place.track].actions:
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
