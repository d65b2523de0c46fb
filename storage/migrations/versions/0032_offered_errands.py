"""What followed from decisions and waited for the application: it is offered to administrators, once a portal.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_WAITING = sa.text(
    "SELECT portal_id, max(id) FROM routed_request"
    " WHERE ended_at IS NOT NULL AND effects LIKE '%\"done\"\\:false%' GROUP BY portal_id"
)
_OFFER = sa.text(
    "INSERT INTO job (id, portal_id, kind, key, run_at, payload, due_at, leased_until, worker, tries)"
    " VALUES (:id, :portal_id, 'errands-offer', '', 0, '{}', 0, 0, '', 0)"
)


def upgrade() -> None:
    """Have it offered by the next service that starts."""
    connection = op.get_bind()
    for portal_id, number in connection.execute(_WAITING).fetchall():
        # Ids are never given twice, so that of a request is free here.
        connection.execute(_OFFER, {"id": number, "portal_id": portal_id})


def downgrade() -> None:
    """Offer nothing."""
    op.execute("DELETE FROM job WHERE kind = 'errands-offer'")
