"""Activities for the nearest holidays. No Flask here."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from libhub.api import Viewer, db
from plugins.crafts import holidays
from plugins.crafts.finding.listing import TILE
from plugins.crafts.holidays import Coming
from plugins.crafts.models import Activity, ActivityTag


def for_holidays(viewer: Viewer, some: Iterable[Coming]) -> list[tuple[Coming, list[Activity]]]:
    """Return the activities for each of these holidays; those for which there are none are left out."""
    coming = list(some)
    query = (
        select(ActivityTag.value, Activity)
        .join(Activity, Activity.id == ActivityTag.activity_id)
        .where(
            Activity.visible_to(viewer),
            ActivityTag.name == "holiday",
            ActivityTag.value.in_([each.code for each in coming]),
        )
        .order_by(Activity.sort_title, Activity.id)
        .options(TILE)
    )
    found: dict[str, list[Activity]] = defaultdict(list)
    for code, activity in db.session.execute(query):
        found[code].append(activity)
    return [(each, found[each.code]) for each in coming if found[each.code]]


def nearest(viewer: Viewer, today: date) -> tuple[Coming, list[Activity]] | None:
    """Return the holiday of the next two weeks that has activities; None where there is none."""
    return next(iter(for_holidays(viewer, holidays.near(today))), None)
