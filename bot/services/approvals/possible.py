"""What a reader can do with a request now: buttons are offered by it. Whether it is so is decided when it is done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.approvals.request import ApprovalRequest
from bot.domain.people.employee import Employee
from bot.domain.rights import Right, may
from bot.services.approvals.courses import Standing

Deed = Literal["approve", "reject", "return", "ask", "comment", "delegate"]


@dataclass(frozen=True, slots=True)
class Possible:
    """What somebody who is asked can do, what wants a reason, and until when an answer can be taken back."""

    deeds: tuple[Deed, ...] = ()
    wants_reason: frozenset[str] = frozenset()
    undo_until: datetime | None = None
    withdraw: bool = False
    resubmit: bool = False
    comment: bool = False
    """Whether the person who asked can say something."""
    returns_reject: bool = False
    """Whether sending it back would reject it, for it is the last round."""

    @property
    def is_anything(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.deeds or self.undo_until or self.withdraw or self.resubmit or self.comment)


def possible(shown: ApprovalRequest | Standing, reader: Employee, now: datetime) -> Possible:
    """Return what a reader can do now."""
    return _on_route(shown, reader, now) if isinstance(shown, Standing) else _built_in(shown, reader, now)


def _built_in(request: ApprovalRequest, reader: Employee, now: datetime) -> Possible:
    deeds: tuple[Deed, ...] = ()
    if request.is_open and reader.id in request.holders and reader.id != request.requester_id:
        deeds = ("approve", "reject", "delegate") if may(reader, Right.DECIDE) else ()
    ballot, undo_until = request.ballot, None
    if ballot is not None and ballot.by_id == reader.id and request.settles_at is not None:
        seat = request.seat(ballot.seat_id)
        undo_until = request.settles_at if seat is not None and seat.undos_left and request.settles_at > now else None
    withdraw = request.is_open and request.requester_id == reader.id
    return Possible(deeds, frozenset({"reject"}), undo_until, withdraw)


def _on_route(standing: Standing, reader: Employee, now: datetime) -> Possible:
    request = standing.request
    mark = request.seat_of(reader.id)
    track = None if mark is None else standing.track(mark.track)
    deeds: list[Deed] = []
    wants: set[str] = {"ask", "comment"}
    if mark is not None and track is not None:
        seat, scope = standing.seat(mark), standing.template.route.policy.delegation.scope
        deeds += ["approve", "reject"]
        deeds += ["return"] if "return" in track.actions else []
        if "delegate" in track.actions and seat is not None and seat.delegations_left > 0 and scope != "none":
            deeds.append("delegate")
        deeds += ["ask"] if "ask" in track.actions else []
        deeds += ["comment"] if "comment" in track.actions else []
        wants |= {"approve", "reject"} if track.comment_required == "always" else {track.comment_required}
    settles_at = standing.settles_at if standing.undoable(reader) is not None else None
    own = reader.id == request.initiator_id and request.is_open
    return Possible(
        tuple(deeds),
        frozenset(wants),
        settles_at if settles_at is not None and settles_at > now else None,
        withdraw=own and may_withdraw(standing),
        resubmit=own and standing.running.status == "rework",
        comment=own and "comment" not in deeds,
        returns_reject=standing.is_last_round,
    )


def may_withdraw(standing: Standing) -> bool:
    """Whether the template lets the person who asked take it back now."""
    running, policy = standing.running, standing.template.route.policy.withdraw
    if policy == "until_first_decision":
        opened = running.stage.tracks if running.stage is not None else ()
        cast = any(seat.ballot for track in opened for seat in track.seats)
        return not (running.was_returned or running.voted or cast)
    return policy != "never"
