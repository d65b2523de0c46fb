"""Objects of portals: as they were when we last looked, what is to be looked at, and what is watched since when.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "object_sighting",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("last_move", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("portal_id", "ref", name=op.f("pk_object_sighting")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_object_sighting_seen", "object_sighting", ["seen_at"])
    op.create_table(
        "object_hint",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("portal_id", "ref", name=op.f("pk_object_hint")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_object_hint_due", "object_hint", ["due_at", "portal_id"])
    op.create_table(
        "object_watch",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("last_move", sa.BigInteger(), nullable=False),
        sa.Column("through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("portal_id", "family", name=op.f("pk_object_watch")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("object_watch")
    op.drop_index("ix_object_hint_due", table_name="object_hint")
    op.drop_table("object_hint")
    op.drop_index("ix_object_sighting_seen", table_name="object_sighting")
    op.drop_table("object_sighting")
