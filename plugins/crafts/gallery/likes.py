"""Likes of works: told to the author alone. No Flask."""

from libhub.api import LibHubError, Viewer, db, writing
from libhub.api import gettext as _
from plugins.crafts.gallery.items import summaries
from plugins.crafts.models import GalleryLike


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
