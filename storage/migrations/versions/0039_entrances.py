"""What opens a session of the web application once: a frame's code, a messenger's signed words.

Revision: 0039, after 0038.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "entrance",
        sa.Column("mark_hash", sa.Text(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_entrance_portal_id")),
        sa.PrimaryKeyConstraint("mark_hash", name=op.f("pk_entrance")),
    )
    op.create_index("ix_entrance_session", "entrance", ["session_id"])
    op.create_index("ix_entrance_expires", "entrance", ["expires_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("entrance")
