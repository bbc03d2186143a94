"""How often resources are opened; who it was is not kept. No Flask."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from sqlalchemy import bindparam, func, select, update

from libhub.api import Tally, add_counts, db, writing
from plugins.resources.models import Opening, Resource


def count_opening(resource_id: int, day: date) -> None:
    """Count that somebody opened a resource; who it was is not kept."""
    _OPENED.add((resource_id, day))


def _store_openings(counts: Mapping[tuple[int, date], int]) -> None:
    with writing():
        numbers = {resource_id for resource_id, _day in counts}
        present = set(db.session.scalars(select(Resource.id).where(Resource.id.in_(numbers))))
        seen = {key: number for key, number in counts.items() if key[0] in present}  # not deleted meanwhile
        add_counts(Opening, seen)
        table = Resource.__table__
        # the resource itself did not change, so its moment of change stays
        more = {"opened": table.c.opened + bindparam("more"), "updated_at": table.c.updated_at}
        rows = [{"of_id": resource_id, "more": number} for (resource_id, _day), number in seen.items()]
        if rows:
            db.session.connection().execute(
                update(table).where(table.c.id == bindparam("of_id")).values(more), rows
            )


_OPENED: Final = Tally(_store_openings)


def count_openings(start: date, end: date) -> int:
    """Return how often resources were opened from the first day to the last one."""
    query = select(func.sum(Opening.number)).where(Opening.day >= start, Opening.day <= end)
    return db.session.scalar(query) or 0
