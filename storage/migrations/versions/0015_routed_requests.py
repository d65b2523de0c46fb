"""Requests on routes: where they are, their seats, who is asked, and their record.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "routed_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("initiator_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_key", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("running", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_routed_request_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routed_request")),
        sa.UniqueConstraint("portal_id", "number", name=op.f("uq_routed_request_portal_id_number")),
    )
    op.create_index("ix_routed_request_initiator", "routed_request", ["portal_id", "initiator_id", "id"])
    op.create_index(
        "uq_routed_request_open",
        "routed_request",
        ["portal_id", "subject_key", "template", "revision"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'rework')"),
        postgresql_where=sa.text("state IN ('pending', 'rework')"),
    )
    op.create_table(
        "routed_seat",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["routed_request.id"], name=op.f("fk_routed_seat_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routed_seat")),
    )
    op.create_index("ix_routed_seat_request", "routed_seat", ["request_id"])
    op.create_table(
        "routed_asked",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_routed_asked_employee_id")),
        sa.ForeignKeyConstraint(["request_id"], ["routed_request.id"], name=op.f("fk_routed_asked_request_id")),
        sa.PrimaryKeyConstraint("request_id", "employee_id", name=op.f("pk_routed_asked")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_routed_asked_employee", "routed_asked", ["employee_id", "request_id"])
    op.create_table(
        "routed_event",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("behalf_id", sa.BigInteger(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("messenger", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["routed_request.id"], name=op.f("fk_routed_event_request_id")),
        sa.PrimaryKeyConstraint("request_id", "seq", name=op.f("pk_routed_event")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("routed_event")
    op.drop_table("routed_asked")
    op.drop_table("routed_seat")
    op.drop_table("routed_request")
