"""Statements about everything that is stored about one person: to hand it out, and to make it go."""

from typing import Any

from sqlalchemy import ColumnElement, Table, Text, cast, delete, or_, select, update

from storage import schema
from storage.engines.statement import Statement, number, text_of, word

_portal, _person = number("portal_id"), number("employee_id")


def _own(table: Table) -> ColumnElement[bool]:
    return (table.c.portal_id == _portal) & (table.c.employee_id == _person)


_request = schema.approval_request
_OF_REQUESTS = select(_request.c.id).where(_request.c.portal_id == _portal, _request.c.subject_id == _person)


def _of_requests(table: Table) -> ColumnElement[bool]:
    """Belonging to requests about the person's time."""
    return table.c.request_id.in_(_OF_REQUESTS)


_routed = schema.routed_request
_OF_ROUTED = select(_routed.c.id).where(_routed.c.portal_id == _portal, _routed.c.initiator_id == _person)


def _of_routed(table: Table) -> ColumnElement[bool]:
    """Belonging to requests on routes that the person began."""
    return table.c.request_id.in_(_OF_ROUTED)


_errand = schema.errand
_ERRANDS = (_errand.c.portal_id == _portal) & _errand.c.cause.in_(
    select(word("request:").concat(cast(_routed.c.id, Text()))).where(
        _routed.c.portal_id == _portal, _routed.c.initiator_id == _person
    )
)
"""What was to be done on the portal because of the person's requests, with the words of these."""
_FILES = (schema.routed_file.c.portal_id == _portal) & or_(
    schema.routed_file.c.owner_id == _person, _of_routed(schema.routed_file)
)
"""Files that the person sent for requests; what is told of them, for the bytes are the person's own."""


def _in_conversations(table: Table) -> ColumnElement[bool]:
    """Being in one of the person's chats."""
    identity = schema.identity
    mine = select(identity.c.conversation).where(
        identity.c.employee_id == _person, identity.c.channel == table.c.channel, identity.c.realm == table.c.realm
    )
    return (table.c.portal_id == _portal) & table.c.conversation.in_(mine)


_grant = schema.portal_grant
_GRANTS = (_grant.c.portal_id == _portal) & _grant.c.account.in_(
    select(schema.identity.c.account)
    .join(schema.portal, schema.portal.c.key == schema.identity.c.realm)
    .where(schema.identity.c.employee_id == _person, schema.portal.c.id == _portal)
)
"""The tokens that the person let us keep, under their account on the portal."""

_STORED: dict[str, tuple[Table, ColumnElement[bool]]] = {
    "profile": (schema.employee, (schema.employee.c.portal_id == _portal) & (schema.employee.c.id == _person)),
    "accounts": (schema.identity, _own(schema.identity)),
    "employments": (schema.employment, _own(schema.employment)),
    "marks": (schema.punch, _own(schema.punch)),
    "sessions": (schema.work_session, _own(schema.work_session)),
    "absences": (schema.absence, _own(schema.absence)),
    "requests": (
        _request,
        (_request.c.portal_id == _portal) & or_(_request.c.subject_id == _person, _request.c.requester_id == _person),
    ),
    "answers": (
        schema.approval_ballot,
        (schema.approval_ballot.c.portal_id == _portal)
        & or_(schema.approval_ballot.c.by_id == _person, _of_requests(schema.approval_ballot)),
    ),
    "routed_requests": (_routed, (_routed.c.portal_id == _portal) & (_routed.c.initiator_id == _person)),
    "routed_answers": (
        schema.routed_event,
        (schema.routed_event.c.portal_id == _portal)
        & or_(schema.routed_event.c.actor_id == _person, _of_routed(schema.routed_event)),
    ),
    "routed_asked": (schema.routed_asked, _own(schema.routed_asked)),
    "routed_files": (schema.routed_file, _FILES),
    "errands": (_errand, _ERRANDS),
    "overtime": (schema.overtime, _own(schema.overtime)),
    "schedules": (
        schema.schedule,
        (schema.schedule.c.portal_id == _portal)
        & (schema.schedule.c.scope == word("person"))
        & (schema.schedule.c.target_id == _person),
    ),
    "planned_dates": (schema.planned_date, _own(schema.planned_date)),
    "confirmations": (schema.confirmation, _own(schema.confirmation)),
    "reminders": (schema.reminder, _own(schema.reminder)),
    "delays": (schema.delay, _own(schema.delay)),
    "portal_absences": (schema.portal_absence, _own(schema.portal_absence)),
    "portal_workday": (schema.portal_workday, _own(schema.portal_workday)),
    "groups": (schema.group_member, _own(schema.group_member)),
    "substitutes": (
        schema.substitute,
        (schema.substitute.c.portal_id == _portal)
        & or_(schema.substitute.c.employee_id == _person, schema.substitute.c.substitute_id == _person),
    ),
    "entitlements": (schema.entitlement, _own(schema.entitlement)),
    "leave_left": (schema.opening, _own(schema.opening)),
    "kept_access": (_grant, _GRANTS),
    "process_tasks": (schema.native_task, _own(schema.native_task)),
    "process_calls": (
        schema.process_call,
        (schema.process_call.c.portal_id == _portal) & _of_routed(schema.process_call),
    ),
    "calendar_links": (schema.feed, _own(schema.feed)),
    "web_sessions": (schema.web_session, _own(schema.web_session)),
    "api_keys": (schema.api_key, (schema.api_key.c.portal_id == _portal) & (schema.api_key.c.owner_id == _person)),
    "received": (schema.inbox, (schema.inbox.c.lane == text_of("lane")) & (schema.inbox.c.state != word("done"))),
    "messages": (schema.outbox, _in_conversations(schema.outbox)),
    "cards": (schema.slot, _in_conversations(schema.slot)),
    "open_questions": (schema.dialog, _in_conversations(schema.dialog)),
    "changes": (
        schema.audit,
        (schema.audit.c.portal_id == _portal)
        & or_(schema.audit.c.subject_id == _person, schema.audit.c.actor_id == _person),
    ),
}
_HIDDEN = frozenset(
    {"portal_id", "token_hash", "hash", "salt", "digest", "worker", "lane", "leased_until", "due_at"}
    | {"pair", "holder", "held_until", "token", "key", "rests_until"}
)
"""What says nothing about the person: the service's own bookkeeping, and secrets."""

COLUMNS = {
    kind: tuple(column.name for column in table.c if column.name not in _HIDDEN) for kind, (table, _) in _STORED.items()
}
"""The columns that are handed out, by kind, in the order of the rows."""


def _read(kind: str) -> Statement:
    table, condition = _STORED[kind]
    columns = (table.c[name] for name in COLUMNS[kind])
    statement = select(*columns).where(condition).order_by(*table.primary_key.columns)
    return Statement(f"stored {kind}", lambda _: statement)


READS = {kind: _read(kind) for kind in _STORED}
"""How each kind is read."""


def _gone(rank: int, table: Table, condition: ColumnElement[bool]) -> Statement:
    return Statement(f"erase {table.name}", lambda _: delete(table).where(condition), rank=rank, many=True)


def _blank(rank: int, name: str, statement: Any) -> Statement:
    return Statement(f"blank {name}", lambda _: statement, rank=rank, many=True)


_files = select(schema.outbox.c.attachment_id).where(
    _in_conversations(schema.outbox), schema.outbox.c.attachment_id.is_not(None)
)
_UNNAMED = (
    ~select(schema.routed_file.c.id)
    .where(
        schema.routed_file.c.portal_id == schema.file_content.c.portal_id,
        schema.routed_file.c.sha256 == schema.file_content.c.sha256,
    )
    .exists()
)
ERASE = (
    # Chats first, while the accounts that name them are there; files before the messages that name those.
    _gone(200, schema.attachment, schema.attachment.c.id.in_(_files)),
    _gone(201, schema.outbox, _in_conversations(schema.outbox)),
    _gone(202, schema.slot, _in_conversations(schema.slot)),
    _gone(203, schema.dialog, _in_conversations(schema.dialog)),
    _gone(204, schema.inbox, schema.inbox.c.lane == text_of("lane")),
    _gone(205, schema.link, schema.link.c.employee_id == _person),
    _gone(206, _grant, _GRANTS),
    _gone(206, schema.account_message, _own(schema.account_message)),
    _gone(208, schema.api_key, _STORED["api_keys"][1]),
    _gone(207, schema.identity, _own(schema.identity)),
    # Requests about the person's time go with their seats, ballots and record; elsewhere the person's words do.
    _gone(210, schema.approval_holder, _of_requests(schema.approval_holder)),
    _gone(211, schema.approval_ballot, _of_requests(schema.approval_ballot)),
    _gone(212, schema.approval_event, _of_requests(schema.approval_event)),
    _gone(213, schema.approval_seat, _of_requests(schema.approval_seat)),
    _gone(214, _request, (_request.c.portal_id == _portal) & (_request.c.subject_id == _person)),
    _blank(
        215,
        "reasons",
        update(_request)
        .where(_request.c.portal_id == _portal, _request.c.requester_id == _person)
        .values(reason=word("")),
    ),
    _blank(
        216,
        "answers",
        update(schema.approval_ballot)
        .where(schema.approval_ballot.c.portal_id == _portal, schema.approval_ballot.c.by_id == _person)
        .values(reason=word("")),
    ),
    # The same for requests on routes; who was asked about others' stays in their course, without what they said.
    _gone(235, schema.routed_file, _FILES),
    _gone(236, schema.file_content, (schema.file_content.c.portal_id == _portal) & _UNNAMED),
    _gone(237, schema.native_task, _own(schema.native_task)),
    _gone(238, schema.process_call, _STORED["process_calls"][1]),
    _gone(239, _errand, _ERRANDS),
    _gone(240, schema.routed_asked, _of_routed(schema.routed_asked)),
    _gone(241, schema.routed_event, _of_routed(schema.routed_event)),
    _gone(242, schema.routed_seat, _of_routed(schema.routed_seat)),
    _gone(243, _routed, (_routed.c.portal_id == _portal) & (_routed.c.initiator_id == _person)),
    _blank(
        244,
        "routed answers",
        update(schema.routed_event)
        .where(schema.routed_event.c.portal_id == _portal, schema.routed_event.c.actor_id == _person)
        .values(said=word(""), salt=word("")),
    ),
    _gone(220, schema.absence, _own(schema.absence)),
    _gone(221, schema.overtime, _own(schema.overtime)),
    _gone(222, schema.confirmation, _own(schema.confirmation)),
    _gone(223, schema.reminder, _own(schema.reminder)),
    _gone(230, schema.delay, _own(schema.delay)),
    _gone(235, schema.portal_workday, _own(schema.portal_workday)),
    _gone(235, schema.portal_absence, _own(schema.portal_absence)),
    _gone(231, schema.group_member, _own(schema.group_member)),
    _gone(232, schema.entitlement, _own(schema.entitlement)),
    _gone(233, schema.opening, _own(schema.opening)),
    _gone(234, schema.substitute, _STORED["substitutes"][1]),
    _gone(224, schema.feed, _own(schema.feed)),
    _gone(237, schema.web_session, _own(schema.web_session)),
    _gone(238, schema.sign_in, _own(schema.sign_in)),
    _gone(225, schema.planned_date, _own(schema.planned_date)),
    _gone(226, schema.schedule, _STORED["schedules"][1]),
    _gone(227, schema.employment, _own(schema.employment)),
    _gone(228, schema.work_session, _own(schema.work_session)),
    _gone(229, schema.punch, _own(schema.punch)),
)
"""What is run, in this order, to make a person's data go; the row of the employee stays, for others refer to it."""
