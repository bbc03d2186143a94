"""an event has somebody who answers for it, and a registration knows who made it for somebody else"""

import sqlalchemy as sa
from alembic import op

revision = "events_0004"
down_revision = "events_0003"
branch_labels = None
depends_on = None

COLUMNS = (("events_event", "host_id"), ("events_registration", "by_id"))


def upgrade() -> None:
    for name, column in COLUMNS:
        with op.batch_alter_table(name, table_kwargs={"sqlite_autoincrement": True}) as table:
            table.add_column(sa.Column(column, sa.Integer, nullable=True))
            table.create_foreign_key(
                f"fk_{name}_{column}_core_user", "core_user", [column], ["id"], ondelete="SET NULL"
            )
        op.create_index(f"ix_{name}_{column}", name, [column])


def downgrade() -> None:
    for name, column in COLUMNS:
        op.drop_index(f"ix_{name}_{column}", name)
        with op.batch_alter_table(name, table_kwargs={"sqlite_autoincrement": True}) as table:
            table.drop_constraint(f"fk_{name}_{column}_core_user", type_="foreignkey")
            table.drop_column(column)
