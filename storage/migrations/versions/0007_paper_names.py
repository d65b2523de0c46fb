"""Names as papers have them.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("employee", sa.Column("paper_name", sa.Text(), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("employee", "paper_name")
