"""When portals' calendars say that people are away.

Revision: 0043, after 0042.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "portal_absence",
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_portal_absence_employee_id")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_portal_absence_portal_id")),
        sa.PrimaryKeyConstraint("employee_id", "starts_at", name=op.f("pk_portal_absence")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_portal_absence_portal", "portal_absence", ["portal_id", "ends_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_portal_absence_portal", table_name="portal_absence")
    op.drop_table("portal_absence")
