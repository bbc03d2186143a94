"""What the function of a job gets: how far it is, what it saves, whether it shall stop."""

import json
import logging
import threading
from dataclasses import dataclass, field
from typing import Any, Final, Self

from sqlalchemy.exc import SQLAlchemyError

from libhub.base.application import Flask
from libhub.base.db import db, is_writing, writing
from libhub.base.i18n import LazyString
from libhub.kit.jobs import turns
from libhub.kit.jobs.models import Job
from libhub.kit.jobs.turns import Turn

logger = logging.getLogger(__name__)

BEAT_SECONDS: Final = 1.0
"""Between two looks at the table, and at most so often progress is written."""


class JobStopped(Exception):
    """The job shall stop: let it through; a transaction that is open is rolled back."""


@dataclass(frozen=True)
class JobResult:
    """What came of a job: a sentence for those who wanted it (a lazy one is read in their language), and where to look.

    ``url`` is a path of the hub.
    """

    text: str | LazyString
    url: str = ""


@dataclass
class Standing:
    """How far a run is, as it was told last, and whether it shall end: what the work and its beat say to each other."""

    told: tuple[int, int] | None = None
    ends: threading.Event = field(default_factory=threading.Event)


class JobWork:
    """The side of a job that its function sees."""

    def __init__(self, turn: Turn, state: Any, standing: Standing) -> None:
        self._turn, self._standing = turn, standing
        self.state = state
        """What was saved last, perhaps by an earlier run; None at first."""

    @property
    def stopping(self) -> bool:
        """Whether the job shall stop; for work that :meth:`progress` and :meth:`save` cannot end."""
        return self._standing.ends.is_set()

    def progress(self, done: int, total: int = 0) -> None:
        """Tell how many of how many are done; as often as one likes, also inside ``writing()``.

        :param total: 0 while it is not known.
        :raises JobStopped: the job shall stop.
        """
        self._standing.told = (int(done), int(total))
        if self.stopping:
            raise JobStopped

    def save(self, state: Any) -> None:
        """Keep what JSON can hold, to go on from there; inside ``writing()`` it holds if, and only if, the rest does.

        :raises JobStopped: the job shall stop; not inside ``writing()``, so that what is saved is kept.
        :raises TypeError: JSON cannot hold it.
        """
        kept = json.loads(json.dumps(state, allow_nan=False))
        with writing():
            job = db.session.get(Job, self._turn.job_id, populate_existing=True)
            if job is None or job.runs != self._turn.run:
                raise JobStopped
            if kept != job.state:
                job.state, job.tries = kept, 0
        self.state = kept
        if self.stopping and not is_writing():
            raise JobStopped


class Beat:
    """Writes the progress of a run and looks whether it shall end, beside the work and in transactions of its own."""

    def __init__(self, app: Flask, turn: Turn, standing: Standing) -> None:
        self._app, self._turn, self._standing = app, turn, standing
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True, name="beat")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Beat for the last time: what was told last is written."""
        self._over.set()
        self._thread.join()

    def _go_on(self) -> None:
        written: tuple[int, int] | None = None
        over = False
        while not over:
            over = self._over.wait(BEAT_SECONDS)
            try:
                with self._app.app_context():
                    told = self._standing.told
                    if told is not None and told != written:
                        turns.note_progress(self._turn, *told)
                        written = told
                    if turns.must_end(self._turn):
                        self._standing.ends.set()
            except SQLAlchemyError:
                logger.exception("the progress of a job could not be written")
