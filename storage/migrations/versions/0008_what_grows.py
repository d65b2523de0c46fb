"""Indexes for what grows: absences by their last day, and messages with files.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.drop_index("ix_absence_portal", "absence")
    op.create_index("ix_absence_portal", "absence", ["portal_id", "last", "first"])
    with_a_file = sa.text("attachment_id IS NOT NULL")
    op.create_index(
        "ix_outbox_attachment", "outbox", ["attachment_id"], sqlite_where=with_a_file, postgresql_where=with_a_file
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_outbox_attachment", "outbox")
    op.drop_index("ix_absence_portal", "absence")
    op.create_index("ix_absence_portal", "absence", ["portal_id", "first"])
