"""Likes of works: told to the author alone. No Flask."""

from collections.abc import Collection

from sqlalchemy import func, select

from libhub.api import LibHubError, Viewer, db, writing
from libhub.api import gettext as _
from plugins.crafts.gallery.items import summaries
from plugins.crafts.models import GalleryLike


def liked_by(user_id: int | None, ids: Collection[int]) -> frozenset[int]:
    if user_id is None or not ids:
        return frozenset()
    query = select(GalleryLike.work_id).where(GalleryLike.user_id == user_id, GalleryLike.work_id.in_(ids))
    return frozenset(db.session.scalars(query))


def numbers_of_likes(ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    query = select(GalleryLike.work_id, func.count()).where(GalleryLike.work_id.in_(ids))
    return {work_id: number for work_id, number in db.session.execute(query.group_by(GalleryLike.work_id))}


def like(work_id: int, viewer: Viewer, *, wanted: bool) -> None:
    """Like a work, or no longer; repeating it changes nothing.

    :raises LibHubError: there is no such work to be seen.
    """
    assert viewer.user_id is not None
    if str(work_id) not in summaries(viewer, [str(work_id)]):
        raise LibHubError(_("There is no such work."))
    with writing():
        row = db.session.get(GalleryLike, (viewer.user_id, work_id))
        if wanted and row is None:
            db.session.add(GalleryLike(user_id=viewer.user_id, work_id=work_id))
        elif not wanted and row is not None:
            db.session.delete(row)
