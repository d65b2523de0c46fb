"""When the application was proven to be installed last, so that a removal from before that changes nothing.

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("installation", sa.Column("last_installed_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("installation", "last_installed_at")
