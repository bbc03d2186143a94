"""what was sent is known for a day, and what was typed is kept"""

import sqlalchemy as sa
from alembic import op

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_sending",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("page_key", sa.String(64), nullable=False),
        sa.Column("address_key", sa.String(64), nullable=False),
        sa.Column("content_key", sa.String(64), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("made", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("location", sa.String(2000), nullable=True),
        sa.Column("messages", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_core_sending"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core_user.id"], name="fk_core_sending_user_id_core_user", ondelete="CASCADE"
        ),
    )
    for name in ("page_key", "address_key", "content_key", "user_id", "at"):
        op.create_index(f"ix_core_sending_{name}", "core_sending", [name])
    op.create_table(
        "core_draft",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("page", sa.String(1000), nullable=False),
        sa.Column("action", sa.String(1000), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("returned", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_draft"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core_user.id"], name="fk_core_draft_user_id_core_user", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_core_draft_user_id", "core_draft", ["user_id"])


def downgrade() -> None:
    op.drop_table("core_draft")
    op.drop_table("core_sending")
