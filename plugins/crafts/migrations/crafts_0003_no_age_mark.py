"""a new thing has no age mark until somebody chooses one; what there is keeps its mark"""

import sqlalchemy as sa
from alembic import op

revision = "crafts_0003"
down_revision = "crafts_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("crafts_activity") as table:
        table.alter_column("age", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("UPDATE crafts_activity SET age = 18 WHERE age IS NULL")  # nobody sees more of it than before
    with op.batch_alter_table("crafts_activity") as table:
        table.alter_column("age", existing_type=sa.Integer(), nullable=False)
