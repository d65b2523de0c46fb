"""Errands: what is to be done on a portal; which object of the portal a request is about.

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("routed_request", sa.Column("about", sa.Text(), nullable=True))
    op.create_table(
        "errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rests_until", sa.BigInteger(), nullable=False),
        sa.Column("leased_until", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_errand_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
        sa.UniqueConstraint("portal_id", "key", name=op.f("uq_errand_portal_id_key")),
    )
    op.create_index("ix_errand_cause", "errand", ["portal_id", "cause"])
    for name, columns, state in (
        ("waiting", ["portal_id", "id"], "waiting"),
        ("lane", ["portal_id", "lane", "id"], "waiting"),
        ("failed", ["portal_id", "id"], "failed"),
        ("offered", ["portal_id", "id"], "offered"),
    ):
        condition = sa.text(f"state = '{state}'")
        op.create_index(f"ix_errand_{name}", "errand", columns, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("errand")
    op.drop_column("routed_request", "about")
