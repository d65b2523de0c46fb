"""Which objects of a portal were made for which request.

Revision: 0034, after 0033.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "object_request",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_object_request_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", "object", "request_id", name=op.f("pk_object_request")),
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("object_request")
