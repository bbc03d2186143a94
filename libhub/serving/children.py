"""One process of the hub, and the pipe by which its parent speaks to it.

A word on the pipe stops the child in good order, or lets it leave when everybody was answered; the closing of the pipe
tells that the parent is gone, even killed with -9. A child then ends at once and frees the port.
"""

import gc
import importlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Final

logger = logging.getLogger(__name__)

FIRST_DELAY: Final = 0.25
LONGEST_DELAY: Final = 30.0
STOP, LEAVE, READY = b"stop", b"leave", b"ready"


@dataclass(frozen=True)
class Job:
    """What one child does: ``function`` is ``package.module:name``, called with a :class:`Control` and these."""

    function: str
    arguments: tuple[Any, ...]
    overlapping: bool = True
    """Whether the next one may begin before this one has ended, when processes are renewed."""


class Control:
    """A child's side of the pipe."""

    def __init__(self, pipe: "Connection[bytes, bytes]") -> None:
        self._pipe = pipe
        self._wake: Callable[[], None] = lambda: None
        self.is_ready = False
        self.stopping = threading.Event()
        self.leaving = threading.Event()
        """Another one has taken over: take nothing new, and end when everybody was answered."""
        threading.Thread(target=self._listen, daemon=True, name="parent").start()

    def ready(self) -> None:
        """Tell the parent that this child works now."""
        gc.freeze()  # what was imported stays for good: no collection needs to walk through it again
        gc.enable()
        self.is_ready = True
        try:
            self._pipe.send_bytes(READY)
        except OSError:
            os._exit(1)

    def at_stop(self, wake: Callable[[], None]) -> None:
        """Have ``wake`` called, from another thread, when :attr:`stopping` or :attr:`leaving` was set."""
        self._wake = wake

    def _listen(self) -> None:
        while not self.stopping.is_set():
            try:
                word = self._pipe.recv_bytes()
            except (EOFError, OSError):
                # the parent is gone; every write is a transaction, so there is nothing to tidy up
                os._exit(1)
            if not self.is_ready:
                os._exit(0)  # nobody waits for an answer yet, and the start may still take seconds
            (self.leaving if word == LEAVE else self.stopping).set()
            self._wake()


def enter(job: Job, pipe: "Connection[bytes, bytes]") -> None:
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
class Child:
    """A child as its parent sees it; there may be no process at the moment."""

    job: Job
    process: SpawnProcess | None = None
    pipe: "Connection[bytes, bytes] | None" = None
    ready: bool = False
    failures: int = 0
    start_at: float = field(default_factory=time.monotonic)
    is_expected_to_end: bool = False

    def start(self, context: SpawnContext) -> None:
        """Begin."""
        self.pipe, far_end = context.Pipe()
        self.process = context.Process(target=enter, args=(self.job, far_end), daemon=True)
        self.process.start()
        far_end.close()
        self.ready = self.is_expected_to_end = False

    def tell(self, word: bytes) -> None:
        """Say :data:`STOP` or :data:`LEAVE`."""
        assert self.pipe is not None
        try:
            self.pipe.send_bytes(word)
        except OSError:
            logger.info("a process had ended before it was told to stop")

    def has_ended(self) -> bool:
        """Say whether there was a process that is over now."""
        return self.process is not None and not self.process.is_alive()

    def take_note(self) -> bool:
        """Read the pipe; say whether the child became ready just now."""
        assert self.pipe is not None
        try:
            became = self.pipe.poll() and self.pipe.recv_bytes() == READY
        except (EOFError, OSError):
            return False  # it ended: its process says so, too
        if became:
            self.ready, self.failures = True, 0
        return became

    def bury(self) -> None:
        """Settle when it is started again: soon, unless it fails before it is ready, again and again."""
        assert self.process is not None
        pid, code = self.process.pid, self._forget_process()
        if self.is_expected_to_end:
            self.start_at = time.monotonic()
            return
        if not self.ready:
            self.failures += 1
        delay = min(LONGEST_DELAY, FIRST_DELAY * 2**self.failures)
        logger.warning(
            "process %s (%s) ended with %s and is started anew in %.1f s", pid, self.job.function, code, delay
        )
        self.start_at = time.monotonic() + delay

    def begin_anew(self) -> None:
        """Forget a process that was stopped; another one is started at once."""
        if self.process:
            self._forget_process()
        self.failures, self.start_at = 0, time.monotonic()

    def _forget_process(self) -> int | None:
        assert self.process is not None
        assert self.pipe is not None
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        self.pipe.close()
        self.process = self.pipe = None
        return code


def stop(children: list[Child], seconds: float) -> None:
    """Stop children that run; those that have not ended after this time are killed."""
    for child in children:
        child.tell(STOP)
    deadline = time.monotonic() + seconds
    for child in children:
        assert child.process is not None
        child.process.join(max(0.0, deadline - time.monotonic()))
        if child.process.is_alive():
            logger.warning("process %s did not stop in time and is killed", child.process.pid)
            child.process.kill()
            child.process.join()
