"""Works as items of the hub: not searched, their photos follow their rights. No Flask."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from libhub.api import Document, Summary, Viewer, db
from plugins.crafts import rules
from plugins.crafts.gallery.gallery_works import visible_to
from plugins.crafts.models import Activity, GalleryWork


def keys() -> Iterable[str]:
    """Return nothing: works are looked at beside their activity and are not searched."""
    return ()


def documents(_some: Sequence[str]) -> list[Document]:
    """Return nothing, see :func:`keys`."""
    return []


def summaries(viewer: Viewer, some: Sequence[str]) -> Mapping[str, Summary]:
    """Return the works among these that the viewer may see now; their photos follow the same rule."""
    query = (
        select(GalleryWork.id, GalleryWork.activity_id, Activity.title, Activity.age)
        .join(Activity, Activity.id == GalleryWork.activity_id)
        .where(GalleryWork.id.in_([int(key) for key in some]), visible_to(viewer))
    )
    return {
        str(number): Summary(title, f"/{rules.PLUGIN}/{activity_id}/works", age)
        for number, activity_id, title, age in db.session.execute(query)
    }


def editable(_viewer: Viewer, _some: Sequence[str]) -> frozenset[str]:
    """Return nothing: the photo of a work is never exchanged, it is taken back and sent anew."""
    return frozenset()
