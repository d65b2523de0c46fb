"""A message tells whose account it is for, not only in which conversation it is.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("outbox", sa.Column("account", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("outbox", "account")
