"""A request goes on: stages open, reach an outcome, settle or are left, and the request ends, once."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from bot.domain.approvals.condition import holds
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.people import PersonId, Structure
from bot.domain.approvals.policy import Effect, Ending
from bot.domain.approvals.route import ApprovalRoute
from bot.domain.approvals.rule import Verdict, outcome
from bot.domain.approvals.running import Ballot, Kept, OpenStage, OpenTrack, Running, Seat
from bot.domain.approvals.seating import Seating, Unseated
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.values import revision

_BY_JOIN = {"all": (Verdict.REJECTED, Verdict.APPROVED), "any": (Verdict.APPROVED, Verdict.REJECTED)}
"""By how tracks are joined: what one of them decides, and what all of them together do."""


class Place(NamedTuple):
    """Where a seat is: the numbers of its track and of the seat in it."""

    track: int
    seat: int


class Progress:
    """Carries one request on for the length of one event; what it holds afterwards is the request as it is then."""

    def __init__(self, route: ApprovalRoute, structure: Structure, reckoning: Reckoning, running: Running) -> None:
        """Go on from `running`, which is changed in place: hand over a copy that nobody else has."""
        self.route = route
        self.structure = structure
        self.reckoning = reckoning
        self.running = running
        self.effects: tuple[Effect, ...] = ()
        self.by_clock = False
        """Whether a deadline or the hard limit is being carried out."""

    # Looking

    @property
    def seating(self) -> Seating:
        """Return who may sit at this moment."""
        return Seating(self.route, self.structure, self.running)

    @property
    def open(self) -> OpenStage:
        """Return the stage that is open."""
        if self.running.stage is None:
            raise LookupError("no stage is open")
        return self.running.stage

    @property
    def stage(self) -> Stage:
        """Return what the route says about the stage that is open."""
        return self.route.stages[self.open.number]

    def seats(self) -> Iterator[tuple[Place, Seat]]:
        """Yield the seats of the open stage in the route's order."""
        if self.running.stage is not None:
            for number, track in enumerate(self.running.stage.tracks):
                for place, seat in enumerate(track.seats):
                    yield Place(number, place), seat

    def seat(self, place: Place) -> Seat:
        """Return the seat at a place."""
        return self.open.tracks[place.track].seats[place.seat]

    def verdict(self, track: int) -> Verdict | None:
        """Return what a track of the open stage has come to."""
        return track_verdict(self.stage.tracks[track], self.open.tracks[track])

    def is_open(self, place: Place) -> bool:
        """Say whether a seat has no ballot and one could still count in its track."""
        return self.seat(place).ballot is None and self.verdict(place.track) is None

    def is_next(self, place: Place) -> bool:
        """Say whether it is a seat's turn: in a sequential track it is that of the first without a ballot."""
        if self.stage.tracks[place.track].order == "parallel":
            return True
        return all(seat.ballot is not None for seat in self.open.tracks[place.track].seats[: place.seat])

    # Changing

    def change(self, **values: Any) -> None:
        """Change the request."""
        for name, value in values.items():
            object.__setattr__(self.running, name, value)

    def change_stage(self, **values: Any) -> None:
        """Change the open stage."""
        self.change(stage=replace(self.open, **values))

    def change_seat(self, place: Place, **values: Any) -> None:
        """Change a seat."""
        tracks = list(self.open.tracks)
        seats = list(tracks[place.track].seats)
        seats[place.seat] = replace(seats[place.seat], **values)
        tracks[place.track] = replace(tracks[place.track], seats=tuple(seats))
        self.change_stage(tracks=tuple(tracks))

    def give(self, place: Place, holders: Iterable[PersonId]) -> None:
        """Let others hold a seat."""
        holders = tuple(holders)
        seat = self.seat(place)
        self.change_seat(place, holders=holders, past=tuple(dict.fromkeys((*seat.past, *holders))))
        self._note_held(self.stage.id, holders)

    def _note_held(self, stage: str, holders: Iterable[PersonId]) -> None:
        """Remember who has held a seat, where it will matter."""
        if self.route.policy.four_eyes:
            held = tuple(dict.fromkeys((*self.running.held.get(stage, ()), *holders)))
            self.change(held={**self.running.held, stage: held})

    def cast(self, place: Place, voter: PersonId, verdict: Verdict, seen: str | None = None) -> None:
        """Put a ballot into a seat; `seen` is the revision that was judged, if it is not the present one."""
        number = self.running.ballots + 1
        revision = self.running.revision if seen is None else seen
        self.change(ballots=number)
        self.change_seat(place, ballot=Ballot(voter, verdict, number, revision))

    def evaluate(self) -> None:
        """See whether the stage has come to an outcome, and let it settle; or open it again where it has none."""
        stage = self.open
        found = self._outcome()
        if found is None:
            if stage.settles_at is not None:
                self.change_stage(outcome=None, settles_at=None)
        elif found != stage.outcome or stage.settles_at is None:
            settles_at = self.running.now + timedelta(seconds=self.route.policy.undo_seconds)
            self.change_stage(outcome=found, settles_at=settles_at, outcome_revision=self.running.revision)

    def _outcome(self) -> Verdict | None:
        verdicts = [self.verdict(number) for number in range(len(self.open.tracks))]
        decisive, otherwise = _BY_JOIN[self.stage.join]
        if decisive in verdicts and (self.stage.fail_fast or None not in verdicts):
            return decisive
        return otherwise if all(verdict == otherwise for verdict in verdicts) else None

    # Going on

    def start(self, by: PersonId, subject: dict[str, Any]) -> None:
        """Begin the request."""
        self.change(
            status="pending",
            initiator=by,
            authors=(by, *(each for each in self.running.authors if each != by)),
            subject=subject,
            first_subject=subject,
            revision=revision(subject, self.route.policy.watch),
            hard_at=self.reckoning.after(self.running.now, self.route.hard_limit),
        )
        self.enter(0)

    def enter(self, number: int) -> None:
        """Open the first stage from here on whose condition holds; if there is none, all is approved."""
        for place, stage in enumerate(self.route.stages[number:], number):
            if stage.when is None or holds(stage.when, self.running.subject, self.running.first_subject):
                self._open(place, stage)
                return
        self.end("approved")

    def _open(self, number: int, stage: Stage) -> None:
        try:
            tracks = self.seating.tracks(stage)
        except Unseated as missing:
            self.change(unseated=missing.place)
            self.end("failed")
            return
        due = self.reckoning.after(self.running.now, stage.deadline.after)
        self.change(stage=OpenStage(number, tracks, due))
        self.set_deadline(due)
        self._note_held(stage.id, [holder for _, seat in self.seats() for holder in seat.holders])
        if self.running.round:
            self._keep()
        if self.route.policy.repeat_person == "consecutive" and self.running.just_approved:
            self._repeat()
        self.evaluate()

    def _keep(self) -> None:
        """Carry over approvals of the stage's last visit that were of the subject as it is now."""
        if self.route.rework.keep != "same_revision":
            return
        kept = {(each.track, each.principal): each for each in self.running.kept.get(self.stage.id, ())}
        for place, seat in list(self.seats()):
            found = kept.get((self.open.tracks[place.track].id, seat.principal))
            if found is None or found.revision != self.running.revision or self.verdict(place.track) is not None:
                continue
            others = (each for each in self.open.tracks[place.track].seats if each.principal != seat.principal)
            if not any(found.voter in each.holders for each in others):  # nobody has two voices
                self.cast(place, found.voter, Verdict.APPROVED, found.revision)

    def _repeat(self) -> None:
        """Whoever approved in the stage just before has approved in this one."""
        for place, seat in list(self.seats()):
            voter = next((holder for holder in seat.holders if holder in self.running.just_approved), None)
            if voter is not None and seat.ballot is None and self.verdict(place.track) is None:
                self.cast(place, voter, Verdict.APPROVED)

    def set_deadline(self, due: Any) -> None:
        """Give the open stage a deadline and the reminders before it, each within working hours."""
        moments = (self.reckoning.before(due, length) for length in self.stage.deadline.remind_before)
        reminders = sorted(at for at in map(self.reckoning.working, moments) if at < due)
        self.change_stage(due_at=due, reminders=tuple(reminders))

    def settle(self) -> None:
        """Carry out the outcome of the stage: nobody can take anything back any more."""
        if self.open.outcome is Verdict.APPROVED:
            self.approve_stage(self.open.outcome_revision)
        elif self.stage.on_reject == "rework":
            self.send_back()
        else:
            self.end("rejected")

    def approve_stage(self, seen: str) -> None:
        """Go on after an approval of the subject as `seen`."""
        number, stage = self.open.number, self.stage
        approved = {seat.ballot.voter: None for _, seat in self.seats() if _approves(seat)}  # type: ignore[union-attr]
        self.change(just_approved=tuple(approved), approved_as={**self.running.approved_as, stage.id: seen})
        self._leave()
        self.enter(number + 1)

    def skip_stage(self) -> None:
        """Go on without an answer."""
        number = self.open.number
        self.change(just_approved=())
        self._leave()
        self.enter(number + 1)

    def send_back(self) -> None:
        """Let the initiator rework it; in the last round it is rejected instead."""
        if self.running.round >= self.route.rework.max_rounds:
            self.end("rejected")
            return
        self.change(
            status="rework",
            round=self.running.round + 1,
            sent_back=self.open.number,
            just_approved=(),
            rework_due=self.reckoning.after(self.running.now, self.route.rework.deadline),
        )
        self._leave()

    def resubmit(self) -> None:
        """Go on after rework: from the start, or where it was sent back unless something before must be seen anew."""
        self.change(status="pending", rework_due=None)
        if self.route.rework.resume == "start":
            self.enter(0)
            return
        for number, stage in enumerate(self.route.stages[: self.running.sent_back]):
            if self.running.approved_as.get(stage.id, self.running.revision) != self.running.revision:
                self.enter(number)
                return
        self.enter(self.running.sent_back)

    def end(self, ending: Ending) -> None:
        """End the request; its effects are told once, here."""
        if self.running.stage is not None:
            self._leave()
        self.change(status=ending, rework_due=None, ended_by_clock=self.by_clock)
        self.effects = tuple(self.route.outcomes.get(ending, ()))

    def _leave(self) -> None:
        """Close the open stage: open seats are void, and what was answered is remembered."""
        stage = self.stage
        voters = dict.fromkeys(self.running.voted)
        kept: list[Kept] = []
        for place, seat in self.seats():
            if seat.ballot is not None:
                voters[seat.ballot.voter] = None
                if seat.ballot.verdict is Verdict.APPROVED:
                    track = self.open.tracks[place.track].id
                    kept.append(Kept(track, seat.principal, seat.ballot.voter, seat.ballot.revision))
        if self.route.rework.keep == "same_revision":
            self.change(kept={**self.running.kept, stage.id: tuple(kept)})
        self.change(stage=None, voted=tuple(voters))

    def by_the_clock(self, work: Callable[[], None]) -> None:
        """Do something because time is up: an end that comes of it is one by the clock."""
        self.by_clock = True
        try:
            work()
        finally:
            self.by_clock = False


def _approves(seat: Seat) -> bool:
    return seat.ballot is not None and seat.ballot.verdict is Verdict.APPROVED


def track_verdict(track: Track, opened: OpenTrack) -> Verdict | None:
    """Return what the ballots of a track come to."""
    approved = rejected = 0
    vetoed = False
    first: Ballot | None = None
    for seat in opened.seats:
        ballot = seat.ballot
        if ballot is None:
            continue
        if first is None or ballot.number < first.number:
            first = ballot
        if ballot.verdict is Verdict.APPROVED:
            approved += 1
        else:
            rejected += 1
            vetoed = vetoed or seat.has_veto
    return outcome(
        track.rule, len(opened.seats), approved, rejected, vetoed=vetoed, first=None if first is None else first.verdict
    )
