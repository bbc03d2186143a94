"""Resources that people keep at hand. No Flask."""

from collections.abc import Sequence

from sqlalchemy import select

from libhub.api import Viewer, db, writing
from plugins.resources.models import Favourite, Resource


def favourites(user_id: int, viewer: Viewer) -> list[Resource]:
    """Return the resources that somebody keeps at hand, the newest first."""
    query = (
        select(Resource)
        .join(Favourite, Favourite.resource_id == Resource.id)
        .where(Favourite.user_id == user_id, Resource.visible_to(viewer))
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
