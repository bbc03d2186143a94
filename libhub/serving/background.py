"""The process behind the scenes: indexes what changed, and keeps house once an hour."""

import logging
import threading
from datetime import timedelta
from pathlib import Path
from typing import Final

from flask import Flask

from libhub.app import create_app
from libhub.base.db import db, writing
from libhub.base.moments import now
from libhub.config import load_config
from libhub.files import housekeeping
from libhub.files.reading import queue
from libhub.installation import indexer
from libhub.kit import pending_uploads
from libhub.notices import notices
from libhub.plugging import calls, settings
from libhub.search import counting, outbox
from libhub.search.documents import ItemRef
from libhub.search.index import IndexUnavailable
from libhub.serving.processes import Control

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.1
READING_SECONDS: Final = 0.5
"""Between two looks for files that were added."""
PAUSE_SECONDS: Final = 1.0
"""After a round that failed."""
PERIODIC: Final = timedelta(hours=1)


def run(control: Control, instance: str) -> None:
    """Work until told to stop."""
    app = create_app(load_config(Path(instance)))
    with app.app_context():
        reconcile()
    threading.Thread(target=_read_files, args=(app, control.stopping), daemon=True, name="files").start()
    control.ready()
    due = now()
    pause = POLL_SECONDS
    while not control.stopping.wait(pause):
        pause = POLL_SECONDS
        try:
            with app.app_context():
                _index()
                if now() >= due:
                    due = now() + PERIODIC
                    housekeeping.keep_house(now())
                    counting.forget_old(settings.get_setting(settings.CORE, "search_days"))
                    notices.forget_old()
                    pending_uploads.forget_old(now())
                    calls.call("periodic", now=now())
        except Exception:
            # A locked database, a full disk, a plugin: the next round may go well, and nothing is forgotten.
            logger.exception("the background process failed")
            pause = PAUSE_SECONDS
    with app.app_context():
        db.engine.dispose()


def _read_files(app: Flask, stopping: threading.Event) -> None:
    """Read files that were added. Another process does the work, so here one thread waits, beside the indexing."""
    pause = READING_SECONDS
    while not stopping.wait(pause):
        pause = READING_SECONDS
        try:
            with app.app_context():
                while queue.read_next() and not stopping.is_set():
                    pass
        except Exception:
            logger.exception("a file could not be read")
            pause = PAUSE_SECONDS


def _index() -> None:
    if outbox.last_position():
        changed = indexer().drain()
        if changed:
            calls.call("item_changed", refs=changed)
    elif indexer().needs_rebuild():
        indexer().drain()


def reconcile() -> None:
    """Queue what the index lacks or has too much, say after a plugin was copied in or removed by hand."""
    if indexer().needs_rebuild():
        return
    try:
        difference = indexer().compare()
    except IndexUnavailable:
        return  # the index is damaged; the first round rebuilds it
    astray = difference.missing | difference.surplus
    if astray:
        logger.warning("%d items of the index differ from the database and are indexed anew", len(astray))
        with writing():
            outbox.touch(ItemRef.parse(uid) for uid in sorted(astray))
    db.session.rollback()
