"""Keeps the processes of the hub alive: starts them, starts one anew that ended by itself, stops them all.

It knows nothing of what they do and imports nothing of the application: a child imports what it needs itself.
A pipe to each child is the only tie, the same on every system: a word on it stops the child in good order, and
its closing tells that the parent is gone, even killed with -9. A child then ends at once and frees the port.
"""

import gc
import importlib
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Final

logger = logging.getLogger(__name__)

STOP_SECONDS: Final = 5.0
"""Children that have not ended by then are killed."""
ATTEMPTS: Final = 3
"""So many failures of the first child, with none ready before, mean that the hub cannot start."""
FIRST_DELAY: Final = 0.25
LONGEST_DELAY: Final = 30.0
_STOP, _READY = b"stop", b"ready"
_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")


class StartFailed(Exception):
    """The first child failed again and again before any was ready; its log says why."""


@dataclass(frozen=True)
class Job:
    """What one child does: ``function`` is ``package.module:name``, called with a :class:`Control` and these."""

    function: str
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class Renewal:
    """When all children end and begin anew, and what is done while none runs."""

    due: Callable[[], bool]
    between: Callable[[], None]


class Control:
    """A child's side of the pipe."""

    def __init__(self, pipe: "Connection[bytes, bytes]") -> None:
        self._pipe = pipe
        self._wake: Callable[[], None] = lambda: None
        self.is_ready = False
        self.stopping = threading.Event()
        threading.Thread(target=self._listen, daemon=True, name="parent").start()

    def ready(self) -> None:
        """Tell the parent that this child works now."""
        gc.freeze()  # what was imported stays for good: no collection needs to walk through it again
        gc.enable()
        self.is_ready = True
        try:
            self._pipe.send_bytes(_READY)
        except OSError:
            os._exit(1)

    def at_stop(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called, from another thread, when :attr:`stopping` was set."""
        self._wake = wake

    def _listen(self) -> None:
        try:
            self._pipe.recv_bytes()
        except (EOFError, OSError):
            os._exit(1)  # the parent is gone; every write is a transaction, so there is nothing to tidy up
        if not self.is_ready:
            os._exit(0)  # nobody waits for an answer yet, and the start may still take seconds
        self.stopping.set()
        self._wake()


def _enter(job: Job, pipe: "Connection[bytes, bytes]") -> None:
    """Be a child. Imports are nearly all of its start, and a third faster without garbage collection."""
    gc.disable()
    for name in ("SIGINT", "SIGBREAK"):  # Ctrl+C reaches every process of a terminal; the parent decides
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    control = Control(pipe)
    module, _, name = job.function.partition(":")
    try:
        getattr(importlib.import_module(module), name)(control, *job.arguments)
    except Exception:
        logger.exception("%s failed", job.function)
        raise


@dataclass
class _Child:
    job: Job
    process: SpawnProcess | None = None
    pipe: "Connection[bytes, bytes] | None" = None
    ready: bool = False
    failures: int = 0
    start_at: float = field(default_factory=time.monotonic)

    def start(self, context: SpawnContext) -> None:
        self.pipe, far_end = context.Pipe()
        self.process = context.Process(target=_enter, args=(self.job, far_end), daemon=True)
        self.process.start()
        far_end.close()
        self.ready = False

    def take_note(self) -> bool:
        """Read the pipe; say whether the child became ready just now."""
        assert self.pipe is not None
        try:
            became = self.pipe.poll() and self.pipe.recv_bytes() == _READY
        except (EOFError, OSError):
            return False  # it ended: its process says so, too
        if became:
            self.ready, self.failures = True, 0
        return became

    def bury(self) -> None:
        """Settle when it is started again: soon, unless it fails before it is ready, again and again."""
        assert self.process is not None
        assert self.pipe is not None
        self.process.join()
        if not self.ready:
            self.failures += 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2**self.failures)
        logger.warning(
            "process %s (%s) ended with %s and is started anew in %.1f s",
            self.process.pid,
            self.job.function,
            self.process.exitcode,
            delay,
        )
        self.start_at = time.monotonic() + delay
        self._close()

    def begin_anew(self) -> None:
        """Forget a process that was stopped; another one is started at once."""
        if self.process:
            self._close()
        self.failures, self.start_at = 0, time.monotonic()

    def _close(self) -> None:
        assert self.process is not None
        assert self.pipe is not None
        self.process.close()
        self.pipe.close()
        self.process = self.pipe = None


def keep_alive(jobs: list[Job], ready: Callable[[], None], renewal: Renewal | None = None) -> None:
    """Run the jobs, each in a process, until this process is told to stop (Ctrl+C, SIGTERM).

    The first child starts alone, so that it has the whole computer to itself and the hub answers soon.

    :param ready: called once, when the first child is ready.
    :param renewal: looked at once a second.
    :raises StartFailed: it never becomes ready.
    """
    context = multiprocessing.get_context("spawn")
    told, teller = context.Pipe(duplex=False)
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: teller.send_bytes(_STOP))
    children = [_Child(job) for job in jobs]
    announced = False
    try:
        while not told.poll():
            for child in children if announced else children[:1]:
                if child.process is None and child.start_at <= time.monotonic():
                    child.start(context)
            _wait_for_news(children, told)
            for child in children:
                if child.pipe and child.take_note() and not announced:
                    announced = True
                    ready()
                if child.process and not child.process.is_alive():
                    child.bury()
            if renewal and announced and renewal.due():
                _stop([child for child in children if child.process])
                renewal.between()
                for child in children:
                    child.begin_anew()
            if not announced and children[0].failures >= ATTEMPTS:
                raise StartFailed
    finally:
        _stop([child for child in children if child.process])


def _wait_for_news(children: list[_Child], told: "Connection[bytes, bytes]") -> None:
    """Sleep until a child says something or ends, a signal comes, or a child is due to be started."""
    due = [child.start_at - time.monotonic() for child in children if child.process is None]
    running = [child for child in children if child.process and child.pipe]
    silent = [child.pipe for child in running if not child.ready and child.pipe]
    ends = [child.process.sentinel for child in running if child.process]
    timeout = max(0.05, min(due)) if due else 1.0
    wait([told, *silent, *ends], timeout=min(timeout, 1.0))


def _stop(children: list[_Child]) -> None:
    for child in children:
        assert child.pipe is not None
        try:
            child.pipe.send_bytes(_STOP)
        except OSError:
            logger.info("a process had ended before it was told to stop")
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        assert child.process is not None
        child.process.join(max(0.0, deadline - time.monotonic()))
        if child.process.is_alive():
            logger.warning("process %s did not stop in time and is killed", child.process.pid)
            child.process.kill()
            child.process.join()
