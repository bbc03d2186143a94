"""Tables of the directory, all named ``resources_*``."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.api import Audited, ForGrades, ForVisibility, UtcDateTime, db, now
from libhub.api import lazy_gettext as _l
from plugins.resources.vocabulary import FIELDS


class Resource(ForVisibility, ForGrades, Audited, db.Model):  # type: ignore[name-defined,misc]
    """A site, digital library or service outside the hub."""

    __item__ = ("resources", "resource")
    __tablename__ = "resources_resource"
    __audit_label__ = _l("resource")
    __audit_parts__ = frozenset({"tags"})
    __audit_values__ = {"unverified": FIELDS}
    __table_args__ = (
        # not on archived_at: SQLite would take it for selective and walk through nearly everything
        Index("ix_resources_resource_list", "sort_title", "id"),
        Index("ix_resources_resource_url_key", "url_key"),
    )
    __audit_ignore__ = frozenset(
        {
            "sort_title",
            "letter",
            "url_key",
            "updated_at",
            "opened",
            "link_state",
            "link_code",
            "link_checked_at",
        }
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    sort_title: Mapped[str] = mapped_column(String(300))
    """The title folded for sorting: small letters, ё as е, without quotation marks."""
    letter: Mapped[str] = mapped_column(String(1), index=True)
    """The letter under which the title stands in the alphabet; # for digits and signs."""
    url: Mapped[str] = mapped_column(String(2000))
    url_key: Mapped[str] = mapped_column(String(2000))
    """The address without what makes no difference: an import finds the same resource by it."""
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    how_to_enter: Mapped[str] = mapped_column(Text, default="")
    staff_notes: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(40), default="other", index=True)
    access: Mapped[str] = mapped_column(String(40), default="unknown", index=True)
    needs_internet: Mapped[bool] = mapped_column(default=True, server_default=true())
    search_template: Mapped[str] = mapped_column(String(2000), default="")
    search_encoding: Mapped[str] = mapped_column(String(20), default="utf-8")
    unverified: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Names of the fields whose content nobody has checked yet."""
    checked_on: Mapped[date | None] = mapped_column(Date)
    cover: Mapped[str] = mapped_column(String(200), default="")
    """Name of a drawn cover in the plugin's static folder; empty for the one made from the title."""
    link_state: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    link_code: Mapped[int | None]
    link_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened: Mapped[int] = mapped_column(default=0, server_default=text("0"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)

    tags: Mapped[list["Tag"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, lazy="selectin", order_by="Tag.value"
    )

    def tagged(self, name: str) -> list[str]:
        """Return the values of one tag name: ``for_whom``, ``theme`` or ``platform``."""
        return [tag.value for tag in self.tags if tag.name == name]


class Tag(db.Model):  # type: ignore[name-defined,misc]
    """One value of something that a resource has several of: audiences, themes, platforms."""

    __tablename__ = "resources_tag"
    __table_args__ = (Index("ix_resources_tag_name_value", "name", "value"),)

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources_resource.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    value: Mapped[str] = mapped_column(String(100), primary_key=True)


class Favourite(db.Model):  # type: ignore[name-defined,misc]
    """A resource that somebody keeps at hand."""

    __tablename__ = "resources_favourite"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources_resource.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class BrokenLinkReport(Audited, db.Model):  # type: ignore[name-defined,misc]
    """Somebody found that a link does not work. Guests may report too, so no name is needed."""

    __tablename__ = "resources_broken_link_report"
    __audit_label__ = _l("report of a broken link")
    __audit_title__ = "note"
    __audit_called__ = {
        "resource_id": _l("Resource"),
        "note": _l("What was found"),
        "reported_at": _l("Reported on"),
        "resolved": _l("Settled"),
    }
    __audit_person__ = frozenset({"user_id"})

    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources_resource.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(500), default="")
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    resolved: Mapped[bool] = mapped_column(default=False, server_default=false())


class Opening(db.Model):  # type: ignore[name-defined,misc]
    """How often a resource was opened on a day; nobody's name is kept."""

    __tablename__ = "resources_opening"

    resource_id: Mapped[int] = mapped_column(
        ForeignKey("resources_resource.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
