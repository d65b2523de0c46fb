"""Domain events: past-tense facts that others may have to be told about, in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.approvals.request import ApprovalRequest, Came
from bot.domain.approvals.routed import RoutedRequest
from bot.domain.automation.change import ObjectChange
from bot.domain.automation.errand import Errand
from bot.domain.automation.native_task import NativeTask
from bot.domain.automation.portal_object import ObjectRef
from bot.domain.automation.process import ProcessCall
from bot.domain.installation import Trouble
from bot.domain.leave.absence import AbsenceKind
from bot.domain.outage import Outage
from bot.domain.workday.portal_steps import Unsaid
from bot.domain.workday.punch_log import PunchKind


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """Base of all domain events."""

    portal_id: int
    employee_id: int
    """Whom it is about."""


@dataclass(frozen=True, slots=True)
class DayChanged(DomainEvent):
    """The person's day is not what their cards show."""


@dataclass(frozen=True, slots=True)
class MarkedByProgram(DomainEvent):
    """A program that acts for the portal recorded a mark of the person."""

    program: str
    kind: str
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class DelayTold(DomainEvent):
    """A person said that they come later on a day; `until` is None where they did not say when.

    `minutes` are those that were said where nothing tells from when on they count.
    """

    day: date
    until: datetime | None
    reason: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Introduced(DomainEvent):
    """An administrator tells people who do not know the bot yet what it is; `employee_id` is the administrator."""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AdministratorsMet(DomainEvent):
    """The application was installed, and administrators who never spoke to the bot are greeted by it."""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IdentityLinked(DomainEvent):
    """A second messenger was linked."""

    channel: str
    told_in: tuple[str, str]
    """(channel, conversation) that is answered in the same turn."""


@dataclass(frozen=True, slots=True)
class RoleChanged(DomainEvent):
    """An administrator changed what the person may do."""

    role: str
    by_id: int


@dataclass(frozen=True, slots=True)
class AccessChanged(DomainEvent):
    """The person was switched off or on by an administrator, or dismissed on the portal (`by_id` None, case 72)."""

    is_disabled: bool
    by_id: int | None = None


@dataclass(frozen=True, slots=True)
class PortalOut(DomainEvent):
    """The portal cannot be reached on a channel for a while already; `employee_id` is an administrator of it."""

    channel: str
    outage: Outage


@dataclass(frozen=True, slots=True)
class MarkAsked(DomainEvent):
    """A lead has the person reminded to mark their time."""

    by_id: int


@dataclass(frozen=True, slots=True)
class LinkSuggested(DomainEvent):
    """An administrator has the person told how to link the second messenger."""

    by_id: int


@dataclass(frozen=True, slots=True)
class LeaveCancelled(DomainEvent):
    """The person came to work on a day of leave and gave the day up."""

    day: date
    kind: AbsenceKind


@dataclass(frozen=True, slots=True)
class ScheduleChanged(DomainEvent):
    """What is planned for some people changed; `employee_id` is who changed it."""

    people: tuple[int, ...]
    first: date
    last: date | None = None
    """The last of the dates for which a shift was named; None for a schedule, which goes on."""


@dataclass(frozen=True, slots=True)
class SubstituteNamed(DomainEvent):
    """Somebody stands in for the person in some days."""

    substitute_id: int
    first: date
    last: date | None
    by_id: int


@dataclass(frozen=True, slots=True)
class SubstituteTakenBack(DomainEvent):
    """Somebody stands in for the person no more."""

    substitute_id: int
    by_id: int


@dataclass(frozen=True, slots=True)
class DayVouched(DomainEvent):
    """Somebody else said that the person's day ended when the service closed it (case 26)."""

    ended_at: datetime
    zone: str
    by_id: int


@dataclass(frozen=True, slots=True)
class PeriodConfirmed(DomainEvent):
    """The person found the hours of a period right; their lead may approve them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DaysClosed(DomainEvent):
    """The days of a period count as they are from now on; `employee_id` is who closed them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DaysReopened(DomainEvent):
    """Days that were closed can be changed again; `employee_id` is who opened them."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class HookStopped(DomainEvent):
    """A webhook was switched off by itself; `employee_id` is 0. `why` is a `Stopped`."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class PeriodAsked(DomainEvent):
    """An administrator who closes a period asks the person to look at their hours (case 26)."""

    first: date
    last: date
    by_id: int


@dataclass(frozen=True, slots=True)
class RequestEvent(DomainEvent):
    """Base of what happens to an approval request; `employee_id` is whom it is about."""

    request: ApprovalRequest


@dataclass(frozen=True, slots=True)
class RequestAsked(RequestEvent):
    """Somebody is asked to decide."""


@dataclass(frozen=True, slots=True)
class RequestDecided(RequestEvent):
    """There is an outcome that can still be taken back for a while."""


@dataclass(frozen=True, slots=True)
class RequestUndone(RequestEvent):
    """The decider took the ballot back."""


@dataclass(frozen=True, slots=True)
class RequestRestated(RequestEvent):
    """The hours that a waiting correction is about changed beside it: its cards show it on the hours of now."""

    aside: bool = False
    """It happened beside what the turn was about, so that the answer does not show it."""


@dataclass(frozen=True, slots=True)
class RequestSettled(RequestEvent):
    """The outcome is final and carried out."""

    aside: bool = False


@dataclass(frozen=True, slots=True)
class RequestWithdrawn(RequestEvent):
    """Taken back by the requester, or replaced by a newer one."""


@dataclass(frozen=True, slots=True)
class RequestMoved(RequestEvent):
    """Others are asked now, or others as well."""

    before: tuple[int, ...] = ()
    """Who was asked before."""


@dataclass(frozen=True, slots=True)
class RequestDaysCame(RequestEvent):
    """The days that it asks for are near, have begun or are over, and nobody has decided."""

    came: Came = Came.NEAR
    is_news: bool = True
    """Whether whoever asked does not know yet."""


@dataclass(frozen=True, slots=True)
class RoutedCarried(DomainEvent):
    """Something happened to a request on a route; `employee_id` is who began it."""

    before: RoutedRequest | None
    """As it was; None where it began."""
    after: RoutedRequest
    did: str
    """What somebody did; "" where only time passed, or nothing was taken."""
    by_id: int | None


@dataclass(frozen=True, slots=True)
class InstallationTroubled(DomainEvent):
    """Something is wrong with the application on the portal; `employee_id` is 0, for it is about the portal."""

    trouble: Trouble
    host: str = ""


@dataclass(frozen=True, slots=True)
class InstallationMended(DomainEvent):
    """What had been wrong with the application is well again; `employee_id` is 0."""


@dataclass(frozen=True, slots=True)
class ApplicationJoined(DomainEvent):
    """The application serves a portal that had begun with a webhook; `employee_id` is 0."""

    cards: tuple[tuple[int, str], ...] = ()
    """What stood with buttons in the former bot's chats: whose, and in which slot."""


@dataclass(frozen=True, slots=True)
class JoinOffered(DomainEvent):
    """The application was installed where this tenant's webhook is; `employee_id` is 0.

    `code` proves, typed into the installation's page, that both are one company; "" where there is no such page.
    """

    host: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class ObjectChanged(DomainEvent):
    """An object of the portal is not what it was when we last looked; `employee_id` is 0."""

    change: ObjectChange


@dataclass(frozen=True, slots=True)
class ErrandEnded(DomainEvent):
    """An errand was done, failed, or was left; `employee_id` is 0."""

    errand: Errand


@dataclass(frozen=True, slots=True)
class ObjectTold(DomainEvent):
    """Something happened to the object that a request belongs to, by a rule; `employee_id` is 0."""

    request: RoutedRequest
    change: ObjectChange
    stage: str
    """Where the object stands now, as the portal names it."""


@dataclass(frozen=True, slots=True)
class ObjectUnseen(DomainEvent):
    """The portal lets nobody look at what an open request is about; `employee_id` is 0."""

    request: RoutedRequest
    ref: ObjectRef


@dataclass(frozen=True, slots=True)
class RuleTroubled(DomainEvent):
    """A rule could not do all that it does, or was switched off by itself; `employee_id` is 0."""

    key: str
    trouble: str
    """A code, and after a colon what it is about."""
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class ProcessNotAsked(DomainEvent):
    """A business process reached our robot, and nobody could be asked; `employee_id` is 0.

    `code` names why, `name` whom or what that is of.
    """

    call: ProcessCall
    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ProcessGone(DomainEvent):
    """The business process that had asked was over before its answer came; `employee_id` is 0."""

    call: ProcessCall
    number: int
    """The number of the request; 0 where there was none."""


@dataclass(frozen=True, slots=True)
class ApplicationReady(DomainEvent):
    """The application serves the portal, newly installed or anew; `employee_id` is 0."""


@dataclass(frozen=True, slots=True)
class TemplatesChanged(DomainEvent):
    """Other templates than before can be chosen; `employee_id` is who switched one on or off."""


@dataclass(frozen=True, slots=True)
class PortalDayMarked(DomainEvent):
    """The portal's button made marks of ours."""

    kinds: tuple[PunchKind, ...]


@dataclass(frozen=True, slots=True)
class PortalDayDiffers(DomainEvent):
    """A beginning or an end was written on the portal afterwards: it may become a correction, if its person says so."""

    kind: PunchKind
    at: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class PortalDayUnsaid(DomainEvent):
    """The portal's day cannot be as ours is."""

    what: Unsaid
    day: date


@dataclass(frozen=True, slots=True)
class PortalDaysRefused(DomainEvent):
    """The portal does not let us see or change working days; `employee_id` is 0, or whose day it is about."""

    reason: str


@dataclass(frozen=True, slots=True)
class NativeTaskChanged(DomainEvent):
    """The person's own task of a business process came, was answered, or is over."""

    task: NativeTask
    is_new: bool = False
    """Whether it is news to the person, beside a card that changes."""


@dataclass(frozen=True, slots=True)
class OwnTasksAllowed(DomainEvent):
    """Somebody has let us show their own tasks; `employee_id` is 0, for they are known by their account alone."""

    account: str


@dataclass(frozen=True, slots=True)
class OwnTasksLost(DomainEvent):
    """The person's tasks can be shown no more: the portal takes their access no longer."""
