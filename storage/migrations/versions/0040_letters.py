"""Whether single letters are keys on pages, for each person.

Revision: 0040, after 0039.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("employee", sa.Column("wants_letters", sa.Boolean(), server_default=sa.text("true"), nullable=False))


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("employee", "wants_letters")
