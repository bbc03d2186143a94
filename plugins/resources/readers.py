"""What readers do with resources: open them, keep them at hand, report broken links. No Flask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from libhub.api import (
    LibHubError,
    Tally,
    Viewer,
    add_counts,
    db,
    ngettext,
    now,
    writing,
)
from libhub.api import gettext as _
from plugins.resources import rules
from plugins.resources.models import BrokenLinkReport, Favourite, Opening, Resource


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


def favourites(user_id: int, viewer: Viewer) -> list[Resource]:
    """Return the resources that somebody keeps at hand, the newest first."""
    query = (
        select(Resource)
        .join(Favourite, Favourite.resource_id == Resource.id)
        .where(Favourite.user_id == user_id, rules.visible_to(viewer))
        .order_by(Favourite.added_at.desc())
    )
    return list(db.session.scalars(query))


def favourite_ids(user_id: int | None, resource_ids: Sequence[int]) -> frozenset[int]:
    """Return which of these resources somebody keeps at hand."""
    if user_id is None or not resource_ids:
        return frozenset()
    query = select(Favourite.resource_id).where(
        Favourite.user_id == user_id, Favourite.resource_id.in_(resource_ids)
    )
    return frozenset(db.session.scalars(query))


def set_favourite(user_id: int, resource_id: int, *, wanted: bool) -> None:
    """Keep a resource at hand, or no longer. Repeating it changes nothing."""
    with writing():
        row = db.session.get(Favourite, (user_id, resource_id))
        if wanted and row is None:
            db.session.add(Favourite(user_id=user_id, resource_id=resource_id))
        elif not wanted and row is not None:
            db.session.delete(row)


def report_broken_link(resource_id: int, user_id: int | None, note: str) -> None:
    """Tell the librarian that a link does not work."""
    with writing():
        db.session.add(
            BrokenLinkReport(resource_id=rules.get(resource_id).id, user_id=user_id, note=note.strip()[:500])
        )


@dataclass(frozen=True)
class Report:
    """An open report of a broken link, as the librarian's page shows it."""

    id: int
    resource_id: int
    title: str
    note: str
    at: Any = field(compare=False)


def open_reports() -> list[Report]:
    """Return the reports of broken links that nobody has dealt with yet, the oldest first."""
    rows = db.session.execute(
        select(BrokenLinkReport, Resource.title)
        .join(Resource, Resource.id == BrokenLinkReport.resource_id)
        .where(BrokenLinkReport.resolved.is_(False))
        .order_by(BrokenLinkReport.id)
    )
    return [Report(row.id, row.resource_id, title, row.note, row.reported_at) for row, title in rows]


def waiting_reports() -> str | None:
    """Return a sentence when a report of a broken link has been waiting for longer than a week.

    A fresh one is the librarian's everyday work and no reason to call the hub unwell.
    """
    query = select(func.count()).where(
        BrokenLinkReport.resolved.is_(False), BrokenLinkReport.reported_at < now() - rules.REPORT_PATIENCE
    )
    number = db.session.scalar(query) or 0
    if not number:
        return None
    return ngettext(
        "%(num)d report has been waiting for more than a week.",
        "%(num)d reports have been waiting for more than a week.",
        number,
    )


def count_openings(start: date, end: date) -> int:
    """Return how often resources were opened from the first day to the last one."""
    query = select(func.sum(Opening.number)).where(Opening.day >= start, Opening.day <= end)
    return db.session.scalar(query) or 0


def count_present() -> int:
    """Return how many resources are in the directory."""
    return db.session.scalar(select(func.count()).where(Resource.archived_at.is_(None))) or 0


def resolve_report(report_id: int) -> None:
    """Mark a report as dealt with."""
    with writing():
        row = db.session.get(BrokenLinkReport, report_id)
        if row is None:
            raise LibHubError(_("There is no such report."))
        row.resolved = True


def personal_data(user_id: int) -> dict[str, Any]:
    """Return what the directory keeps of a person."""
    kept = select(Favourite.resource_id).where(Favourite.user_id == user_id)
    reported = select(BrokenLinkReport.note).where(BrokenLinkReport.user_id == user_id)
    return {
        "favourites": list(db.session.scalars(kept)),
        "broken_link_reports": list(db.session.scalars(reported)),
    }


def erase_personal_data(user_id: int) -> None:
    """Delete what the directory keeps of a person; a report of a broken link stays, without the name."""
    with writing():
        db.session.execute(delete(Favourite).where(Favourite.user_id == user_id))
        db.session.execute(
            update(BrokenLinkReport).where(BrokenLinkReport.user_id == user_id).values(user_id=None)
        )
