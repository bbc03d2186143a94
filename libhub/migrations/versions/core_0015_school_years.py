"""the school years that were begun, and what each changed"""

import sqlalchemy as sa
from alembic import op

revision = "core_0015"
down_revision = "core_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_promotion",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("school_year", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("by_id", sa.Integer, nullable=True),
        sa.Column("classes", sa.JSON, nullable=False),
        sa.Column("people", sa.JSON, nullable=False),
        sa.Column("freed", sa.JSON, nullable=False),
        sa.Column("outcome", sa.JSON, nullable=False),
        sa.Column("undone_at", sa.DateTime, nullable=True),
        sa.Column("undone_by_id", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_core_promotion"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["core_user.id"], name="fk_core_promotion_by_id_core_user", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["core_user.id"],
            name="fk_core_promotion_undone_by_id_core_user",
            ondelete="SET NULL",
        ),
    )
    in_force = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_core_promotion_school_year",
        "core_promotion",
        ["school_year"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_index("ix_core_promotion_by_id", "core_promotion", ["by_id"])
    op.create_index("ix_core_promotion_undone_by_id", "core_promotion", ["undone_by_id"])


def downgrade() -> None:
    op.drop_table("core_promotion")
