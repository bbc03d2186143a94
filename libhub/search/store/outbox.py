"""What search still has to look at: rows written in the same transaction as the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from libhub.base.db import db, writing
from libhub.search.documents import ItemRef
from libhub.search.models import SearchOutbox


@dataclass(frozen=True)
class Batch:
    """Changed items, each once, and the outbox row up to which they were read."""

    refs: list[ItemRef]
    position: int


def touch(refs: Iterable[ItemRef]) -> None:
    """Say that these items were added, changed or deleted. Call inside ``writing()``."""
    rows = [{"plugin_id": ref.plugin, "kind": ref.kind, "key": ref.key} for ref in refs]
    if rows:
        db.session.execute(insert(SearchOutbox), rows)


def last_position() -> int:
    """Return the number of the newest row; 0 when there is none."""
    return db.session.scalar(select(func.max(SearchOutbox.id))) or 0


def read_batch(position: int, size: int) -> Batch:
    """Return what was changed after ``position``, at most ``size`` rows."""
    query = select(SearchOutbox).where(SearchOutbox.id > position).order_by(SearchOutbox.id).limit(size)
    rows = db.session.scalars(query).all()
    refs = dict.fromkeys(ItemRef(row.plugin_id, row.kind, row.key) for row in rows)
    return Batch(list(refs), rows[-1].id if rows else position)


def forget(position: int) -> None:
    """Delete the rows that the index contains for good."""
    with writing():
        db.session.execute(delete(SearchOutbox).where(SearchOutbox.id <= position))
