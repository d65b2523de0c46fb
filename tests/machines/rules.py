"""What must be true of the whole program after every step, whatever people did."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import pairwise

from bot.domain.approvals.matter import CorrectionMatter, LeaveMatter
from bot.domain.approvals.request import ApprovalRequest, RequestState
from bot.domain.approvals.rule import Verdict
from bot.domain.people.employee import Employee
from bot.domain.workday.punch_log import Punch, WorkSession, derive
from bot.ids import long
from handlers.cards.requests import SeatPressed
from tests.machines.company import RestartedCompany

EVER = datetime(2020, 1, 1, tzinfo=UTC)
ALL_DAYS = date(2020, 1, 1), date(2030, 1, 1)
DECIDED = {RequestState.APPROVED, RequestState.REJECTED}


@dataclass
class Rules:
    """Looks at everything that is stored and shown, and remembers what it saw."""

    company: RestartedCompany
    logs: dict[int, dict[int, Punch]] = field(default_factory=dict)
    requests: dict[int, ApprovalRequest] = field(default_factory=dict)

    @property
    def approvals(self) -> int:
        """How many approving ballots were ever cast."""
        return sum(each.verdict is Verdict.APPROVED for r in self.requests.values() for each in r.ballots)

    async def hold(self) -> None:
        """Check every rule."""
        company = self.company
        async with company.storage.unit_of_work() as uow:
            everybody = await uow.employees.of_portal(company.portal.id)
            requests = await uow.requests.of_portal(company.portal.id, 1000)
            for each in everybody:
                log = await uow.punches.log(each, EVER)
                sessions = list(await uow.punches.sessions(each, *ALL_DAYS))
                absences = Counter(a.request_id for a in await uow.absences.of(each, *ALL_DAYS))
                self._hours(each, log.punches, sessions)
                self._effects([r for r in requests if r.subject_id == each.id], log.punches, absences)
        backlog = await company.storage.backlog()
        assert [0, 0, 0, 0] == [backlog.inbox, backlog.outbox, backlog.inbox_failed, backlog.outbox_failed]
        assert len(requests) >= len(self.requests), "a request has vanished"
        for request in requests:
            self._request(request)
        self._cards()

    def _hours(self, person: Employee, punches: tuple[Punch, ...], sessions: list[WorkSession]) -> None:
        """One open session at most; none overlap; breaks lie inside; the log only grows and means the sessions."""
        assert derive(punches) == sessions
        assert len([each for each in sessions if each.is_open]) <= 1
        for before, after in pairwise(sessions):
            assert before.ended_at is not None
            assert before.ended_at <= after.started_at
        for session in sessions:
            end = session.ended_at
            assert end is None or end > session.started_at
            edges = [session.started_at]
            for each in session.breaks:
                edges += [each.started_at, *([each.ended_at] if each.ended_at else [])]
                assert each.ended_at is not None or session.is_open
            assert [*edges, *([end] if end else [])] == sorted([*edges, *([end] if end else [])])
        now = {each.id: each for each in punches}
        former = self.logs.get(person.id, {})
        assert former == {key: now.get(key) for key in former}, "the log is only added to"
        self.logs[person.id] = now

    def _effects(
        self, requests: list[ApprovalRequest], punches: tuple[Punch, ...], absences: Counter[int | None]
    ) -> None:
        """What was approved and settled is done once; nothing else is done at all (I1, I12)."""
        done = Counter(each.event.split(":")[1] for each in punches if each.event.startswith("request:"))
        added = Counter(each.event for each in punches if each.event.startswith("request:"))
        assert [] == [event for event, count in added.items() if count > 1]
        for request in requests:
            is_due = request.state is RequestState.APPROVED and request.settled_at is not None
            if isinstance(request.matter, LeaveMatter):
                assert absences[request.id] == (1 if is_due else 0)
                continue
            assert isinstance(request.matter, CorrectionMatter)
            plan = request.matter.plan
            least = len(plan.adds) + len(plan.voids) if is_due else 0
            assert done[str(request.id)] >= least
            assert done[str(request.id)] == 0 or is_due, f"{request.state} request has an effect"

    def _request(self, request: ApprovalRequest) -> None:
        """One outcome, one standing ballot a seat and round, never the requester's, a record that only grows."""
        again = replace(request, events=())
        for line in request.events:
            again = again.recorded(line.what, line.actor_id, line.at)
        assert again.events == request.events, "the hash chain is broken (I10)"
        standing = Counter((each.seat_id, each.round) for each in request.ballots if each.undone_at is None)
        assert [] == [seat for seat, count in standing.items() if count > 1]
        assert request.requester_id not in {each.by_id for each in request.ballots}
        assert {each.by_id for each in request.ballots} <= set(request.holders)
        if request.state is RequestState.PENDING:
            assert [None, None, 0] == [request.settles_at, request.settled_at, len(standing)]
        elif request.state in DECIDED and not request.is_automatic and request.ballots:
            assert [1] == list(standing.values())
            assert (request.settles_at is None) is (request.settled_at is not None)
        else:
            assert request.settled_at is not None
        former = self.requests.get(request.id)
        if former is not None and former != request:
            assert former.settled_at is None, "a settled request has changed (I6)"
            assert request.version > former.version, "a change without a new version (I11)"
            assert former.events == request.events[: len(former.events)]
        self.requests[request.id] = request

    def _cards(self) -> None:
        """No card of a decided request can be answered, and none of a settled one taken back (I13)."""
        seats = {seat.id: request for request in self.requests.values() for seat in request.seats}
        for person, _, label, button in self.company.visible():
            if not isinstance(button.action, SeatPressed):
                continue
            request = seats[long(button.action.seat)]
            offers = {"a", "r"} if request.is_open else {"u"} if request.settles_at is not None else set()
            assert button.action.what in offers, f"{person.name} is offered {label!r} on a {request.state} request"
