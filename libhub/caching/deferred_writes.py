"""What nobody waits for: written every few seconds in a thread of its own, and once more when a process stops."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import OperationalError

from libhub.base.application import Extension, Flask
from libhub.base.db import give_up, is_out_of_reach
from libhub.base.errors import let_pass

logger = logging.getLogger(__name__)

WRITE_SECONDS: Final = 5.0
GATHER_SECONDS: Final = 0.5
"""What comes within this time is written together, also where somebody cannot wait for the next turn."""
STOP_SECONDS: Final = 2.0


class Later:
    """The writes of one process that wait for their turn."""

    def __init__(self) -> None:
        self._writes: dict[Callable[[], None], None] = {}
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self.tell: Callable[[BaseException], None] = _log
        """Told of an error for which something is lost."""

    @property
    def running(self) -> bool:
        """Whether somebody will come to write; elsewhere than in a worker nobody does."""
        return self._thread is not None

    def add(self, write: Callable[[], None]) -> None:
        """Have ``write`` called at every turn; while the database is out of reach it keeps what it has, and raises."""
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
                    self._do(write)

    def _do(self, write: Callable[[], None]) -> None:
        """Write; whoever cannot, keeps no other from it, and does not end the thread."""
        try:
            write()
        except BaseException as error:
            let_pass(error)
            give_up()
            if isinstance(error, OperationalError) and is_out_of_reach(error):
                logger.exception("what was counted could not be written and waits")
            else:
                self.tell(error)


def _log(error: BaseException) -> None:
    logger.error("what was counted could not be written and is lost", exc_info=error)


_LATER: Final = Extension[Later]("later")


def init_app(app: Flask) -> None:
    """Give the application what writes later."""
    _LATER.install(app, Later())


def later_of(app: Flask) -> Later:
    """Return what writes later in this process."""
    return _LATER.of(app)


def current_later() -> Later:
    """Return what writes later for the running application."""
    return _LATER.current()
