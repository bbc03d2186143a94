"""a register of those who were erased, and of consents"""

import sqlalchemy as sa
from alembic import op

revision = "core_0016"
down_revision = "core_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    erased = op.create_table(
        "core_erased",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("held", sa.JSON, nullable=False),
        sa.Column("wiped_at", sa.DateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_core_erased"),
    )
    op.create_index("ix_core_erased_user_id", "core_erased", ["user_id"])
    op.create_table(
        "core_consent",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("giver", sa.String(200), nullable=False),
        sa.Column("giver_id", sa.Integer, nullable=True),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.Column("until", sa.Date, nullable=True),
        sa.Column("withdrawn_on", sa.Date, nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_consent"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core_user.id"], name="fk_core_consent_user_id_core_user", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["giver_id"], ["core_user.id"], name="fk_core_consent_giver_id_core_user", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_core_consent_user_id", "core_consent", ["user_id"])
    op.create_index("ix_core_consent_giver_id", "core_consent", ["giver_id"])
    _take_over(op.get_bind(), erased)


def _take_over(connection: sa.Connection, erased: sa.Table) -> None:
    """Put into the register whose accounts were deleted before there was one: the log knows it, and too much of them."""
    log = sa.table("core_audit", *map(sa.column, ("at", "action", "subject_type", "subject_key")))
    log.c.at.type = sa.DateTime()
    deleted = sa.select(log.c.subject_key, log.c.at).where(
        log.c.subject_type == "core_user", log.c.action == "delete"
    )
    rows = [
        {"user_id": int(key), "at": at, "files": [], "held": []} for key, at in connection.execute(deleted)
    ]
    if rows:
        connection.execute(sa.insert(erased), rows)


def downgrade() -> None:
    op.drop_table("core_consent")
    op.drop_table("core_erased")
