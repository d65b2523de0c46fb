"""Up to which errand of ours an object was seen.

Revision: 0033, after 0032.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    column = sa.Column("last_errand", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    op.add_column("object_sighting", column)


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("object_sighting", "last_errand")
