"""Who may sit: whom a route means, who of them may be asked, and the seats of a track when its stage opens."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.domain.approvals.people import LINKS, PersonId, Structure, person_id
from bot.domain.approvals.route import ApprovalRoute
from bot.domain.approvals.rule import threshold
from bot.domain.approvals.running import OpenTrack, Running, Seat
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.values import at
from bot.domain.approvals.who import INITIATOR, ByDepartment, ByEmployee, ByField, ByGroup, ByHead, ByUser, Who


class Unseated(Exception):
    """A track cannot be seated: too few of those whom it names may sit."""

    def __init__(self, stage: str, track: str) -> None:
        """Name the stage and the track."""
        super().__init__(stage, track)
        self.place = (stage, track)


@dataclass(frozen=True, slots=True)
class Seating:
    """Answers for one moment of a request who may sit where."""

    route: ApprovalRoute
    structure: Structure
    running: Running

    def is_active(self, person: PersonId) -> bool:
        """Say whether somebody works here and was not dismissed since."""
        return self.structure.is_active(person) and person not in self.running.dismissed

    def is_author(self, person: PersonId) -> bool:
        """Say whether somebody may not decide because the subject is theirs."""
        return self.route.policy.self_approval == "forbid" and person in self.running.authors

    def may_sit(self, person: PersonId, stage: str) -> bool:
        """Say whether somebody may be given a seat of a stage: active, no author, no second pair of eyes."""
        return self.is_active(person) and not self.is_author(person) and not self._saw_before(person, stage)

    def _saw_before(self, person: PersonId, stage: str) -> bool:
        """Say whether somebody has held a seat in another stage of a `four_eyes` list."""
        return any(
            person in self.running.held.get(other, ())
            for stages in self.route.policy.four_eyes
            if stage in stages
            for other in stages
            if other != stage
        )

    # Whom a route means

    def resolve(self, named: Iterable[Who]) -> tuple[PersonId, ...]:
        """Return the known people whom a route names, each once, in its order."""
        return tuple(dict.fromkeys(person for who in named for person in self._meant(who)))

    def _meant(self, who: Who) -> Iterable[PersonId]:
        match who:
            case ByUser(id=person) | ByEmployee(id=person):
                found: Iterable[PersonId | None] = (person,)
            case ByHead(of=of, level=level):
                whose = self.running.initiator if of == INITIATOR else person_id(at(self.running.subject, of))
                found = (self._head(whose, level),)
            case ByDepartment(id=department, who="head"):
                heads = self.structure.heads_of_department(department)
                found = [head for head in heads if not self.is_author(head)][:1]
            case ByDepartment(id=department):
                found = self.structure.members(department)
            case ByGroup(name=name):
                found = self.structure.group(name)
            case ByField(path=path):
                value = at(self.running.subject, path)
                found = map(person_id, value if isinstance(value, list) else [value])
        return [person for person in found if person is not None and self.structure.knows(person)]

    def _head(self, person: PersonId | None, level: int) -> PersonId | None:
        """Return the head so many levels up; an author is passed over to the next head up."""
        for _ in range(level):
            if person is None or not self.structure.knows(person):
                return None
            person = self._next_head(person)
        return person

    def _next_head(self, person: PersonId) -> PersonId | None:
        passed: set[PersonId] = set()
        head = self.structure.head_of(person)
        while head is not None and self.is_author(head):
            if head in passed:
                return None
            passed.add(head)
            head = self.structure.head_of(head)
        return head

    # Who stands in

    def substitutes(self, person: PersonId) -> Iterator[PersonId]:
        """Yield a person's chain of substitutes: three links, nobody twice."""
        seen = {person}
        for _ in range(LINKS):
            following = self.structure.substitute_of(person)
            if following is None or following in seen:
                return
            seen.add(following)
            yield following
            person = following

    def heads_upwards(self, person: PersonId) -> Iterator[PersonId]:
        """Yield a person's head, that one's head and so on, nobody twice."""
        seen = {person}
        head = self.structure.head_of(person)
        while head is not None and head not in seen:
            seen.add(head)
            yield head
            head = self.structure.head_of(head)

    def successor(self, person: PersonId, stage: Stage, track: OpenTrack) -> PersonId | None:
        """Return who takes the seat of somebody who was dismissed."""
        candidates = (*self.substitutes(person), *self.heads_upwards(person), *self.resolve(stage.fallback))
        return next(
            (each for each in candidates if self.may_sit(each, stage.id) and not has_voice(each, track.seats)), None
        )

    # Seats

    def tracks(self, stage: Stage) -> tuple[OpenTrack, ...]:
        """Return the seats of a stage that opens now; `Unseated` if a track cannot be, with the fallback neither."""
        tracks: list[OpenTrack] = []
        for track in stage.tracks:
            seats = self._seats(stage, track, track.approvers)
            if seats is None and stage.on_empty == "fallback":
                seats = self._seats(stage, track, stage.fallback)
            if seats is None:
                raise Unseated(stage.id, track.id)
            tracks.append(OpenTrack(track.id, seats))
        return tuple(tracks)

    def _seats(self, stage: Stage, track: Track, named: Sequence[Who]) -> tuple[Seat, ...] | None:
        principals = [person for person in self.resolve(named) if self.may_sit(person, stage.id)]
        if threshold(track.rule, len(principals)) is None:
            return None
        with_veto = self._with_veto(track, principals)
        taken = set(principals)
        seats: list[Seat] = []
        for person in principals:
            stands_in, returns_at = None, None
            if self.route.policy.substitution:
                returns_at = self.structure.away_until(person, self.running.now)
                if returns_at is not None:
                    stands_in = self._present(person, stage, taken)
            holder = person if stands_in is None else stands_in
            taken.add(holder)
            seats.append(
                Seat(
                    person, (holder,), tuple(dict.fromkeys((person, holder))), person in with_veto,
                    self.route.policy.delegation.max_depth,
                    substitute=stands_in, returns_at=None if stands_in is None else returns_at,
                )
            )  # fmt: skip
        return tuple(seats)

    def _present(self, person: PersonId, stage: Stage, taken: set[PersonId]) -> PersonId | None:
        """Return the first in a chain of substitutes who is here, may sit and has no voice in the track."""
        for each in self.substitutes(person):
            is_here = self.structure.away_until(each, self.running.now) is None
            if is_here and each not in taken and self.may_sit(each, stage.id):
                return each
        return None

    def _with_veto(self, track: Track, principals: Sequence[PersonId]) -> Iterable[PersonId]:
        if track.veto == "none":
            return ()
        return principals if track.veto == "anyone" else self.resolve(track.veto)


def has_voice(person: PersonId, seats: Iterable[Seat]) -> bool:
    """Say whether somebody is a principal, a holder or a voter in a track."""
    return any(
        person == seat.principal or person in seat.holders or (seat.ballot is not None and person == seat.ballot.voter)
        for seat in seats
    )
