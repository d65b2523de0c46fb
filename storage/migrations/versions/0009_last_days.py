"""Last days of work that an administrator told, which the portal's directory does not take back.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("employment", sa.Column("is_told", sa.Boolean(), nullable=False, server_default=sa.text("false")))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("employment", "is_told")
