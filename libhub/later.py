"""What nobody waits for: numbers counted in memory and written every few seconds, and once more when a process stops."""

import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from typing import Final, Generic, TypeVar, cast

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

logger = logging.getLogger(__name__)

EXTENSION: Final = "libhub.later"
WRITE_SECONDS: Final = 5.0
STOP_SECONDS: Final = 2.0
MOST: Final = 20_000
"""Different keys in memory beyond which new ones are let go: the database has refused for long by then."""
_Key = TypeVar("_Key", bound=Hashable)


class Later:
    """The writes of one process that wait for their turn."""

    def __init__(self) -> None:
        self._writes: dict[Callable[[], None], None] = {}
        self._wake = threading.Event()
        self._stopping = False
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
        self._stopping = True
        self._wake.set()
        if self._thread:
            self._thread.join(STOP_SECONDS)

    def _keep_writing(self, app: Flask) -> None:
        last = False
        while not last:
            self._wake.wait(WRITE_SECONDS)
            self._wake.clear()
            last = self._stopping
            for write in list(self._writes):
                with app.app_context():
                    try:
                        write()
                    except SQLAlchemyError:
                        logger.exception("what was counted could not be written and waits")


def init_app(app: Flask) -> None:
    """Give the application what writes later."""
    app.extensions[EXTENSION] = Later()


def later_of(app: Flask) -> Later:
    """Return what writes later in this process."""
    return cast(Later, app.extensions[EXTENSION])


class Tally(Generic[_Key]):
    """Numbers that go up by one, many times a second: counted in memory, stored together a little later.

    Where no worker runs (a command, a test) each is stored at once.

    :param store: adds the numbers to the database, by key.
    """

    def __init__(self, store: Callable[[Mapping[_Key, int]], None]) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._waiting: dict[_Key, int] = {}

    def add(self, key: _Key) -> None:
        """Count one more."""
        later = later_of(current_app)
        if not later.running:
            self._store({key: 1})
            return
        with self._lock:
            if key in self._waiting or len(self._waiting) < MOST:
                self._waiting[key] = self._waiting.get(key, 0) + 1
        later.add(self.write)

    def write(self) -> None:
        """Store what was counted; what cannot be stored now is kept."""
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        try:
            self._store(waiting)
        except SQLAlchemyError:
            with self._lock:
                for key, number in waiting.items():
                    self._waiting[key] = self._waiting.get(key, 0) + number
            raise
