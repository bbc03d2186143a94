"""what a notice says, apart from the language it is read in"""

import sqlalchemy as sa
from alembic import op

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("core_notice") as table:
        table.add_column(sa.Column("message", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("core_notice") as table:
        table.drop_column("message")
