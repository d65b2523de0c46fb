"""The version of a portal's locks.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("portal", sa.Column("lock_version", sa.Integer(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("portal", "lock_version")
