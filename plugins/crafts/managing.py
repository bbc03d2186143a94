"""What the librarian sees of all activities: the table, and how often each was opened, printed and made."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import lazyload

from libhub.api import Setting, db, ngettext, now
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.models import Activity, ActivityCount, GalleryWork

PATIENCE: Final = timedelta(days=7)

SETTINGS: Final = (
    Setting(
        "gallery_names",
        _l("How works in the gallery are signed"),
        "names",
        type="choice",
        choices=(("names", _l("first name and class")), ("anonymous", _l("not at all"))),
    ),
    Setting(
        "gallery_likes",
        _l("Readers may like works"),
        True,
        type="boolean",
        help=_l("Only the author is told how many liked a work; nothing is ordered by it."),
    ),
)


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


def waiting_works() -> int:
    """Return how many works wait for the librarian's approval."""
    return db.session.scalar(select(func.count()).where(GalleryWork.state == "waiting")) or 0


def forgotten_works() -> str | None:
    """Return a sentence when a work has been waiting for longer than a week; a fresh one is everyday work."""
    number = db.session.scalar(
        select(func.count()).where(GalleryWork.state == "waiting", GalleryWork.added_at < now() - PATIENCE)
    )
    if not number:
        return None
    return ngettext(
        "%(num)d work has been waiting for more than a week.",
        "%(num)d works have been waiting for more than a week.",
        number,
    )


def statistics(start: date, end: date) -> Mapping[str, int]:
    """Return the numbers of a period for the librarian's report."""
    query = (
        select(ActivityCount.what, func.sum(ActivityCount.number))
        .where(ActivityCount.day >= start, ActivityCount.day <= end)
        .group_by(ActivityCount.what)
    )
    counted: dict[str, int] = {what: number for what, number in db.session.execute(query)}
    published = select(func.count()).where(Activity.state == "published")
    shown = select(func.count()).where(GalleryWork.state == "approved")
    return {
        _("Activities in the workshop"): db.session.scalar(published) or 0,
        _("Openings of activities"): counted.get("opened", 0),
        _("Printed activities"): counted.get("printed", 0),
        _("Made, by the makers' own word"): counted.get("made", 0),
        _("Works in the gallery"): db.session.scalar(shown) or 0,
    }
