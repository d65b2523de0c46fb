"""How long decisions take: working time by template, stage and person, from the records alone.

Times are measured from when somebody was asked to when the answer that stands was given; what waits for its
initiator, sent back, belongs to nobody. Percentiles are interpolated between the two nearest values (Hyndman and Fan
1996, type 7), as spreadsheets do with PERCENTILE.INC, so that whoever checks a number finds the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.approvals.history import Visit, visits
from bot.domain.approvals.routed import RoutedRequest

Working = Callable[[int, datetime, datetime], timedelta]
"""The working time of a person between two instants."""


def percentile(sorted_lengths: Sequence[timedelta], percent: int) -> timedelta | None:
    """Return what so many percent are not above, of lengths in ascending order; None of none."""
    if not sorted_lengths:
        return None
    whole, part = divmod((len(sorted_lengths) - 1) * percent, 100)
    low = sorted_lengths[whole]
    return low if not part else low + (sorted_lengths[whole + 1] - low) * part / 100


@dataclass(slots=True)
class Tally:
    """What came of one template, stage or person in a period."""

    asked: int = 0
    """What began in it: requests, visits of a stage, questions to a person."""
    decided: int = 0
    expired: int = 0
    lengths: list[timedelta] = field(default_factory=list)

    def taken(self, length: timedelta) -> None:
        """Count something that was decided."""
        self.decided += 1
        self.lengths.append(length)

    @property
    def is_over(self) -> bool:
        """Whether anything of it came to an end, by an answer or by the clock."""
        return bool(self.decided or self.expired)

    @property
    def median(self) -> timedelta | None:
        """Return what half of them took at most."""
        return percentile(sorted(self.lengths), 50)

    @property
    def ninetieth(self) -> timedelta | None:
        """Return what nine of ten took at most."""
        return percentile(sorted(self.lengths), 90)


@dataclass(frozen=True, slots=True)
class Holding:
    """What somebody holds now."""

    person_id: int
    count: int
    since: datetime
    """Since when the oldest waits."""


@dataclass(slots=True)
class ApprovalStatistics:
    """The numbers of a period."""

    templates: dict[str, Tally] = field(default_factory=dict)
    stages: dict[tuple[str, str], Tally] = field(default_factory=dict)
    people: dict[int, Tally] = field(default_factory=dict)


def statistics(
    requests: Iterable[RoutedRequest], since: datetime, until: datetime, people: frozenset[int], working: Working
) -> ApprovalStatistics:
    """Count what was asked, decided and ran out from one instant until before another, for these people.

    A request counts where one of them began it or was asked in it. A stage takes as long as whoever decided it had it
    to work on; a template as long as its stages together.
    """
    told = ApprovalStatistics()
    for request in requests:
        passed = visits(request.record)
        asked = {one.person_id for each in passed for one in each.asked} | {request.initiator_id}
        if asked.isdisjoint(people):
            continue
        if since <= request.started_at < until:
            told.templates.setdefault(request.template, Tally()).asked += 1
        whole = timedelta()
        for each in passed:
            if since <= each.opened_at < until:
                told.stages.setdefault((request.template, each.stage), Tally()).asked += 1
            for one in each.asked:
                if one.person_id in people and since <= one.at < until:
                    told.people.setdefault(one.person_id, Tally()).asked += 1
            length = _length(each, working)
            whole += length or timedelta()
            if each.left_at is None or not since <= each.left_at < until:
                continue
            stage = told.stages.setdefault((request.template, each.stage), Tally())
            if each.left == "expired":
                stage.expired += 1
                for person_id in people.intersection(each.unanswered):
                    told.people.setdefault(person_id, Tally()).expired += 1
            elif length is not None:
                stage.taken(length)
        _answers(told, passed, since, until, people, working)
        if request.ended_at is not None and since <= request.ended_at < until and passed:
            template = told.templates.setdefault(request.template, Tally())
            if passed[-1].left == "expired":
                template.expired += 1
            elif passed[-1].left == "decided":
                template.taken(whole)
    return told


def _answers(
    told: ApprovalStatistics,
    passed: Sequence[Visit],
    since: datetime,
    until: datetime,
    people: frozenset[int],
    working: Working,
) -> None:
    """Count each answer for whoever gave it, whomever it was given for."""
    for answer in (one for each in passed for one in each.answers):
        if answer.person_id in people and since <= answer.at < until:
            length = working(answer.person_id, answer.asked_at, answer.at)
            told.people.setdefault(answer.person_id, Tally()).taken(length)


def _length(visit: Visit, working: Working) -> timedelta | None:
    """Return how long a stage took whoever gave the answer that decided it; None where nobody decided."""
    if visit.left != "decided" or not visit.answers:
        return None
    last = max(visit.answers, key=lambda each: each.at)
    return working(last.person_id, visit.opened_at, last.at)


def holdings(requests: Iterable[RoutedRequest], people: frozenset[int]) -> list[Holding]:
    """Return who of these people holds how many now, and since when the oldest; whoever holds the most comes first."""
    since: dict[int, list[datetime]] = {}
    for request in requests:
        opened = visits(request.record)[-1:]
        for person_id in people.intersection(request.holders):
            own = [one.at for each in opened for one in each.asked if one.person_id == person_id]
            since.setdefault(person_id, []).append(max(own, default=request.started_at))
    held = [Holding(person_id, len(times), min(times)) for person_id, times in since.items()]
    return sorted(held, key=lambda each: (-each.count, each.since))
