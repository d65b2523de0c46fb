"""Errands are found by when they ended, to tell our own writing from others'.

Revision: 0036, after 0035.
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index("ix_errand_ended", "errand", ["portal_id", "ended_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_errand_ended", "errand")
