"""the PCs of the reading room"""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_computer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("idle_seconds", sa.Integer(), nullable=False),
        sa.Column("outside", sa.String(length=10), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", sa.DateTime(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_computer")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_core_computer_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_core_computer_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("core_computer")
