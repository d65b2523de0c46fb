"""Business processes: calls of our robot, and people's own tasks that are shown here.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "process_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("properties", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_process_call_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_call")),
        sa.UniqueConstraint("portal_id", "key", name=op.f("uq_process_call_portal_id_key")),
    )
    op.create_index("ix_process_call_state", "process_call", ["state", "id"])
    op.create_index("ix_process_call_portal", "process_call", ["portal_id", "state", "id"])
    op.create_index("ix_process_call_request", "process_call", ["portal_id", "request_id"])
    op.create_table(
        "native_task",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("listed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_native_task_portal_id")),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_native_task_employee_id")),
        sa.PrimaryKeyConstraint("portal_id", "account", "task_id", name=op.f("pk_native_task")),
    )
    op.create_index("ix_native_task_listed", "native_task", ["listed_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("native_task")
    op.drop_table("process_call")
