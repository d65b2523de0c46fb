"""Departments, schedules, the calendar, closed periods, approved overtime, what was told, and calendar links.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "calendar_day",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("is_off", sa.Boolean(), nullable=False),
        sa.Column("is_short", sa.Boolean(), nullable=False),
        sa.Column("is_holiday", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_calendar_day_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", "day", name=op.f("pk_calendar_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "closing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("reopened_by", sa.BigInteger(), nullable=True),
        sa.Column("reopened_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_closing_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    op.create_index("ix_closing_portal", "closing", ["portal_id", "first"], unique=False)
    op.create_table(
        "department",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_key", sa.Text(), nullable=False),
        sa.Column("head_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_department_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("portal_id", "key", name=op.f("uq_department_portal_id_key")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("target_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_schedule_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint(
            "portal_id", "scope", "target_id", "since", name=op.f("uq_schedule_portal_id_scope_target_id_since")
        ),
    )
    op.create_table(
        "confirmation",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_confirmation_employee_id")),
        sa.PrimaryKeyConstraint("portal_id", "employee_id", "first", "last", name=op.f("pk_confirmation")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_confirmation_first", "confirmation", ["portal_id", "first"], unique=False)
    op.create_table(
        "employment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=True),
        sa.Column("department_id", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_employment_employee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
    )
    op.create_index("ix_employment_employee", "employment", ["portal_id", "employee_id", "since"], unique=False)
    op.create_table(
        "feed",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_feed_employee_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_employee", "feed", ["portal_id", "employee_id"], unique=False)
    op.create_table(
        "overtime",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_overtime_employee_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overtime")),
    )
    op.create_index("ix_overtime_day", "overtime", ["portal_id", "day"], unique=False)
    op.create_table(
        "planned_date",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_planned_date_employee_id")),
        sa.PrimaryKeyConstraint("portal_id", "day", "employee_id", name=op.f("pk_planned_date")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reminder",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_reminder_employee_id")),
        sa.PrimaryKeyConstraint("portal_id", "employee_id", "kind", "key", name=op.f("pk_reminder")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reminder_at", "reminder", ["portal_id", "at"], unique=False)
    op.add_column("employee", sa.Column("muted_until", sa.Text(), nullable=True))
    op.add_column("employee", sa.Column("wants_weekly", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("portal", sa.Column("country", sa.Text(), server_default=sa.text("'RU'"), nullable=False))
    op.add_column("portal", sa.Column("options", sa.Text(), server_default=sa.text("'{}'"), nullable=False))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("portal", "options")
    op.drop_column("portal", "country")
    op.drop_column("employee", "wants_weekly")
    op.drop_column("employee", "muted_until")
    op.drop_index("ix_reminder_at", table_name="reminder")
    op.drop_table("reminder")
    op.drop_table("planned_date")
    op.drop_index("ix_overtime_day", table_name="overtime")
    op.drop_table("overtime")
    op.drop_index("ix_feed_employee", table_name="feed")
    op.drop_table("feed")
    op.drop_index("ix_employment_employee", table_name="employment")
    op.drop_table("employment")
    op.drop_index("ix_confirmation_first", table_name="confirmation")
    op.drop_table("confirmation")
    op.drop_table("schedule")
    op.drop_table("department")
    op.drop_index("ix_closing_portal", table_name="closing")
    op.drop_table("closing")
    op.drop_table("calendar_day")
