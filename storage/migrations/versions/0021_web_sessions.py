"""Sessions of the web application, and the one-time links that begin them.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema forward."""
    op.create_table(
        "web_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("realm", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_web_session_employee_id")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_web_session_portal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index("ix_web_session_employee", "web_session", ["portal_id", "employee_id"])
    op.create_index("ix_web_session_expires", "web_session", ["expires_at"])
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("portal_id", sa.BigInteger(), nullable=False),
        sa.Column("employee_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("realm", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["employee_id"], ["employee.id"], name=op.f("fk_sign_in_employee_id")),
        sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=op.f("fk_sign_in_portal_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_sign_in_code_hash")),
    )
    op.create_index("ix_sign_in_employee", "sign_in", ["portal_id", "employee_id"])
    op.create_index("ix_sign_in_expires", "sign_in", ["expires_at"])


def downgrade() -> None:
    """Take the schema back."""
    op.drop_table("sign_in")
    op.drop_table("web_session")
