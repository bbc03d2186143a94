"""Jobs are done here: a process for each run (``job_process``), few at a time, beside indexing and housekeeping.

The table says what there is to do; nothing is known here that the next start of the hub could not find out.
"""

import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import Final

from flask import Flask

from libhub.base.db import db
from libhub.config import get_config
from libhub.kit.jobs import turns
from libhub.kit.jobs.models import Job
from libhub.kit.jobs.turns import Turn
from libhub.plugging import calls
from libhub.serving import job_process
from libhub.serving.section_process import DONE, NOT_BEGUN, Limits, why_it_ended

logger = logging.getLogger(__name__)

AT_ONCE: Final = 2
LOOK_SECONDS: Final = 0.5
JOIN_SECONDS: Final = 2.0
PAUSE_SECONDS: Final = 5.0
"""After a round that failed."""
LIMITS: Final = Limits()
"""A job may take as long as it takes; it may not keep others from writing for long."""


@dataclass
class _Run:
    turn: Turn
    process: "subprocess.Popen[bytes]"
    ends_since: float | None = field(default=None)


class Jobs:
    """The thread that looks after jobs, and their processes."""

    def __init__(self, app: Flask, stopping: threading.Event) -> None:
        self._app, self._stopping = app, stopping
        self._runs: list[_Run] = []
        self._thread = threading.Thread(target=self._look_after, daemon=True, name="jobs")

    def start(self) -> None:
        """Do jobs from now on, those first that a former start did not finish."""
        with self._app.app_context():
            turns.take_up()
        self._thread.start()

    def stop(self) -> None:
        """End all of them. Call when ``stopping`` is set; the next start goes on with them."""
        self._thread.join(JOIN_SECONDS)
        for run in self._runs:
            run.process.kill()
        for run in self._runs:
            run.process.communicate()  # waits for its end and closes its input
            with self._app.app_context():
                turns.stand_still(run.turn)

    def _look_after(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            pause = LOOK_SECONDS
            try:
                with self._app.app_context():
                    self._round()
            except Exception:
                logger.exception("jobs could not be looked after")
                pause = PAUSE_SECONDS

    def _round(self) -> None:
        for run in list(self._runs):
            if run.process.poll() is not None:
                self._runs.remove(run)
                self._settle(run)
            elif run.ends_since is not None and time.monotonic() - run.ends_since > turns.FORCE_SECONDS:
                run.process.kill()
            elif run.ends_since is None and turns.must_end(run.turn):
                run.ends_since = time.monotonic()
        while len(self._runs) < AT_ONCE and not self._stopping.is_set():
            turn = turns.claim()
            if turn is None:
                break
            self._runs.append(_Run(turn, self._begin(turn)))

    def _begin(self, turn: Turn) -> "subprocess.Popen[bytes]":
        instance, lock_seconds = str(get_config().instance), str(LIMITS.lock_seconds)
        arguments = [instance, str(turn.job_id), str(turn.run), lock_seconds]
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", job_process.MODULE, *arguments],
            stdin=subprocess.PIPE,  # it ends when this closes
            stdout=subprocess.DEVNULL,
        )

    def _settle(self, run: _Run) -> None:
        """Tell of a process that did not end as it should, and settle what it left unsettled."""
        run.process.communicate()  # closes its input
        code = run.process.returncode
        if run.ends_since is not None:
            turns.stand_still(run.turn)
            return
        if code not in (DONE, NOT_BEGUN):
            job = db.session.get(Job, run.turn.job_id)
            if job is not None:
                calls.note_failure(job.plugin_id, f"job {job.kind}", why_it_ended(code, LIMITS))
        turns.broke_off(run.turn)
