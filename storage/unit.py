"""The unit of work: reads when asked, notes writes, applies all of them in one transaction."""

from collections.abc import Callable
from datetime import date, timedelta
from operator import itemgetter
from typing import Generic, Self, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.events import DomainEvent
from bot.domain.people.employee import Employee
from bot.domain.topics import CHANGES, SETTINGS, Rung, rung_by
from bot.ids import new_id
from bot.messages import Incoming
from bot.ports import FILES_TAKEN, Stored, Wake
from storage.ahead import Ahead
from storage.engines.engine import Engine, Read, Write
from storage.guesses import Guesses
from storage.part import Part
from storage.parts.access import WebSessions
from storage.parts.approvals import Requests
from storage.parts.approving import Groups, Templates
from storage.parts.automation_rules import AutomationRules
from storage.parts.delays import Delays
from storage.parts.entitlements import Entitlements
from storage.parts.errands import Errands
from storage.parts.files import Files
from storage.parts.happenings import Happenings
from storage.parts.installations import Installations
from storage.parts.keys import ApiKeys, Repeats
from storage.parts.leave import Absences, absences_read
from storage.parts.objects import SeenObjects
from storage.parts.people import Employees, Portals
from storage.parts.people_lists import PeopleLists
from storage.parts.periods import Feeds, Overtimes, Periods, Reminders
from storage.parts.planning import (
    Calendars,
    Schedules,
    Staff,
    assignments_read,
    calendar_read,
    dates_read,
    departments_read,
    employments_read,
)
from storage.parts.portal_absences import PortalAbsences
from storage.parts.portal_workdays import PortalWorkdays
from storage.parts.privacy import Privacy
from storage.parts.processes import NativeTasks, ProcessCalls
from storage.parts.request_lists import RequestLists
from storage.parts.routed import RoutedRequests
from storage.parts.substitutes import Substitutes
from storage.parts.template_drafts import TemplateDrafts
from storage.parts.webhooks import Webhooks
from storage.parts.workday import Punches, log_of
from storage.queues.conversations import Audit, Dialogs, Links, Now, Outbox
from storage.queues.failures import Failures
from storage.queues.jobs import Jobs
from storage.rows import clean, millis
from storage.sql import conversations, people, queues, workday
from storage.vault import Box

_DAY = timedelta(days=1)
LOG_WINDOW = timedelta(days=2)
"""How much of the log a turn reads beforehand."""


_Made = TypeVar("_Made", bound=Part)


def _rank(write: Write) -> int:
    return write.statement.rank


class _Lazy(Generic[_Made]):
    """A part of a unit, made when somebody first asks for it: a turn needs five of twenty."""

    count = 0

    def __init__(self, make: "Callable[[UnitOfWork], _Made]") -> None:
        """Remember how it is made, and its place among the parts: what they note is applied in that order."""
        self._make = make
        self._place = _Lazy.count
        _Lazy.count += 1

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, unit: "UnitOfWork", owner: type) -> _Made:
        """Make it; the unit keeps it under its name, so that this is not asked again."""
        made = self._make(unit)
        vars(unit)[self._name] = made
        unit.parts.append((self._place, made))
        return made


_by_place = itemgetter(0)


class UnitOfWork:
    """One transaction. Leaving the context without `commit` drops what was noted."""

    ahead: Ahead
    now: Now
    events: list[DomainEvent]
    box: Box

    portals = _Lazy(lambda unit: Portals(unit.ahead))
    employees = _Lazy(lambda unit: Employees(unit.ahead, unit.portals))
    punches = _Lazy(lambda unit: Punches(unit.ahead, unit.employees))
    dialogs = _Lazy(lambda unit: Dialogs(unit.ahead, unit.now))
    links = _Lazy(lambda unit: Links(unit.ahead, unit.now))
    outbox = _Lazy(lambda unit: Outbox(unit.ahead, unit.now))
    audit = _Lazy(lambda unit: Audit(unit.ahead))
    requests = _Lazy(lambda unit: Requests(unit.ahead))
    absences = _Lazy(lambda unit: Absences(unit.ahead))
    jobs = _Lazy(lambda unit: Jobs(unit.ahead))
    staff = _Lazy(lambda unit: Staff(unit.ahead))
    schedules = _Lazy(lambda unit: Schedules(unit.ahead))
    calendar = _Lazy(lambda unit: Calendars(unit.ahead))
    reminders = _Lazy(lambda unit: Reminders(unit.ahead))
    delays = _Lazy(lambda unit: Delays(unit.ahead))
    entitlements = _Lazy(lambda unit: Entitlements(unit.ahead))
    periods = _Lazy(lambda unit: Periods(unit.ahead))
    overtimes = _Lazy(lambda unit: Overtimes(unit.ahead))
    feeds = _Lazy(lambda unit: Feeds(unit.ahead))
    failures = _Lazy(lambda unit: Failures(unit.ahead, unit.now))
    templates = _Lazy(lambda unit: Templates(unit.ahead))
    template_drafts = _Lazy(lambda unit: TemplateDrafts(unit.ahead))
    rules = _Lazy(lambda unit: AutomationRules(unit.ahead))
    groups = _Lazy(lambda unit: Groups(unit.ahead))
    substitutes = _Lazy(lambda unit: Substitutes(unit.ahead))
    files = _Lazy(lambda unit: Files(unit.ahead, unit.now))
    routed = _Lazy(lambda unit: RoutedRequests(unit.ahead))
    privacy = _Lazy(lambda unit: Privacy(unit.ahead))
    installations = _Lazy(lambda unit: Installations(unit.ahead, unit.box))
    web_sessions = _Lazy(lambda unit: WebSessions(unit.ahead))
    objects = _Lazy(lambda unit: SeenObjects(unit.ahead, unit.now))
    process_calls = _Lazy(lambda unit: ProcessCalls(unit.ahead, unit.box))
    native_tasks = _Lazy(lambda unit: NativeTasks(unit.ahead))
    people_lists = _Lazy(lambda unit: PeopleLists(unit.ahead))
    request_lists = _Lazy(lambda unit: RequestLists(unit.ahead))
    api_keys = _Lazy(lambda unit: ApiKeys(unit.ahead, unit.employees))
    repeats = _Lazy(lambda unit: Repeats(unit.ahead, unit.box))
    errands = _Lazy(lambda unit: Errands(unit.ahead, unit.now, unit.box))
    portal_absences = _Lazy(lambda unit: PortalAbsences(unit.ahead))
    portal_workdays = _Lazy(lambda unit: PortalWorkdays(unit.ahead))
    happenings = _Lazy(lambda unit: Happenings(unit.ahead, unit.now))
    webhooks = _Lazy(lambda unit: Webhooks(unit.ahead, unit.box))

    def __init__(
        self,
        engine: Engine,
        now: Now,
        wake_inbox: Wake,
        wake_outbox: Wake,
        box: Box | None = None,
        wake_errands: Wake = lambda: None,
        ring: Callable[[Rung], None] | None = None,
        wake_hooks: Wake = lambda: None,
    ) -> None:
        """Read and write through `engine`, secrets through `box`; wake who waits for what a commit brings.

        `ring` is told what each commit was about, where somebody listens.
        """
        self.box = box or Box("")
        self._engine = engine
        self.ahead = Ahead(engine)
        self.now = now
        self._wake_inbox = wake_inbox
        self._wake_outbox = wake_outbox
        self._wake_errands = wake_errands
        self._ring = ring
        self._wake_hooks = wake_hooks
        self._done: list[Write] = []
        self.parts: list[tuple[int, Part]] = []
        """Those that were asked for, each with its place."""
        self.events = []

    async def __aenter__(self) -> Self:
        """Begin."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End; what was not committed is dropped."""
        self.forget()

    def forget(self) -> None:
        """Drop what was noted so far, and the events, but keep what was read."""
        for _, part in self.parts:
            part.forget()
        self._done.clear()
        self.events.clear()

    def done(self, stored: Stored, outcome: str) -> None:
        """Note that the inbox row was handled; a Conflict when its lease was lost to somebody who took it over."""
        for each in (stored, *stored.parts):
            values = {"the_id": each.id, "token": each.tries + 1, "outcome": outcome}
            self._done.append(Write(queues.INBOX_DONE, values, 1))
        if stored.incoming.is_part and outcome != FILES_TAKEN:
            told = stored.incoming
            known = {"id": new_id(), "channel": told.channel, "realm": clean(told.realm), "lane": stored.lane}
            known |= {"event_id": clean(told.album_told), "now": self.now(), "body": "{}"}
            self._done.append(Write(queues.INBOX_TOLD, known))

    def fail(self, stored: Stored, reason: str) -> None:
        """Note that the inbox row could not be handled: it leaves its lane and is kept for a retry by hand."""
        for each in (stored, *stored.parts):
            values = {"the_id": each.id, "token": each.tries + 1, "reason": reason}
            self._done.append(Write(queues.INBOX_FAIL, values))

    async def commit(self) -> None:
        """Apply everything noted, in one transaction; Conflict when an expectation failed. Nothing noted: no write."""
        writes: list[Write] = []
        self.parts.sort(key=_by_place)
        for _, part in self.parts:
            writes += part.writes()
        writes += self._done
        if not writes:
            return
        writes.sort(key=_rank)
        asked = vars(self)
        retries = "failures" in asked and bool(self.failures.writes())
        is_done, says = bool(self._done) or retries, retries or ("outbox" in asked and bool(self.outbox.writes()))
        has_errands = "errands" in asked and bool(self.errands.writes())
        heard = tuple(self.happenings.portals) if "happenings" in asked else ()
        audited = {int(each.values["portal_id"]) for each in self.audit.writes()} if "audit" in asked else ()
        tells = bool(heard) or ("webhooks" in asked and bool(self.webhooks.writes()))
        await self._engine.write(writes)
        for _, part in self.parts:
            part.forget()
        self._done.clear()
        if self._ring is not None:
            for each in rung_by(self.events):
                self._ring(each)
            for topics, portals in ((CHANGES, heard), (SETTINGS, audited)):
                for portal_id in portals:
                    self._ring(Rung(portal_id, topics, frozenset()))
        if is_done:
            self._wake_inbox()
        if says:
            self._wake_outbox()
        if has_errands:
            self._wake_errands()
        if tells:
            self._wake_hooks()

    async def look_ahead(self, employee: Employee, day: date) -> None:
        """Read in one hop what is planned for a person around a day, and who is away then.

        What only matters where something is planned is read only there.
        """
        given, dates, _ = await self.ahead.look(_near(employee, day))
        if given or dates:
            await self.ahead.look(_wide(employee))

    async def preload(self, incoming: Incoming, now: int, guesses: Guesses) -> None:
        """Read in one hop what a turn of the incoming's person needs.

        Who that is and what day it is there is known for certain only when it is read. It hardly ever changes, so that
        the person's day is read for whoever it was last time; nobody asks for what was read in vain.
        """
        account = (incoming.channel, incoming.realm, incoming.sender.account)
        place = (incoming.channel, incoming.realm, incoming.conversation)
        # A turn happens at a whole second: what is read from a later moment on would have to be read again.
        said_at = min(incoming.sent_at or incoming.received_at, incoming.received_at).replace(microsecond=0)
        since = said_at - LOG_WINDOW
        key = {"channel": account[0], "realm": account[1], "account": account[2], "since": millis(since)}
        where = {"channel": place[0], "realm": place[1], "conversation": place[2], "now": now}
        plan = [
            Read(people.PERSON_BY_IDENTITY, key),
            Read(workday.TURN_SESSIONS, key),
            Read(workday.TURN_PUNCHES, key),
            Read(conversations.GET_DIALOG, where),
        ]
        guess = guesses.of(account)
        if guess is not None:
            plan += _near(guess.employee, said_at.astimezone(ZoneInfo(guess.employee.zone)).date())
            if guess.is_planned:
                plan += _wide(guess.employee)
        found = await self.ahead.read(plan)
        self.ahead.know(plan[4:], found[4:])
        employee = self.employees.remember(account, found[0])
        if employee is not None:
            self.punches.remember(employee, log_of(since, found[2], found[1]))
            guesses.note(account, employee, is_planned=guess is not None and bool(found[4] or found[5]))
        self.dialogs.remember(place, found[3])


def _near(employee: Employee, day: date) -> list[Read]:
    """Return what tells whether anything is planned for a person around a day, and the absences then."""
    portal_id = employee.portal_id
    return [
        assignments_read(portal_id, employee.id),
        dates_read(portal_id, day - _DAY, day + _DAY, employee.id),
        absences_read(employee, day, day),
    ]


def _wide(employee: Employee) -> list[Read]:
    """Return what else a plan depends on."""
    portal_id = employee.portal_id
    return [calendar_read(portal_id), departments_read(portal_id), employments_read(portal_id, employee.id)]
