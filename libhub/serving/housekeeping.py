"""What is done behind the scenes besides indexing and reading files, so that none of it holds up anything else.

Once an hour the core clears away what is old, in a thread: it is known to end. What a section does (``periodic`` once an
hour, ``item_changed`` after its turn) is done in a process of its own with limits, see :mod:`libhub.serving.section_process`. Sections
take turns, one process at a time, but whoever takes long is overtaken: the next begins beside it.

The hour is that of ``Event.wait``, which counts by the monotonic clock: the clock on the wall may be set as one likes.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Final

from flask import Flask

from libhub.accounts import limits, sessions
from libhub.base.moments import now
from libhub.config import get_config
from libhub.files import housekeeping
from libhub.kit.jobs import starting
from libhub.notices import notices
from libhub.people.credentials import sheets
from libhub.plugging import settings, state
from libhub.plugging.loading.registry import get_registry
from libhub.search import query_counts
from libhub.search.documents import ItemRef
from libhub.serving.section_process import Call, Limits
from libhub.submissions import drafts, pending_uploads, sendings

logger = logging.getLogger(__name__)

PERIOD_SECONDS: Final = 3600.0
OVERTAKEN_SECONDS: Final = 5.0
"""A section that takes longer does not keep the next one waiting."""
GATHER_SECONDS: Final = 5.0
"""Between two calls of a section's ``item_changed``; what changes meanwhile is told together."""
MOST: Final = 50_000
"""Changed items that wait for one section; more are let go while its hook does not come to an end."""
LIMITS: Final = Limits()


class Housekeeping:
    """The threads that keep house, and the processes in which sections do their part."""

    def __init__(self, app: Flask, stopping: threading.Event, limits: Limits = LIMITS) -> None:
        self._app, self._stopping, self._limits = app, stopping, limits
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], Call] = {}
        self._tellers: dict[str, _Teller] = {}

    def start(self) -> None:
        """Keep house from now on."""
        for name, work in (("housekeeping", self._core), ("periodic", self._sections)):
            threading.Thread(target=self._hourly, args=(work,), daemon=True, name=name).start()

    def stop(self) -> None:
        """End what sections are doing. Call when ``stopping`` is set: nothing begins any more."""
        with self._lock:
            for call in self._running.values():
                call.stop()

    def item_changed(self, refs: Iterable[ItemRef]) -> None:
        """Have the sections told that these items were changed and indexed; does not wait for it."""
        changed = list(refs)
        for plugin_id in _having("item_changed"):
            teller = self._tellers.get(plugin_id)
            if teller is None:
                teller = self._tellers[plugin_id] = _Teller(plugin_id, self.call, self._stopping)
            teller.tell(changed)

    def call(self, plugin_id: str, hook: str, refs: Iterable[ItemRef] = ()) -> None:
        """Call a hook of a section in a process of its own and wait for its end.

        One that still runs is not begun a second time.
        """
        key = (plugin_id, hook)
        with self._app.app_context():
            with self._lock:
                if key in self._running or self._stopping.is_set():
                    return
                call = Call(str(get_config().instance), plugin_id, hook, self._limits)
                self._running[key] = call
            try:
                call.finish(list(refs))
            finally:
                with self._lock:
                    del self._running[key]

    def _hourly(self, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except Exception:
                logger.exception("housekeeping failed")
            if self._stopping.wait(PERIOD_SECONDS):
                return

    def _core(self) -> None:
        chores: tuple[Callable[[], None], ...] = (
            lambda: housekeeping.keep_house(now()),
            lambda: query_counts.forget_old(settings.get_setting(settings.CORE, "search_days")),
            sessions.forget_old,
            limits.forget_old,
            sheets.forget_old,
            notices.forget_old,
            starting.forget_old,
            sendings.forget_old,
            drafts.forget_old,
            lambda: pending_uploads.forget_old(now()),
        )
        for chore in chores:
            with self._app.app_context():
                try:
                    chore()
                except Exception:  # the others are done all the same, and this one in an hour
                    logger.exception("a part of housekeeping failed")

    def _sections(self) -> None:
        with self._app.app_context():
            plugin_ids = _having("periodic")
        for plugin_id in plugin_ids:
            turn = threading.Thread(
                target=self.call, args=(plugin_id, "periodic"), daemon=True, name=f"periodic of {plugin_id}"
            )
            turn.start()
            turn.join(OVERTAKEN_SECONDS)


class _Teller:
    """Tells one section what was changed, as fast as it listens."""

    def __init__(self, plugin_id: str, call: Callable[..., None], stopping: threading.Event) -> None:
        self._plugin_id, self._call, self._stopping = plugin_id, call, stopping
        self._waiting: dict[ItemRef, None] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        threading.Thread(target=self._keep_telling, daemon=True, name=f"item_changed of {plugin_id}").start()

    def tell(self, refs: list[ItemRef]) -> None:
        with self._lock:
            if len(self._waiting) >= MOST:
                logger.error(
                    "plugin %s does not listen: %d changed items are let go", self._plugin_id, len(refs)
                )
                return
            self._waiting.update(dict.fromkeys(refs))
        self._news.set()

    def _keep_telling(self) -> None:
        while not self._stopping.is_set():
            self._news.wait()
            self._news.clear()
            with self._lock:
                refs, self._waiting = list(self._waiting), {}
            try:
                self._call(self._plugin_id, "item_changed", refs)
            except Exception:
                logger.exception("plugin %s could not be told what changed", self._plugin_id)
            self._stopping.wait(GATHER_SECONDS)


def _having(hook: str) -> list[str]:
    """Return the sections that are on and have a hook, in loading order."""
    having = get_registry().implementing(hook)
    return [plugin_id for plugin_id in state.enabled_plugins() if plugin_id in having]
