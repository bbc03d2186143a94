"""classes are things, people have what the school's table says of them, parents have children"""

import sqlalchemy as sa
from alembic import op

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None


def _school_year() -> int:
    from datetime import date

    day = date.today()
    return day.year if day.month >= 8 else day.year - 1


def upgrade() -> None:
    op.create_table(
        "core_class",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("grade", sa.Integer, nullable=False),
        sa.Column("letter", sa.String(1), server_default=sa.text("''"), nullable=False),
        sa.Column("school_year", sa.Integer, nullable=False),
        sa.Column("teacher_id", sa.Integer, nullable=True),
        sa.Column("archived_at", sa.DateTime, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_core_class"),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["core_user.id"], name="fk_core_class_teacher_id_core_user", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_core_class_teacher_id", "core_class", ["teacher_id"])
    present = sa.text("archived_at IS NULL")
    op.create_index(
        "uq_core_class_grade_letter",
        "core_class",
        ["grade", "letter"],
        unique=True,
        sqlite_where=present,
        postgresql_where=present,
    )
    with op.batch_alter_table("core_user") as table:
        table.add_column(sa.Column("login_key", sa.String(80), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("sort_name", sa.String(200), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("class_id", sa.Integer, nullable=True))
        table.add_column(
            sa.Column("class_group", sa.String(40), server_default=sa.text("''"), nullable=False)
        )
        table.add_column(sa.Column("birth_date", sa.Date, nullable=True))
        table.add_column(sa.Column("school_number", sa.String(40), nullable=True))
        table.add_column(sa.Column("last_visit_on", sa.Date, nullable=True))
        table.create_foreign_key(
            "fk_core_user_class_id_core_class", "core_class", ["class_id"], ["id"], ondelete="SET NULL"
        )
        table.create_unique_constraint("uq_core_user_school_number", ["school_number"])
    for name in ("login_key", "sort_name", "class_id"):
        op.create_index(f"ix_core_user_{name}", "core_user", [name])
    _fill(op.get_bind())
    with op.batch_alter_table("core_user") as table:
        table.drop_column("class_letter")
        table.drop_column("grade")
        table.alter_column("login_key", server_default=None)
        table.alter_column("sort_name", server_default=None)
    op.create_table(
        "core_guardian",
        sa.Column("parent_id", sa.Integer, nullable=False),
        sa.Column("child_id", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("parent_id", "child_id", name="pk_core_guardian"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["core_user.id"], name="fk_core_guardian_parent_id_core_user", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["child_id"], ["core_user.id"], name="fk_core_guardian_child_id_core_user", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_core_guardian_child_id", "core_guardian", ["child_id"])
    op.create_table(
        "core_guardian_code",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("child_id", sa.Integer, nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_core_guardian_code"),
        sa.UniqueConstraint("code_hash", name="uq_core_guardian_code_code_hash"),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["core_user.id"],
            name="fk_core_guardian_code_child_id_core_user",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_core_guardian_code_child_id", "core_guardian_code", ["child_id"])


def _fill(connection: sa.Connection) -> None:
    """Make the classes that pupils are in, with Russian letters, and fold the names."""
    users = sa.table(
        "core_user",
        *map(
            sa.column,
            ("id", "username", "name", "grade", "class_letter", "class_id", "login_key", "sort_name"),
        ),
    )
    school_classes = sa.table("core_class", *map(sa.column, ("id", "grade", "letter", "school_year")))
    alike = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
    made: dict[tuple[int, str], int] = {}
    for number, username, name, grade, letter in connection.execute(
        sa.select(users.c.id, users.c.username, users.c.name, users.c.grade, users.c.class_letter)
    ).all():
        values = {
            "login_key": username.strip().lower().replace("ё", "е")[:80],
            "sort_name": name.lower().replace("ё", "е")[:200],
        }
        if grade is not None:
            key = (grade, letter.translate(alike))
            if key not in made:
                made[key] = len(made) + 1
                connection.execute(
                    sa.insert(school_classes).values(
                        id=made[key], grade=key[0], letter=key[1], school_year=_school_year()
                    )
                )
            values["class_id"] = made[key]
        connection.execute(sa.update(users).where(users.c.id == number).values(**values))


def downgrade() -> None:
    op.drop_table("core_guardian_code")
    op.drop_table("core_guardian")
    with op.batch_alter_table("core_user") as table:
        table.add_column(sa.Column("grade", sa.Integer, nullable=True))
        table.add_column(
            sa.Column("class_letter", sa.String(1), server_default=sa.text("''"), nullable=False)
        )
    op.execute(
        "UPDATE core_user SET grade = (SELECT grade FROM core_class WHERE core_class.id = core_user.class_id), "
        "class_letter = coalesce((SELECT letter FROM core_class WHERE core_class.id = core_user.class_id), '')"
    )
    for name in ("login_key", "sort_name", "class_id"):
        op.drop_index(f"ix_core_user_{name}", "core_user")
    with op.batch_alter_table("core_user") as table:
        table.drop_constraint("fk_core_user_class_id_core_class", type_="foreignkey")
        table.drop_constraint("uq_core_user_school_number", type_="unique")
        for name in (
            "login_key",
            "sort_name",
            "class_id",
            "class_group",
            "birth_date",
            "school_number",
            "last_visit_on",
        ):
            table.drop_column(name)
    op.drop_table("core_class")
