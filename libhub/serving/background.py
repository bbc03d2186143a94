"""The process behind the scenes: indexes what changed.

Beside the indexing, and never before it, threads of their own wait for the reader of files, keep house and look after jobs.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from flask import Flask

from libhub.app import create_app
from libhub.base.db import db, writing
from libhub.config import load_config
from libhub.files.reading import queue
from libhub.installation import indexer
from libhub.people.personal_data import erasing
from libhub.plugging.loading.registry import get_registry
from libhub.search.documents import ItemRef
from libhub.search.store import outbox
from libhub.search.store.index import IndexUnavailable
from libhub.search.store.indexer import ItemTypes
from libhub.search.store.time_limit import Patience
from libhub.serving.children import Control
from libhub.serving.housekeeping import Housekeeping
from libhub.serving.jobs import Jobs

logger = logging.getLogger(__name__)

POLL_SECONDS: Final = 0.1
READING_SECONDS: Final = 0.5
"""Between two looks for files that were added."""
WIPING_SECONDS: Final = 10.0
"""Between two looks whether somebody was erased."""
PAUSE_SECONDS: Final = 1.0
"""After a round that failed."""
Tell: TypeAlias = Callable[[list[ItemRef]], None]


def run(control: Control, instance: str) -> None:
    """Work until told to stop."""
    config = load_config(Path(instance))
    app = create_app(config)
    if config.safe:  # to the index, what no section answers for would be gone; the outbox keeps what changes
        control.ready()
        control.stopping.wait()
        return
    with app.app_context():
        kinds = Patience(app).kinds(get_registry().item_types)
        reconcile(kinds)
    threading.Thread(target=_read_files, args=(app, control.stopping), daemon=True, name="files").start()
    threading.Thread(target=_wipe, args=(app, control.stopping), daemon=True, name="erasing").start()
    housekeeping = Housekeeping(app, control.stopping)
    housekeeping.start()
    jobs = Jobs(app, control.stopping)
    jobs.start()
    control.ready()
    index(app, control.stopping, housekeeping.item_changed, kinds)
    housekeeping.stop()
    jobs.stop()
    with app.app_context():
        db.engine.dispose()


def index(app: Flask, stopping: threading.Event, tell: Tell, kinds: ItemTypes) -> None:
    """Bring the index up to date whenever something was changed, until told to stop.

    :param tell: told what was changed; must not wait.
    :param kinds: of things that are indexed; must not wait for long.
    """
    pause = POLL_SECONDS
    while not stopping.wait(pause):
        pause = POLL_SECONDS
        try:
            with app.app_context():
                _index(tell, kinds)
        except Exception:
            # A locked database, a full disk: the next round may go well, and nothing is forgotten.
            logger.exception("the background process failed")
            pause = PAUSE_SECONDS


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


def _wipe(app: Flask, stopping: threading.Event) -> None:
    """Leave nothing of those who were erased in unused parts of files, beside the rest: it takes a while."""
    while not stopping.wait(WIPING_SECONDS):
        try:
            with app.app_context():
                if erasing.needs_wiping():
                    erasing.wipe(indexer())
        except Exception:
            logger.exception("unused parts of files could not be overwritten now")


def _index(tell: Tell, kinds: ItemTypes) -> None:
    if outbox.last_position():
        changed = indexer(kinds).drain()
        if changed:
            tell(changed)
    elif indexer(kinds).needs_rebuild():
        indexer(kinds).drain()


def reconcile(kinds: ItemTypes | None = None) -> None:
    """Queue what the index lacks or has too much, say after a plugin was copied in or removed by hand."""
    if indexer(kinds).needs_rebuild():
        return
    try:
        difference = indexer(kinds).compare()
    except IndexUnavailable:
        return  # the index is damaged; the first round rebuilds it
    astray = difference.missing | difference.surplus
    if astray:
        logger.warning("%d items of the index differ from the database and are indexed anew", len(astray))
        with writing():
            outbox.touch(ItemRef.parse(uid) for uid in sorted(astray))
    db.session.rollback()
