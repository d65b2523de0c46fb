"""What a request's record tells: one visit of a stage after another, who was asked in it, and who answered what.

Nothing is read but the record, which is only ever added to: the approval sheet, the history in chat and the statistics
say the same of one request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol, TypeVar

ASKED: Final = "asked"
"""In front of the track in which somebody is asked."""
RAN_OUT: Final = "time ran out"
"""A stage was left because time was up."""
STAGE: Final = "stage "
SENT_BACK: Final = "sent back"
ENDED: Final = "ended "
OUTSIDE: Final = "outside "
"""In front of how a request ended without its route."""
ANSWERS: Final = frozenset({"approve", "reject", "return"})
_CLOSES: Final = (STAGE, ENDED)

Left = Literal["open", "decided", "expired", "given up"]
"""How a stage was left: by somebody's answer, by the clock, or by neither."""


class Line(Protocol):
    """A line of a record, as far as it is needed here."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        ...

    @property
    def actor_id(self) -> int | None:
        """Who did it, or who is asked."""
        ...

    @property
    def behalf_id(self) -> int | None:
        """For whom."""
        ...

    @property
    def what(self) -> str:
        """What happened."""
        ...


_Some = TypeVar("_Some", bound=Line)


@dataclass(frozen=True, slots=True)
class AskedIn:
    """Somebody was asked in a track."""

    person_id: int
    behalf_id: int | None
    track: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that stands: nobody took it back."""

    person_id: int
    behalf_id: int | None
    what: str
    at: datetime
    track: str
    """Empty where the record does not say in which track somebody was asked."""
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A stage from its opening to its end; a stage that is opened once more is another visit."""

    stage: str
    round: int
    opened_at: datetime
    asked: Sequence[AskedIn] = ()
    answers: Sequence[Answer] = ()
    left: Left = "open"
    left_at: datetime | None = None
    """When it was decided or given up: an answer decides when it is given, not when it can be taken back no more."""

    @property
    def unanswered(self) -> list[int]:
        """Return who was asked and gave no answer, in the order in which they were asked."""
        answered = {each.person_id for each in self.answers}
        return [each for each in dict.fromkeys(one.person_id for one in self.asked) if each not in answered]


@dataclass(slots=True)
class _Open:
    """A visit while its lines are read."""

    stage: str
    round: int
    at: datetime
    asked: list[AskedIn] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    has_run_out: bool = False
    last: str = ""
    """The last thing that could end a stage."""

    def take(self, line: Line) -> None:
        """Read a line that leaves the stage open."""
        if line.what == RAN_OUT:
            self.has_run_out = True
        elif line.what.startswith(f"{ASKED} ") and line.actor_id is not None:
            track = line.what.removeprefix(f"{ASKED} ")
            self.asked.append(AskedIn(line.actor_id, line.behalf_id, track, line.at))
        elif line.what in ANSWERS and line.actor_id is not None:
            self.last = line.what
            self.answers.append(self._answer(line, line.actor_id))
        elif line.what == "undo":
            own = [each for each in self.answers if each.person_id == line.actor_id]
            if own:
                self.answers.remove(own[-1])
        elif line.what == "change":
            self.last = line.what

    def _answer(self, line: Line, person_id: int) -> Answer:
        """Return an answer with the track in which its person was asked: of several, the first not answered yet."""
        taken = {each.track for each in self.answers if each.person_id == person_id}
        own = [each for each in self.asked if each.person_id == person_id and each.track not in taken]
        track, asked_at = (own[0].track, own[0].at) if own else ("", self.at)
        return Answer(person_id, line.behalf_id, line.what, line.at, track, asked_at)

    def closed(self, line: Line | None) -> Visit:
        """Return the visit as the line that ends it leaves it."""
        visit = Visit(self.stage, self.round, self.at, tuple(self.asked), tuple(self.answers))
        if line is None:
            return visit
        left, at = self._left(line)
        return Visit(visit.stage, visit.round, visit.opened_at, visit.asked, visit.answers, left, at)

    def _left(self, line: Line) -> tuple[Left, datetime]:
        if self.has_run_out:
            return "expired", line.at
        was_changed = line.what == SENT_BACK and self.last == "change"
        if line.what == f"{ENDED}withdrawn" or was_changed or not self.answers:
            return "given up", line.at
        return "decided", max(each.at for each in self.answers)


def since_opened(record: Sequence[_Some]) -> Sequence[_Some]:
    """Return the lines since a stage was opened last."""
    for place in range(len(record) - 1, -1, -1):
        if record[place].what.startswith(STAGE):
            return record[place:]
    return record


def visits(record: Iterable[Line]) -> list[Visit]:
    """Return the stages that a record tells of, in the order in which they were opened."""
    found: list[Visit] = []
    opened: _Open | None = None
    round_ = 0
    for line in record:
        is_back = line.what == SENT_BACK
        if opened is not None and (is_back or line.what.startswith(_CLOSES)):
            found.append(opened.closed(line))
            opened = None
        if is_back:
            round_ += 1
        if line.what.startswith(STAGE):
            opened = _Open(line.what.removeprefix(STAGE), round_, line.at)
        elif opened is not None:
            opened.take(line)
    if opened is not None:
        found.append(opened.closed(None))
    return found
