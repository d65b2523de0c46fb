"""What followed from decisions and waited for the application: it is offered to administrators, once a portal.

Revision: 0032, after 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_OFFER = (
    # Ids are never given twice, so that of a request is free here.
    "INSERT INTO job (id, portal_id, kind, key, run_at, payload, due_at, leased_until, worker, tries)"
    " SELECT max(id), portal_id, 'errands-offer', '', 0, '{}', 0, 0, '', 0 FROM routed_request"
    " WHERE ended_at IS NOT NULL AND effects LIKE '%\"done\"\\:false%' GROUP BY portal_id"
)
"""One statement: for PostgreSQL migrations are written down as SQL, and nothing can be read in between."""


def upgrade() -> None:
    """Have it offered by the next service that starts."""
    op.execute(sa.text(_OFFER))


def downgrade() -> None:
    """Offer nothing."""
    op.execute("DELETE FROM job WHERE kind = 'errands-offer'")
