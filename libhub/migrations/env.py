"""Alembic's environment for the core and for every plugin; see ``libhub/plugging/migrations.py``."""

from dataclasses import replace
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Engine, event, inspect

from libhub.base.db import Base, UtcDateTime
from libhub.caching.table_tokens import UNTRACKED
from libhub.plugging.loading.branches import Branch, ids_in

config = context.config
engine: Engine = config.attributes["engine"]
branch: Branch = config.attributes["branch"]


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
            context.run_migrations()
            changed = before.symmetric_difference(inspect(connection).get_table_names())
            mine = replace(branch, others=branch.others | ids_in(before))
            if strange := {name for name in changed if not mine.owns(name) and name != mine.version_table}:
                raise RuntimeError(f"the migration makes or drops tables of others: {sorted(strange)}")
            running = False
            broken = _pragma(connection, "foreign_key_check") if sqlite else []
            if broken:
                raise RuntimeError(f"the migration leaves dangling foreign keys: {broken[:5]}")
    except BaseException:
        connection.invalidate()  # closed, not given to the next one: whatever became of its transaction is undone
        raise
    if sqlite:
        _pragma(connection, "foreign_keys = ON")


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
