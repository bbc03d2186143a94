"""sessions that are used at a PC of the reading room"""

import sqlalchemy as sa
from alembic import op

revision = "core_0010"
down_revision = "core_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("core_user_session") as table:
        table.add_column(sa.Column("shared_pc", sa.Boolean(), server_default=sa.text("0"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("core_user_session") as table:
        table.drop_column("shared_pc")
