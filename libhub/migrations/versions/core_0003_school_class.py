"""the class of a pupil"""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("core_user") as table:
        table.add_column(sa.Column("grade", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("class_letter", sa.String(length=1), server_default=sa.text("''"), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("core_user") as table:
        table.drop_column("class_letter")
        table.drop_column("grade")
