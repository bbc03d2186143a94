"""Values that are worked out once and hold until what they were worked out from changes, in whatever process.

Every table has a token, and every transaction that writes to a table gives it another one before it commits:
the engine sees all statements, so nobody can forget it. While a value is worked out, the tables that are read are noted
in the same way. It is used again only while all their tokens are the same. They are read once per request, in
its transaction, so that what is shown is what the database says at that moment.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

from libhub.base.application import Extension, Flask
from libhub.base.db import db, is_writing, read_rows
from libhub.base.dependencies import Check, Notes, noting_in, open_notes
from libhub.caching.table_tokens import EVERY_TOKEN, EVERYTHING, LATEST_TOKEN, TOKENS_SEEN, Tokens, watch

MOST_BYTES: Final = 12 * 1024 * 1024
LIGHT: Final = 500
"""Bytes that any value takes at least, with what is noted of it."""
_T = TypeVar("_T")


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


_MEMORY: Final = Extension[Memory]("memory")


def init_app(app: Flask, most_bytes: int = MOST_BYTES) -> None:
    """Give the application its memory and watch its database."""
    _MEMORY.install(app, Memory(most_bytes))
    with app.app_context():
        watch(db.engine)


def forget_everything(app: Flask) -> None:
    """Let this process remember nothing, as if it had just started."""
    _MEMORY.install(app, Memory())


def memory_of(app: Flask) -> Memory:
    """Return the memory of an application in this process."""
    return _MEMORY.of(app)


def remember(key: Hashable, make: Callable[[], _T], weigh: Callable[[_T], int] = lambda _value: LIGHT) -> _T:
    """Return what ``make`` returns, from memory while it would be the same.

    What depends on who is looking, or on the address, has that in the key; tables, time (by :func:`libhub.base.moments.now`) and
    the search index are noted by themselves. The value is shared by threads: plain, and never changed.

    :param key: a tuple that begins with a name of its own.
    :param weigh: about how many bytes the value takes.
    """
    if is_writing():
        return make()  # what is not committed yet may never be
    tokens, memory = _tokens(), _MEMORY.current()
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
        seen = {name: tokens.get(name, 0) for name in (*notes.tables, EVERYTHING)}
        memory.keep(key, _Kept(value, seen, notes.stood, LIGHT + weigh(value)))
    return value


def _is_fresh(kept: _Kept, tokens: Tokens) -> bool:
    return all(tokens.get(name, 0) == token for name, token in kept.tokens.items()) and all(
        check() == stood for check, stood in kept.stood.items()
    )


def _tokens() -> Tokens:
    """Return the token of every table as this transaction sees them; in a request they are asked for once."""
    known = TOKENS_SEEN.get()
    if known is not None:
        return known
    memory = _MEMORY.current()
    latest = db.session.connection().exec_driver_sql(LATEST_TOKEN).scalar()
    held, tokens = memory.tokens
    if held != latest:
        tokens = {name: token for name, token in read_rows(EVERY_TOKEN)}
        memory.tokens = (latest, tokens)
    TOKENS_SEEN.set(tokens)
    return tokens
