"""Requests are listed by the key, whoever looks: indexes for each way in which somebody may see one.

Revision: 0029, after 0028.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_approval_request_requester", "approval_request", ["portal_id", "requester_id", "id"]),
    ("ix_approval_request_portal", "approval_request", ["portal_id", "id"]),
    ("ix_approval_ballot_voter", "approval_ballot", ["by_id", "request_id"]),
    ("ix_routed_request_portal", "routed_request", ["portal_id", "id"]),
)


def upgrade() -> None:
    """Bring the schema forward."""
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Take the schema back."""
    for name, table, _ in _INDEXES:
        op.drop_index(name, table_name=table)
