"""The table of the section."""

from datetime import datetime

from sqlalchemy import String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from libhub.api import Audited, Expiring, ForVisibility, UtcDateTime, db, now
from libhub.api import lazy_gettext as _l


class Post(Expiring, ForVisibility, Audited, db.Model):  # type: ignore[name-defined,misc]
    """What the library tells its readers."""

    __tablename__ = "news_post"
    __item__ = ("news", "post")
    __audit_label__ = _l("post")

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    """Markdown."""
    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
