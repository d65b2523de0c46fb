"""Approval requests with seats, ballots and record; absences; durable jobs.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("run_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("portal_id", "kind", "key", name=op.f("uq_job_portal_id_kind_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_run", ["run_at", "id"], unique=False)

    op.create_table(
        "approval_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("requester_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_automatic", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settles_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_approval_request_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_request")),
    )
    with op.batch_alter_table("approval_request", schema=None) as batch_op:
        batch_op.create_index("ix_approval_request_subject", ["portal_id", "subject_id", "id"], unique=False)
        batch_op.create_index(
            "uq_approval_request_open",
            ["portal_id", "subject_id", "subject_key"],
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_absence_employee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_employee", ["portal_id", "employee_id", "first"], unique=False)
        batch_op.create_index("ix_absence_portal", ["portal_id", "first"], unique=False)

    op.create_table(
        "approval_ballot",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("cast_no", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["request_id"], ["approval_request.id"], name=op.f("fk_approval_ballot_request_id")),
        sa.PrimaryKeyConstraint("seat_id", "round", "cast_no", name=op.f("pk_approval_ballot")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("approval_ballot", schema=None) as batch_op:
        batch_op.create_index("ix_approval_ballot_request", ["request_id"], unique=False)
        batch_op.create_index(
            "uq_approval_ballot_standing",
            ["seat_id", "round"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "approval_event",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["approval_request.id"], name=op.f("fk_approval_event_request_id")),
        sa.PrimaryKeyConstraint("request_id", "seq", name=op.f("pk_approval_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "approval_seat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("principal_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("track", sa.Integer(), nullable=False),
        sa.Column("undos_left", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["approval_request.id"], name=op.f("fk_approval_seat_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_seat")),
    )
    with op.batch_alter_table("approval_seat", schema=None) as batch_op:
        batch_op.create_index("ix_approval_seat_request", ["request_id"], unique=False)

    op.create_table(
        "approval_holder",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_approval_holder_employee_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["approval_seat.id"], name=op.f("fk_approval_holder_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", "employee_id", name=op.f("pk_approval_holder")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("approval_holder", schema=None) as batch_op:
        batch_op.create_index("ix_approval_holder_employee", ["employee_id", "request_id"], unique=False)
        batch_op.create_index("ix_approval_holder_request", ["request_id"], unique=False)


def downgrade() -> None:
    """Take the schema back."""
    with op.batch_alter_table("approval_holder", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_holder_request")
        batch_op.drop_index("ix_approval_holder_employee")

    op.drop_table("approval_holder")
    with op.batch_alter_table("approval_seat", schema=None) as batch_op:
        batch_op.drop_index("ix_approval_seat_request")

    op.drop_table("approval_seat")
    op.drop_table("approval_event")
    with op.batch_alter_table("approval_ballot", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_approval_ballot_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index("ix_approval_ballot_request")

    op.drop_table("approval_ballot")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_portal")
        batch_op.drop_index("ix_absence_employee")

    op.drop_table("absence")
    with op.batch_alter_table("approval_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_approval_request_open",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index("ix_approval_request_subject")

    op.drop_table("approval_request")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run")

    op.drop_table("job")
