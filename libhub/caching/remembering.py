"""Values that are worked out once and hold until what they were worked out from changes, in whatever process.

Every table has a token, and every transaction that writes to a table gives it another one before it commits:
the engine sees all statements, so nobody can forget it. While a value is worked out, the tables that are read are noted
in the same way. It is used again only while all their tokens are the same. They are read once per request, in
its transaction, so that what is shown is what the database says at that moment.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from secrets import randbits
from typing import Any, Final, TypeVar, cast

from flask import Flask, current_app, g, has_request_context
from sqlalchemy import BigInteger, Connection, Engine, String, event, select, text
from sqlalchemy.orm import Mapped, mapped_column

from libhub.base.db import Base, db, is_writing, read_rows
from libhub.base.dependencies import Check, Notes, noting_in, open_notes

EXTENSION: Final = "libhub.caching.remembering"
UNTRACKED: Final = "libhub_untracked"
"""Execution option of a connection that changes the schema; :func:`everything_changed` comes after it."""
MOST_BYTES: Final = 12 * 1024 * 1024
LIGHT: Final = 500
"""Bytes that any value takes at least, with what is noted of it."""
_ANY: Final = ""
"""Name of the token that changes with every other one: while it is the same, nothing changed at all."""
_EVERYTHING: Final = "*"
"""Name of the token on which every value depends."""
_WRITTEN: Final = "libhub_written"
_WORD: Final = re.compile(r"\w+")
_T = TypeVar("_T")


class TableToken(db.Model):  # type: ignore[name-defined,misc]
    """A random number that stands for the content of a table. No old one comes back, not even by a restored backup."""

    __tablename__ = "core_table_token"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger)


_TOKENS: Final = TableToken.__table__
_EVERY: Final = select(_TOKENS.c.name, _TOKENS.c.token)
_LATEST: Final = f"SELECT token FROM {_TOKENS.name} WHERE name = '{_ANY}'"  # noqa: S608 - every request asks it
_GIVE: Final = (
    "INSERT INTO core_table_token (name, token) VALUES (:name, :token) "
    "ON CONFLICT (name) DO UPDATE SET token = excluded.token"
)

Tokens = Mapping[str, int]


@dataclass(frozen=True)
class _Kept:
    value: Any
    tokens: Tokens
    stood: Mapping[Check, Hashable]
    weight: int


class Memory:
    """The values of one process, those used last, within a number of bytes."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._most, self._weight = most_bytes, 0
        self.tokens: tuple[int | None, Tokens] = (None, {})
        """The token of everything, and those of the tables that go with it."""

    def find(self, key: Hashable) -> _Kept | None:
        """Return what is kept under a key, fresh or not."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def keep(self, key: Hashable, kept: _Kept) -> None:
        """Keep a value instead of what was under its key; let others go that were not used for longest."""
        with self._lock:
            self._drop(key)
            self._kept[key] = kept
            self._weight += kept.weight
            while self._weight > self._most:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: Hashable) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._weight -= kept.weight

    def __len__(self) -> int:
        return len(self._kept)


def init_app(app: Flask) -> None:
    """Give the application its memory and watch its database."""
    app.extensions[EXTENSION] = Memory()
    with app.app_context():
        _watch(db.engine)


def memory_of(app: Flask) -> Memory:
    """Return the memory of an application in this process."""
    return cast(Memory, app.extensions[EXTENSION])


def remember(key: Hashable, make: Callable[[], _T], weigh: Callable[[_T], int] = lambda _value: LIGHT) -> _T:
    """Return what ``make`` returns, from memory while it would be the same.

    What depends on who is looking, or on the address, has that in the key; tables, time (by :func:`libhub.base.moments.now`) and
    the search index are noted by themselves. The value is shared by threads: plain, and never changed.

    :param key: a tuple that begins with a name of its own.
    :param weigh: about how many bytes the value takes.
    """
    if is_writing():
        return make()  # what is not committed yet may never be
    tokens, memory = _tokens(), memory_of(current_app)
    kept = memory.find(key)
    if kept is not None and _is_fresh(kept, tokens):
        outer = open_notes.get()
        if outer is not None:
            outer.add(kept.tokens, dict(kept.stood))
        return cast(_T, kept.value)
    outer, notes = open_notes.get(), Notes()
    try:
        with noting_in(notes):
            value = make()
    finally:
        if outer is not None:
            outer.add(notes.tables, notes.stood)
            outer.lasting = outer.lasting and notes.lasting
    if notes.lasting:
        seen = {name: tokens.get(name, 0) for name in (*notes.tables, _EVERYTHING)}
        memory.keep(key, _Kept(value, seen, notes.stood, LIGHT + weigh(value)))
    return value


def _is_fresh(kept: _Kept, tokens: Tokens) -> bool:
    return all(tokens.get(name, 0) == token for name, token in kept.tokens.items()) and all(
        check() == stood for check, stood in kept.stood.items()
    )


def _tokens() -> Tokens:
    """Return the token of every table as this transaction sees them; in a request they are asked for once."""
    if has_request_context() and "table_tokens" in g:
        return cast(Tokens, g.table_tokens)
    memory = memory_of(current_app)
    latest = db.session.connection().exec_driver_sql(_LATEST).scalar()
    held, tokens = memory.tokens
    if held != latest:
        tokens = {name: token for name, token in read_rows(_EVERY)}
        memory.tokens = (latest, tokens)
    if has_request_context():
        g.table_tokens = tokens
    return tokens


def everything_changed(engine: Engine) -> None:
    """Let no value of any process hold: the schema is another one."""
    with engine.begin() as connection:
        _give(connection, {_EVERYTHING})


# -- watching the statements ---------------------------------------------------------------------------


def _watch(engine: Engine) -> None:
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
    if has_request_context():
        g.pop("table_tokens", None)
