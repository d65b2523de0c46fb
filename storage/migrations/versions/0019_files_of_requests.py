"""Files of requests: what is known of each, and their bytes, once for a portal.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "file_content",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_file_content_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", "sha256", name=op.f("pk_file_content")),
    )
    op.create_index("ix_file_content_size", "file_content", ["portal_id", "size"])
    op.create_index("ix_file_content_added", "file_content", ["added_at", "portal_id", "sha256"])
    op.create_table(
        "routed_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_routed_file_portal_id")),
        sa.ForeignKeyConstraint(["request_id"], ["routed_request.id"], name=op.f("fk_routed_file_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routed_file")),
    )
    op.create_index("ix_routed_file_request", "routed_file", ["request_id"])
    op.create_index("ix_routed_file_content", "routed_file", ["portal_id", "sha256"])
    op.create_index("ix_routed_file_owner", "routed_file", ["portal_id", "owner_id"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("routed_file")
    op.drop_table("file_content")
