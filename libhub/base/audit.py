"""The audit log: every change of a row marked :class:`Audited` is written down by itself.

The log is filled while SQLAlchemy flushes, in the same transaction as the change, so that no code path can
forget it and no entry speaks of a change that was rolled back.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, event, insert, inspect
from sqlalchemy.orm import Mapped, Mapper, Session, UOWTransaction, mapped_column

from libhub.base.db import Base, UtcDateTime, db
from libhub.base.i18n import LazyString
from libhub.base.mapping import every_mapper
from libhub.base.moments import now
from libhub.base.section_of import section_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Actor:
    """Who changes things: a signed-in person, or a program (``user_id`` is None)."""

    user_id: int | None
    name: str


PROGRAM = Actor(None, "LibHub")
current_actor: ContextVar[Actor] = ContextVar("libhub_actor", default=PROGRAM)


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Name the person or program on whose behalf the block changes things."""
    token = current_actor.set(actor)
    try:
        yield
    finally:
        current_actor.reset(token)


class Audited:
    """Mixin of a model whose changes belong in the log."""

    __audit_label__: ClassVar[LazyString | str] = ""
    """What people call such a row; the table's name where it is empty."""
    __audit_title__: ClassVar[str] = "title"
    """The column by which people know the row."""
    __audit_ignore__: ClassVar[frozenset[str]] = frozenset()
    """Columns that say nothing (counters, moments of change), beside those that its mixins name."""
    __audit_secret__: ClassVar[frozenset[str]] = frozenset()
    """Columns of which the log says only that they changed."""


class AuditEntry(db.Model):  # type: ignore[name-defined,misc]
    """One change: who, when, what, before and after."""

    __tablename__ = "core_audit"
    __table_args__ = (Index("ix_core_audit_subject", "subject_type", "subject_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("core_user.id", ondelete="SET NULL"), index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(20), index=True)
    subject_type: Mapped[str] = mapped_column(String(80))
    subject_key: Mapped[str] = mapped_column(String(120))
    subject_title: Mapped[str] = mapped_column(String(300))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)


def subject_labels() -> dict[str, tuple[str, str]]:
    """Return what people call the rows of every audited table, and the section that has it, by table."""
    return {
        str(mapper.local_table): (_label(mapper), section_of(mapper.class_.__module__))
        for mapper in every_mapper(Base.registry)
        if issubclass(mapper.class_, Audited)
    }


def _label(mapper: Mapper[Any]) -> str:
    table = str(mapper.local_table)
    try:
        return str(mapper.class_.__audit_label__) or table
    except Exception:  # the rows of all the others are shown nevertheless
        logger.exception("the label of %s cannot be told", table)
        return table


def silent_columns(model: type) -> frozenset[str]:
    """Return the columns of a model of which no change is told."""
    return frozenset().union(*(vars(each).get("__audit_ignore__", ()) for each in model.__mro__))


@event.listens_for(Session, "after_flush")
def _write_entries(session: Session, _context: UOWTransaction) -> None:
    entries = [_entry("create", row) for row in session.new if isinstance(row, Audited)]
    entries += [_entry("update", row) for row in session.dirty if isinstance(row, Audited)]
    entries += [_entry("delete", row) for row in session.deleted if isinstance(row, Audited)]
    rows = [entry for entry in entries if entry]
    if rows:
        session.execute(insert(AuditEntry), rows)


def _entry(action: str, row: Any) -> dict[str, Any] | None:
    state = inspect(row)
    ignored = silent_columns(type(row))
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for column in state.mapper.column_attrs:
        name = column.key
        if name in ignored:
            continue
        history = state.attrs[name].history
        if action == "update" and not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if action == "delete":
            old, new = getattr(row, name), None
        if old == new:
            continue
        before[name] = _plain(old, name in row.__audit_secret__)
        after[name] = _plain(new, name in row.__audit_secret__)
    if not before and action == "update":
        return None
    actor = current_actor.get()
    return {
        "at": now(),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "action": action,
        "subject_type": row.__tablename__,
        "subject_key": "/".join(str(part) for part in state.mapper.primary_key_from_instance(row)),
        "subject_title": str(getattr(row, row.__audit_title__))[:300],
        "before": None if action == "create" else before,
        "after": None if action == "delete" else after,
    }


def _plain(value: Any, secret: bool) -> Any:
    """Return the value as JSON knows it; a secret shows only that there is one."""
    if value is None:
        return None
    if secret:
        return "•••"
    return value.isoformat() if isinstance(value, (date, datetime)) else value
