"""Approvals: ask, decide, take back, withdraw, settle. Exactly one outcome, and its effect with it or not at all."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.matter import Asks, Matter
from bot.domain.approvals.refusals import (
    NobodyToAsk,
    NotYourSeat,
    UnknownRequest,
)
from bot.domain.approvals.request import (
    CLOSED,
    EXPIRED,
    REMOVED,
    TAKEN,
    UNDO_WITHIN,
    AlreadyDecided,
    ApprovalRequest,
    CannotTakeSeat,
    ChangedMeanwhile,
    KeptSeat,
    NoLongerLead,
    RequestState,
    as_reason,
)
from bot.domain.approvals.rule import Verdict
from bot.domain.errors import NotAllowed
from bot.domain.events import (
    RequestAsked,
    RequestDecided,
    RequestMoved,
    RequestRestated,
    RequestSettled,
    RequestUndone,
    RequestWithdrawn,
)
from bot.domain.options import ESCALATION
from bot.domain.people.employee import Employee
from bot.domain.people.readers import told_of
from bot.domain.periods.period import PeriodClosed
from bot.domain.rights import Reach, Right, may, reach
from bot.ids import new_id
from bot.ports import Job
from bot.services.approvals.days_come import DaysCome
from bot.services.approvals.deciders import Asked, Deciders
from bot.services.approvals.outcomes import Outcomes
from bot.services.approvals.structure import hours_of
from bot.services.leave.leaves import DaysTaken
from bot.services.people.people import People
from bot.services.planning.calendars import Calendars
from bot.services.unit_service import UnitService

SETTLE = "settle-request"
TIME_PASSES = "request-time"
"""The job by which time does something to a request that nobody answers: others are asked."""
SLOT = "req"
"""A request's card stands in the slot "req:<id>" of a conversation."""
LOOKED_THROUGH = 50
"""So many of a person's latest requests are looked through for what waits when their hours change."""
LISTED_FOR = timedelta(days=7)
"""How long a change that passed by itself stands in the lead's list."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that waits, and who decides."""

    request: ApprovalRequest
    deciders: Asked


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that nobody had to decide: it is carried out."""

    request: ApprovalRequest


class Approvals(UnitService):
    """The one place where requests change."""

    async def ask(
        self,
        matter: Matter,
        by: Employee,
        now: datetime,
        *,
        about: Employee | None = None,
        reason: str = "",
        request_id: int = 0,
    ) -> Sent | Passed:
        """Ask whoever decides, or carry out at once what nobody has to decide.

        That is what is small (case 31), and what is recorded for somebody else by whoever may: a refusal to others.
        What administrators alone decide, nobody asks for in the name of somebody else: NotAllowed.
        A request that waits about the same is replaced (case 33).
        """
        subject = about or by
        if subject.id != by.id and matter.asks is not Asks.LEAD:
            raise NotAllowed
        request = ApprovalRequest(
            request_id or new_id(), by.portal_id, by.id, subject.id, matter, now, reason=as_reason(reason)
        ).recorded("asked", by.id, now)
        if subject.id != by.id:
            await People(self._uow).check(by, Right.CORRECT_OTHERS, subject)
            return Passed(await self._pass_at_once(request, by, subject, now))
        if await self.passes(matter, by):
            return Passed(await self._pass_at_once(request, by, by, now))
        asked = await Deciders(self._uow).of(matter, subject, by, now)
        principal = asked.instead_of or asked.people[0]
        request = replace(request, seats=(KeptSeat(new_id(), principal.id, tuple(each.id for each in asked.people)),))
        request = _on_record(request, asked, now)
        request = await self._patient(request, by.portal_id, now)
        await self._replace_former(request)
        self._uow.requests.add(request)
        self._keep_time(request)
        await DaysCome(self._uow).follow(request, now)
        self._uow.events.append(RequestAsked(request.portal_id, request.subject_id, request))
        return Sent(request, await Deciders(self._uow).with_absences(asked, by, now))

    async def would_ask(self, matter: Matter, by: Employee, now: datetime) -> Asked | None:
        """Return who would be asked about a matter of one's own; None where it passes at once."""
        if await self.passes(matter, by):
            return None
        return await Deciders(self._uow).with_absences(await Deciders(self._uow).of(matter, by, by, now), by, now)

    async def passes(self, matter: Matter, by: Employee) -> bool:
        """Whether a matter of one's own is so small that nobody has to decide it (case 31)."""
        portal = await self._uow.portals.get(by.portal_id)
        return portal is not None and matter.is_small(portal.free_correction)

    async def _pass_at_once(
        self, request: ApprovalRequest, actor: Employee, subject: Employee, now: datetime
    ) -> ApprovalRequest:
        """Carry out what needs no lead, on record."""
        is_own = actor.id == subject.id
        done = replace(request, state=RequestState.APPROVED, settled_at=now, is_automatic=is_own)
        done = done.recorded("passed at once" if is_own else "made by a lead", actor.id, now)
        if is_own:
            await self._replace_former(request)
        await self._carry_out(done, subject, actor.id, now)
        self._uow.requests.add(done)
        if not is_own:
            self._uow.events.append(RequestSettled(done.portal_id, done.subject_id, done))
        return done

    async def of_seat(self, portal_id: int, seat_id: int) -> ApprovalRequest:
        """Return the request of a seat; UnknownRequest when there is none."""
        request = await self._uow.requests.by_seat(portal_id, seat_id)
        if request is None:
            raise UnknownRequest
        return request

    async def get(self, portal_id: int, request_id: int) -> ApprovalRequest:
        """Return a request; UnknownRequest when there is none."""
        request = await self._uow.requests.get(portal_id, request_id)
        if request is None:
            raise UnknownRequest
        return request

    async def of_slot(self, portal_id: int, slot: str) -> ApprovalRequest | None:
        """Return the request whose card stands in a slot, if it is one of ours."""
        prefix, _, number = slot.partition(":")
        if prefix != SLOT or not number.isdigit():
            return None
        return await self._uow.requests.get(portal_id, int(number))

    def check_answer(self, request: ApprovalRequest, seat_id: int, round_: int, by: Employee) -> None:
        """Refuse to take an answer in a seat that is not the person's, or of a round that is over."""
        if not request.is_open or round_ != request.round:
            raise AlreadyDecided(request)
        seat = request.seat(seat_id)
        if seat is None or (by.id not in seat.holders and may(by, Right.DECIDE)):
            raise UnknownRequest
        if not may(by, Right.DECIDE):
            raise NoLongerLead(request if by.id in seat.holders else None)

    async def decide(
        self,
        request: ApprovalRequest,
        by: Employee,
        verdict: Verdict,
        now: datetime,
        reason: str = "",
        *,
        seen: int | None = None,
    ) -> ApprovalRequest:
        """Cast a ballot. The outcome takes effect after 30 seconds, so that a slip of the finger can be taken back.

        Nobody decides what they did not see: `seen` is the version that was shown, where it is not the present one;
        and what would be approved is looked at again first (case 36). ChangedMeanwhile carries what it is by now: that
        is noted, for whoever shows it instead. A rejection wants a reason.
        """
        if by.is_disabled:
            raise NotYourSeat
        if not may(by, Right.DECIDE):
            raise NoLongerLead(request if request.is_open and by.id in request.holders else None)
        request = await self.time_passed(request, now)
        reason = as_reason(reason)
        is_other = request.is_open and seen is not None and seen != request.version
        if verdict is Verdict.APPROVED or request.is_expired(now):
            current = await self.look_again(request, now)
            # A day that ran when it was shown goes on, and everybody knows.
            is_other = (is_other or current is not request) and not (current.is_open and request.matter.goes_on)
            request = current
        if is_other:
            raise ChangedMeanwhile(request)
        decided = request.cast(by.id, verdict, now, reason)
        self._uow.requests.put(decided)
        self._uow.jobs.add(
            Job(new_id(), request.portal_id, SETTLE, str(request.id), now + UNDO_WITHIN, {"request_id": request.id})
        )
        self._uow.events.append(RequestDecided(decided.portal_id, decided.subject_id, decided))
        return decided

    async def undo(self, request: ApprovalRequest, by: Employee, now: datetime) -> ApprovalRequest:
        """Take a ballot back within 30 seconds; nothing had happened yet."""
        if not may(by, Right.DECIDE):
            raise NoLongerLead
        again = request.undo(by.id, now)
        self._uow.requests.put(again)
        self._uow.jobs.cancel(request.portal_id, SETTLE, str(request.id))
        self._keep_time(again)
        self._uow.events.append(RequestUndone(again.portal_id, again.subject_id, again))
        return again

    async def withdraw(self, request: ApprovalRequest, by: Employee, now: datetime) -> ApprovalRequest:
        """Take a request back while nobody has answered."""
        gone = request.withdraw(by.id, now)
        self._uow.requests.put(gone)
        self._uow.events.append(RequestWithdrawn(gone.portal_id, gone.subject_id, gone))
        return gone

    async def settle(self, request: ApprovalRequest, now: datetime) -> ApprovalRequest:
        """Make an outcome final and do what it means, in one transaction; settling twice does nothing."""
        if request.settles_at is None or request.settles_at > now:
            return request
        settled = await self._settled(request, now)
        self._uow.requests.put(settled)
        self._uow.events.append(RequestSettled(settled.portal_id, settled.subject_id, settled))
        return settled

    async def _settled(self, request: ApprovalRequest, now: datetime) -> ApprovalRequest:
        if request.state is not RequestState.APPROVED:
            return request.settle(now)
        subject = await self._uow.employees.get(request.portal_id, request.subject_id)
        if subject is None:
            return request.failed(now, REMOVED)
        current = await Outcomes(self._uow).as_now(request, subject, now)
        if current.state is not RequestState.APPROVED:
            return current
        try:
            await self._carry_out(current, subject, request.ballot.by_id if request.ballot else None, now)
        except PeriodClosed:
            return current.failed(now, CLOSED)
        except DaysTaken:
            return current.failed(now, TAKEN)
        return current.settle(now)

    async def look_again(self, request: ApprovalRequest, now: datetime, *, aside: bool = False) -> ApprovalRequest:
        """Return a waiting request as it is on the hours of now: the same, restated, or failed (case 36).

        One has failed as well on which nobody decided for as long as its route lets a request wait.

        `aside` where the answer of this turn does not show it.
        """
        subject = await self._uow.employees.get(request.portal_id, request.subject_id)
        if not request.is_open or subject is None:
            return request
        if request.is_expired(now):
            current = request.failed(now, EXPIRED)
        else:
            current = await Outcomes(self._uow).as_now(request, subject, now)
        if current is request or (current.is_open and current.matter.shown == request.matter.shown):
            return request
        self._uow.requests.put(current)
        event = RequestRestated if current.is_open else RequestSettled
        self._uow.events.append(event(current.portal_id, current.subject_id, current, aside=aside))
        return current

    async def _replace_former(self, request: ApprovalRequest) -> None:
        """A newer request about the same takes the place of one that waits (case 33)."""
        former = await self._uow.requests.open_about(request.portal_id, request.subject_id, request.matter.key)
        if former is not None:
            gone = former.replaced(request.requester_id, request.created_at)
            self._uow.requests.put(gone)
            self._uow.events.append(RequestWithdrawn(gone.portal_id, gone.subject_id, gone))

    async def deciders_about(self, subject: Employee) -> Sequence[Employee]:
        """Return who decides about the person's requests; NobodyToAsk when there is nobody."""
        return (await self.deciders_of(subject)).people

    async def waiting_for(self, person: Employee) -> Sequence[ApprovalRequest]:
        """Return what waits for the person's decision."""
        return await self._uow.requests.waiting_for(person)

    async def looked_through(self, person: Employee, now: datetime) -> Sequence[ApprovalRequest]:
        """Return what waits for the person's decision, each on the hours of now."""
        latest = [await self.look_again(each, now, aside=True) for each in await self.waiting_for(person)]
        return [each for each in latest if each.is_open]

    async def passed_by_themselves(self, lead: Employee, now: datetime) -> Sequence[ApprovalRequest]:
        """Return the small changes of the last week by the people of whom this person is told."""
        if not may(lead, Right.HEAR_OF_PEOPLE):
            return ()
        hears_of_all = reach(lead, Right.HEAR_OF_PEOPLE) is Reach.ALL
        everybody = await self._uow.employees.of_portal(lead.portal_id)
        told = {each.id for each in told_of(everybody).get(lead.id, ())}  # past a head who hears of nobody
        led = [
            each.id
            for each in everybody
            if each.id in told or each.lead_id == lead.id or (hears_of_all and each.lead_id is None)
        ]
        return await self._uow.requests.passed_by_themselves(lead.portal_id, led, now - LISTED_FOR)

    async def about(self, person: Employee, limit: int = 15) -> Sequence[ApprovalRequest]:
        """Return the latest changes of the person's time."""
        return await self._uow.requests.about(person, limit)

    async def deciders_of(self, person: Employee) -> Asked:
        """Return who decides about a person's time; NobodyToAsk when there is nobody but themselves."""
        return await Deciders(self._uow).of_leads(person)

    async def hand_over(self, former: Employee, now: datetime) -> int:
        """Ask the next in line about all that waits for somebody who may not decide any more; return how many move."""
        moved = 0
        for request in await self.waiting_for(former):
            with suppress(NobodyToAsk):
                await self.move_on(request, former, now)
                moved += 1
        return moved

    async def move_on(self, request: ApprovalRequest, silent: Employee, now: datetime) -> ApprovalRequest:
        """Ask the next in line when a holder cannot answer: switched off, or not reached on any channel (E24, E28)."""
        if not request.is_open or silent.id not in request.holders:
            raise AlreadyDecided(request)
        subject, requester = await self._people_of(request)
        asked = await Deciders(self._uow).after(request, subject, requester, silent, now)
        moved = request.seated(tuple(each.id for each in asked.people), now, "the holder cannot answer")
        return self._moved(_on_record(moved, asked, now), request)

    async def delegate(
        self, request: ApprovalRequest, by: Employee, to: Employee, now: datetime, *, seen: int | None = None
    ) -> ApprovalRequest:
        """Let somebody else decide instead of a holder, as the route lets them: once, and only who may (E30–E32)."""
        if not may(by, Right.DECIDE):
            raise NoLongerLead(request if request.is_open and by.id in request.holders else None)
        request = await self.look_again(await self.time_passed(request, now), now)
        if seen is not None and seen != request.version:
            raise ChangedMeanwhile(request)
        deciders = Deciders(self._uow)
        structure = await deciders.structure_of(request, *await self._people_of(request))
        try:
            return self._moved(request.delegate(by.id, to.id, now, structure), request)
        except CannotTakeSeat:
            raise deciders.why_not(request, structure, to) from None

    async def time_passed(self, request: ApprovalRequest, now: datetime) -> ApprovalRequest:
        """Carry out what fell due of a request that waits: a lead who is back has it again, others are asked as well.

        Whatever touches the request next does it, and a job where nothing does (E39).
        """
        if request.wakes_at is None or request.wakes_at > now:
            return request
        subject, requester = await self._people_of(request)
        structure = await Deciders(self._uow).structure_of(request, subject, requester)
        after = request.passed(now, structure, await self._reckoning(request.portal_id))
        if after is request:
            return request
        return self._moved(after, request)

    def _moved(self, after: ApprovalRequest, before: ApprovalRequest) -> ApprovalRequest:
        self._uow.requests.put(after)
        self._keep_time(after)
        if after.holders != before.holders:
            self._uow.events.append(RequestMoved(after.portal_id, after.subject_id, after, before.holders))
        return after

    def _keep_time(self, request: ApprovalRequest) -> None:
        """Wake up when time does something to it next."""
        if request.wakes_at is not None:
            payload = {"request_id": request.id}
            self._uow.jobs.add(
                Job(new_id(), request.portal_id, TIME_PASSES, str(request.id), request.wakes_at, payload)
            )

    async def _patient(self, request: ApprovalRequest, portal_id: int, now: datetime) -> ApprovalRequest:
        """Note until when an answer is waited for before others are asked as well, where the portal says so."""
        portal = await self._uow.portals.get(portal_id)
        days = 0 if portal is None or request.matter.asks is not Asks.LEAD else ESCALATION.of(portal)
        if not days:
            return request
        reckoning = await self._reckoning(portal_id)
        return request.patient(days, reckoning.after(now, f"{days}wd"), now)

    async def _reckoning(self, portal_id: int) -> Reckoning:
        portal = await self._uow.portals.get(portal_id)
        if portal is None:
            raise UnknownRequest
        return Reckoning(ZoneInfo(portal.zone), hours_of(await Calendars(self._uow).of(portal)))

    async def _people_of(self, request: ApprovalRequest) -> tuple[Employee, Employee]:
        subject = await self._uow.employees.get(request.portal_id, request.subject_id)
        requester = await self._uow.employees.get(request.portal_id, request.requester_id)
        if subject is None or requester is None:
            raise UnknownRequest
        return subject, requester

    async def _carry_out(
        self, request: ApprovalRequest, subject: Employee, actor_id: int | None, now: datetime
    ) -> None:
        """Do what an approved request means; other corrections that wait are shown on the hours of now."""
        await Outcomes(self._uow).do(request, subject, actor_id, now)
        if request.matter.changes_marks:
            for each in await self._uow.requests.about(subject, LOOKED_THROUGH):
                if each.id != request.id:
                    await self.look_again(each, now, aside=True)


def _on_record(request: ApprovalRequest, asked: Asked, now: datetime) -> ApprovalRequest:
    absent = asked.instead_of
    return request if absent is None else request.asked_instead_of(absent.id, now, asked.back_at)
