"""cards and pictures by which pupils sign in, and sheets of slips that are printed just now"""

import sqlalchemy as sa
from alembic import op

revision = "core_0014"
down_revision = "core_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_card",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_core_card"),
        sa.UniqueConstraint("token_hash", name="uq_core_card_token_hash"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core_user.id"], name="fk_core_card_user_id_core_user", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "core_picture_secret",
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("wrong", sa.Integer, server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_core_picture_secret"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core_user.id"], name="fk_core_picture_secret_user_id_core_user", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "core_sealed_sheet",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_sealed_sheet"),
    )
    with op.batch_alter_table("core_user_session") as table:
        table.add_column(sa.Column("by_card", sa.Boolean, server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("core_user_session") as table:
        table.drop_column("by_card")
    op.drop_table("core_sealed_sheet")
    op.drop_table("core_picture_secret")
    op.drop_table("core_card")
