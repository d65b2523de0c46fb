"""What waits for one realm is found without looking at what waits for others.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_index(
        "ix_outbox_realm",
        "outbox",
        ["channel", "realm", "id"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_outbox_realm", "outbox")
