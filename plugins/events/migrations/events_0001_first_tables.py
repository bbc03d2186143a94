"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "events_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("colour", sa.String(length=20), nullable=False),
        sa.Column("shape", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_category")),
    )
    op.create_table(
        "events_memorable_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_memorable_date")),
    )
    op.create_index(
        "ix_events_memorable_date_month_day", "events_memorable_date", ["month", "day"], unique=False
    )
    op.create_table(
        "events_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_period")),
    )
    op.create_table(
        "events_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_place")),
    )
    op.create_table(
        "events_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["events_place.id"],
            name=op.f("fk_events_booking_place_id_events_place"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["core_user.id"],
            name=op.f("fk_events_booking_user_id_core_user"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_booking")),
    )
    op.create_index(
        "ix_events_booking_place_id_starts_at", "events_booking", ["place_id", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_events_booking_user_id"), "events_booking", ["user_id"], unique=False)
    op.create_table(
        "events_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("recurrence", sa.String(length=24), server_default=sa.text("('')"), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=False),
        sa.Column("sequence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("place_text", sa.String(length=200), nullable=False),
        sa.Column("occupies", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("for_whom", sa.String(length=20), nullable=False),
        sa.Column("grade_from", sa.Integer(), nullable=True),
        sa.Column("grade_to", sa.Integer(), nullable=True),
        sa.Column("visibility", sa.String(length=20), nullable=False),
        sa.Column("age", sa.Integer(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("starts", sa.DateTime(), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.Column("rule", sa.String(length=500), nullable=False),
        sa.Column("skip_holidays", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("moved_from", sa.DateTime(), nullable=True),
        sa.Column("registration", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("close_hours", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("past", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("archived_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["events_category.id"],
            name=op.f("fk_events_event_category_id_events_category"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["events_place.id"],
            name=op.f("fk_events_event_place_id_events_place"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["events_event.id"],
            name=op.f("fk_events_event_series_id_events_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_event")),
        sa.UniqueConstraint("uid", "recurrence", name="uq_events_event_uid_recurrence"),
    )
    op.create_index(op.f("ix_events_event_category_id"), "events_event", ["category_id"], unique=False)
    op.create_index(op.f("ix_events_event_place_id"), "events_event", ["place_id"], unique=False)
    op.create_index(op.f("ix_events_event_series_id"), "events_event", ["series_id"], unique=False)
    op.create_index(op.f("ix_events_event_state"), "events_event", ["state"], unique=False)
    op.create_table(
        "events_feed_link",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["core_user.id"],
            name=op.f("fk_events_feed_link_user_id_core_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_events_feed_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_events_feed_link_token_hash")),
    )
    op.create_table(
        "events_occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(length=24), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["events_event.id"],
            name=op.f("fk_events_occurrence_event_id_events_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["events_event.id"],
            name=op.f("fk_events_occurrence_series_id_events_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_occurrence")),
        sa.UniqueConstraint("series_id", "recurrence", name="uq_events_occurrence_series_id_recurrence"),
    )
    op.create_index("ix_events_occurrence_days", "events_occurrence", ["first_day", "last_day"], unique=False)
    op.create_index(op.f("ix_events_occurrence_event_id"), "events_occurrence", ["event_id"], unique=False)
    op.create_index(
        "ix_events_occurrence_moments", "events_occurrence", ["starts_at", "ends_at"], unique=False
    )
    op.create_table(
        "events_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(length=24), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("school_class", sa.String(length=4), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.Column("reminded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"],
            ["events_event.id"],
            name=op.f("fk_events_registration_series_id_events_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["core_user.id"],
            name=op.f("fk_events_registration_user_id_core_user"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events_registration")),
        sa.UniqueConstraint(
            "series_id", "recurrence", "user_id", "school_class", name="uq_events_registration_one_each"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_events_registration_user_id"), "events_registration", ["user_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_events_registration_user_id"), table_name="events_registration")
    op.drop_table("events_registration")
    op.drop_index("ix_events_occurrence_moments", table_name="events_occurrence")
    op.drop_index(op.f("ix_events_occurrence_event_id"), table_name="events_occurrence")
    op.drop_index("ix_events_occurrence_days", table_name="events_occurrence")
    op.drop_table("events_occurrence")
    op.drop_table("events_feed_link")
    op.drop_index(op.f("ix_events_event_state"), table_name="events_event")
    op.drop_index(op.f("ix_events_event_series_id"), table_name="events_event")
    op.drop_index(op.f("ix_events_event_place_id"), table_name="events_event")
    op.drop_index(op.f("ix_events_event_category_id"), table_name="events_event")
    op.drop_table("events_event")
    op.drop_index(op.f("ix_events_booking_user_id"), table_name="events_booking")
    op.drop_index("ix_events_booking_place_id_starts_at", table_name="events_booking")
    op.drop_table("events_booking")
    op.drop_table("events_place")
    op.drop_table("events_period")
    op.drop_index("ix_events_memorable_date_month_day", table_name="events_memorable_date")
    op.drop_table("events_memorable_date")
    op.drop_table("events_category")
