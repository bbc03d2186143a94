"""files: contents, attachments, the text inside them, readers' places"""

import sqlalchemy as sa
from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "core_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unit", sa.String(length=10), server_default=sa.text("''"), nullable=False),
        sa.Column("stored_at", sa.DateTime(), nullable=False),
        sa.Column("unused_since", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_core_file")),
    )
    op.create_index("ix_core_file_state", "core_file", ["state"])
    op.create_table(
        "core_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plugin_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("place", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("uploader_id", sa.Integer(), nullable=True),
        sa.Column("attached_at", sa.DateTime(), nullable=False),
        sa.Column("detached_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sha256"], ["core_file.sha256"], name=op.f("fk_core_attachment_sha256_core_file")
        ),
        sa.ForeignKeyConstraint(
            ["uploader_id"],
            ["core_user.id"],
            name=op.f("fk_core_attachment_uploader_id_core_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_attachment")),
    )
    op.create_index("ix_core_attachment_item", "core_attachment", ["plugin_id", "kind", "key"])
    op.create_index(op.f("ix_core_attachment_sha256"), "core_attachment", ["sha256"])
    op.create_index(op.f("ix_core_attachment_uploader_id"), "core_attachment", ["uploader_id"])
    op.create_table(
        "core_file_part",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["core_file.sha256"],
            name=op.f("fk_core_file_part_sha256_core_file"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_core_file_part")),
    )
    op.create_table(
        "core_reading_place",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("attachment_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=60), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["core_attachment.id"],
            name=op.f("fk_core_reading_place_attachment_id_core_attachment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["core_user.id"],
            name=op.f("fk_core_reading_place_user_id_core_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "attachment_id", name=op.f("pk_core_reading_place")),
    )
    op.create_index(op.f("ix_core_reading_place_attachment_id"), "core_reading_place", ["attachment_id"])


def downgrade() -> None:
    op.drop_table("core_reading_place")
    op.drop_table("core_file_part")
    op.drop_table("core_attachment")
    op.drop_table("core_file")
