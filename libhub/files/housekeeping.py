"""Keeping the store and the tables in agreement: what ``libhub doctor`` looks at, and what is cleared away."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import delete, func, select, update

from libhub.base.db import db, writing
from libhub.base.i18n import gettext as _
from libhub.files.current_store import get_store
from libhub.files.models import FileAttachment, StoredFile

logger = logging.getLogger(__name__)

KEPT: Final = timedelta(days=30)
"""How long what nothing has attached any more is kept."""
_NAMED: Final = 5


def keep_house(moment: datetime) -> None:
    """Delete what was removed thirty days ago, and contents that belong to nothing for as long. Idempotent."""
    _note_unused(moment)
    limit = moment - KEPT
    with writing():
        db.session.execute(delete(FileAttachment).where(FileAttachment.detached_at < limit))
        attached = select(FileAttachment.sha256)
        gone = select(StoredFile.sha256).where(
            StoredFile.unused_since < limit, StoredFile.sha256.not_in(attached)
        )
        for sha256 in db.session.scalars(gone).all():
            # Inside the transaction: nobody can attach the same content between the two deletions.
            get_store().delete(sha256)
            db.session.execute(delete(StoredFile).where(StoredFile.sha256 == sha256))
            logger.info("the file %s was deleted: nothing has used it since %s", sha256, limit)
    for sha256, path in _strays():
        if path.stat().st_mtime < limit.timestamp():
            with writing():
                if db.session.get(StoredFile, sha256) is None:
                    get_store().delete(sha256)
    get_store().tidy()


def _note_unused(moment: datetime) -> None:
    used = select(FileAttachment.sha256).where(FileAttachment.detached_at.is_(None))
    with writing():
        unused = update(StoredFile).where(StoredFile.unused_since.is_(None), StoredFile.sha256.not_in(used))
        db.session.execute(unused.values(unused_since=moment))


def _strays() -> list[tuple[str, Path]]:
    """Return what lies in the store without a row, as after a power cut in the wrong moment."""
    known = set(db.session.scalars(select(StoredFile.sha256)))
    return [(sha256, path) for sha256, path in get_store().contents() if sha256 not in known]


def in_short() -> str:
    """Return how many contents there are, and how many belong to nothing."""
    used = select(FileAttachment.sha256).where(FileAttachment.detached_at.is_(None))
    total = db.session.scalar(select(func.count()).select_from(StoredFile)) or 0
    unused = db.session.scalar(
        select(func.count()).select_from(StoredFile).where(StoredFile.sha256.not_in(used))
    )
    strays = len(_strays())
    return _(
        "Files (%(total)d; belonging to nothing and deleted after 30 days: %(unused)d)",
        total=total + strays,
        unused=(unused or 0) + strays,
    )


def problem() -> str | None:
    """Say which files are attached and missing in the store, or have another size there."""
    query = select(FileAttachment.name, StoredFile.sha256, StoredFile.size).join(StoredFile)
    missing, changed = [], []
    for name, sha256, size in db.session.execute(query.where(FileAttachment.detached_at.is_(None))):
        try:
            if get_store().path(sha256).stat().st_size != size:
                changed.append(name)
        except FileNotFoundError:
            missing.append(name)
    parts = []
    if missing:
        parts.append(_("missing: %(names)s", names=_some(missing)))
    if changed:
        parts.append(_("damaged: %(names)s", names=_some(changed)))
    if not parts:
        return None
    return _(
        "%(what)s; bring the folder “files” back from a copy, or upload them again", what="; ".join(parts)
    )


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" … (+{more})" if more > 0 else "")
