"""One history: what lessons said before stands in the hub's log, where every text that was saved has always been as well.

Revision ID: training_0002
Revises: training_0001
"""

import sqlalchemy as sa
from alembic import op

revision = "training_0002"
down_revision = "training_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the second copy of the texts go; numbers of rows that the log may bring back are never given twice."""
    op.drop_table("training_lesson_version")
    for table in ("training_section", "training_question"):
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def downgrade() -> None:
    """Make the table again, without versions: they begin with the next text that is saved."""
    for table in ("training_section", "training_question"):
        with op.batch_alter_table(table, recreate="always"):
            pass
    op.create_table(
        "training_lesson_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=200), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["core_user.id"],
            name=op.f("fk_training_lesson_version_author_id_core_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["lesson_id"],
            ["training_lesson.id"],
            name=op.f("fk_training_lesson_version_lesson_id_training_lesson"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_lesson_version")),
        sa.UniqueConstraint("lesson_id", "number", name=op.f("uq_training_lesson_version_lesson_id_number")),
    )
    with op.batch_alter_table("training_lesson_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_lesson_version_author_id"), ["author_id"], unique=False)
