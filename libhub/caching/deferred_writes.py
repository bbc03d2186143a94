"""What nobody waits for: numbers counted in memory and written every few seconds, and once more when a process stops."""

import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, Generic, TypeVar, cast

from flask import Flask, current_app
from sqlalchemy import bindparam, insert, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError

from libhub.base.db import db, writing

logger = logging.getLogger(__name__)

EXTENSION: Final = "libhub.caching.deferred_writes"
WRITE_SECONDS: Final = 5.0
GATHER_SECONDS: Final = 0.5
"""What comes within this time is written together, also where somebody cannot wait for the next turn."""
STOP_SECONDS: Final = 2.0
MOST: Final = 20_000
"""Different keys in memory beyond which new ones are let go: the database has refused for long by then."""
_TOGETHER: Final = 2_000
"""Rows of one query: SQLite takes some tens of thousands of parameters."""
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Later:
    """The writes of one process that wait for their turn."""

    def __init__(self) -> None:
        self._writes: dict[Callable[[], None], None] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether somebody will come to write; elsewhere than in a worker nobody does."""
        return self._thread is not None

    def add(self, write: Callable[[], None]) -> None:
        """Have ``write`` called at every turn; what it cannot write it keeps, and raises SQLAlchemy's error."""
        self._writes[write] = None

    def soon(self) -> None:
        """Do not wait for the next turn."""
        self._wake.set()

    def start(self, app: Flask) -> None:
        """Write from now on, in a thread of its own, until :meth:`stop`."""
        self._thread = threading.Thread(
            target=self._keep_writing, args=(app,), name="writing later", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Write what is left and end the thread."""
        self._stopping.set()
        self._wake.set()
        if self._thread:
            self._thread.join(STOP_SECONDS)

    def _keep_writing(self, app: Flask) -> None:
        last = False
        while not last:
            self._wake.wait(WRITE_SECONDS)
            self._stopping.wait(GATHER_SECONDS)
            self._wake.clear()
            last = self._stopping.is_set()
            for write in list(self._writes):
                with app.app_context():
                    try:
                        write()
                    except SQLAlchemyError:
                        logger.exception("what was counted could not be written and waits")
                    except BaseException:
                        logger.exception("what was counted could not be written and is lost")


def init_app(app: Flask) -> None:
    """Give the application what writes later."""
    app.extensions[EXTENSION] = Later()


def later_of(app: Flask) -> Later:
    """Return what writes later in this process."""
    return cast(Later, app.extensions[EXTENSION])


class Waiting(Generic[_Key, _Value]):
    """Values by key, several times a second: gathered in memory, stored together a little later.

    Where no worker runs (a command, a test) each is stored at once.

    :param store: writes the values to the database.
    :param merge: returns what two values of a key come to, the older one first.
    """

    def __init__(
        self, store: Callable[[Mapping[_Key, _Value]], None], merge: Callable[[_Value, _Value], _Value]
    ) -> None:
        self._store, self._merge = store, merge
        self._lock = threading.Lock()
        self._waiting: dict[_Key, _Value] = {}

    def put(self, key: _Key, value: _Value, *, soon: bool = False) -> None:
        """Take one more value.

        :param soon: somebody will look for it in a moment; it is written with what comes meanwhile.
        """
        later = later_of(current_app)
        if not later.running:
            self._store({key: value})
            return
        with self._lock:
            if key in self._waiting:
                self._waiting[key] = self._merge(self._waiting[key], value)
            elif len(self._waiting) < MOST:
                self._waiting[key] = value
        later.add(self.write)
        if soon:
            later.soon()

    def write(self) -> None:
        """Store what was gathered; what cannot be stored now is kept."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        try:
            self._store(waiting)
        except SQLAlchemyError:
            with self._lock:
                for key, value in self._waiting.items():
                    waiting[key] = self._merge(waiting[key], value) if key in waiting else value
                self._waiting = waiting
            raise


class Tally(Waiting[_Key, int]):
    """Numbers that go up by one, by key."""

    def __init__(self, store: Callable[[Mapping[_Key, int]], None]) -> None:
        super().__init__(store, int.__add__)

    def add(self, key: _Key) -> None:
        """Count one more."""
        self.put(key, 1)


def add_counts(model: type[Any], counts: Mapping[tuple[Any, ...], int]) -> None:
    """Add to the ``number`` of rows, and make those that are missing; a few statements, however many rows.

    :param counts: by primary key, in the order of its columns.
    """
    table = model.__table__
    columns = list(table.primary_key.columns)
    more = update(table).where(*(column == bindparam(f"of_{column.name}") for column in columns))
    more = more.values(number=table.c.number + bindparam("more"))
    with writing():
        connection = db.session.connection()
        every = list(counts)
        for start in range(0, len(every), _TOGETHER):
            keys = every[start : start + _TOGETHER]
            query = select(*columns).where(tuple_(*columns).in_(keys))
            known = {tuple(row) for row in connection.execute(query)}
            new = [
                {
                    **{column.name: value for column, value in zip(columns, key, strict=True)},
                    "number": counts[key],
                }
                for key in keys
                if key not in known
            ]
            old = [
                {
                    **{f"of_{column.name}": value for column, value in zip(columns, key, strict=True)},
                    "more": counts[key],
                }
                for key in keys
                if key in known
            ]
            if new:
                connection.execute(insert(table), new)
            if old:
                connection.execute(more, old)
