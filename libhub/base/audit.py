"""The audit log: every change of a row marked :class:`Audited` is written down by itself.

The log is filled while SQLAlchemy flushes, in the same transaction as the change, so that no code path can
forget it and no entry speaks of a change that was rolled back. What a transaction does to a row is one entry. The log is the
history of the row as well: from it a value, or a row that was deleted, can be brought back.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, TypeAlias

from sqlalchemy import (
    JSON,
    Connection,
    ForeignKey,
    Index,
    String,
    delete,
    event,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import (
    InstanceState,
    Mapped,
    Mapper,
    QueryableAttribute,
    Session,
    SessionTransaction,
    UOWTransaction,
    mapped_column,
    object_session,
)

from libhub.base.checked_types import Label
from libhub.base.db import Base, UtcDateTime, db
from libhub.base.i18n import LazyString
from libhub.base.i18n import lazy_gettext as _l
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


def untold(_value: object) -> str:
    """Tell nothing: what a column holds is for machines."""
    return ""


class Audited:
    """Mixin of a model whose changes belong in the log."""

    __audit_label__: ClassVar[LazyString | str] = ""
    """What people call such a row; the table's name where it is empty."""
    __audit_title__: ClassVar[str] = "title"
    """The column by which people know the row."""
    __audit_ignore__: ClassVar[frozenset[str]] = frozenset()
    """Columns whose changes say nothing (counters, moments of change), beside those that its mixins name."""
    __audit_secret__: ClassVar[frozenset[str]] = frozenset()
    """Columns of which the log says only that they changed."""
    __audit_parts__: ClassVar[frozenset[str]] = frozenset()
    """Relationships to rows of other tables that belong to this one (its tags, its steps): their changes are its own."""
    __audit_called__: ClassVar[Mapping[str, Label]] = {
        "id": _l("Number"),
        "title": _l("Title"),
        "name": _l("Name"),
        "text": _l("Text"),
        "position": _l("Place in the order"),
        "created_at": _l("Added on"),
        "updated_at": _l("Changed on"),
        "user_id": _l("Person"),
    }
    """What people call the columns, beside what its mixins say."""
    __audit_values__: ClassVar[Mapping[str, Mapping[Any, Label]]] = {}
    """What they call the codes that stand in a column."""
    __audit_told__: ClassVar[Mapping[str, Callable[[Any], str]]] = {"id": untold}
    """Columns that are told by a function, given what the log has; empty text: it says nothing to people."""
    __audit_person__: ClassVar[frozenset[str] | None] = None
    """Columns that say whose row it is: when that person is erased, the log keeps of the row what happened and when, and
    nothing that stood in it. None: those that point to an account with which the row goes."""
    __audit_history__: ClassVar[Any] = None
    """What the kit knows of the history of such rows; it puts it there."""
    __audit_deletable__: ClassVar[Any] = None
    """How deleted rows come back; the kit puts it there."""


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


_Values: TypeAlias = dict[str, Any]
HIDDEN: Final = "•••"
"""What stands for a secret value."""
_WRITTEN: Final = "audit_written"
_DELETED: Final = "audit_deleted"
_MOMENT: Final = "audit_moment"


def audited_models() -> dict[str, Any]:
    """Return every audited model, by its table."""
    return {
        str(mapper.local_table): mapper.class_
        for mapper in every_mapper(Base.registry)
        if issubclass(mapper.class_, Audited)
    }


def part_models(model: type[Audited]) -> dict[str, Any]:
    """Return the models of the rows that belong to those of a model, by the name of the relationship."""
    relations = inspect(model).relationships
    return {name: relations[name].mapper.class_ for name in sorted(_named(model, "__audit_parts__"))}


def subject_labels() -> dict[str, tuple[str, str]]:
    """Return what people call the rows of every audited table, and the section that has it, by table.

    Parts that say a label are among them: the log may know them from a time when each was a row of its own.
    """
    models = audited_models()
    parts = (part for model in models.values() for part in part_models(model).values())
    models |= {part.__tablename__: part for part in parts if "__audit_label__" in vars(part)}
    return {table: (_label(table, model), section_of(model.__module__)) for table, model in models.items()}


def _label(table: str, model: type[Audited]) -> str:
    try:
        return str(model.__audit_label__) or table
    except Exception:  # the rows of all the others are shown nevertheless
        logger.exception("the label of %s cannot be told", table)
        return table


def called(model: type) -> dict[str, Label]:
    """Return what people call the columns of a model, as it and its mixins say."""
    return _joined(model, "__audit_called__")


def values_called(model: type) -> dict[str, Mapping[Any, Label]]:
    """Return what people call the codes that stand in columns of a model, by column."""
    return _joined(model, "__audit_values__")


def told_by(model: type) -> dict[str, Callable[[Any], str]]:
    """Return the functions that tell columns of a model, by column."""
    return _joined(model, "__audit_told__")


def ignored_columns(model: type) -> frozenset[str]:
    """Return the columns whose changes say nothing."""
    return _named(model, "__audit_ignore__")


def _joined(model: type, name: str) -> dict[str, Any]:
    return {key: value for each in reversed(model.__mro__) for key, value in vars(each).get(name, {}).items()}


def _named(model: type, name: str) -> frozenset[str]:
    return frozenset().union(*(vars(each).get(name, ()) for each in model.__mro__))


def key_of(row: Any) -> str:
    """Return the key under which the log knows a row."""
    return "/".join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))


def changed_by(user_id: int) -> list[dict[str, str]]:
    """Return what a person changed: when, what was done, to what."""
    query = select(AuditEntry).where(AuditEntry.actor_id == user_id).order_by(AuditEntry.id)
    return [
        {"at": each.at.isoformat(), "action": each.action, "title": each.subject_title}
        for each in db.session.scalars(query)
    ]


def audit_read(row: Any) -> None:
    """Write down that what is kept of a row was looked at. Call inside ``writing()``."""
    actor = current_actor.get()
    db.session.add(
        AuditEntry(
            at=now(),
            actor_id=actor.user_id,
            actor_name=actor.name,
            action="read",
            subject_type=row.__tablename__,
            subject_key=key_of(row),
            subject_title=str(getattr(row, row.__audit_title__))[:300],
        )
    )


def values_of(row: Any) -> dict[str, Any]:
    """Return all that the log could say of a row now, its parts included: values as JSON has them, by column."""
    found = {
        column.key: _plain(getattr(row, column.key), secret=column.key in row.__audit_secret__)
        for column in inspect(row).mapper.column_attrs
    }
    for name in part_models(type(row)):
        found[name] = _parts(inspect(row), name, deleted=True)[0]
    return found


# -- writing the log ----------------------------------------------------------------------------------


@event.listens_for(Audited, "attribute_instrument", propagate=True)
def _know_the_old_value(_model: type, _name: str, attribute: QueryableAttribute[Any]) -> None:
    """Have the old value read before it is replaced, also where the row was not loaded yet: the log needs it."""
    if hasattr(attribute.property, "columns"):
        event.listen(attribute, "set", lambda *_arguments: None, active_history=True)


@event.listens_for(Audited, "before_delete", propagate=True)
def _note_deleted(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
    """Keep what is deleted, whoever wants it to be: also a row that its owner let go."""
    session = object_session(row)
    if session is not None:
        session.info.setdefault(_DELETED, []).append(_entry("delete", row))


@event.listens_for(Session, "after_flush")
def _write_entries(session: Session, _context: UOWTransaction) -> None:
    entries = [_entry("create", row) for row in session.new if isinstance(row, Audited)]
    entries += [_entry("update", row) for row in _changed(session)]
    entries += session.info.pop(_DELETED, [])
    rows = [entry for entry in entries if entry and not _joins_another(session, entry)]
    if rows:
        numbers = session.scalars(
            insert(AuditEntry).returning(AuditEntry.id, sort_by_parameter_order=True), rows
        )
        written = session.info.setdefault(_WRITTEN, {})
        for number, entry in zip(numbers.all(), rows, strict=True):
            written[entry["subject_type"], entry["subject_key"]] = (number, entry)


def _changed(session: Session) -> Iterator[Any]:
    """Yield the audited rows that changed, those of which only parts did included."""
    changed: dict[Any, None] = {row: None for row in session.dirty if isinstance(row, Audited)}
    others = {type(row) for row in (*session.dirty, *session.deleted) if not isinstance(row, Audited)}
    if others:  # somebody may have changed a part by itself
        for row in session.identity_map.values():
            parts = _named(type(row), "__audit_parts__") if isinstance(row, Audited) else ()
            relations = inspect(type(row)).relationships if parts else {}
            if any(relations[name].mapper.class_ in others for name in parts):
                changed[row] = None
    gone, new = session.deleted, session.new
    yield from (row for row in changed if row not in gone and row not in new)


def _joins_another(session: Session, entry: _Values) -> bool:
    """Put a further change of a row into the entry that this transaction has of it already; say whether there is one."""
    written = session.info.get(_WRITTEN, {})
    number, first = written.get((entry["subject_type"], entry["subject_key"]), (0, None))
    if first is None or entry["action"] != "update" or first["action"] == "delete":
        return False
    before = None if first["before"] is None else {**entry["before"], **first["before"]}
    after = {**first["after"], **entry["after"]}
    if before is not None:
        same = {name for name in after if before[name] == after[name]}
        before, after = ({name: some[name] for name in some if name not in same} for some in (before, after))
        if not after:
            session.execute(delete(AuditEntry).where(AuditEntry.id == number))
            del written[entry["subject_type"], entry["subject_key"]]
            return True
    first |= {"before": before, "after": after, "subject_title": entry["subject_title"]}
    values = {name: first[name] for name in ("before", "after", "subject_title")}
    session.execute(update(AuditEntry).where(AuditEntry.id == number).values(values))
    return True


@event.listens_for(Session, "after_transaction_end")
def _forget_what_was_written(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None and not transaction.nested:
        return  # only a flush
    session.info.pop(_WRITTEN, None)
    session.info.pop(_DELETED, None)
    session.info.pop(_MOMENT, None)


def _moment(session: Session | None) -> datetime:
    """Return when the transaction changed something first: all that it changes was changed then."""
    return now() if session is None else session.info.setdefault(_MOMENT, now())


def _entry(action: str, row: Any) -> _Values | None:
    state = inspect(row)
    ignored = frozenset() if action == "delete" else ignored_columns(type(row))
    before: _Values = {}
    after: _Values = {}
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
    for name in _named(type(row), "__audit_parts__"):
        if action == "delete" or name not in state.unloaded:
            was, now_ = _parts(state, name, deleted=action == "delete")
            if was != now_:
                before[name], after[name] = was, now_
    if not before and action == "update":
        return None
    actor = current_actor.get()
    return {
        "at": _moment(object_session(row)),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "action": action,
        "subject_type": row.__tablename__,
        "subject_key": key_of(row),
        "subject_title": str(getattr(row, row.__audit_title__))[:300],
        "before": None if action == "create" else before,
        "after": None if action == "delete" else after,
    }


def _parts(state: InstanceState[Any], name: str, *, deleted: bool) -> tuple[list[_Values], list[_Values]]:
    """Return the rows that belong to a row, as they were and as they are, each in order."""
    relation = state.mapper.relationships[name]
    ours = {str(column.key) for column in relation.remote_side}
    if deleted:
        return _in_order(_part(row, ours, old=True) for row in getattr(state.object, name)), []
    history = state.attrs[name].history
    kept = list(history.unchanged)
    was = _in_order(_part(row, ours, old=True) for row in (*kept, *history.deleted))
    return was, _in_order(_part(row, ours) for row in (*kept, *history.added))


def _part(row: Any, ours: Iterable[str], *, old: bool = False) -> _Values:
    """Return the values of a part, but for its number and whose part it is."""
    state = inspect(row)
    found = {}
    for column in state.mapper.column_attrs:
        name = column.key
        if name == "id" or name in ours:
            continue
        history = state.attrs[name].history
        found[name] = _plain(
            history.deleted[0] if old and history.deleted else getattr(row, name), secret=False
        )
    return found


def _in_order(parts: Iterable[_Values]) -> list[_Values]:
    return sorted(parts, key=lambda part: (part.get("position") or 0, *map(str, part.values())))


def _plain(value: Any, secret: bool) -> Any:
    """Return the value as JSON knows it; a secret shows only that there is one."""
    if value is None:
        return None
    if secret:
        return HIDDEN
    return value.isoformat() if isinstance(value, (date, datetime)) else value
