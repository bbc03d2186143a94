"""Resources that people keep at hand. No Flask."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from libhub.api import Viewer, db, get_setting, writing, younger_than
from plugins.resources.models import Favourite, Resource

PARENTS_SEE: Final = "parents_see_favourites"
"""The setting that lets parents see what their children keep at hand."""
PARENTS_UNTIL: Final = 14
"""The age from which on nobody else's eyes are on what a pupil keeps, whatever the setting."""


def favourites(user_id: int, viewer: Viewer) -> list[Resource]:
    """Return the resources that somebody keeps at hand, the newest first."""
    query = (
        select(Resource)
        .join(Favourite, Favourite.resource_id == Resource.id)
        .where(Favourite.user_id == user_id, Resource.visible_to(viewer))
        .order_by(Favourite.added_at.desc())
    )
    return list(db.session.scalars(query))


def of_child(viewer: Viewer, child_id: int) -> list[Resource]:
    """Return what a parent's child keeps at hand, while the child is small and the librarian lets parents see it."""
    if child_id not in viewer.children or not get_setting("resources", PARENTS_SEE):
        return []
    return favourites(child_id, viewer) if younger_than(child_id, PARENTS_UNTIL) else []


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
