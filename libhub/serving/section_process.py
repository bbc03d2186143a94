"""A hook that nobody waits for, called in a process of its own: ``python -m libhub.serving.section_process INSTANCE PLUGIN HOOK``.

Why not a thread beside the indexing: a thread cannot be ended. One that never returns stays for good; one that
computes, or sits in a regular expression, keeps every other thread of its process waiting; ``os._exit`` or a crash
in a C library takes all of them along; one that sleeps inside ``writing()`` lets nobody else in the hub write. A process
is ended, whatever it does, and the system takes back its memory and its lock on the database. It lives as long as the
call, so it costs a second of the processor (after everybody else's) and no memory between the calls.
"""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

from flask import Flask
from sqlalchemy import Connection, event

from libhub.app import create_app
from libhub.base.db import db
from libhub.base.i18n import gettext as _
from libhub.base.moments import now
from libhub.base.processes.child_process import end_with_parent, step_back
from libhub.config import load_config
from libhub.plugging import calls
from libhub.search.documents import ItemRef

logger = logging.getLogger(__name__)

MODULE: Final = "libhub.serving.section_process"
DONE: Final = 10
"""How the process ends when the call came to its end, good or bad; nobody ends so by chance."""
NOT_BEGUN: Final = 11
"""The hub itself could not be set up, say because its database is locked: not the section's fault."""
HELD_LOCK: Final = 12
_WATCH_SECONDS: Final = 1.0
_READS: Final = ("SELECT", "WITH", "EXPLAIN", "PRAGMA", "BEGIN DEFERRED")


@dataclass(frozen=True)
class Limits:
    """What a call may take, in seconds from the moment when the hook begins."""

    told_seconds: float = 30
    """The librarian is told of one that takes longer; nothing waits for it, so it goes on."""
    seconds: float = 600
    """One that takes longer is ended."""
    lock_seconds: float = 15
    """So is one that keeps all others from writing for longer: they wait for 20 (``BUSY_TIMEOUT_MS``), then fail."""


class Call:
    """A hook of one section, being called in a process of its own."""

    def __init__(self, instance: str, plugin_id: str, hook: str, limits: Limits) -> None:
        self._plugin_id, self._hook, self._limits = plugin_id, hook, limits
        self._stopped = False
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", MODULE, instance, plugin_id, hook, str(limits.lock_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def stop(self) -> None:
        """End it: the hub stops."""
        self._stopped = True
        self._process.kill()

    def finish(self, refs: Sequence[ItemRef] = ()) -> None:
        """Hand over what the hook is told, wait for its end, and tell by the section's name what went wrong.

        A failure *in* the hook was told by the process itself, under the hook's policy.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with suppress(BrokenPipeError):  # it ended before it listened: its code says how
            stdin.write(json.dumps([ref.uid for ref in refs]).encode() + b"\n")
            stdin.flush()
        stdout.readline()  # it begins, or has ended: what its start takes is not the section's fault
        code = self._wait(self._limits.told_seconds)
        if code is None:
            self._note(
                TimeoutError(
                    _(
                        "has been running for more than %(seconds)d s (it is ended after %(most)d s)",
                        seconds=self._limits.told_seconds,
                        most=self._limits.seconds,
                    )
                )
            )
            code = self._wait(self._limits.seconds - self._limits.told_seconds)
        if code is None:
            self._process.kill()
            self._process.wait()
        stdout.close()
        with suppress(BrokenPipeError):
            stdin.close()
        error = self._error(code)
        if error:
            self._note(error)

    def _wait(self, seconds: float) -> int | None:
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def _note(self, error: Exception) -> None:
        if not self._stopped:
            calls.note_failure(self._plugin_id, self._hook, error)

    def _error(self, code: int | None) -> Exception | None:
        """Return what there is to say of how the process ended; ``None`` as a code is the limit of time."""
        if code == DONE:
            return None
        if code == NOT_BEGUN:
            logger.error("the hook %s of plugin %s could not be called", self._hook, self._plugin_id)
            return None
        if code is None:
            return TimeoutError(
                _("did not end within %(seconds)d s and was ended", seconds=self._limits.seconds)
            )
        return why_it_ended(code, self._limits)


def why_it_ended(code: int, limits: Limits) -> Exception:
    """Return what there is to say of a process of a section that ended before its work did."""
    if code == HELD_LOCK:
        return TimeoutError(
            _(
                "let nobody else write to the database for %(seconds)d s and was ended",
                seconds=limits.lock_seconds,
            )
        )
    return ChildProcessError(_("ended its whole process (code %(code)d)", code=code))


# -- in the process of its own ---------------------------------------------------------------------------


def main() -> None:
    """Call the hook that the arguments name; end with :data:`DONE`."""
    instance, plugin_id, hook, lock_seconds = sys.argv[1:]
    refs = [ItemRef.parse(uid) for uid in json.loads(sys.stdin.buffer.readline())]
    app = set_up(instance, float(lock_seconds))
    with app.app_context():
        _say_that_it_begins()
        _call(plugin_id, hook, {"now": now(), "refs": refs})
    leave()


def set_up(instance: str, lock_seconds: float) -> Flask:
    """Be a process of a section, and return its application.

    It ends with its parent, lets others go first, and is ended when it keeps them from writing.
    """
    end_with_parent()
    step_back()
    try:
        app = create_app(load_config(Path(instance)))
    except Exception:
        logger.exception("the hub cannot be set up")
        os._exit(NOT_BEGUN)
    with app.app_context():
        lock = WriteLock()
        if db.engine.dialect.name == "sqlite":
            lock.watch(lock_seconds)
    return app


def leave() -> NoReturn:
    """End the process at the end of its work; what a section has started besides ends, too."""
    logging.shutdown()
    os._exit(DONE)


def _say_that_it_begins() -> None:
    os.write(sys.stdout.fileno(), b"\n")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nobody listens any more


def _call(plugin_id: str, hook: str, arguments: dict[str, Any]) -> None:
    try:
        calls.call_one(plugin_id, hook, **arguments)
    except BaseException as error:  # noqa: BLE001 - sys.exit, say: it is nobody's end but this process's
        calls.note_failure(plugin_id, hook, RuntimeError(repr(error)))


class WriteLock:
    """Since when this process keeps all others from writing, by whichever statement; SQLite has one such lock."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._holder: Connection | None = None
        engine = db.engine
        event.listen(engine, "after_cursor_execute", self._executed)
        event.listen(engine, "commit", self._released)
        event.listen(engine, "rollback", self._released)

    def watch(self, seconds: float) -> None:
        """End this process as soon as it holds the lock for longer."""
        threading.Thread(target=self._watch, args=(seconds,), daemon=True, name="lock").start()

    def _watch(self, seconds: float) -> None:
        while True:
            time.sleep(min(_WATCH_SECONDS, seconds))
            since = self._since
            if since is not None and time.monotonic() - since > seconds:
                os._exit(HELD_LOCK)

    def _executed(self, connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if self._since is None and not statement.lstrip().upper().startswith(_READS):
            self._since, self._holder = time.monotonic(), connection

    def _released(self, connection: Connection) -> None:
        if connection is self._holder:  # another thread may have read meanwhile
            self._since = self._holder = None


if __name__ == "__main__":
    main()
