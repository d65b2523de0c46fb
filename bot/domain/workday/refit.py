"""Refitting: a correction that waited is fitted to the log as it is now, or contradicts what was recorded meanwhile.

What counts is marks, not days: a request to move the check-out says nothing about the check-in. So two requests about
one day survive one another, and in either order of approval they give the same day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.workday.correction import Mark, Plan, Span
from bot.domain.workday.fitting import Fitting
from bot.domain.workday.punch_log import AUTO, Punch, PunchKind, WorkSession, last_before, live

_GOES_ON = (PunchKind.IN, PunchKind.BREAK_END)
"""What a person presses to go on while the request waits: then the earlier time that they asked for counts."""


class Contradiction(Exception):
    """A correction and what was recorded meanwhile cannot both be true (case 36); `present` is what is recorded."""

    def __init__(self, present: tuple[Span, ...]) -> None:
        """Keep the sessions of the days in question."""
        super().__init__("contradicts what was recorded meanwhile")
        self.present = present


def refitted(plan: Plan, punches: Sequence[Punch], since: datetime, now: datetime) -> Plan:
    """Return a plan that waits since an instant as it is on the log of now; Contradiction where it cannot be.

    What it takes back must be as it was, what it adds must count, and nothing that was recorded meanwhile may fall
    silent. What somebody else put right to the very same time is right.
    """
    return _Refit(plan, punches, since, now).plan()


@dataclass(slots=True)
class _Refit:
    was: Plan
    punches: Sequence[Punch]
    since: datetime
    now: datetime
    log: Fitting = field(init=False)
    counting: dict[int, Punch] = field(init=False)

    def __post_init__(self) -> None:
        self.log = Fitting(self.punches, self.was.zone, self.now)
        self.counting = {each.id: each for each in live(self.punches)}

    def plan(self) -> Plan:
        ends = self._automatic_ends()
        voids = tuple(dict.fromkeys((*(each for each in self.was.voids if each in self.counting), *ends)))
        said = {Mark(each.kind, each.at) for each in self.counting.values() if each.id not in voids}
        adds = tuple(each for each in self.was.adds if each not in said)
        if self.was.adds and not voids and set(self.was.after) <= {Span.of(each) for each in self.log.sessions}:
            return self._done()
        made = self.log.plan(self.was.subject, voids, adds, target=self.was.target, shift=self.was.shift)
        silenced = self.log.silenced(made)
        if (
            self._is_moved({each.kind for each in said.intersection(self.was.adds)}, made)
            or self.log.uncounted(made)
            or not all(self._is_told_again(each) for each in silenced)
        ):
            raise Contradiction(self._present())
        if made.before == made.after:
            return self._done()
        voids = (*made.voids, *(each.id for each in silenced))
        return replace(made, voids=voids, target=_about(made.target, self._changed(made)))

    def _done(self) -> Plan:
        """Return what is left where all of it was put right already."""
        return replace(self.was, voids=(), adds=(), before=self._present(), after=self._present())

    def _is_moved(self, done: set[PunchKind], made: Plan) -> bool:
        """Whether what the plan moves or removes was moved elsewhere by somebody else, or is not there any more."""
        edges = {at for each in self.was.before for at in _edges(each)}
        gone = [each for each in self.punches if each.id in self.was.voids and each.id not in self.counting]
        counted = [each for each in gone if each.at in edges and each.kind not in done]
        if self.was.adds or not counted:
            return bool(counted)
        now = (*(Span.of(each) for each in self.log.sessions), *made.after)
        left = [each for each in now if each not in (*made.before, *self.was.after)]
        return any(_meet(one, other) for one in left for other in self.was.before)

    def _automatic_ends(self) -> list[int]:
        """The ends that the service put there by itself, perhaps since: they give way to what people say."""
        ends = {each.ended_at for each in self.log.sessions if each.is_auto and self._ends(each)}
        return [each.id for each in self.counting.values() if each.mark == AUTO and each.at in ends]

    def _ends(self, session: WorkSession) -> bool:
        """Whether the plan says itself how a session ended, or that there was none."""
        begins = [each.at for each in self.was.adds if each.kind is PunchKind.IN]
        ends = [each.at for each in self.was.adds if each.kind is PunchKind.OUT]
        if session.id in self.was.voids:
            return bool(ends) or not begins
        mine = [at for at in ends if last_before(self.log.sessions, at) is session]
        return any(not any(session.started_at < each < at for each in begins) for at in mine)

    def _is_told_again(self, punch: Punch) -> bool:
        """Whether a mark says later what the plan says earlier: made live by whoever could not wait for the answer."""
        is_live = punch.recorded_at >= self.since and punch.source != "correction" and punch.mark != AUTO
        earlier = any(each.kind in _GOES_ON and each.at < punch.at for each in self.was.adds)
        return is_live and punch.kind in _GOES_ON and earlier

    def _present(self) -> tuple[Span, ...]:
        zone = ZoneInfo(self.was.zone)
        days = self.was.days
        return tuple(Span.of(e) for e in self.log.sessions if e.started_at.astimezone(zone).date() in days)

    def _changed(self, made: Plan) -> WorkSession | None:
        starts = {each.start for each in made.before}
        return next((each for each in self.log.sessions if each.started_at in starts), None)


def _meet(one: Span, other: Span) -> bool:
    return (one.end is None or other.start < one.end) and (other.end is None or one.start < other.end)


def _edges(span: Span) -> Iterable[datetime | None]:
    return span.start, span.end, *(at for pause in span.breaks for at in pause)


def _about(target: str, session: WorkSession | None) -> str:
    """Return the name of what is changed: a session whose start was moved meanwhile has another id (case 33)."""
    what, _, rest = target.partition(":")
    number, colon, more = rest.partition(":")
    if session is None or what not in ("check_in", "check_out", "break") or not number.isdigit():
        return target
    return f"{what}:{session.id}{colon}{more}"
