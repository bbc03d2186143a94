"""Tables of what was sent and of what was typed."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.db import UtcDateTime, db
from libhub.base.moments import now


class Sending(db.Model):  # type: ignore[name-defined,misc]
    """A form that was sent and did something; the same one again does nothing more."""

    __tablename__ = "core_sending"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Which sending of which page by whom, and what it held; hashed."""
    page_key: Mapped[str] = mapped_column(String(64), index=True)
    """The same without what it held."""
    address_key: Mapped[str] = mapped_column(String(64), index=True)
    """By whom, and where to."""
    content_key: Mapped[str] = mapped_column(String(64), index=True)
    """By whom, where to, and what it held, from whichever page."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    made: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether something new came of it."""
    location: Mapped[str | None] = mapped_column(String(2000))
    """Where the browser was sent afterwards; none while it is being done."""
    messages: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    """What was told there: kind and text."""


class Draft(db.Model):  # type: ignore[name-defined,misc]
    """What somebody typed into a form and has not saved."""

    __tablename__ = "core_draft"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    page: Mapped[str] = mapped_column(String(1000))
    """The address of the page on which the form stands."""
    action: Mapped[str] = mapped_column(String(1000))
    """The path to which the form is sent."""
    title: Mapped[str] = mapped_column(String(200), default="")
    """By what the person knows it."""
    fields: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    """What was typed, as the browser sent it."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    returned: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it came when its session had ended: then only the browser that sent it gets it back."""
