"""Tables of the activity corner, all named ``crafts_*``."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Date, ForeignKey, Index, String, Text, and_, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.api import Audited, ForGrades, Published, UtcDateTime, db, now
from libhub.api import lazy_gettext as _l
from plugins.crafts.vocabulary import STATES, WORK_STATES


class Activity(Published, ForGrades, Audited, db.Model):  # type: ignore[name-defined,misc]
    """Something to make, draw, try out, play or read, with its steps."""

    __item__ = ("crafts", "activity")
    __tablename__ = "crafts_activity"
    __audit_label__ = _l("activity")
    __table_args__ = (Index("ix_crafts_activity_list", "state", "sort_title", "id"),)
    __audit_ignore__ = frozenset({"sort_title", "updated_at"})
    __audit_parts__ = frozenset({"steps", "materials", "tags"})
    __audit_called__ = {
        "uid": _l("Number by which other libraries know it"),
        "state": _l("State"),
        "drawings": _l("Drawings"),
    }
    __audit_values__ = {"state": STATES}

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(String(40), unique=True)
    """The same in every hub: an import finds by it what it brought before."""
    title: Mapped[str] = mapped_column(String(200))
    sort_title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    """draft or published; readers see what is published and not in the archive."""
    summary: Mapped[str] = mapped_column(String(300), default="")
    minutes: Mapped[int] = mapped_column(default=30)
    difficulty: Mapped[int] = mapped_column(default=1)
    safety: Mapped[str] = mapped_column(Text, default="")
    related: Mapped[str] = mapped_column(Text, default="")
    """Books and sites that go with it, in words."""
    author: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    drawings: Mapped[str] = mapped_column(String(80), default="", server_default=text("''"))
    """Folder of drawings that the plugin ships with; empty where the pictures were uploaded."""
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    steps: Mapped[list["ActivityStep"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="selectin", order_by="ActivityStep.position"
    )
    materials: Mapped[list["ActivityMaterial"]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="selectin",
        order_by="ActivityMaterial.position",
    )
    tags: Mapped[list["ActivityTag"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="selectin", order_by="ActivityTag.position"
    )

    @classmethod
    def present(cls) -> ColumnElement[bool]:
        """Return the condition without which no reader finds an activity."""
        return and_(super().present(), cls.state == "published")

    @property
    def standing(self) -> str:
        """Where it stands for the librarian: ``archived``, or else ``draft`` or ``published``."""
        return "archived" if self.archived_at else self.state

    def tagged(self, name: str) -> list[str]:
        """Return the values of one tag name: ``technique``, ``holiday`` or ``season``."""
        return [tag.value for tag in self.tags if tag.name == name]


class ActivityStep(db.Model):  # type: ignore[name-defined,misc]
    """One thing to do; its uploaded picture or film is a file at the place ``step:<key>``."""

    __tablename__ = "crafts_step"
    __audit_label__ = _l("step")
    __table_args__ = (Index("ix_crafts_step_order", "activity_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("crafts_activity.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(20))
    """Stays with the step when others are added, moved or removed."""
    text: Mapped[str] = mapped_column(Text)
    warning: Mapped[str] = mapped_column(String(500), default="")
    picture: Mapped[str] = mapped_column(String(80), default="")
    """Name of a drawing in the activity's folder; empty for none."""


class ActivityMaterial(db.Model):  # type: ignore[name-defined,misc]
    """Something that has to be on the table: what is used up, and how much of it, or a tool."""

    __tablename__ = "crafts_material"
    __table_args__ = (Index("ix_crafts_material_order", "activity_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("crafts_activity.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    label: Mapped[str] = mapped_column(String(100), index=True)
    """The name under which the same thing stands in every list, whatever its form and number here."""
    note: Mapped[str] = mapped_column(String(200), default="")
    amount: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(20), default="piece")
    use: Mapped[str] = mapped_column(String(20), default="each")
    """each: so much for every child; once: so much for everybody together; tool: is not used up."""
    pack: Mapped[float | None]
    """How much of it is in a pack of the shop."""
    optional: Mapped[bool] = mapped_column(default=False)
    replacements: Mapped[list[str]] = mapped_column(JSON, default=list)


class ActivityTag(db.Model):  # type: ignore[name-defined,misc]
    """One value of something that an activity has several of: techniques, holidays, seasons."""

    __tablename__ = "crafts_tag"
    __table_args__ = (Index("ix_crafts_tag_name_value", "name", "value"),)

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("crafts_activity.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int]


class ActivityDraft(db.Model):  # type: ignore[name-defined,misc]
    """What somebody typed in the editor and has not saved yet, as it was typed."""

    __tablename__ = "crafts_draft"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("crafts_activity.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    typed: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)


class GalleryWork(Audited, db.Model):  # type: ignore[name-defined,misc]
    """What a pupil or a teacher made; the photo is a file of this item."""

    __tablename__ = "crafts_work"
    __audit_label__ = _l("work in the gallery")
    __audit_title__ = "caption"
    __audit_called__ = {
        "activity_id": _l("Activity"),
        "caption": _l("Caption"),
        "first_name": _l("First name"),
        "school_class": _l("Class"),
        "state": _l("State"),
        "reason": _l("Why it was declined"),
        "consented_at": _l("Agreed on"),
        "added_at": _l("Added on"),
    }
    __audit_values__ = {"state": WORK_STATES}
    __table_args__ = (Index("ix_crafts_work_list", "activity_id", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("crafts_activity.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    caption: Mapped[str] = mapped_column(String(300), default="")
    first_name: Mapped[str] = mapped_column(String(40), default="")
    school_class: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(20), default="waiting", index=True)
    """waiting, approved or declined; others see what is approved."""
    reason: Mapped[str] = mapped_column(String(300), default="")
    consented_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    activity: Mapped[Activity] = relationship(lazy="raise")


class GalleryLike(db.Model):  # type: ignore[name-defined,misc]
    """Somebody likes a work. Who it was is told to nobody, and works are not ordered by it."""

    __tablename__ = "crafts_like"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    work_id: Mapped[int] = mapped_column(
        ForeignKey("crafts_work.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ActivityAttempt(db.Model):  # type: ignore[name-defined,misc]
    """How a signed-in pupil answered a quiz."""

    __tablename__ = "crafts_attempt"
    __table_args__ = (Index("ix_crafts_attempt_of", "user_id", "activity_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("crafts_activity.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"))
    points: Mapped[int]
    most: Mapped[int]
    finished_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ActivityCount(db.Model):  # type: ignore[name-defined,misc]
    """How often an activity was opened, printed and made on a day; nobody's name is kept."""

    __tablename__ = "crafts_count"

    activity_id: Mapped[int] = mapped_column(
        ForeignKey("crafts_activity.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
