"""Rules of a portal, and how often they held.

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "automation_rule",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_automation_rule_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", "key", "version", name=op.f("pk_automation_rule")),
    )
    op.create_table(
        "rule_firing",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("occurrence", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_rule_firing_portal_id")),
        sa.PrimaryKeyConstraint("portal_id", "object", "rule", "occurrence", name=op.f("pk_rule_firing")),
    )
    op.create_index("ix_rule_firing_object", "rule_firing", ["portal_id", "object", "at"])
    op.create_index("ix_rule_firing_rule", "rule_firing", ["portal_id", "rule", "at"])
    op.create_index("ix_rule_firing_at", "rule_firing", ["at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("rule_firing")
    op.drop_table("automation_rule")
