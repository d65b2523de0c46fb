"""Which digests a person wants, and where they want to be told.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("employee", sa.Column("wants_digest", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("employee", sa.Column("prefers", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("employee", "prefers")
    op.drop_column("employee", "wants_digest")
