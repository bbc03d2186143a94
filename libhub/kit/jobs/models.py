"""The table of jobs, and who is told of them."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.db import UtcDateTime, db
from libhub.base.moments import now

WAITING: Final = "waiting"
RUNNING: Final = "running"
DONE: Final = "done"
FAILED: Final = "failed"
STOPPED: Final = "stopped"
UNFINISHED: Final = (WAITING, RUNNING)


class Job(db.Model):  # type: ignore[name-defined,misc]
    """Something long that a section does for somebody."""

    __tablename__ = "core_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(80))
    """``<section>.<name>``, as it was declared."""
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(200), default="")
    """Of those with the same one only one is unfinished; empty for those that may be done side by side."""
    started_by: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(10), default=WAITING, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """0 while nobody knows."""
    state: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """What the section saved last, to go on from there."""
    runs: Mapped[int] = mapped_column(default=0)
    """How often a process began; what one of an earlier run writes does not count."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often one began since the state was saved last."""
    text: Mapped[str] = mapped_column(Text, default="")
    """What came of it, in the language of the hub; what ``message`` says is read in the reader's."""
    message: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    url: Mapped[str] = mapped_column(String(500), default="")

    @property
    def plugin_id(self) -> str:
        """The section that does it."""
        return self.kind.partition(".")[0]


class JobPerson(db.Model):  # type: ignore[name-defined,misc]
    """Somebody who wanted a job done: sees it, may stop it, is told of its end."""

    __tablename__ = "core_job_person"

    job_id: Mapped[int] = mapped_column(ForeignKey("core_job.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("core_user.id", ondelete="CASCADE"), primary_key=True)
