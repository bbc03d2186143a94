"""Reports of broken links: sent by readers, dealt with by the librarian. No Flask."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from libhub.api import LibHubError, db, ngettext, now, writing
from libhub.api import gettext as _
from plugins.resources import rules
from plugins.resources.models import BrokenLinkReport, Resource


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


def resolve_report(report_id: int) -> None:
    """Mark a report as dealt with."""
    with writing():
        row = db.session.get(BrokenLinkReport, report_id)
        if row is None:
            raise LibHubError(_("There is no such report."))
        row.resolved = True
