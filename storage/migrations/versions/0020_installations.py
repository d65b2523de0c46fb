"""The application on portals: companies' permanent ids, their hosts, how each installation stands, tokens.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("portal", sa.Column("member_id", sa.Text(), nullable=True))
    op.create_index("uq_portal_member_id", "portal", ["member_id"], unique=True)
    op.create_table(
        "portal_host",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_portal_host_portal_id")),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_portal_host")),
    )
    op.create_index("ix_portal_host_portal", "portal_host", ["portal_id"])
    op.create_table(
        "installation",
        sa.Column("portal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("application_token", sa.Text(), nullable=False),
        sa.Column("oauth_host", sa.Text(), nullable=False),
        sa.Column("client_endpoint", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("installed_by", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("trouble_since", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_installation_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", name=op.f("pk_installation")),
    )
    op.create_table(
        "portal_grant",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("refreshed_at", sa.BigInteger(), nullable=False),
        sa.Column("is_lost", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_portal_grant_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", "account", name=op.f("pk_portal_grant")),
    )
    op.create_index("ix_portal_grant_refreshed", "portal_grant", ["refreshed_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("portal_grant")
    op.drop_table("installation")
    op.drop_table("portal_host")
    op.drop_index("uq_portal_member_id", table_name="portal")
    op.drop_column("portal", "member_id")
