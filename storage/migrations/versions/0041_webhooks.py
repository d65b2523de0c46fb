"""What happens is noted for programs: webhooks with their messages, and the feed of changes.

Revision: 0041, after 0040.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _big(name: str, *, null: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _portal(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["portal_id"], ["portal.id"], name=f"fk_{table}_portal_id")


def upgrade() -> None:
    """Bring the schema forward."""
    op.add_column("portal", sa.Column("is_heard", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_table(
        "happening",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        _big("portal_id"), _text("type"), _text("about"), _big("person_id"), _big("at"), _text("data"),
        _big("position", null=True),
        _portal("happening"),
        sa.PrimaryKeyConstraint("id", name="pk_happening"),
    )  # fmt: skip
    op.create_index("ix_happening_position", "happening", ["portal_id", "position", "id"])
    new = sa.text("position IS NULL")
    op.create_index("ix_happening_new", "happening", ["portal_id"], sqlite_where=new, postgresql_where=new)
    op.create_table(
        "feed_head",
        sa.Column("portal_id", _ID, autoincrement=False, nullable=False),
        _big("position"),
        _portal("feed_head"),
        sa.PrimaryKeyConstraint("portal_id", name="pk_feed_head"),
    )
    op.create_table(
        "webhook",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        _big("portal_id"), _text("name"), _text("url"), _text("types"), _text("detail"), _text("secret"),
        _text("former"), _big("former_until", null=True), sa.Column("is_on", sa.Boolean(), nullable=False),
        _text("why_off"), _big("failing_since", null=True), _big("succeeded_at", null=True), _big("created_at"),
        _big("created_by"), sa.Column("version", sa.Integer(), nullable=False),
        _portal("webhook"),
        sa.PrimaryKeyConstraint("id", name="pk_webhook"),
        sa.UniqueConstraint("portal_id", "name", name="uq_webhook_portal_id_name"),
    )  # fmt: skip
    op.create_table(
        "hook_delivery",
        _big("hook_id"), _big("happening_id"), _big("portal_id"), _text("type"), _text("lane"), _text("state"),
        sa.Column("tries", sa.Integer(), nullable=False), sa.Column("status", sa.Integer(), nullable=False),
        _text("reason"), _big("created_at"), _big("ended_at", null=True), _big("rests_until"), _big("leased_until"),
        _text("worker"),
        _portal("hook_delivery"),
        sa.PrimaryKeyConstraint("hook_id", "happening_id", name="pk_hook_delivery"),
    )  # fmt: skip
    op.create_index("ix_hook_delivery_happening", "hook_delivery", ["happening_id"])
    waits = sa.text("state = 'waiting'")
    for name, columns in (("waiting", ["hook_id", "happening_id"]), ("lane", ["hook_id", "lane", "happening_id"])):
        op.create_index(
            f"ix_hook_delivery_{name}", "hook_delivery", columns, sqlite_where=waits, postgresql_where=waits
        )
    op.execute(
        sa.text(
            "UPDATE portal SET is_heard = true "
            "WHERE EXISTS (SELECT 1 FROM api_key WHERE api_key.portal_id = portal.id AND api_key.revoked_at IS NULL)"
        )
    )
    op.execute(sa.text("INSERT INTO feed_head (portal_id, position) SELECT id, 0 FROM portal WHERE is_heard"))


def downgrade() -> None:
    """Take the schema back."""
    for table in ("hook_delivery", "webhook", "feed_head", "happening"):
        op.drop_table(table)
    op.drop_column("portal", "is_heard")
