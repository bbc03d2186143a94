"""Values by key that come often: gathered in memory, written together a little later."""

import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Final, Generic, TypeVar

from sqlalchemy.exc import OperationalError

from libhub.base.db import give_up, is_out_of_reach
from libhub.caching.deferred_writes import current_later

MOST: Final = 20_000
"""Different keys in memory beyond which new ones are let go: the database has refused for long by then."""
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


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
        later = current_later()
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
        """Store what was gathered; while the database is out of reach it is kept.

        What cannot be stored at all, because what it belongs to is gone, say, is lost without the rest.
        """
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if waiting:
            self._write(waiting)

    def _write(self, values: dict[_Key, _Value]) -> None:
        try:
            self._store(values)
        except Exception as error:
            if isinstance(error, OperationalError) and is_out_of_reach(error):
                self._keep(values)
                raise
            if len(values) == 1:
                raise
            give_up()
            self._write_each(values)

    def _write_each(self, values: Mapping[_Key, _Value]) -> None:
        failed: Exception | None = None
        for key, value in values.items():
            try:
                self._write({key: value})
            except Exception as error:  # noqa: BLE001 - raised when the others are stored
                give_up()
                failed = error
        if failed:
            raise failed

    def _keep(self, values: dict[_Key, _Value]) -> None:
        """Have them wait again, before what came meanwhile."""
        with self._lock:
            for key, value in self._waiting.items():
                values[key] = self._merge(values[key], value) if key in values else value
            self._waiting = values


class Tally(Waiting[_Key, int]):
    """Numbers that go up by one, by key."""

    def __init__(self, store: Callable[[Mapping[_Key, int]], None]) -> None:
        super().__init__(store, int.__add__)

    def add(self, key: _Key) -> None:
        """Count one more."""
        self.put(key, 1)
