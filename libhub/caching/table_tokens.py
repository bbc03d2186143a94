"""A random number for every table: another one with every transaction that writes to it.

The engine sees all statements, so nobody can forget it: what a transaction wrote to, and what goes with rows that it
deleted, gets another token before the commit. What is read while notes are open is noted in the same way.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from secrets import randbits
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Engine, String, event, select, text
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.application import OfRequest
from libhub.base.db import Base, db
from libhub.base.dependencies import open_notes

UNTRACKED: Final = "libhub_untracked"
"""Execution option of a connection that changes the schema; :func:`everything_changed` comes after it."""
_ANY: Final = ""
"""Name of the token that changes with every other one: while it is the same, nothing changed at all."""
EVERYTHING: Final = "*"
"""Name of the token on which every value depends."""
_WRITTEN: Final = "libhub_written"
_WORD: Final = re.compile(r"\w+")


class TableToken(db.Model):  # type: ignore[name-defined,misc]
    """A random number that stands for the content of a table. No old one comes back, not even by a restored backup."""

    __tablename__ = "core_table_token"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger)


_TOKENS: Final = TableToken.__table__
EVERY_TOKEN: Final = select(_TOKENS.c.name, _TOKENS.c.token)
LATEST_TOKEN: Final = f"SELECT token FROM {_TOKENS.name} WHERE name = '{_ANY}'"  # noqa: S608 - every request asks it
_GIVE: Final = (
    "INSERT INTO core_table_token (name, token) VALUES (:name, :token) "
    "ON CONFLICT (name) DO UPDATE SET token = excluded.token"
)
Tokens = Mapping[str, int]
TOKENS_SEEN: Final = OfRequest[Tokens]("table_tokens")
"""The tokens as this request saw them: asked for once, and again after it wrote something itself."""


def everything_changed(engine: Engine) -> None:
    """Let no value of any process hold: the schema is another one."""
    with engine.begin() as connection:
        _give(connection, {EVERYTHING})


def watch(engine: Engine) -> None:
    """See every statement of a database from now on."""
    event.listen(engine, "before_cursor_execute", _see)
    event.listen(engine, "commit", _give_what_was_written)
    event.listen(engine, "begin", _forget_what_was_written)


def _see(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
) -> None:
    notes = open_notes.get()
    if statement.startswith("SELECT"):
        if notes is not None:
            notes.tables.update(tables_in(statement))
    elif not statement.startswith(("BEGIN", "PRAGMA")):
        if notes is not None:
            notes.lasting = False
        connection.info.setdefault(_WRITTEN, set()).update(tables_in(statement), _followers(statement))


@lru_cache(500)
def tables_in(statement: str) -> frozenset[str]:
    """Return the tables that a statement names; rather one that it only mentions than one too few."""
    return frozenset(_WORD.findall(statement)).intersection(Base.metadata.tables)


@lru_cache(500)
def _followers(statement: str) -> frozenset[str]:
    """Return the tables whose rows go, or are changed, with rows that a statement deletes."""
    if not statement.startswith("DELETE"):
        return frozenset()
    found, waiting = set[str](), set(tables_in(statement))
    while waiting:
        here = waiting.pop()
        for table in Base.metadata.tables.values():
            points_here = any(key.ondelete and key.column.table.name == here for key in table.foreign_keys)
            if points_here and table.name not in found:
                found.add(table.name)
                waiting.add(table.name)
    return frozenset(found)


def _give_what_was_written(connection: Connection) -> None:
    written = connection.info.pop(_WRITTEN, None)
    if written and not connection.get_execution_options().get(UNTRACKED):
        _give(connection, written)


def _forget_what_was_written(connection: Connection) -> None:
    connection.info.pop(_WRITTEN, None)


def _give(connection: Connection, names: set[str]) -> None:
    rows = [{"name": name, "token": randbits(62)} for name in sorted({*names, _ANY} - {_TOKENS.name})]
    connection.execute(text(_GIVE), rows)
    connection.info.pop(_WRITTEN, None)
    TOKENS_SEEN.pop()
