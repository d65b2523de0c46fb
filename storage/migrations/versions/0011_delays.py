"""What people said about coming later.

Revision: 0011, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "delay",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_delay_employee_id")),
        sa.PrimaryKeyConstraint("portal_id", "employee_id", "day", name=op.f("pk_delay")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_delay_day", "delay", ["portal_id", "day"], unique=False)


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_delay_day", "delay")
    op.drop_table("delay")
