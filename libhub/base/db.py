"""The database: one SQLAlchemy object, SQLite made safe, and the one way to write.

Reads run in ordinary (deferred) transactions and never wait. Whoever writes says so first with
:func:`writing`: on SQLite that takes the write lock *before* the rows are read that the decision rests on,
so that two processes never decide on the same stale rows and no commit fails half-way with "locked".
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Row,
    Select,
    StaticPool,
    String,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from libhub.base.application import Extension, Flask
from libhub.base.mapping import OwnNames
from libhub.base.text import tidied

BUSY_TIMEOUT_MS = 20_000
LONG_SECONDS = 10.0
"""Half of what others wait for before they fail."""
_BEGIN = "libhub_begin"
_TRIED = "tried"
_UNHURRIED = "unhurried"
_TOLD_OF_LONG = Extension[list[Callable[[float], None]]]("told_of_long_writing")


class Base(OwnNames, DeclarativeBase):
    """Every table of the core and of the plugins; named constraints, so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _json(value: Any) -> str:
    """Return a value as it stands in a JSON column."""
    return json.dumps(tidied(value))


class _Session(Session):
    """The session of Flask-SQLAlchemy, which can be sent to another database for a while; see :func:`trying`."""

    def get_bind(self, *arguments: Any, **named: Any) -> Engine | Connection:
        """Return the database that a statement goes to."""
        return self.info.get(_TRIED) or super().get_bind(*arguments, **named)


ENGINE_OPTIONS: Final = {"json_serializer": _json}
db = SQLAlchemy(model_class=Base, session_options={"class_": _Session}, engine_options=ENGINE_OPTIONS)


@event.listens_for(db.Model, "attribute_instrument")
def _tidy_what_is_set(_model: type, _name: str, attribute: Any) -> None:
    """Have every text that a row is given tidy in the row at once: what is checked and logged is what is stored."""

    def tidy_value(_row: object, value: Any, _old: object, _initiator: object) -> Any:
        return tidied(value)

    columns = getattr(attribute.property, "columns", ())
    if any(isinstance(column.type, (String, JSON)) for column in columns):
        event.listen(attribute, "set", tidy_value, retval=True)


class FirstWrite:
    """What belongs to the first transaction of something larger, such as a request, and is committed with it."""

    def began(self) -> None:
        """Write it; the transaction has just begun."""
        raise NotImplementedError

    def ended(self) -> None:
        """The transaction was committed. Where it was rolled back, the next one is the first."""
        raise NotImplementedError


first_write: ContextVar[FirstWrite | None] = ContextVar("libhub_first_write", default=None)
"""What the next transaction of this thread begins with."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: stored without a zone in UTC, given back with the zone UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse a naive moment: nobody could say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Put the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def _lower(text: str | None) -> str | None:
    return None if text is None else str(text).lower()


def prepare_engine(engine: Engine) -> None:
    """Let no text into the database that is not tidy, whoever sends it; make SQLite durable, strict and patient."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def tidy_texts(
        _connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
    ) -> tuple[str, Any]:
        return statement, tidied(parameters)

    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions: begin() below does
        # SQLite's own lower() knows only Latin letters; other databases know all of them.
        connection.create_function("lower", 1, _lower, deterministic=True)
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")  # a power cut loses nothing that was acknowledged
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get(_BEGIN, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


def init_app(app: Flask) -> None:
    """Bind the database to the application."""
    db.init_app(app)
    _TOLD_OF_LONG.install(app, [])
    with app.app_context():
        prepare_engine(db.engine)


def read_rows(
    statement: Select[*tuple[Any, ...]], parameters: Mapping[str, Any] | None = None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return plain rows, past the bookkeeping of mapped objects: for what every request reads.

    :param statement: made once, of columns of tables.
    :param parameters: of its ``bindparam()``, by name.
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection().execute(statement, parameters).all()


def tell_of_long_writing(app: Flask, tell: Callable[[float], None]) -> None:
    """Have ``tell`` called, with its seconds, after every long transaction, from within the code that opened it."""
    _TOLD_OF_LONG.of(app).append(tell)


def has_unsaved() -> bool:
    """Say whether rows were changed in memory that nobody has written yet."""
    session = db.session()
    return bool(session.new or session.dirty or session.deleted)


def is_out_of_reach(error: OperationalError) -> bool:
    """Say of an error whether the database cannot be used now; else the statement was wrong, whoever asked it."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is None or code & 0xFF != sqlite3.SQLITE_ERROR


def is_writing() -> bool:
    """Say whether this thread is inside :func:`writing`."""
    return bool(db.session().info.get("writing"))


def is_trying() -> bool:
    """Say whether this thread is inside :func:`trying`: whatever is outside of the database must stay as it is."""
    return _TRIED in db.session().info


def keeps_others_waiting() -> bool:
    """Say whether somebody who wants to write now would have to wait for this thread."""
    info = db.session().info
    return bool(info.get("writing")) and _TRIED not in info and _UNHURRIED not in info


@contextmanager
def unhurried() -> Iterator[None]:
    """Allow slow work inside :func:`writing` in the block: the hub is being prepared, and nobody works with it yet."""
    info = db.session().info
    info[_UNHURRIED] = True
    try:
        yield
    finally:
        info.pop(_UNHURRIED, None)


def is_sound() -> bool:
    """Say, outside of :func:`writing`, whether the next one can read and write: nobody left something open or broken."""
    session = db.session()
    if session.info.get("writing"):
        return False
    if not session.in_transaction():
        return True
    try:
        connection = session.connection()
    except SQLAlchemyError:
        return False
    return not (connection.closed or connection.invalidated)


def give_up() -> None:
    """Undo what this thread did since its transaction began, whatever became of it, and begin anew."""
    session = db.session()
    session.info.pop("writing", None)
    try:
        session.rollback()
    except SQLAlchemyError:
        session.invalidate()


@contextmanager
def writing() -> Iterator[None]:
    """Run the block in one write transaction: committed at its end, rolled back by an error.

    Blocks nest: the outermost one commits. Rows loaded before the block are read anew inside it.
    """
    session = db.session()
    if is_writing():
        yield
        return
    if has_unsaved():
        raise RuntimeError("something was changed outside writing()")
    session.rollback()  # ends the reading transaction: its snapshot may be older than the write lock
    session.connection(execution_options={_BEGIN: "IMMEDIATE"})
    session.info["writing"] = True
    tellers: Sequence[Callable[[float], None]] = _TOLD_OF_LONG.current()
    began = time.monotonic()
    first = first_write.get()
    try:
        if first is not None:
            first.began()
        yield
        session.commit()
        if first is not None:
            first_write.set(None)
            first.ended()
    except (
        GeneratorExit
    ):  # nobody ever left the block: it is swept away, and there may be no application any more
        tellers = ()
        session.rollback()
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("writing", None)
        seconds = time.monotonic() - began
        if seconds > LONG_SECONDS:
            for tell in tellers:
                tell(seconds)


@contextmanager
def trying() -> Iterator[None]:
    """Run the block as :func:`writing` does, and keep nothing: to see what a change would come to.

    On SQLite it changes a copy of the database that only this thread has and that is gone afterwards, so that nobody
    waits. Blocks of ``writing()`` inside belong to it.
    """
    session = db.session()
    if is_writing():  # a part of what somebody does, or tries
        with session.begin_nested() as part:
            yield
            part.rollback()
        return
    if has_unsaved():
        raise RuntimeError("something was changed outside writing()")
    if db.engine.dialect.name != "sqlite":
        with writing():
            yield
            session.rollback()
        return
    session.rollback()
    copy = sqlite3.connect("", check_same_thread=False)  # a nameless file that SQLite deletes itself
    engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool, **ENGINE_OPTIONS)
    prepare_engine(engine)
    try:
        session.connection().connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        session.rollback()
        session.info.update({_TRIED: engine, "writing": True})
        yield
    finally:
        session.rollback()
        session.info.pop("writing", None)
        session.info.pop(_TRIED, None)
        engine.dispose()
        copy.close()
