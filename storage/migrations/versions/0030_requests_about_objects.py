"""Open requests on routes are found by the object of the portal that they are about.

Revision: 0030, after 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    is_open = sa.text("state IN ('pending', 'rework')")
    op.create_index(
        "ix_routed_request_about",
        "routed_request",
        ["portal_id", "about"],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_routed_request_about", table_name="routed_request")
