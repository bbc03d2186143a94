"""What the librarian sees of all activities: the table, and how often each was opened, printed and made."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from libhub.api import db
from plugins.crafts import rules
from plugins.crafts.models import Activity, ActivityCount


def table(text: str, state: str) -> Select[Activity]:
    """Return the query of the table; without a state everything that is not in the archive."""
    query = select(Activity).order_by(Activity.sort_title, Activity.id).options(lazyload("*"))
    query = query.where(Activity.state == state) if state else query.where(Activity.state != "archived")
    if text:
        query = query.where(Activity.sort_title.contains(rules.sort_key(text), autoescape=True))
    return query


def counts_of(ids: Collection[int]) -> Mapping[int, Mapping[str, int]]:
    """Return how often each of these was opened, printed and made, ever."""
    query = (
        select(ActivityCount.activity_id, ActivityCount.what, func.sum(ActivityCount.number))
        .where(ActivityCount.activity_id.in_(ids))
        .group_by(ActivityCount.activity_id, ActivityCount.what)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for activity_id, what, number in db.session.execute(query):
        found[activity_id][what] = number
    return found
