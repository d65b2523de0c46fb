"""How far the portal's own working day and ours have followed each other.

Revision: 0031, after 0030.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "portal_workday",
        sa.Column("employee_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("own", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_portal_workday_employee_id")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_portal_workday_portal_id")),
        sa.PrimaryKeyConstraint("employee_id", name=op.f("pk_portal_workday")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_portal_workday_portal", "portal_workday", ["portal_id"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_portal_workday_portal", table_name="portal_workday")
    op.drop_table("portal_workday")
