"""What the workshop counts for the librarian's report. No Flask."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from libhub.api import db
from libhub.api import gettext as _
from plugins.crafts.models import Activity, ActivityCount, GalleryWork


def statistics(start: date, end: date) -> Mapping[str, int]:
    """Return the numbers of a period for the librarian's report."""
    query = (
        select(ActivityCount.what, func.sum(ActivityCount.number))
        .where(ActivityCount.day >= start, ActivityCount.day <= end)
        .group_by(ActivityCount.what)
    )
    counted: dict[str, int] = {what: number for what, number in db.session.execute(query)}
    published = select(func.count()).where(Activity.present())
    shown = select(func.count()).where(GalleryWork.state == "approved")
    return {
        _("Activities in the workshop"): db.session.scalar(published) or 0,
        _("Openings of activities"): counted.get("opened", 0),
        _("Printed activities"): counted.get("printed", 0),
        _("Made, by the makers' own word"): counted.get("made", 0),
        _("Works in the gallery"): db.session.scalar(shown) or 0,
    }
