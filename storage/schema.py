"""The schema of both databases. Instants are epoch milliseconds UTC, JSON is text, every tenant's row names its portal.

There are no automatic keys: ids grow with time (`bot.ids`), so that a row's age and order can be read off its id.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

HEAD = "0043"
"""The newest migration, which this schema is."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    # INTEGER is SQLite's own row id: no second index.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text, nullable=null)


def _big(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=null)


def _int(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _bool(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _portal() -> Column[int]:
    return Column("portal_id", BigInteger, ForeignKey("portal.id"), nullable=False)


def _employee() -> Column[int]:
    return Column("employee_id", BigInteger, ForeignKey("employee.id"), nullable=False)


portal = Table(
    "portal",
    metadata,
    _id(),
    _text("key"),
    _text("name"),
    _text("zone"),
    _text("locale"),
    _int("free_correction"),  # seconds
    _bool("is_active"),
    Column("country", Text, nullable=False, server_default=text("'RU'")),
    Column("options", Text, nullable=False, server_default=text("'{}'")),
    Column("lock_version", Integer, nullable=False, server_default=text("0")),
    _text("member_id", null=True),
    Column("is_heard", Boolean, nullable=False, server_default=text("false")),  # somebody may want to know what happens
    UniqueConstraint("key"),
    Index("uq_portal_member_id", "member_id", unique=True),
)

portal_host = Table(  # under which names a portal was reached; one that moves to another company moves here
    "portal_host",
    metadata,
    Column("host", Text, primary_key=True),
    _portal(),
    _big("since"),
    Index("ix_portal_host_portal", "portal_id"),
)

installation = Table(
    "installation",
    metadata,
    Column(
        "portal_id",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("portal.id"),
        primary_key=True,
        autoincrement=False,
    ),
    _text("state"),
    _text("application_token"),  # sealed
    _text("oauth_host"),
    _text("client_endpoint"),
    _text("scope"),
    _text("status"),
    _text("version"),
    _text("installed_by"),
    _big("installed_at"),
    _text("trouble", null=True),
    _big("trouble_since", null=True),
    _big("last_installed_at", null=True),
)

portal_grant = Table(
    "portal_grant",
    metadata,
    _portal(),
    _text("account"),
    _text("purposes"),
    _text("pair"),  # sealed
    _big("refreshed_at"),
    _bool("is_lost"),
    _int("version"),
    _text("holder"),  # who gets the next pair now
    _big("held_until"),  # by the database's clock
    PrimaryKeyConstraint("portal_id", "account"),
    Index("ix_portal_grant_refreshed", "refreshed_at"),
)

employee = Table(
    "employee",
    metadata,
    _id(),
    _portal(),
    _text("name"),
    _text("role"),
    _text("zone"),
    _text("locale"),
    _bool("locale_is_chosen"),
    _bool("zone_is_chosen"),
    _bool("role_is_chosen"),
    _big("lead_id", null=True),
    _bool("is_disabled"),
    _int("version"),
    _text("muted_until", null=True),
    Column("wants_weekly", Boolean, nullable=False, server_default=text("true")),
    Column("wants_digest", Boolean, nullable=False, server_default=text("true")),
    Column("prefers", Text, nullable=False, server_default=text("''")),
    Column("paper_name", Text, nullable=False, server_default=text("''")),
    Column("wants_letters", Boolean, nullable=False, server_default=text("true")),
    Index("ix_employee_portal", "portal_id"),
)

identity = Table(
    "identity",
    metadata,
    _text("channel"),
    _text("realm"),
    _text("account"),
    _big("portal_id"),
    _employee(),
    _text("conversation"),
    _bool("is_reachable"),
    _big("chosen_id", null=True),  # the portal where free words of an account of several companies act
    _big("spoken_at", null=True),
    PrimaryKeyConstraint("channel", "realm", "account"),
    UniqueConstraint("employee_id", "channel"),
    Index("ix_identity_account", "account", "channel"),
    sqlite_with_rowid=False,
)

account_message = Table(  # of which company a message to an account of several is; all others are the first one's
    "account_message",
    metadata,
    _text("channel"),
    _text("conversation"),
    _text("message"),
    _big("portal_id"),
    _employee(),
    Column("noted_at", BigInteger, nullable=False, server_default=text("0")),
    PrimaryKeyConstraint("channel", "conversation", "message"),
    Index("ix_account_message_employee", "employee_id"),
    sqlite_with_rowid=False,
)

punch = Table(
    "punch",
    metadata,
    _id(),
    _big("portal_id"),
    _employee(),
    _text("kind"),
    _big("at"),
    _big("recorded_at"),
    _text("zone"),
    _text("source"),
    _text("event"),
    _big("actor_id", null=True),
    _text("reason"),
    _big("target", null=True),
    _text("mark"),
    Index("ix_punch_log", "portal_id", "employee_id", "at"),
    Index(
        "uq_punch_event",
        "portal_id",
        "employee_id",
        "event",
        unique=True,
        sqlite_where=text("event <> ''"),
        postgresql_where=text("event <> ''"),
    ),
)

work_session = Table(
    "work_session",
    metadata,
    _id(),  # of the punch that opened it
    _big("portal_id"),
    _employee(),
    _text("work_date"),  # ISO: sorts and compares as text
    _text("zone"),
    _big("started_at"),
    _big("ended_at", null=True),
    _big("last_at", null=True),
    _int("worked"),  # seconds up to last_at; a report need not derive them
    _int("on_break"),
    _text("breaks"),
    Column("is_auto", Boolean, nullable=False, server_default=text("false")),
    Index("ix_work_session_started", "portal_id", "employee_id", "started_at"),
    Index("ix_work_session_date", "portal_id", "work_date", "employee_id"),
    Index(
        "uq_work_session_open",
        "portal_id",
        "employee_id",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

dialog = Table(
    "dialog",
    metadata,
    _text("channel"),
    _text("realm"),
    _text("conversation"),
    _big("portal_id"),
    _text("state"),
    _big("expires_at"),
    PrimaryKeyConstraint("channel", "realm", "conversation"),
    sqlite_with_rowid=False,
)

link = Table(
    "link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _big("portal_id"),  # 0 while the link is a stranger's
    Column("employee_id", BigInteger, ForeignKey("employee.id"), nullable=True),
    _text("channel"),
    _big("expires_at"),
    _big("used_at", null=True),
    _text("realm"),  # of the stranger's account, as the next three
    _text("account"),
    _text("conversation"),
    _text("name"),
    Index("ix_link_employee", "employee_id", "channel"),
)

web_session = Table(  # of the web application, one a sign-in
    "web_session",
    metadata,
    _id(),
    _text("token_hash"),
    _portal(),
    _employee(),
    _text("via"),
    _text("channel"),  # of the account by which the person came, as the next two
    _text("realm"),
    _text("account"),
    _text("device"),
    _big("created_at"),
    _big("seen_at"),
    _big("expires_at"),
    _big("ended_at", null=True),
    UniqueConstraint("token_hash"),
    Index("ix_web_session_employee", "portal_id", "employee_id"),
    Index("ix_web_session_expires", "expires_at"),
)

sign_in = Table(  # one-time ways into the web application
    "sign_in",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _text("code_hash"),
    _portal(),
    _employee(),
    _text("channel"),  # of the account that was told, as the next two
    _text("realm"),
    _text("account"),
    _big("expires_at"),
    _big("used_at", null=True),
    UniqueConstraint("code_hash"),
    Index("ix_sign_in_employee", "portal_id", "employee_id"),
    Index("ix_sign_in_expires", "expires_at"),
)

entrance = Table(  # what opens a session of the web application once: a frame's code, a messenger's signed words
    "entrance",
    metadata,
    Column("mark_hash", Text, primary_key=True),
    _portal(),
    _big("session_id"),
    _big("expires_at"),
    _big("used_at", null=True),
    Index("ix_entrance_session", "session_id"),
    Index("ix_entrance_expires", "expires_at"),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    _text("channel"),
    _text("realm"),
    _text("event_id"),
    _text("lane"),
    _text("state"),  # waiting, done, failed
    _text("body"),  # emptied when done
    _big("stored_at"),
    _big("due_at"),
    _big("leased_until"),  # 0: not leased
    _text("worker"),
    _int("tries"),
    _text("reason"),  # outcome of what is done, reason of what failed
    UniqueConstraint("channel", "realm", "event_id"),
    Index(
        "ix_inbox_lane",
        "lane",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_inbox_waiting", "id", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index("ix_inbox_failed", "id", sqlite_where=text("state = 'failed'"), postgresql_where=text("state = 'failed'")),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _big("portal_id"),
    _text("channel"),
    _text("realm"),
    _text("conversation"),
    _text("lane"),  # channel, realm and conversation in one
    _text("locale"),
    _text("zone"),
    _text("turn"),
    _text("say"),  # emptied when sent
    _text("slot"),
    _bool("edit"),
    _bool("only_if_shown"),
    _text("shown_as", null=True),  # set only where a former message loses its buttons
    _big("created_at"),
    _text("state"),  # waiting, sent, failed, dropped
    _big("stored_at"),
    _big("due_at"),
    _big("leased_until"),
    _text("worker"),
    _int("tries"),
    _text("error"),
    _text("receipt"),
    _big("attachment_id", null=True),
    Column("account", Text, nullable=False, server_default=text("''")),
    Index(
        "ix_outbox_lane",
        "lane",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_waiting",
        "channel",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_realm",
        "channel",
        "realm",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_outbox_attachment",
        "attachment_id",
        sqlite_where=text("attachment_id IS NOT NULL"),
        postgresql_where=text("attachment_id IS NOT NULL"),
    ),
    Index("ix_outbox_failed", "id", sqlite_where=text("state = 'failed'"), postgresql_where=text("state = 'failed'")),
)

attachment = Table(  # files of messages that still have to be sent
    "attachment",
    metadata,
    _id(),
    _big("portal_id"),
    _text("name"),
    _text("kind"),  # photo, document
    Column("content", LargeBinary, nullable=False),
)

slot = Table(
    "slot",
    metadata,
    _text("channel"),
    _text("realm"),
    _text("conversation"),
    _text("slot"),
    _big("portal_id"),
    _text("message"),
    _big("outbox_id"),
    _text("locale"),
    _text("zone"),
    _text("said"),  # its words without buttons
    _bool("has_buttons"),
    PrimaryKeyConstraint("channel", "realm", "conversation", "slot"),
    sqlite_with_rowid=False,
)

approval_request = Table(
    "approval_request",
    metadata,
    _id(),
    _portal(),
    _text("kind"),
    _big("requester_id"),
    _big("subject_id"),
    _text("subject_key"),
    _text("state"),
    _int("round"),
    _int("version"),
    _text("payload"),
    _text("reason"),
    _bool("is_automatic"),
    _big("created_at"),
    _big("settles_at", null=True),
    _big("settled_at", null=True),
    Index("ix_approval_request_subject", "portal_id", "subject_id", "id"),
    Index("ix_approval_request_requester", "portal_id", "requester_id", "id"),
    Index("ix_approval_request_portal", "portal_id", "id"),
    # One open request about the same thing.
    Index(
        "uq_approval_request_open",
        "portal_id",
        "subject_id",
        "subject_key",
        unique=True,
        sqlite_where=text("state = 'pending'"),
        postgresql_where=text("state = 'pending'"),
    ),
)

approval_seat = Table(
    "approval_seat",
    metadata,
    _id(),
    _big("portal_id"),
    Column("request_id", BigInteger, ForeignKey("approval_request.id"), nullable=False),
    _big("principal_id"),
    _int("stage"),
    _int("track"),
    _int("undos_left"),
    Index("ix_approval_seat_request", "request_id"),
)

approval_holder = Table(
    "approval_holder",
    metadata,
    _big("portal_id"),
    _big("request_id"),
    Column("seat_id", BigInteger, ForeignKey("approval_seat.id"), nullable=False),
    _employee(),
    _int("place"),
    PrimaryKeyConstraint("seat_id", "employee_id"),
    Index("ix_approval_holder_request", "request_id"),
    Index("ix_approval_holder_employee", "employee_id", "request_id"),
    sqlite_with_rowid=False,
)

approval_ballot = Table(
    "approval_ballot",
    metadata,
    _big("portal_id"),
    Column("request_id", BigInteger, ForeignKey("approval_request.id"), nullable=False),
    _big("seat_id"),
    _int("round"),
    _int("cast_no"),
    _big("by_id"),
    _text("verdict"),
    _text("reason"),
    _big("at"),
    _big("undone_at", null=True),
    PrimaryKeyConstraint("seat_id", "round", "cast_no"),
    Index("ix_approval_ballot_request", "request_id"),
    Index("ix_approval_ballot_voter", "by_id", "request_id"),
    # One standing ballot a seat and round, whatever a program does.
    Index(
        "uq_approval_ballot_standing",
        "seat_id",
        "round",
        unique=True,
        sqlite_where=text("undone_at IS NULL"),
        postgresql_where=text("undone_at IS NULL"),
    ),
    sqlite_with_rowid=False,
)

approval_event = Table(
    "approval_event",
    metadata,
    _big("portal_id"),
    Column("request_id", BigInteger, ForeignKey("approval_request.id"), nullable=False),
    _int("seq"),
    _big("at"),
    _big("actor_id", null=True),
    _text("what"),
    _text("hash"),
    PrimaryKeyConstraint("request_id", "seq"),
    sqlite_with_rowid=False,
)

absence = Table(
    "absence",
    metadata,
    _id(),
    _big("portal_id"),
    _employee(),
    _text("kind"),
    _text("first"),
    _text("last"),
    _big("started_at", null=True),
    _big("ended_at", null=True),
    _text("reason"),
    _big("request_id", null=True),
    Index("ix_absence_employee", "portal_id", "employee_id", "first"),
    # Asked for as "not over before a day": all that is over for years lies beside it.
    Index("ix_absence_portal", "portal_id", "last", "first"),
)

entitlement = Table(
    "entitlement",
    metadata,
    _portal(),
    _big("employee_id"),  # 0: everybody
    _text("kind"),
    _text("since"),
    _int("days"),
    _text("unit"),
    Column("carry", Integer, nullable=True),
    PrimaryKeyConstraint("portal_id", "employee_id", "kind", "since"),
    sqlite_with_rowid=False,
)

opening = Table(  # what was left of a leave on a day, by the word of the personnel department
    "opening",
    metadata,
    _big("portal_id"),
    _employee(),
    _text("kind"),
    _text("day"),
    _int("hundredths"),
    PrimaryKeyConstraint("portal_id", "employee_id", "kind", "day"),
    sqlite_with_rowid=False,
)

substitute = Table(  # who stands in for whom
    "substitute",
    metadata,
    _id(),
    _portal(),
    _employee(),
    _big("substitute_id"),
    _text("first_day"),
    _text("last_day", null=True),
    _big("made_by"),
    _big("made_at"),
    Index("ix_substitute_portal", "portal_id", "last_day"),
)

department = Table(
    "department",
    metadata,
    _id(),
    _portal(),
    _text("key"),
    _text("name"),
    _text("parent_key"),
    _big("head_id", null=True),
    UniqueConstraint("portal_id", "key"),
)

employment = Table(
    "employment",
    metadata,
    _id(),
    _big("portal_id"),
    _employee(),
    _text("since"),
    _text("until", null=True),
    _big("department_id", null=True),
    _text("title"),
    _text("number"),
    Column("is_told", Boolean, nullable=False, server_default=text("false")),
    Index("ix_employment_employee", "portal_id", "employee_id", "since"),
)

schedule = Table(
    "schedule",
    metadata,
    _id(),
    _portal(),
    _text("scope"),  # portal, department, person
    _big("target_id"),
    _text("since"),
    _text("body"),
    UniqueConstraint("portal_id", "scope", "target_id", "since"),
)

planned_date = Table(
    "planned_date",
    metadata,
    _big("portal_id"),
    _employee(),
    _text("day"),
    _text("body"),
    PrimaryKeyConstraint("portal_id", "day", "employee_id"),
    sqlite_with_rowid=False,
)

calendar_day = Table(
    "calendar_day",
    metadata,
    _portal(),
    _text("day"),
    _bool("is_off"),
    _bool("is_short"),
    _bool("is_holiday"),
    _text("note"),
    _text("source"),
    PrimaryKeyConstraint("portal_id", "day"),
    sqlite_with_rowid=False,
)

reminder = Table(
    "reminder",
    metadata,
    _big("portal_id"),
    _employee(),
    _text("kind"),
    _text("key"),
    _big("at"),
    PrimaryKeyConstraint("portal_id", "employee_id", "kind", "key"),
    Index("ix_reminder_at", "portal_id", "at"),
    sqlite_with_rowid=False,
)

delay = Table(
    "delay",
    metadata,
    _big("portal_id"),
    _employee(),
    _text("day"),
    _big("until", null=True),
    _big("said_at"),
    PrimaryKeyConstraint("portal_id", "employee_id", "day"),
    Index("ix_delay_day", "portal_id", "day"),
    sqlite_with_rowid=False,
)

portal_workday = Table(  # how far the portal's own working day and ours have followed each other
    "portal_workday",
    metadata,
    Column("employee_id", BigInteger, ForeignKey("employee.id"), primary_key=True, autoincrement=False),
    _portal(),
    _text("seen"),
    _big("seen_at", null=True),
    _text("own"),
    _text("asked"),
    _text("ended"),
    _int("version"),
    Index("ix_portal_workday_portal", "portal_id"),
    sqlite_with_rowid=False,
)

portal_absence = Table(  # when the portal's calendar says that somebody is away; of what it is called, nothing
    "portal_absence",
    metadata,
    _portal(),
    _employee(),
    _big("starts_at"),
    _big("ends_at"),
    PrimaryKeyConstraint("employee_id", "starts_at"),
    Index("ix_portal_absence_portal", "portal_id", "ends_at"),
    sqlite_with_rowid=False,
)

approval_template = Table(
    "approval_template",
    metadata,
    _portal(),
    _text("key"),
    _int("version"),
    _text("document"),  # never changed
    _text("state"),  # draft, on, off
    _big("made_at"),
    _big("made_by", null=True),
    _big("changed_at", null=True),
    _big("changed_by", null=True),
    PrimaryKeyConstraint("portal_id", "key", "version"),
)

template_draft = Table(
    "template_draft",
    metadata,
    _portal(),
    _text("key"),
    _text("document"),  # nothing where there is no draft now
    _int("based_on"),
    _int("version"),
    _big("changed_at"),
    _big("changed_by", null=True),
    PrimaryKeyConstraint("portal_id", "key"),
)

template_example = Table(
    "template_example",
    metadata,
    _id(),
    _portal(),
    _text("key"),
    _big("person_id"),
    _text("fields"),
    _big("at"),
    _text("seen"),
    _big("kept_at"),
    _big("kept_by", null=True),
    Index("ix_template_example_key", "portal_id", "key"),
)

people_group = Table(
    "people_group",
    metadata,
    _portal(),
    _text("name"),
    _text("title"),
    PrimaryKeyConstraint("portal_id", "name"),
    sqlite_with_rowid=False,
)

group_member = Table(
    "group_member",
    metadata,
    _big("portal_id"),
    _text("name"),
    _employee(),
    _int("place"),
    PrimaryKeyConstraint("portal_id", "name", "employee_id"),
    sqlite_with_rowid=False,
)

routed_request = Table(
    "routed_request",
    metadata,
    _id(),
    _portal(),
    _int("number"),
    _text("template"),
    _int("template_version"),
    _big("initiator_id"),
    _text("subject_key"),
    _text("revision"),
    _text("running"),
    _text("state"),
    _int("round"),
    _int("version"),
    _text("effects"),
    _big("started_at"),
    _big("next_at", null=True),
    _big("ended_at", null=True),
    _big("parent_id", null=True),
    _text("about", null=True),  # the object of the portal, as `ObjectRef` writes it
    UniqueConstraint("portal_id", "number"),
    Index("ix_routed_request_initiator", "portal_id", "initiator_id", "id"),
    Index("ix_routed_request_ended", "portal_id", "ended_at"),
    Index("ix_routed_request_portal", "portal_id", "id"),
    # What happens to an object concerns the open requests about it.
    Index(
        "ix_routed_request_about",
        "portal_id",
        "about",
        sqlite_where=text("state IN ('pending', 'rework')"),
        postgresql_where=text("state IN ('pending', 'rework')"),
    ),
    # One open request about the same thing as it was: whoever asks again is given that one.
    Index(
        "uq_routed_request_open",
        "portal_id",
        "subject_key",
        "template",
        "revision",
        unique=True,
        sqlite_where=text("state IN ('pending', 'rework')"),
        postgresql_where=text("state IN ('pending', 'rework')"),
    ),
)

routed_seat = Table(
    "routed_seat",
    metadata,
    _id(),
    _big("portal_id"),
    Column("request_id", BigInteger, ForeignKey("routed_request.id"), nullable=False),
    _int("round"),
    _int("stage"),
    _text("track"),
    _int("place"),
    Index("ix_routed_seat_request", "request_id"),
)

routed_asked = Table(
    "routed_asked",
    metadata,
    _big("portal_id"),
    Column("request_id", BigInteger, ForeignKey("routed_request.id"), nullable=False),
    _employee(),
    _big("seat_id", null=True),
    PrimaryKeyConstraint("request_id", "employee_id"),
    Index("ix_routed_asked_employee", "employee_id", "request_id"),
    sqlite_with_rowid=False,
)

routed_event = Table(
    "routed_event",
    metadata,
    _big("portal_id"),
    Column("request_id", BigInteger, ForeignKey("routed_request.id"), nullable=False),
    _int("seq"),
    _big("at"),
    _big("actor_id", null=True),
    _big("behalf_id", null=True),
    _text("what"),
    _text("revision"),
    _text("messenger"),
    _text("said"),
    _text("salt"),
    _text("digest"),
    _text("hash"),
    PrimaryKeyConstraint("request_id", "seq"),
    sqlite_with_rowid=False,
)

file_content = Table(  # the bytes of requests' files, once for a portal
    "file_content",
    metadata,
    _portal(),
    _text("sha256"),
    _big("size"),
    _big("added_at"),
    Column("content", LargeBinary, nullable=False),
    PrimaryKeyConstraint("portal_id", "sha256"),
    Index("ix_file_content_size", "portal_id", "size"),
    Index("ix_file_content_added", "added_at", "portal_id", "sha256"),
)

routed_file = Table(  # a file of a request on a route; of none while its form is filled in
    "routed_file",
    metadata,
    _id(),
    _portal(),
    Column("request_id", BigInteger, ForeignKey("routed_request.id"), nullable=True),
    _big("owner_id"),
    _text("field"),
    _text("name"),
    _big("size"),
    _text("sha256"),
    _big("added_at"),
    _big("replaced_at", null=True),
    Index("ix_routed_file_request", "request_id"),
    Index("ix_routed_file_content", "portal_id", "sha256"),
    Index("ix_routed_file_owner", "portal_id", "owner_id"),
)

process_call = Table(  # a business process that reached our robot, until long after it was answered
    "process_call",
    metadata,
    _id(),
    _portal(),
    _text("key"),
    _text("token"),
    _text("code"),
    _text("workflow"),
    _text("document"),
    _text("properties"),
    _bool("waits"),
    _big("called_at"),
    _big("until", null=True),
    _text("state"),
    _big("request_id", null=True),
    _text("reason"),
    _int("version"),
    UniqueConstraint("portal_id", "key"),
    Index("ix_process_call_state", "state", "id"),
    Index("ix_process_call_portal", "portal_id", "state", "id"),
    Index("ix_process_call_request", "portal_id", "request_id"),
)

native_task = Table(  # a task of a business process, of somebody who has theirs shown here
    "native_task",
    metadata,
    _portal(),
    _text("account"),
    _big("task_id"),
    _employee(),
    _text("body"),
    _text("state"),
    _text("said"),
    _big("listed_at"),
    _int("version"),
    PrimaryKeyConstraint("portal_id", "account", "task_id"),
    Index("ix_native_task_listed", "listed_at"),
)

confirmation = Table(
    "confirmation",
    metadata,
    _big("portal_id"),
    _employee(),
    _text("first"),
    _text("last"),
    _text("fingerprint"),
    _big("confirmed_by"),
    _big("confirmed_at"),
    _big("approved_by", null=True),
    _big("approved_at", null=True),
    PrimaryKeyConstraint("portal_id", "employee_id", "first", "last"),
    Index("ix_confirmation_first", "portal_id", "first"),
    sqlite_with_rowid=False,
)

closing = Table(
    "closing",
    metadata,
    _id(),
    _portal(),
    _text("first"),
    _text("last"),
    _big("closed_by"),
    _big("closed_at"),
    _big("reopened_by", null=True),
    _big("reopened_at", null=True),
    _text("reason"),
    Index("ix_closing_portal", "portal_id", "first"),
)

overtime = Table(
    "overtime",
    metadata,
    _id(),
    _big("portal_id"),
    _employee(),
    _text("day"),
    _int("seconds"),
    _big("request_id", null=True),
    Index("ix_overtime_day", "portal_id", "day"),
)

feed = Table(
    "feed",
    metadata,
    Column("token_hash", Text, primary_key=True),
    _big("portal_id"),
    _employee(),
    _big("created_at"),
    _big("revoked_at", null=True),
    Index("ix_feed_employee", "portal_id", "employee_id"),
)

job = Table(
    "job",
    metadata,
    _id(),
    _big("portal_id"),
    _text("kind"),
    _text("key"),
    _big("run_at"),  # by the service's clock
    _text("payload"),
    _big("due_at"),  # by the machine's clock: not again before
    _big("leased_until"),
    _text("worker"),
    _int("tries"),
    UniqueConstraint("portal_id", "kind", "key"),
    Index("ix_job_run", "run_at", "id"),
)

automation_rule = Table(
    "automation_rule",
    metadata,
    _portal(),
    _text("key"),
    _int("version"),
    _text("document"),  # never changed
    _text("state"),  # on, off, gone
    _big("made_at"),
    _big("made_by", null=True),
    _big("changed_at", null=True),
    _big("changed_by", null=True),
    _text("trouble"),
    PrimaryKeyConstraint("portal_id", "key", "version"),
    Index(
        "ix_automation_rule_gone",
        "changed_at",
        sqlite_where=text("state = 'gone'"),
        postgresql_where=text("state = 'gone'"),
    ),
)

object_request = Table(
    "object_request",
    metadata,
    _portal(),
    _text("object"),
    _big("request_id"),
    PrimaryKeyConstraint("portal_id", "object", "request_id"),
)

rule_firing = Table(
    "rule_firing",
    metadata,
    _portal(),
    _text("rule"),
    _text("object"),
    _text("occurrence"),
    _big("at"),  # by the portal's clock
    _int("version"),
    _text("outcome"),
    PrimaryKeyConstraint("portal_id", "object", "rule", "occurrence"),
    Index("ix_rule_firing_object", "portal_id", "object", "at"),
    Index("ix_rule_firing_rule", "portal_id", "rule", "at"),
    Index("ix_rule_firing_at", "at"),
)

errand = Table(  # what is to be done on a portal
    "errand",
    metadata,
    _id(),
    _portal(),
    _text("kind"),
    _text("form"),
    _text("key"),
    _text("cause"),
    _text("lane"),  # what it is done to; "" waits for no other
    _text("account"),
    _text("state"),  # offered, waiting, done, failed, left
    _int("tries"),
    _bool("is_doubtful"),
    _big("created_at"),
    _big("due_at", null=True),  # by the service's clock
    _text("reason"),
    _text("result"),
    _big("ended_at", null=True),
    _int("version"),
    _big("rests_until"),  # by the machine's clock: not again before
    _big("leased_until"),
    _text("worker"),
    UniqueConstraint("portal_id", "key"),
    Index("ix_errand_cause", "portal_id", "cause"),
    Index("ix_errand_ended", "portal_id", "ended_at"),
    Index(
        "ix_errand_waiting",
        "portal_id",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_errand_lane",
        "portal_id",
        "lane",
        "id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_errand_failed",
        "portal_id",
        "id",
        sqlite_where=text("state = 'failed'"),
        postgresql_where=text("state = 'failed'"),
    ),
    Index(
        "ix_errand_offered",
        "portal_id",
        "id",
        sqlite_where=text("state = 'offered'"),
        postgresql_where=text("state = 'offered'"),
    ),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    _big("portal_id"),
    _big("actor_id", null=True),
    _big("subject_id", null=True),
    _text("what"),
    _big("at"),
    Index("ix_audit_portal", "portal_id", "at"),
)

object_sighting = Table(  # an object of a portal as it was when we last looked: of its fields those that are watched
    "object_sighting",
    metadata,
    _big("portal_id"),
    _text("ref"),
    _text("fields"),
    _big("last_move"),  # the portal's number of the last move that was counted
    _big("seen_at"),  # by the machine's clock
    Column("last_errand", BigInteger, nullable=False, server_default=text("0")),
    Column("is_ahead", Boolean, nullable=False, server_default=text("false")),  # of the portal's history of moves
    PrimaryKeyConstraint("portal_id", "ref"),
    Index("ix_object_sighting_seen", "seen_at"),
    sqlite_with_rowid=False,
)

object_hint = Table(  # what is to be looked at: one row an object, however often the portal told of it
    "object_hint",
    metadata,
    _big("portal_id"),
    _text("ref"),
    _int("actor"),  # of all that was told since the last look
    _int("latest"),  # of the last word
    _int("revision"),
    _int("looked"),  # the revision up to which it was looked at
    _big("due_at"),
    _int("tries"),
    PrimaryKeyConstraint("portal_id", "ref"),
    Index("ix_object_hint_due", "due_at", "portal_id"),
    sqlite_with_rowid=False,
)

object_watch = Table(  # from which object and move on a family is watched, and up to when it was gone through
    "object_watch",
    metadata,
    _big("portal_id"),
    _text("family"),
    _big("last_id"),
    _big("last_move"),
    _big("through"),  # by the portal's clock
    PrimaryKeyConstraint("portal_id", "family"),
    sqlite_with_rowid=False,
)

duty = Table(
    "duty",
    metadata,
    Column("name", Text, primary_key=True),
    _text("holder"),
    _big("held_until"),  # by the database's clock
)

vault = Table(
    "vault",
    metadata,
    Column("name", Text, primary_key=True),
    _text("value"),
    _bool("is_secret"),
)

api_key = Table(
    "api_key",
    metadata,
    _id(),
    _portal(),
    Column("owner_id", BigInteger, ForeignKey("employee.id"), nullable=True),  # none: it acts for the portal
    _text("name"),
    _text("prefix"),
    _text("hash"),
    _text("scopes"),
    _big("created_at"),
    _big("created_by"),
    _big("expires_at"),
    _text("used_on", null=True),
    _big("revoked_at", null=True),
    UniqueConstraint("hash"),
    Index("ix_api_key_portal", "portal_id", "id"),
    Index("ix_api_key_owner", "owner_id"),
)

api_repeat = Table(  # what was answered to calls of the API that may be repeated, for a day
    "api_repeat",
    metadata,
    Column("place", Text, primary_key=True),
    _portal(),
    _text("body"),
    _text("answer"),  # sealed
    _big("at"),
    Index("ix_api_repeat_at", "at"),
)

happening = Table(  # what programs are told of, for a week
    "happening",
    metadata,
    _id(),
    _portal(),
    _text("type"),
    _text("about"),
    _big("person_id"),
    _big("at"),
    _text("data"),
    _big("position", null=True),  # in the feed: given after the commit, in the order of commits; -1: in no feed
    Index("ix_happening_position", "portal_id", "position", "id"),
    Index(
        "ix_happening_new",
        "portal_id",
        sqlite_where=text("position IS NULL"),
        postgresql_where=text("position IS NULL"),
    ),
)

feed_head = Table(  # whoever gives places in a portal's feed holds its row until the commit
    "feed_head",
    metadata,
    Column(
        "portal_id",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("portal.id"),
        primary_key=True,
        autoincrement=False,
    ),
    _big("position"),
)

webhook = Table(  # addresses of programs that are told what happens
    "webhook",
    metadata,
    _id(),
    _portal(),
    _text("name"),
    _text("url"),
    _text("types"),  # between blanks; "" is everything
    _text("detail"),
    _text("secret"),  # sealed
    _text("former"),  # sealed; "" where none is left
    _big("former_until", null=True),
    _bool("is_on"),
    _text("why_off"),
    _big("failing_since", null=True),
    _big("succeeded_at", null=True),
    _big("created_at"),
    _big("created_by"),
    _int("version"),
    UniqueConstraint("portal_id", "name"),
)

hook_delivery = Table(  # a message to a hook; no key to it, so that whoever notes one waits for nobody who changes it
    "hook_delivery",
    metadata,
    _big("hook_id"),
    _big("happening_id"),
    _portal(),
    _text("type"),
    _text("lane"),
    _text("state"),  # waiting, done, failed
    _int("tries"),
    _int("status"),
    _text("reason"),
    _big("created_at"),
    _big("ended_at", null=True),
    _big("rests_until"),  # by the machine's clock: not again before
    _big("leased_until"),
    _text("worker"),
    PrimaryKeyConstraint("hook_id", "happening_id"),
    Index("ix_hook_delivery_happening", "happening_id"),
    Index(
        "ix_hook_delivery_waiting",
        "hook_id",
        "happening_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index(
        "ix_hook_delivery_lane",
        "hook_id",
        "lane",
        "happening_id",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
