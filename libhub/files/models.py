"""Tables of the files: contents, where they are attached, the text found in them, and readers' places."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from libhub.base.audit import Audited, untold
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now


class StoredFile(db.Model):  # type: ignore[name-defined,misc]
    """A content, kept once however often it is attached; the row's key is where it lies in the store."""

    __tablename__ = "core_file"
    __table_args__ = (Index("ix_core_file_state", "state"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    """Bytes."""
    type: Mapped[str] = mapped_column(String(20))
    """A name of ``types.TYPES``."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10))
    """``waiting``, ``indexed``, ``no_text`` or ``failed``."""
    reason: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))
    """Why, as a name of ``reasons.REASONS``."""
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    unit: Mapped[str] = mapped_column(String(10), default="", server_default=text("''"))
    """What its parts are: ``page``, ``chapter``, ``slide``, ``sheet``; empty for a text without parts."""
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    unused_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when nothing has it attached; it is deleted some time later."""


class FileAttachment(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A content attached to an item under a name."""

    __tablename__ = "core_attachment"
    __audit_label__ = _l("file")
    __audit_title__ = "name"
    __audit_called__ = {
        "plugin_id": _l("Section"),
        "kind": _l("Kind of thing"),
        "key": _l("Which of them"),
        "place": _l("Where it belongs"),
        "sha256": _l("Content"),
        "attached_at": _l("Attached on"),
        "detached_at": _l("Removed on"),
    }
    __audit_told__ = dict.fromkeys(("kind", "key", "place", "sha256"), untold)
    __audit_ignore__ = frozenset({"position", "uploader_id"})
    __table_args__ = (Index("ix_core_attachment_item", "plugin_id", "kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plugin_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(40), default="")
    """The plugin's own word for where in the item the file belongs."""
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("core_file.sha256"), index=True)
    uploader_id: Mapped[int | None] = mapped_column(
        ForeignKey("core_user.id", ondelete="SET NULL"), index=True
    )
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    detached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    stored: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class FilePart(db.Model):  # type: ignore[name-defined,misc]
    """The text of a page, chapter, slide or sheet; number 0 is the whole of a file that has none."""

    __tablename__ = "core_file_part"

    sha256: Mapped[str] = mapped_column(ForeignKey("core_file.sha256", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class ReadingPlace(db.Model):  # type: ignore[name-defined,misc]
    """How far a person has read a file in the reader."""

    __tablename__ = "core_reading_place"

    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("core_attachment.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    anchor: Mapped[str] = mapped_column(String(60))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, onupdate=now)
