"""Requests on routes are found by when they ended, for the numbers of a period.

Revision: 0035, after 0034.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index("ix_routed_request_ended", "routed_request", ["portal_id", "ended_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_routed_request_ended", "routed_request")
