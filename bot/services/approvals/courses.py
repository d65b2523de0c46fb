"""Requests on routes carried on: each event is one step of the pure course, and one write with the version seen.

What fell due meanwhile is carried out first, each at its own instant, by whatever touches the request next. Nothing is
raised for what a course does not take: the answer says so, for time may have moved on in the same write.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.approvals.condition import holds
from bot.domain.approvals.course import Course, due, reminders
from bot.domain.approvals.durations import Reckoning
from bot.domain.approvals.event import Do, Event, Outside
from bot.domain.approvals.files import RequestFile, with_files
from bot.domain.approvals.history import ASKED, OUTSIDE, RAN_OUT, since_opened
from bot.domain.approvals.people import PersonId
from bot.domain.approvals.progress import Progress
from bot.domain.approvals.read_fields import is_read
from bot.domain.approvals.refusals import UnknownRequest
from bot.domain.approvals.route import ApprovalTemplate
from bot.domain.approvals.routed import Asked, Entry, KeptEffect, RoutedRequest, SeatMark
from bot.domain.approvals.running import Running, Seat
from bot.domain.approvals.seating import Seating
from bot.domain.approvals.stage import Stage, Track
from bot.domain.approvals.template import TemplateVersion
from bot.domain.approvals.timers import next_at
from bot.domain.approvals.values import revision
from bot.domain.automation.errand import Errand, ErrandKind, ErrandState
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.watching import BINDING, Hint
from bot.domain.errors import NotAllowed, Refusal
from bot.domain.events import ErrandEnded, RoutedCarried
from bot.domain.people.employee import Employee
from bot.domain.portal import Portal
from bot.domain.rights import Right, check
from bot.ids import new_id
from bot.ports import Job, UnitOfWork
from bot.services.approvals.effects import UNCONFIRMED, Following, cause_of, is_own_news
from bot.services.approvals.structure import PortalStructure, Structures, person_id
from bot.services.approvals.templates import Templates, parsed
from bot.services.automation.hook_outcomes import Outcomes
from bot.services.unit_service import UnitService
from bot.text import t

ON_ROUTE = "routed-request"
"""The job by which a request's own time passes."""
REMIND = "routed-reminder"
"""The job that reminds one person of everything that waits for them."""
LISTED = 20
_OBJECTS = frozenset({"deal", "task"})
"""Types of fields that name an object of the portal."""
_ANSWERS = frozenset({"approve", "reject", "return"})


class NobodyOnRoute(Refusal):
    """A stage for which there is nobody to ask: nothing is sent."""

    code = "nobody_on_route"

    def __init__(self) -> None:
        """Say who can help."""
        super().__init__(
            t("There is nobody to ask on this way, so nothing was sent. An administrator can look at the template.")
        )


class TemplateOff(Refusal):
    """The template was switched off, or changed, since it was chosen."""

    code = "template_off"

    def __init__(self) -> None:
        """Say how to go on."""
        super().__init__(t("This template was changed or switched off meanwhile. Please begin again: /request"))


@dataclass(frozen=True, slots=True)
class Startable:
    """A template that somebody may start now."""

    version: TemplateVersion
    template: ApprovalTemplate


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request stands, with all that is needed to tell it."""

    request: RoutedRequest
    template: ApprovalTemplate
    structure: PortalStructure
    errands: Sequence[Errand] = ()
    """What is done on the portal because of its outcome."""

    @property
    def running(self) -> Running:
        """Return the course as it is."""
        return self.request.running

    @property
    def stage(self) -> Stage | None:
        """Return the stage that is open, as the route has it."""
        opened = self.running.stage
        return None if opened is None else self.template.route.stages[opened.number]

    @property
    def place(self) -> tuple[int, int]:
        """Return which of the stages that this request needs is open, and how many those are."""
        needed, opened = self.needed, self.running.stage
        return (needed.index(opened.number) + 1 if opened is not None else 0), len(needed)

    @property
    def needed(self) -> list[int]:
        """Return the numbers of the stages that this request needs: the open one, and those whose condition holds."""
        running, opened = self.running, self.running.stage
        return [
            number
            for number, each in enumerate(self.template.route.stages)
            if each.when is None
            or (opened is not None and number == opened.number)
            or holds(each.when, running.subject, running.first_subject)
        ]

    @property
    def due(self) -> datetime | None:
        """Return until when there is time for what is waited for."""
        return due(self.running) if self.request.is_open else None

    @property
    def settles_at(self) -> datetime | None:
        """Return when the outcome of the open stage becomes final."""
        return None if self.running.stage is None else self.running.stage.settles_at

    @property
    def again_after(self) -> str:
        """Return the number of the request that this one asks for again."""
        return next((each.said for each in self.request.record if each.what == "again"), "")

    @property
    def ended_outside(self) -> str:
        """Return how it ended without its route, "" where it did not."""
        told = (each.what for each in self.request.record if each.what.startswith(OUTSIDE))
        return next(told, "").removeprefix(OUTSIDE)

    @property
    def is_last_round(self) -> bool:
        """Whether sending it back would reject it."""
        return self.running.round >= self.template.route.rework.max_rounds

    def employee(self, person: PersonId) -> Employee | None:
        """Return an employee by the id that routes know."""
        return self.structure.employee(person)

    def track(self, track_id: str) -> Track | None:
        """Return a track of the open stage."""
        stage = self.stage
        return None if stage is None else next((each for each in stage.tracks if each.id == track_id), None)

    def seat(self, mark: SeatMark) -> Seat | None:
        """Return the seat of the open stage that a mark names."""
        opened = self.running.stage
        if opened is None or not self.request.is_current(mark):
            return None
        for each in opened.tracks:
            if each.id == mark.track and mark.place < len(each.seats):
                return each.seats[mark.place]
        return None

    def holders(self) -> list[Employee]:
        """Return who may answer now."""
        by_id = self.structure.by_own_id
        return [by_id[each] for each in self.request.holders if each in by_id]

    def somebody(self, employee_id: int | None) -> Employee | None:
        """Return an employee by their own id."""
        return None if employee_id is None else self.structure.by_own_id.get(employee_id)

    def undoable(self, employee: Employee) -> SeatMark | None:
        """Return the seat whose ballot somebody could take back now."""
        opened = self.running.stage
        if opened is None or opened.settles_at is None:
            return None
        found: list[tuple[int, SeatMark]] = []
        for mark in self.request.seats:
            seat = self.seat(mark)
            if seat is None or seat.ballot is None or not seat.can_undo:
                continue
            voter = self.employee(seat.ballot.voter)
            if voter is not None and voter.id == employee.id:
                found.append((seat.ballot.number, mark))
        return max(found, key=lambda each: each[0])[1] if found else None

    def answers(self) -> list[Entry]:
        """Return the answers of this round that stand, and what was said beside them, oldest first."""
        told: list[Entry] = []
        for entry in self.request.record:
            match entry.what:
                case "resubmit":
                    told.clear()
                case "undo":
                    own = [each for each in told if each.actor_id == entry.actor_id and each.what in _ANSWERS]
                    if own:
                        told.remove(own[-1])
                case "approve" | "reject" | "return" | "comment" | "ask" | "delegate" | "unreached":
                    told.append(entry)
        return told


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an event: where the request stands, and why the event was not taken, if it was not."""

    standing: Standing
    refusal: str = ""

    @property
    def request(self) -> RoutedRequest:
        """The request as it is now."""
        return self.standing.request


class Courses(UnitService):
    """The one place where requests on routes change."""

    def __init__(self, uow: UnitOfWork) -> None:
        """Read and note in `uow`; a portal's structure, which is much to read, is read once an instant."""
        super().__init__(uow)
        self._structures: dict[tuple[int, datetime], PortalStructure] = {}
        self._templates: dict[tuple[int, str, int], ApprovalTemplate] = {}

    # Looking

    async def startable(self, portal: Portal, person: Employee, now: datetime) -> list[Startable]:
        """Return the templates that a person may start, by key."""
        on = await Templates(self._uow).started_by_hand(portal)
        if not on:
            return []
        structure = await self._structure(portal, now)
        own = person_id(portal, person)
        return [Startable(version, each) for version, each in on if _may_start(each, structure, own)]

    async def _on(self, portal: Portal) -> list[Startable]:
        versions = await self._uow.templates.of_portal(portal.id)
        return [Startable(each, parsed(each.document)) for each in versions if each.is_on]

    async def get(self, portal_id: int, request_id: int) -> RoutedRequest:
        """Return a request; UnknownRequest when there is none."""
        found = await self._uow.routed.get(portal_id, request_id)
        if found is None:
            raise UnknownRequest
        return found

    async def by_number(self, portal_id: int, number: int) -> RoutedRequest | None:
        """Return the request that people call by a number."""
        return await self._uow.routed.by_number(portal_id, number)

    async def of_seat(self, portal_id: int, seat_id: int) -> RoutedRequest:
        """Return the request of a seat; UnknownRequest when there is none."""
        found = await self._uow.routed.by_seat(portal_id, seat_id)
        if found is None:
            raise UnknownRequest
        return found

    async def waiting_for(self, person: Employee) -> Sequence[RoutedRequest]:
        """Return the requests in which a person may answer now, oldest first."""
        return await self._uow.routed.waiting_for(person)

    async def open_of(self, person: Employee) -> list[RoutedRequest]:
        """Return a person's own requests that have not ended, newest first."""
        return [each for each in await self._uow.routed.by_initiator(person, LISTED) if each.is_open]

    async def standing(self, request: RoutedRequest, now: datetime) -> Standing:
        """Return where a request stands."""
        portal = await self._uow.portals.get(request.portal_id)
        if portal is None:
            raise UnknownRequest
        # Asked for at once they are read in one hop.
        template, structure = await asyncio.gather(self._template(portal, request), self._structure(portal, now))
        errands: Sequence[Errand] = ()
        if not request.is_open and any(not each.is_done for each in request.effects):
            errands = await self._uow.errands.of_cause(portal.id, cause_of(request))
        return Standing(request, template, structure, errands)

    async def _template(self, portal: Portal, request: RoutedRequest) -> ApprovalTemplate:
        """Return what the version says that a request began with; it never changes, so it is read once."""
        version = (portal.id, request.template, request.template_version)
        found = self._templates.get(version) or await Templates(self._uow).version(portal, *version[1:])
        if found is None:
            raise UnknownRequest
        self._templates[version] = found
        return found

    async def _structure(self, portal: Portal, now: datetime) -> PortalStructure:
        """Return the structure as of an instant: a list of what waits has it once, however long it is."""
        found = self._structures.get((portal.id, now))
        if found is None:
            found = self._structures[portal.id, now] = await Structures(self._uow).of(portal, now)
        return found

    # Doing

    async def start(
        self,
        portal: Portal,
        chosen: tuple[str, int],
        by: Employee,
        fields: Mapping[str, Any],
        now: datetime,
        at: str,
        files: Sequence[RequestFile] = (),
        parent: RoutedRequest | None = None,
        *,
        about: ObjectRef | None = None,
        authors: Collection[str] = (),
        request_id: int = 0,
    ) -> Done:
        """Begin a request by a template that is on; the one about the same that is open is returned instead (E58).

        One that has ended is never opened again: asked once more it is a new one, whose `parent` it is (E57).
        `about` names the object of the portal that it is about. `authors` are accounts on the portal of others who had
        a hand in what is asked for: where nobody decides about their own, they do not decide either. Who may start by
        hand is no matter then: what asks about an object is a rule or a robot, and administrators alone make these.
        `request_id` is that of the form which is sent, where that has one: sent twice it begins one request.
        """
        offered = await self.startable(portal, by, now) if about is None else await self._on(portal)
        found = next((each for each in offered if (each.version.key, each.version.version) == chosen), None)
        if found is None:
            raise TemplateOff
        return await self.begin(
            portal, found, by, fields, now, at, files, parent, about=about, authors=authors, request_id=request_id
        )

    async def begin(
        self,
        portal: Portal,
        found: Startable,
        by: Employee,
        fields: Mapping[str, Any],
        now: datetime,
        at: str,
        files: Sequence[RequestFile] = (),
        parent: RoutedRequest | None = None,
        *,
        about: ObjectRef | None = None,
        authors: Collection[str] = (),
        request_id: int = 0,
    ) -> Done:
        """Begin a request as `start` does, by a template that is on, whoever may start it by hand."""
        key, version = found.version.key, found.version.version
        fields = with_files(found.template.form, fields, files, {})
        subject_key = f"by:{by.id}" if about is None else str(about)
        seen = revision(fields, sorted(each for each in fields if not is_read(each)))
        same = await self._uow.routed.open_about(portal.id, subject_key, key, seen)
        if same is not None:
            return Done(await self.standing(same, now), "same_is_open")
        structure = await self._structure(portal, now)
        course = _course(found.template, structure)
        event = Event(now, "start", by=person_id(portal, by), subject=fields)
        had_a_hand = tuple(int(each) for each in sorted(authors) if each.isascii() and each.isdecimal())
        stepped = course.step(Running(authors=had_a_hand), event)
        if stepped.refusal is not None:
            raise NotAllowed
        if stepped.running.status == "failed":
            raise NobodyOnRoute
        number = await self._uow.routed.last_number(portal.id) + 1
        begun = RoutedRequest(
            request_id or new_id(), portal.id, number, key, version, by.id, subject_key, seen, Running(), now
        )
        begun = replace(begun, about=about or _named_in(found.template, fields))
        begun = begun.recorded("start", now, actor_id=by.id, messenger=at)
        begun = begun.with_files(files, now, actor_id=by.id, messenger=at)
        if parent is not None:
            begun = replace(begun, parent_id=parent.id)
            begun = begun.recorded("again", now, actor_id=by.id, messenger=at, said=str(parent.number))
        carried = _carried(course, structure, begun, stepped.running, now)
        self._uow.routed.add(carried)
        self._tie(carried, found.template)
        self._keep_time(carried)
        self._look_at(carried)
        errands = await self._follow(found.template, structure, carried, now)
        self._uow.events.append(RoutedCarried(portal.id, by.id, None, carried, "start", by.id))
        return Done(Standing(carried, found.template, structure, errands))

    def _look_at(self, request: RoutedRequest) -> None:
        """Have the object that a request is about looked at, and told of by the portal from now on."""
        if request.about is not None:
            for ref in (BINDING, str(request.about)):
                self._uow.objects.note(Hint(request.portal_id, ref))

    def _tie(self, request: RoutedRequest, template: ApprovalTemplate) -> None:
        """Keep which tasks and deals a form names beside what the request is about: what becomes of them is told."""
        for field in template.form:
            if field.type in {"deal", "task"}:
                ref = ObjectRef.parse(f"{field.type}:{request.running.subject.get(field.key, '')}")
                if ref is not None and ref != request.about:
                    self._uow.rules.tie(request.portal_id, str(ref), request.id)

    async def do(
        self,
        request: RoutedRequest,
        do: Do,
        by: Employee,
        now: datetime,
        *,
        mark: SeatMark | None = None,
        reason: str = "",
        to: Employee | None = None,
        holder: Employee | None = None,
        fields: Mapping[str, Any] | None = None,
        files: Sequence[RequestFile] | None = None,
        at: str = "",
    ) -> Done:
        """Let somebody do something; what is not taken is on record as well, and says why.

        `files` are those that the request has from then on; None leaves them as they are.
        """
        before = await self.standing(request, now)
        portal = await self._uow.portals.get(request.portal_id)
        if portal is None:
            raise UnknownRequest
        if files is not None:
            fields = with_files(before.template.form, fields or {}, files, request.running.subject)
        event = Event(
            now,
            do,
            by=person_id(portal, by),
            to=None if to is None else person_id(portal, to),
            holder=None if holder is None else person_id(portal, holder),
            track=None if mark is None else mark.track,
            reason=reason,
            subject=fields,
        )
        behalf = self._behalf(before, mark, by)
        return await self._step(before, event, by, reason, behalf, at, files)

    async def replace_holder(
        self, request: RoutedRequest, by: Employee, holder: Employee, to: Employee, now: datetime, at: str = ""
    ) -> Done:
        """Let somebody else hold an open seat, as an administrator says."""
        check(by, Right.REPLACE_HOLDER)
        return await self.do(request, "replace", by, now, holder=holder, to=to, at=at)

    def ask_again(self, request: RoutedRequest, now: datetime) -> None:
        """Remind whoever is asked now, each by one message about everything that waits for them."""
        for employee_id in request.holders:
            self._uow.jobs.keep(Job(new_id(), request.portal_id, REMIND, str(employee_id), now, {}))

    async def latest_of(self, person: Employee) -> RoutedRequest | None:
        """Return what a person asked for last."""
        return next(iter(await self._uow.routed.by_initiator(person, 1)), None)

    async def dismiss(self, person: Employee, now: datetime) -> None:
        """Let the open seats of somebody who does not work here any more go on to others."""
        for request in await self.waiting_for(person):
            portal = await self._uow.portals.get(request.portal_id)
            if portal is not None:
                event = Event(now, "dismiss", person=person_id(portal, person))
                await self._step(await self.standing(request, now), event, None, "", None, "")

    async def ended_outside(
        self, request: RoutedRequest, how: Outside, now: datetime, *, approved: bool = False
    ) -> Done:
        """End a request that its route does not end any more; one that has ended stays as it is.

        What was decided on the portal itself is adopted (E19), what it was about is gone (E52), or nobody can carry it
        on, for the application was removed (E66). Nobody's answer is made of that: the record says what it was.
        """
        before = await self.standing(request, now)
        if not request.is_open:
            return Done(before, "already_decided")
        endings: dict[Outside, str] = {
            "decided": "approved" if approved else "rejected",
            "gone": "withdrawn",
            "removed": "failed",
            "process": "withdrawn",
        }
        return await self._step(
            before, Event(now, "outside", ending=endings[how]), None, "", None, "", what=f"{OUTSIDE}{how}"
        )

    async def object_changed(
        self, request: RoutedRequest, fields: Mapping[str, Any], by: Employee | None, now: datetime
    ) -> Done:
        """Let a request say what its object says now; whoever changed that decides nothing about it any more (E50)."""
        portal = await self._uow.portals.get(request.portal_id)
        if portal is None:
            raise UnknownRequest
        who = None if by is None else person_id(portal, by)
        event = Event(now, "change", by=who, subject=fields)
        return await self._step(await self.standing(request, now), event, by, "", None, "")

    async def freeze(self, portal_id: int, now: datetime) -> int:
        """End all that runs on a portal whose application was removed (E66); return how many that were."""
        until = now + timedelta(days=1)  # what was begun at this very instant runs as well
        running = [each for each in await self._uow.routed.between(portal_id, now, until) if each.is_open]
        for each in running:
            await self.ended_outside(await self.get(portal_id, each.id), "removed", now)
        return len(running)

    async def told(self, request: RoutedRequest, what: str, said: str, now: datetime) -> RoutedRequest:
        """Put on record what became of the object that a request belongs to; nothing else of it changes."""
        known = await self._uow.routed.get(request.portal_id, request.id) or request
        after = replace(known.recorded(what, now, said=said), version=known.version + 1)
        self._uow.routed.put(after)
        return after

    async def unreached(self, request: RoutedRequest, person: Employee, now: datetime) -> None:
        """Nothing reaches a holder on any channel: it is on record, and others are asked now; once a stage (E28)."""
        since = [number for number, each in enumerate(request.record) if each.what.startswith("stage ")]
        told = request.record[since[-1] :] if since else request.record
        portal = await self._uow.portals.get(request.portal_id)
        known = any((each.what, each.behalf_id) == ("unreached", person.id) for each in told)
        if portal is None or known or person.id not in request.holders:
            return
        event = Event(now, "unreached", person=person_id(portal, person))
        await self._step(await self.standing(request, now), event, None, "", person.id, "")

    async def tick(self, request: RoutedRequest, now: datetime) -> Standing:
        """Carry out what fell due; whoever is to be reminded is noted for one message of all that waits."""
        if not request.is_open:
            return await self.standing(request, now)
        return (await self._step(await self.standing(request, now), Event(now, "tick"), None, "", None, "")).standing

    def _behalf(self, before: Standing, mark: SeatMark | None, by: Employee) -> int | None:
        seat = None if mark is None else before.seat(mark)
        principal = None if seat is None else before.employee(seat.principal)
        return None if principal is None or principal.id == by.id else principal.id

    async def _step(
        self,
        before: Standing,
        event: Event,
        by: Employee | None,
        said: str,
        behalf: int | None,
        at: str,
        files: Sequence[RequestFile] | None = None,
        *,
        what: str = "",
    ) -> Done:
        """Take one step; each timer before it at its own instant. One write, one event to be told."""
        request, structure = before.request, before.structure
        course = _course(before.template, structure)
        while (fell_due := next_at(request.running)) is not None and fell_due <= event.at:
            ticked = course.step(request.running, Event(fell_due, "tick"))
            request = _carried(course, structure, request, ticked.running, fell_due)
        stepped = course.step(request.running, event)
        refusal = stepped.refusal or ""
        if event.do != "tick":
            what = f"refused {event.do}: {refusal}" if refusal else what or event.do
            actor = None if by is None else by.id
            said = said if not refusal else ""
            request = request.recorded(what, event.at, actor_id=actor, behalf_id=behalf, messenger=at, said=said)
        if files is not None and by is not None and not refusal:
            request = request.with_files(files, event.at, actor_id=by.id, messenger=at)
        request = _carried(course, structure, request, stepped.running, event.at)
        request = replace(request, version=before.request.version + 1)
        self._uow.routed.put(request)
        self._keep_time(request)
        errands = before.errands
        if before.request.is_open:
            errands = await self._follow(before.template, structure, request, event.at)
        self._remind(before.request.running, request, event.at)
        self._uow.events.append(
            RoutedCarried(
                request.portal_id,
                request.initiator_id,
                before.request,
                request,
                "" if refusal else event.do,
                None if by is None else by.id,
            )
        )
        return Done(replace(before, request=request, errands=errands), refusal)

    async def _follow(
        self, template: ApprovalTemplate, structure: PortalStructure, request: RoutedRequest, at: datetime
    ) -> Sequence[Errand]:
        """Note what is to be done on the portal where a request has just ended."""
        if request.is_open:
            return ()
        errands = Following(structure.portal, template, structure, request, at).errands()
        errands = [await self._handed_over(each, at) for each in errands]
        for each in errands:
            self._uow.errands.add(each)
        if any(each.state is ErrandState.OFFERED for each in errands):
            self._uow.jobs.keep(Job(new_id(), request.portal_id, UNCONFIRMED, str(request.id), at, {}))
        return errands

    async def _handed_over(self, errand: Errand, at: datetime) -> Errand:
        """Have a program told at once; where there is none of that name, that is told instead."""
        if errand.kind is not ErrandKind.WEBHOOK or errand.state is not ErrandState.WAITING:
            return errand
        errand = await Outcomes(self._uow).hand_over(errand)
        if errand.state is ErrandState.FAILED:
            errand = replace(errand, ended_at=at)
            self._uow.events.append(ErrandEnded(errand.portal_id, 0, errand))
        return errand

    def _remind(self, before: Running, request: RoutedRequest, now: datetime) -> None:
        """Note whoever is to be reminded, whatever it was that time passed with; one message tells all that waits."""
        was, stage = before.stage, request.running.stage
        if was is None or stage is None or stage.settles_at is not None or was.number != stage.number:
            return
        if any(before.now < each <= now for each in was.reminders):
            self.ask_again(request, now)

    def _keep_time(self, request: RoutedRequest) -> None:
        """Wake up when something falls due next."""
        if request.next_at is None:
            self._uow.jobs.cancel(request.portal_id, ON_ROUTE, str(request.id))
        else:
            payload = {"request_id": request.id}
            self._uow.jobs.add(Job(new_id(), request.portal_id, ON_ROUTE, str(request.id), request.next_at, payload))


def _named_in(template: ApprovalTemplate, fields: Mapping[str, Any]) -> ObjectRef | None:
    """Return the object that a form names, where it names one by its number alone."""
    found = (ObjectRef.parse(f"{each.type}:{fields.get(each.key)}") for each in template.form if each.type in _OBJECTS)
    return next((each for each in found if each is not None and each.number), None)


def _may_start(template: ApprovalTemplate, structure: PortalStructure, person: PersonId) -> bool:
    who = template.start.who
    if not structure.company.knows(person):
        return False
    return not who or person in Seating(template.route, structure.company, Running(initiator=person)).resolve(who)


def _course(template: ApprovalTemplate, structure: PortalStructure) -> Course:
    reckoning = Reckoning(ZoneInfo(template.route.timezone), structure.hours)
    return Course(template.route, structure.company, reckoning)


def _carried(
    course: Course, structure: PortalStructure, request: RoutedRequest, running: Running, at: datetime
) -> RoutedRequest:
    """Return the request with the course as it is by now: its seats, who is asked, what is to be done, its record."""
    before = request.running
    request = replace(request, running=running)
    for what in _what_happened(course, before, running, at):
        request = request.recorded(what, at)
    seats = (*request.seats, *_new_seats(request))
    request = replace(request, seats=seats)
    asked = _asked(course, structure, request)
    request = _asked_on_record(request, structure, asked, at)
    known = [replace(each, seat_id=asked.pop(each.employee_id, None)) for each in request.asked]
    request = replace(request, asked=(*known, *(Asked(who, seat) for who, seat in asked.items())))
    if running.has_ended:
        effects = request.effects
        if not before.has_ended:
            effects = tuple(
                KeptEffect(each.do, each.args, is_own_news(each))
                for each in course.route.outcomes.get(running.status, ())  # type: ignore[arg-type]
            )
        return replace(request, effects=effects, next_at=None, ended_at=request.ended_at or at)
    times = [each for each in (next_at(running), *reminders(running)) if each is not None]
    return replace(request, next_at=min(times) if times else None)


def _asked_on_record(
    request: RoutedRequest, structure: PortalStructure, asked: Mapping[int, int], at: datetime
) -> RoutedRequest:
    """Put on record who is asked from now on in the stage that is open, in which track, and for whom."""
    known = {(each.actor_id, each.what) for each in since_opened(request.record)}
    for employee_id, seat_id in asked.items():
        mark = request.seat(seat_id)
        if mark is None or (employee_id, what := f"{ASKED} {mark.track}") in known:
            continue
        stage = request.running.stage
        tracks = () if stage is None else stage.tracks
        seat = next(each.seats[mark.place] for each in tracks if each.id == mark.track)
        principal = structure.employee(seat.principal)
        behalf = None if principal is None or principal.id == employee_id else principal.id
        request = request.recorded(what, at, actor_id=employee_id, behalf_id=behalf)
    return request


def _what_happened(course: Course, before: Running, after: Running, at: datetime) -> list[str]:
    """Name what the course did by itself between two states, for the record."""
    told: list[str] = []
    if _ran_out(before, after, at):
        told.append(RAN_OUT)
    if after.round > before.round:
        told.append("sent back")
    was, now = before.stage, after.stage
    if now is not None and (was is None or (was.number, before.round) != (now.number, after.round)):
        told.append(f"stage {course.route.stages[now.number].id}")
    elif now is not None and was is not None and now.escalations > was.escalations:
        told.append("escalated")
    if after.has_ended and not before.has_ended:
        told.append(f"ended {after.status}")
    return told


def _ran_out(before: Running, after: Running, at: datetime) -> bool:
    """Whether the stage that was open is left because its time, or that of the request, was up."""
    was, now = before.stage, after.stage
    if was is None or was.settles_at is not None or at < min(was.due_at, before.hard_at):
        return False
    return now is None or (was.number, before.round) != (now.number, after.round)


def _new_seats(request: RoutedRequest) -> list[SeatMark]:
    """Name the seats of a stage that was opened."""
    stage = request.running.stage
    if stage is None or any(request.is_current(each) for each in request.seats):
        return []
    return [
        SeatMark(new_id(), request.round, stage.number, track.id, place)
        for track in stage.tracks
        for place in range(len(track.seats))
    ]


def _asked(course: Course, structure: PortalStructure, request: RoutedRequest) -> dict[int, int]:
    """Return for everybody who may answer now the first of their seats."""
    opened = request.running.stage
    if opened is None or opened.settles_at is not None:
        return {}
    progress = Progress(course.route, course.structure, course.reckoning, request.running)
    marks = {(each.track, each.place): each.id for each in request.seats if request.is_current(each)}
    asked: dict[int, int] = {}
    for place, seat in progress.seats():
        if not (progress.is_open(place) and progress.is_next(place)):
            continue
        for holder in seat.holders:
            employee = structure.employee(holder) if progress.seating.is_active(holder) else None
            if employee is not None:
                asked.setdefault(employee.id, marks[opened.tracks[place.track].id, place.seat])
    return asked
