"""Ports: what the application needs from storage and from channels, as protocols.

Reads are coroutines. Writes are plain methods: a unit of work only notes them, and `commit` applies all of them in
one transaction or none. An expectation that no longer holds (somebody else was faster) makes `commit` raise
`Conflict`, and the turn is run again from the start; therefore a handler touches nothing outside its unit of work.
"""

from bot.ports.access import WebSessions
from bot.ports.approving import Groups, RoutedRequests, TemplateDrafts, Templates
from bot.ports.base import Checkpoint, Conflict, NewerDatabase, Unavailable, Wake, WrongDatabase, WrongKey
from bot.ports.catalogue import Catalogue, HasCatalogue, StageName
from bot.ports.channels import (
    Channel,
    Facts,
    Fetch,
    Fetched,
    FileTooLarge,
    ReadUnread,
    Receive,
    ReceiveUnread,
    TellOutage,
)
from bot.ports.connections import Connection, Connections, Credentials, Serving
from bot.ports.duties import Duties, OnDuty, at_once
from bot.ports.errands import ErrandPortal, ErrandQueue, Errands, NotDone, RunsErrands
from bot.ports.installing import Grants, Installations
from bot.ports.keys import ApiKeys, Repeat, Repeats
from bot.ports.objects import HasObjects, LookUp, PortalObject
from bot.ports.objects_seen import Hints, SeenObjects
from bot.ports.people import (
    Audit,
    Dialogs,
    Directory,
    Employees,
    InChat,
    Link,
    Links,
    ListedDepartment,
    Person,
    Portals,
    Present,
)
from bot.ports.planning import (
    GREETED,
    INVITED,
    NEVER_FORGOTTEN,
    ApprovedOvertime,
    Calendars,
    Delays,
    Entitlements,
    Feed,
    Feeds,
    Overtimes,
    Periods,
    Reminders,
    Schedules,
    Staff,
    Told,
)
from bot.ports.portal_absences import PortalAbsences, TakesCalendars
from bot.ports.portal_workdays import DayAsked, DayShown, PortalWorkdays, WatchesDays
from bot.ports.privacy import Privacy
from bot.ports.processes import CallQueue, HasProcesses, ListedTask, NativeTasks, NoOwnAccess, ProcessCalls
from bot.ports.queues import FILES_TAKEN, UNDELIVERED, Backlog, Inbox, Job, JobQueue, Jobs, Outbox, OutboxQueue, Stored
from bot.ports.rules import AutomationRules
from bot.ports.storage import Storage, UnitOfWork, Vault
from bot.ports.undertaking import Supply, Undertake
from bot.ports.verifying import NotProven, Proof, Showing, Shown, SignedAccount, Verifier
from bot.ports.work import Absences, Log, Punches, Requests

__all__ = [
    "FILES_TAKEN",
    "GREETED",
    "INVITED",
    "NEVER_FORGOTTEN",
    "UNDELIVERED",
    "Absences",
    "ApiKeys",
    "ApprovedOvertime",
    "Audit",
    "AutomationRules",
    "Backlog",
    "Calendars",
    "CallQueue",
    "Catalogue",
    "Channel",
    "Checkpoint",
    "Conflict",
    "Connection",
    "Connections",
    "Credentials",
    "DayAsked",
    "DayShown",
    "Delays",
    "Dialogs",
    "Directory",
    "Duties",
    "Employees",
    "Entitlements",
    "ErrandPortal",
    "ErrandQueue",
    "Errands",
    "Facts",
    "Feed",
    "Feeds",
    "Fetch",
    "Fetched",
    "FileTooLarge",
    "Grants",
    "Groups",
    "HasCatalogue",
    "HasObjects",
    "HasProcesses",
    "Hints",
    "InChat",
    "Inbox",
    "Installations",
    "Job",
    "JobQueue",
    "Jobs",
    "Link",
    "Links",
    "ListedDepartment",
    "ListedTask",
    "Log",
    "LookUp",
    "NativeTasks",
    "NewerDatabase",
    "NoOwnAccess",
    "NotDone",
    "NotProven",
    "OnDuty",
    "Outbox",
    "OutboxQueue",
    "Overtimes",
    "Periods",
    "Person",
    "PortalAbsences",
    "PortalObject",
    "PortalWorkdays",
    "Portals",
    "Present",
    "Privacy",
    "ProcessCalls",
    "Proof",
    "Punches",
    "ReadUnread",
    "Receive",
    "ReceiveUnread",
    "Reminders",
    "Repeat",
    "Repeats",
    "Requests",
    "RoutedRequests",
    "RunsErrands",
    "Schedules",
    "SeenObjects",
    "Serving",
    "Showing",
    "Shown",
    "SignedAccount",
    "Staff",
    "StageName",
    "Storage",
    "Stored",
    "Supply",
    "TakesCalendars",
    "TellOutage",
    "TemplateDrafts",
    "Templates",
    "Told",
    "Unavailable",
    "Undertake",
    "UnitOfWork",
    "Vault",
    "Verifier",
    "Wake",
    "WatchesDays",
    "WebSessions",
    "WrongDatabase",
    "WrongKey",
    "at_once",
]
