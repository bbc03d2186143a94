"""Approval of works: the librarian looks at each, its author is told. No Flask."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, func, select

from libhub.api import LibHubError, PersonLine, db, ngettext, notify, now, one_line, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.crafts import rules
from plugins.crafts.gallery.gallery_works import works_with_activities
from plugins.crafts.models import GalleryWork

LONGEST_REASON: Final = 300


def queue() -> Select[GalleryWork]:
    """Return the query of the works that wait for approval, the oldest first."""
    return works_with_activities().where(GalleryWork.state == "waiting").order_by(GalleryWork.id)


def decide(work_id: int, *, approve: bool, reason: str = "") -> None:
    """Approve a work or decline it, and tell its author. Whoever decides second changes nothing.

    :raises LibHubError: it was decided already, taken back, or a reason is missing.
    """
    why = one_line(reason)
    if not approve and not 1 <= len(why) <= LONGEST_REASON:
        raise LibHubError(
            _("Write why, in up to %(most)d characters: the author reads it.", most=LONGEST_REASON)
        )
    with writing():
        work = db.session.scalar(works_with_activities().where(GalleryWork.id == work_id))
        if work is None or work.state != "waiting":
            raise LibHubError(_("This work was decided already, or its author took it back."))
        work.state, work.reason = ("approved", "") if approve else ("declined", why)
        title = work.activity.title
        if approve:
            text = _l("Your work “%(title)s” is in the gallery now.", title=title)
        else:
            text = _l("Your work “%(title)s” is not shown: %(reason)s", title=title, reason=why)
        notify([work.user_id], text, "/crafts/works/mine", plugin=rules.PLUGIN)


PATIENCE: Final = timedelta(days=7)


def waiting_works() -> int:
    """Return how many works wait for the librarian's approval."""
    return db.session.scalar(select(func.count()).where(GalleryWork.state == "waiting")) or 0


def leaving_lines(user_ids: Sequence[int]) -> list[PersonLine]:
    """Return who of these people has works that wait for approval, and where they wait."""
    query = (
        select(GalleryWork.user_id, func.count())
        .where(GalleryWork.state == "waiting", GalleryWork.user_id.in_(list(user_ids)))
        .group_by(GalleryWork.user_id)
    )
    return [
        PersonLine(
            user_id,
            ngettext("%(num)d work waits for approval", "%(num)d works wait for approval", number),
            "/crafts/works/queue",
        )
        for user_id, number in db.session.execute(query)
    ]


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
