"""long work of sections, done behind the scenes"""

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_job",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("started_by", sa.Integer, nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=True),
        sa.Column("stop_asked_at", sa.DateTime, nullable=True),
        sa.Column("ended_at", sa.DateTime, nullable=True),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("runs", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("message", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("url", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_job"),
        sa.ForeignKeyConstraint(
            ["started_by"], ["core_user.id"], name="fk_core_job_started_by_core_user", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_core_job_status", "core_job", ["status"])
    op.create_table(
        "core_job_person",
        sa.Column("job_id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "user_id", name="pk_core_job_person"),
        sa.ForeignKeyConstraint(
            ["job_id"], ["core_job.id"], name="fk_core_job_person_job_id_core_job", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core_user.id"], name="fk_core_job_person_user_id_core_user", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    op.drop_table("core_job_person")
    op.drop_table("core_job")
