"""Accounts that belong to several companies: where their free words act, and of which company each message is.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("identity", sa.Column("chosen_id", sa.BigInteger(), nullable=True))
    op.add_column("identity", sa.Column("spoken_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_identity_account", "identity", ["account", "channel"])
    op.create_table(
        "account_message",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_account_message_employee_id")),
        sa.PrimaryKeyConstraint("channel", "conversation", "message", name=op.f("pk_account_message")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_account_message_employee", "account_message", ["employee_id"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("account_message")
    op.drop_index("ix_identity_account", table_name="identity")
    op.drop_column("identity", "spoken_at")
    op.drop_column("identity", "chosen_id")
