"""Messages of further companies tell when they were sent, and rules that were deleted are found by when.

Revision: 0038, after 0037.
"""

import time

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward; of messages that are there already the term begins now."""
    op.add_column("account_message", sa.Column("noted_at", sa.BigInteger(), server_default="0", nullable=False))
    message = sa.table("account_message", sa.column("noted_at", sa.BigInteger()))
    op.execute(message.update().values(noted_at=sa.literal_column(str(int(time.time() * 1000)))))
    gone = sa.text("state = 'gone'")
    op.create_index(
        "ix_automation_rule_gone", "automation_rule", ["changed_at"], sqlite_where=gone, postgresql_where=gone
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_automation_rule_gone", "automation_rule")
    op.drop_column("account_message", "noted_at")
