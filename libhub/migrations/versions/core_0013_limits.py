"""one limiter for all that is counted against guessing and haste, in place of failed sign-ins; sessions know their PC"""

import sqlalchemy as sa
from alembic import op

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_limit",
        sa.Column("key", sa.String(400), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("next_at", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_core_limit"),
    )
    op.create_index("ix_core_limit_until", "core_limit", ["until"])
    op.drop_table("core_sign_in_failure")
    with op.batch_alter_table("core_user_session") as table:
        table.add_column(sa.Column("computer", sa.String(80), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("core_user_session") as table:
        table.drop_column("computer")
    op.create_table(
        "core_sign_in_failure",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_sign_in_failure"),
    )
    op.create_index("ix_core_sign_in_failure_key_at", "core_sign_in_failure", ["key", "at"])
    op.drop_table("core_limit")
