"""The table of the school years that were begun: what each changed, so that it can be undone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.audit import Audited
from libhub.base.db import UtcDateTime, db
from libhub.base.i18n import lazy_gettext as _l
from libhub.base.moments import now

_IN_FORCE = text("undone_at IS NULL")


class Promotion(Audited, db.Model):  # type: ignore[name-defined,misc]
    """A school year that was begun. What it changed is kept by numbers, without names.

    ``classes`` and ``people`` are lists of ``{"id": …, "before": {…}, "after": {…}}`` with the changed columns; ``before`` is
    None for a class that was made. ``freed`` is what each section gave back, by its id. ``outcome`` is what undoing left or
    could not give back: the number of a person or None, and words without a name.
    """

    __tablename__ = "core_promotion"
    __table_args__ = (
        Index(
            "uq_core_promotion_school_year",
            "school_year",
            unique=True,
            sqlite_where=_IN_FORCE,
        ),
    )
    __audit_label__ = _l("beginning of a school year")
    __audit_title__ = "school_year"
    __audit_called__ = {
        "school_year": _l("School year that began in"),
        "at": _l("Begun on"),
        "undone_at": _l("Undone on"),
    }
    __audit_ignore__ = frozenset({"by_id", "undone_by_id", "classes", "people", "freed", "outcome"})

    id: Mapped[int] = mapped_column(primary_key=True)
    school_year: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    classes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    freed: Mapped[dict[str, Any]] = mapped_column(JSON)
    outcome: Mapped[list[tuple[int | None, str]]] = mapped_column(JSON, default=list)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("core_user.id", ondelete="SET NULL"), index=True
    )
