"""Alembic's environment for the core and for every plugin; see ``libhub/plugging/migrations.py``."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, Literal

from alembic import context
from sqlalchemy import Connection, Engine, event, inspect

from libhub.base.db import Base, UtcDateTime
from libhub.caching.table_tokens import UNTRACKED
from libhub.plugging.loading.branches import Branch, ids_in

config = context.config
engine: Engine = config.attributes["engine"]
branch: Branch = config.attributes["branch"]


CHANGES: Final = {
    **dict.fromkeys((sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE), 0),
    **dict.fromkeys((sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_CREATE_VIEW), 0),
    **dict.fromkeys((sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_DROP_INDEX, sqlite3.SQLITE_ALTER_TABLE), 1),
    **dict.fromkeys((sqlite3.SQLITE_CREATE_TRIGGER, sqlite3.SQLITE_DROP_TRIGGER), 1),
}
"""What SQLite says that a statement does to a table, and which of its two words is the table's name."""
REBUILT: Final = "_alembic_tmp_"
"""With this begins the name of a table while Alembic builds it anew."""


def include_object(_object: Any, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    """Compare only the branch's own tables."""
    return type_ != "table" or (name is not None and branch.owns(name))


def render_item(type_: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write the project's own column types as what they are in the database."""
    return "sa.DateTime()" if type_ == "type" and isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    """Run the migrations on this connection, all of them or none."""
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # A batch change rebuilds the table; with foreign keys on, dropping the old one empties its
        # ON DELETE CASCADE children. The pragma works only outside a transaction, hence the raw cursor.
        _pragma(connection, "foreign_keys = OFF")
    running = True

    def refuse(*_arguments: Any) -> None:
        if running:
            raise RuntimeError("a migration must not end its transaction: all of it holds, or nothing")

    event.listen(connection, "commit", refuse)
    event.listen(connection, "before_cursor_execute", refuse_statement)
    try:
        with connection.begin():  # before Alembic looks: it would begin and commit by itself
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                version_table=branch.version_table,
                include_object=include_object,
                render_item=render_item,
                render_as_batch=True,
                transaction_per_migration=False,
            )
            before = set(inspect(connection).get_table_names())
            with watching(connection) as changed:
                context.run_migrations()
            changed |= before.symmetric_difference(inspect(connection).get_table_names())
            mine = replace(branch, others=branch.others | ids_in(before))
            if strange := {name for name in changed if not mine.owns(name) and name != mine.version_table}:
                raise RuntimeError(f"the migration changes tables of others: {sorted(strange)}")
            running = False
            broken = _pragma(connection, "foreign_key_check") if sqlite else []
            if broken:
                raise RuntimeError(f"the migration leaves dangling foreign keys: {broken[:5]}")
    except BaseException:
        connection.invalidate()  # closed, not given to the next one: whatever became of its transaction is undone
        raise
    if sqlite:
        _pragma(connection, "foreign_keys = ON")


@contextmanager
def watching(connection: Connection) -> Iterator[set[str]]:
    """Gather the names of the tables that are changed in the block, and of those whose rows are. SQLite tells; the core is trusted."""
    changed: set[str] = set()
    if connection.dialect.name != "sqlite" or branch.id == "core":
        yield changed
        return

    def note(action: int, *words: str | None) -> int:
        table = words[CHANGES[action]] if action in CHANGES else None
        if table and not table.startswith("sqlite_"):
            changed.add(table.removeprefix(REBUILT))
        return sqlite3.SQLITE_OK

    database: Any = connection.connection.dbapi_connection
    database.set_authorizer(note)
    try:
        yield changed
    finally:
        database.set_authorizer(None)


def refuse_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    """Refuse to end the transaction by hand."""
    if statement.lstrip().upper().startswith(("COMMIT", "END", "ROLLBACK", "BEGIN;")):
        raise RuntimeError("a migration must not end its transaction: all of it holds, or nothing")


def _pragma(connection: Connection, statement: str) -> list[Any]:
    cursor = connection.connection.cursor()
    try:
        return list(cursor.execute(f"PRAGMA {statement}").fetchall())
    finally:
        cursor.close()


with engine.connect().execution_options(**{UNTRACKED: True}) as connection:
    run(connection)
