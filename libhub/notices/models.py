"""The table of notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.db import UtcDateTime, db
from libhub.base.moments import now


class Notice(db.Model):  # type: ignore[name-defined,misc]
    """Something that the hub, or a section of it, has to tell one person."""

    __tablename__ = "core_notice"
    __table_args__ = (Index("ix_core_notice_user_id_read_at", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(500))
    """As it was told, in the language of the hub; what ``message`` says is read in the reader's."""
    message: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    url: Mapped[str] = mapped_column(String(500), default="")
    plugin_id: Mapped[str] = mapped_column(String(40), default="")
    """Whose notice it is; empty for the core's own."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
