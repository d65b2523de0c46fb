"""Fitting: marks that come and marks that go are worked out into a plan on one log, with the days before and after."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.workday.correction import Mark, Plan, Span, Subject, trial
from bot.domain.workday.punch_log import Punch, WorkSession, derive, live


@dataclass(slots=True)
class Fitting:
    """One person's log, and what would become of it."""

    punches: Sequence[Punch]
    zone: str
    now: datetime
    sessions: list[WorkSession] = field(init=False)

    def __post_init__(self) -> None:
        """Derive once."""
        self.sessions = derive(self.punches)

    def plan(
        self,
        subject: Subject,
        voids: tuple[int, ...],
        adds: tuple[Mark, ...],
        *,
        target: str,
        shift: timedelta | None = None,
    ) -> Plan:
        """Derive before and after."""
        voids = (*voids, *self._idle(voids, adds))
        after = self._after(voids, adds)
        before = tuple(Span.of(each) for each in self.sessions if each not in after)
        changed = tuple(Span.of(each) for each in after if each not in self.sessions)
        return Plan(subject, self.zone, voids, adds, before, changed, shift, target)

    def uncounted(self, plan: Plan) -> list[Mark]:
        """Return the marks that the plan adds in vain: where they lie they begin and end nothing."""
        seen = edges(self._after(plan.voids, plan.adds))
        return [mark for mark in plan.adds if mark.at not in seen]

    def silenced(self, plan: Plan) -> list[Punch]:
        """Return the marks that count now, are not taken back by the plan, and would not count after it."""
        quiet = edges(self.sessions) - edges(self._after(plan.voids, plan.adds))
        return [each for each in live(self.punches) if each.at in quiet and each.id not in plan.voids]

    def _after(self, voids: tuple[int, ...], adds: tuple[Mark, ...]) -> list[WorkSession]:
        return derive(trial(self.punches, voids, adds, self.zone, self.now))

    def _idle(self, voids: tuple[int, ...], adds: tuple[Mark, ...]) -> list[int]:
        """Marks that never counted, within what changes: they would count in the changed day."""
        if not adds:
            return []
        log = list(self.punches)
        ends = [mark.at for mark in adds] + [punch.at for punch in log if punch.id in voids]
        gone: list[int] = []
        for punch in live(self.punches):
            rest = [each for each in log if each.id != punch.id]
            if punch.id not in voids and min(ends) <= punch.at <= max(ends) and derive(rest) == self.sessions:
                gone.append(punch.id)
                log = rest
        return gone


def edges(sessions: Sequence[WorkSession]) -> set[datetime]:
    """Return the instants at which sessions and their breaks begin and end: those of the marks that count."""
    ends = {at for each in sessions for at in (each.started_at, each.ended_at)}
    ends |= {at for each in sessions for pause in each.breaks for at in (pause.started_at, pause.ended_at)}
    return {at for at in ends if at is not None}
