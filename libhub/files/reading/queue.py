"""From a file that waits to words that are found: one file at a time, behind the scenes.

The table of contents is the queue: what is ``waiting`` is read, so a hub that was killed simply goes on.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from sqlalchemy import delete, insert, select

from libhub.base.db import db, writing
from libhub.base.file_lock import HeldElsewhere, file_lock
from libhub.files.current_store import get_store
from libhub.files.extraction import markup
from libhub.files.models import FileAttachment, FilePart, StoredFile
from libhub.files.reading.process import Limits, Reading, Unit, read_file
from libhub.search.documents import ItemRef
from libhub.search.store.outbox import touch

logger = logging.getLogger(__name__)

ATTEMPTS: Final = 3
"""A file over which the hub itself was lost so often is not tried again."""
PAGES: Final = "pages.json"
LIMITS: Final = Limits()
_FAILURES: Final = frozenset(
    {"encrypted", "damaged", "entities", "bomb", "path", "time", "memory", "crashed", "missing"}
)


def read_next(limits: Limits = LIMITS) -> bool:
    """Read the file that has waited longest; False when none waits or another process is at it."""
    store = get_store()
    if _next_waiting() is None:
        return False
    try:
        with file_lock(store.root / "reading.lock", seconds=0):
            stored = _begin()
            if stored is None:
                return False
            sha256, type_name, attempts = stored
            if attempts > ATTEMPTS:
                reading = Reading(reason="crashed", complete=False)
            elif not store.path(sha256).exists():
                reading = Reading(reason="missing", complete=False)
            else:
                reading = read_file(store.path(sha256), type_name, limits, _picture_keeper(sha256))
            _finish(sha256, type_name, reading)
            return True
    except HeldElsewhere:
        return False


def pages(sha256: str) -> list[Unit] | None:
    """Return what the reader shows of a content; None where there is nothing (yet)."""
    try:
        kept = json.loads(get_store().companion(sha256, PAGES).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return [Unit(**each) for each in kept]


def picture_name(number: int) -> str:
    """Return under which name a picture of a document lies beside it."""
    return f"picture-{number}.webp"


def _next_waiting() -> str | None:
    query = select(StoredFile.sha256).where(StoredFile.state == "waiting")
    return db.session.scalar(query.order_by(StoredFile.stored_at).limit(1))


def _begin() -> tuple[str, str, int] | None:
    """Count the attempt before it is made: what kills the hub is not tried for ever."""
    with writing():
        sha256 = _next_waiting()
        stored = db.session.get(StoredFile, sha256) if sha256 else None
        if stored is None:
            return None
        stored.attempts += 1
        return stored.sha256, stored.type, stored.attempts


def _picture_keeper(sha256: str) -> Callable[[int, bytes], object]:
    store = get_store()
    return lambda number, webp: store.write_companion(sha256, picture_name(number), webp)


def _finish(sha256: str, type_name: str, reading: Reading) -> None:
    """Keep what was read, and have the items that show it searched anew."""
    words = [unit for unit in reading.units if any(map(str.isalnum, unit.text))]
    if type_name != "pdf" and any(unit.html for unit in reading.units):
        # The reader's process met a stranger's file: what it says is cleaned once more, on this side.
        shown = [
            Unit(each.number, "", each.title, each.level, markup.clean(each.html)) for each in reading.units
        ]
        content = json.dumps([asdict(each) for each in shown], ensure_ascii=False)
        get_store().write_companion(sha256, PAGES, content.encode())
    with writing():
        stored = db.session.get(StoredFile, sha256)
        if stored is None:
            return  # it was deleted meanwhile
        db.session.execute(delete(FilePart).where(FilePart.sha256 == sha256))
        if words:
            rows = [{"sha256": sha256, "number": unit.number, "text": unit.text} for unit in words]
            db.session.execute(insert(FilePart), rows)
        stored.unit, stored.reason = reading.unit, reading.reason
        if words:
            stored.state = "indexed"
        elif reading.reason in _FAILURES:
            stored.state = "failed"
        else:
            stored.state = "no_text"
            stored.reason = reading.reason or ("scan" if type_name == "pdf" else "")
        query = select(FileAttachment.plugin_id, FileAttachment.kind, FileAttachment.key)
        owners = db.session.execute(
            query.where(FileAttachment.sha256 == sha256, FileAttachment.detached_at.is_(None)).distinct()
        )
        touch([ItemRef(*owner) for owner in owners])
    if reading.reason:
        logger.info("of the file %s: %s", sha256, reading.reason)
