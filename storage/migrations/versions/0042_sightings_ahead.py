"""Whether an object was seen at a stage that the portal's history did not have yet.

Revision: 0042, after 0041.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column(
        "object_sighting", sa.Column("is_ahead", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_column("object_sighting", "is_ahead")
