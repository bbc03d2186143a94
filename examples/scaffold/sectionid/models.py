"""Tables of the section, all named ``sectionid_*``."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from libhub.api import Audited, ForVisibility, UtcDateTime, db, now
from libhub.api import lazy_gettext as _l


class Note(ForVisibility, Audited, db.Model):  # type: ignore[name-defined,misc]
    """A note of the library: who sees it, from which age, and whether it is in the archive says ForVisibility."""

    __tablename__ = "sectionid_note"
    __item__ = ("sectionid", "note")
    __audit_label__ = _l("note")

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
