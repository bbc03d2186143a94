"""Tables of the calendar, all named ``events_*``."""

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    ColumnElement,
    Date,
    DateTime,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from libhub.api import Audited, ForGrades, ForVisibility, UtcDateTime, Viewer, db, now
from libhub.api import lazy_gettext as _l
from plugins.events.schedule.wall_clock import wall_of
from plugins.events.vocabulary import COLOURS, DATE_KINDS, DRAFT, EVERYBODY, PERIODS, PUPILS, SHAPES

NEVER_TWICE = {"sqlite_autoincrement": True}
"""A number is never given twice: the log knows rows by it that were deleted, and brings them back."""


def _day_of(key: str | None) -> str:
    """Return the day of an occurrence of this name as people say it."""
    return wall_of(key).strftime("%d.%m.%Y") if key else ""


class Category(Audited, db.Model):  # type: ignore[name-defined,misc]
    """What kind of event it is; colour and shape together tell it at a glance."""

    __tablename__ = "events_category"
    __table_args__ = NEVER_TWICE
    __audit_label__ = _l("category of events")
    __audit_title__ = "name"
    __audit_called__ = {"colour": _l("Colour"), "shape": _l("Shape")}
    __audit_values__ = {"colour": COLOURS, "shape": {name: label for name, (_sign, label) in SHAPES.items()}}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    colour: Mapped[str] = mapped_column(String(20))
    shape: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)


class Place(Audited, db.Model):  # type: ignore[name-defined,misc]
    """Where things happen: the reading hall, a class. An archived one is not offered any more."""

    __tablename__ = "events_place"
    __audit_label__ = _l("place")
    __audit_title__ = "name"
    __audit_called__ = {"seats": _l("Seats"), "archived": _l("In the archive")}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    seats: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())


class Period(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A part of the school's year: the year itself, a quarter, holidays, a day off."""

    __tablename__ = "events_period"
    __table_args__ = NEVER_TWICE
    __audit_label__ = _l("part of the school year")
    __audit_title__ = "name"
    __audit_called__ = {"kind": _l("What it is"), "first_day": _l("First day"), "last_day": _l("Last day")}
    __audit_values__ = {"kind": PERIODS}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(120))
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)


class Event(ForVisibility, ForGrades, Audited, db.Model):  # type: ignore[name-defined,misc]
    """An event, or a whole series of it.

    A changed single occurrence of a series is a row of its own: ``series_id`` names the series, ``recurrence``
    which of its occurrences is meant. ``starts`` and ``ends`` are the clock on the wall in ``zone``, so that a
    weekly event stays at its hour; ``ends`` is not part of the event. Moments in UTC are in :class:`Occurrence`.
    """

    __item__ = ("events", "event")
    __tablename__ = "events_event"
    __audit_label__ = _l("event")
    __audit_ignore__ = frozenset({"updated_at", "sequence", "past", "uid"})
    __audit_called__ = {
        "series_id": _l("Series"),
        "recurrence": _l("Which of its days"),
        "moved_from": _l("Moved from"),
    }
    __audit_told__ = {"recurrence": _day_of}
    __table_args__ = (
        UniqueConstraint("uid", "recurrence", name="uq_events_event_uid_recurrence"),
        NEVER_TWICE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int | None] = mapped_column(
        ForeignKey("events_event.id", ondelete="CASCADE"), index=True
    )
    recurrence: Mapped[str] = mapped_column(String(24), default="", server_default=text("''"))
    uid: Mapped[str] = mapped_column(String(255))
    sequence: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    category_id: Mapped[int | None] = mapped_column(
        ForeignKey("events_category.id", ondelete="SET NULL"), index=True
    )
    place_id: Mapped[int | None] = mapped_column(
        ForeignKey("events_place.id", ondelete="SET NULL"), index=True
    )
    place_text: Mapped[str] = mapped_column(String(200), default="")
    occupies: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether nothing else can be at the place meanwhile; an exhibition lets others in."""
    organiser: Mapped[str] = mapped_column(String(200), default="")
    host_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    """Who answers for it: a teacher sees the whole list of such an event."""
    for_whom: Mapped[str] = mapped_column(String(20), default="everybody")

    all_day: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str] = mapped_column(String(60))
    starts: Mapped[datetime] = mapped_column(DateTime)
    ends: Mapped[datetime] = mapped_column(DateTime)
    rule: Mapped[str] = mapped_column(String(500), default="")
    """The RRULE without its name; UNTIL is written as the clock on the wall, too. Empty: it happens once."""
    skip_holidays: Mapped[bool] = mapped_column(default=False, server_default=false())
    excluded: Mapped[list[str]] = mapped_column(JSON, default=list)
    added: Mapped[list[str]] = mapped_column(JSON, default=list)

    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    moved_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    registration: Mapped[bool] = mapped_column(default=False, server_default=false())
    places: Mapped[int | None]
    close_hours: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    past: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether search was told that the last occurrence is over."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    """The moment of the last change that calendars of other programs have to know."""

    @classmethod
    def present(cls) -> ColumnElement[bool]:
        """Return the condition without which no reader finds a series; its changed occurrences are found by it."""
        return and_(super().present(), cls.state != DRAFT, cls.series_id.is_(None))

    @classmethod
    def shown_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        """Return the condition on rows of either kind that this viewer sees in the calendar; editors see drafts, too."""
        drafts = viewer.can("events.edit")
        return and_(
            super().present(),
            true() if drafts else cls.state != DRAFT,
            cls.allowed(viewer),
            cls.for_age_of(viewer),
        )

    @classmethod
    def meant_for(cls, grade: int) -> ColumnElement[bool]:
        """Return the condition on rows that are meant for a grade, or for everybody in it."""
        return and_(cls.for_whom.in_([EVERYBODY, PUPILS]), super().meant_for(grade))

    @property
    def master_id(self) -> int:
        """The number of the series, also for a changed single occurrence."""
        return self.series_id or self.id


class Occurrence(db.Model):  # type: ignore[name-defined,misc]
    """One time that an event happens, worked out from its rule whenever the event changes.

    ``event_id`` is the row that describes it (the series, or its changed single occurrence). The days are those
    of the school; ``last_day`` is part of it.
    """

    __tablename__ = "events_occurrence"
    __table_args__ = (
        UniqueConstraint("series_id", "recurrence", name="uq_events_occurrence_series_id_recurrence"),
        Index("ix_events_occurrence_days", "first_day", "last_day"),
        Index("ix_events_occurrence_moments", "starts_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"), index=True)
    recurrence: Mapped[str] = mapped_column(String(24))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)


class Booking(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A place taken without an event: a lesson in the media zone, a meeting."""

    __tablename__ = "events_booking"
    __audit_label__ = _l("booking of a place")
    __audit_called__ = {"place_id": _l("Place"), "starts_at": _l("Begins"), "ends_at": _l("Ends")}
    __audit_person__ = frozenset({"user_id"})
    __table_args__ = (Index("ix_events_booking_place_id_starts_at", "place_id", "starts_at"), NEVER_TWICE)

    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("events_place.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Registration(Audited, db.Model):  # type: ignore[name-defined,misc]
    """Somebody comes, or waits for a place; a teacher may sign a whole class up.

    Rows of one occurrence stand in the order of their numbers, which is the order of the waiting list. Who
    withdraws is deleted; the audit log remembers.
    """

    __tablename__ = "events_registration"
    __audit_label__ = _l("registration for an event")
    __audit_title__ = "school_class"
    __audit_called__ = {
        "series_id": _l("Event"),
        "recurrence": _l("Which of its days"),
        "school_class": _l("Class"),
        "grade": _l("Grade"),
        "seats": _l("How many places"),
        "waiting": _l("Waits for a place"),
        "came": _l("How many came"),
        "by_id": _l("Signed up by"),
        "reminded": _l("Was reminded"),
    }
    __audit_told__ = {"recurrence": _day_of}
    __table_args__ = (
        UniqueConstraint(
            "series_id", "recurrence", "user_id", "school_class", name="uq_events_registration_one_each"
        ),
        {"sqlite_autoincrement": True},  # a number is never given twice: it is the place in the queue
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("events_event.id", ondelete="CASCADE"))
    recurrence: Mapped[str] = mapped_column(String(24))
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    """Whose place it is, or the teacher of a class."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    """Who signed somebody else up; None where people did it themselves."""
    name: Mapped[str] = mapped_column(String(200))
    school_class: Mapped[str] = mapped_column(String(4), default="")
    """The class that a teacher signs up; empty where people come for themselves."""
    grade: Mapped[int | None]
    seats: Mapped[int] = mapped_column(default=1)
    waiting: Mapped[bool] = mapped_column(default=False)
    came: Mapped[int | None]
    """How many came; None while nobody has looked."""
    reminded: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class FeedLink(db.Model):  # type: ignore[name-defined,misc]
    """A person's secret address of a calendar feed; only its hash is kept."""

    __tablename__ = "events_feed_link"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MemorableDate(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A birthday, something that happened, or a day of every year. How long ago it was is always worked out."""

    __tablename__ = "events_memorable_date"
    __audit_label__ = _l("memorable date")
    __audit_called__ = {
        "kind": _l("What it is"),
        "whom": _l("The name after “since the birth of”"),
        "about": _l("Explanation"),
        "day": _l("Day"),
        "month": _l("Month"),
        "year": _l("Year"),
    }
    __audit_values__ = {"kind": DATE_KINDS}
    __table_args__ = (Index("ix_events_memorable_date_month_day", "month", "day"), NEVER_TWICE)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    """The name, or what it is: «Владимир Иванович Даль», «Всемирный день книги»."""
    whom: Mapped[str] = mapped_column(String(200), default="")
    """The name as it follows “since the birth of”: «Владимира Ивановича Даля»."""
    about: Mapped[str] = mapped_column(String(500), default="")
    day: Mapped[int]
    month: Mapped[int]
    year: Mapped[int | None]
