"""Keeps the processes of the hub alive: starts them, starts one anew that ended by itself, renews and stops them all.

It knows nothing of what they do and imports nothing of the application: a child imports what it needs itself. What is
said between parent and child is in :mod:`libhub.serving.children`.
"""

import logging
import multiprocessing
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from typing import Final

from libhub.serving.children import LEAVE, STOP, Child, Job, stop

logger = logging.getLogger(__name__)

STOP_SECONDS: Final = 5.0
"""Children that have not ended by then are killed."""
LEAVE_SECONDS: Final = 300.0
"""So long a renewed process may go on answering what was asked of it before; it is stopped then."""
ATTEMPTS: Final = 3
"""So many failures of the first child, with none ready before, mean that the hub cannot start."""
_SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGBREAK")


class StartFailed(Exception):
    """The first child failed again and again before any was ready; its log says why."""


class Renewal:
    """Replaces children one after the other, so that somebody answers at any moment and nobody is cut off.

    A successor begins beside the child and takes over when it is ready; the child leaves when everybody was answered. What
    may not overlap is stopped and started anew. Where no successor becomes ready, the children stay as they are.
    """

    def __init__(self, ask: Callable[[], object]) -> None:
        """Take what ``ask`` says now for the state of the children that are about to start; None says nothing."""
        self._ask = ask
        self._known = ask()
        self._waiting: list[int] = []
        """Places among the children whose turn comes."""
        self._successor: Child | None = None
        self._leaving: dict[float, Child] = {}
        """By the moment when it is stopped."""

    @property
    def beside(self) -> list[Child]:
        """Those that run beside the children."""
        return [*([self._successor] if self._successor else []), *self._leaving.values()]

    def go_on(self, children: list[Child], context: SpawnContext) -> None:
        """Do what can be done without waiting."""
        said = self._ask()
        if said is not None and said != self._known:
            logger.info("the processes are renewed")
            self._known = said
            self._waiting = list(range(len(children)))
            if self._successor:  # it may have begun before the last change
                stop([self._successor], 0)
                self._successor = None
        if self._waiting:
            self._renew(children, context)
        self._part()

    def _renew(self, children: list[Child], context: SpawnContext) -> None:
        place = self._waiting[0]
        child, successor = children[place], self._successor
        if successor is None and (child.process is None or not child.job.overlapping):
            if child.process:
                child.is_expected_to_end = True
                child.tell(STOP)
            del self._waiting[0]
        elif successor is None:
            self._successor = Child(child.job)
            self._successor.start(context)
        elif successor.take_note():
            children[place], self._successor = successor, None
            if child.process:
                child.tell(LEAVE)
                self._leaving[time.monotonic() + LEAVE_SECONDS] = child
            del self._waiting[0]
        elif successor.has_ended():
            successor.bury()
            if successor.failures >= ATTEMPTS:
                logger.error("no process could be renewed; the former ones go on")
                self._waiting, self._successor = [], None
            else:
                successor.start(context)

    def _part(self) -> None:
        for moment, child in list(self._leaving.items()):
            if child.has_ended():
                del self._leaving[moment]
            elif moment < time.monotonic():
                logger.warning("a renewed process still answers somebody and is stopped")
                stop([child], STOP_SECONDS)


@dataclass(frozen=True)
class Restart:
    """When all children end and begin anew, and what is done while none runs: for those who edit the hub."""

    due: Callable[[], bool]
    between: Callable[[], None]


def keep_alive(
    jobs: list[Job],
    ready: Callable[[], None],
    renew: Callable[[], object] = lambda: None,
    restart: Restart | None = None,
) -> None:
    """Run the jobs, each in a process, until this process is told to stop (Ctrl+C, SIGTERM).

    The first child starts alone, so that it has the whole computer to itself and the hub answers soon.

    :param ready: called once, when the first child is ready.
    :param renew: asked every second; when it says something else than before, all children are renewed.
    :param restart: looked at once a second.
    :raises StartFailed: the first child never becomes ready.
    """
    context = multiprocessing.get_context("spawn")
    told, teller = context.Pipe(duplex=False)
    for name in _SIGNALS:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda _number, _frame: teller.send_bytes(STOP))
    children, renewal = [Child(job) for job in jobs], Renewal(renew)
    announced = False
    try:
        while not told.poll():
            for child in children if announced else children[:1]:
                if child.process is None and child.start_at <= time.monotonic():
                    child.start(context)
            _wait_for_news([*children, *renewal.beside], told)
            for child in children:
                if child.pipe and child.take_note() and not announced:
                    announced = True
                    ready()
                if child.has_ended():
                    child.bury()
            if announced and restart and restart.due():
                stop([child for child in children if child.process], STOP_SECONDS)
                restart.between()
                for child in children:
                    child.begin_anew()
            elif announced:
                renewal.go_on(children, context)
            elif children[0].failures >= ATTEMPTS:
                raise StartFailed
    finally:
        stop([child for child in [*children, *renewal.beside] if child.process], STOP_SECONDS)


def _wait_for_news(children: list[Child], told: "Connection[bytes, bytes]") -> None:
    """Sleep until a child says something or ends, a signal comes, or a child is due to be started."""
    due = [child.start_at - time.monotonic() for child in children if child.process is None]
    running = [child for child in children if child.process and child.pipe]
    silent = [child.pipe for child in running if not child.ready and child.pipe]
    ends = [child.process.sentinel for child in running if child.process]
    timeout = max(0.05, min(due)) if due else 1.0
    wait([told, *silent, *ends], timeout=min(timeout, 1.0))
