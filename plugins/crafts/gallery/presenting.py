"""Works as pages show them: photo, signature, likes. No Flask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from libhub.api import Attachment, Viewer, attachments, db, get_setting
from plugins.crafts import rules
from plugins.crafts.gallery.gallery_works import APPROVE, ref, signature
from plugins.crafts.models import GalleryLike, GalleryWork


@dataclass(frozen=True)
class Shown:
    """A work as a page shows it; ``signed`` is empty where works have no names."""

    id: int
    activity_id: int
    activity_title: str
    caption: str
    signed: str
    state: str
    reason: str
    photo: Attachment | None
    liked: bool
    likes: int | None
    """How many people like it; told to its author alone, None for everybody else."""


def shown(works: Sequence[GalleryWork], viewer: Viewer) -> list[Shown]:
    """Return works as pages show them: photos, signatures, likes; three queries however many there are."""
    photos = attachments([ref(work.id) for work in works])
    ids = [work.id for work in works]
    named = get_setting(rules.PLUGIN, "gallery_names") == "names" or viewer.can(APPROVE)
    liked = _liked_by(viewer.user_id, ids)
    likes = _numbers_of_likes([work.id for work in works if work.user_id == viewer.user_id])
    return [
        Shown(
            id=work.id,
            activity_id=work.activity_id,
            activity_title=work.activity.title,
            caption=work.caption,
            signed=signature(work) if named else "",
            state=work.state,
            reason=work.reason,
            photo=next(iter(photos[ref(work.id)]), None),
            liked=work.id in liked,
            likes=likes.get(work.id, 0) if work.user_id == viewer.user_id and viewer.signed_in else None,
        )
        for work in works
    ]


def _liked_by(user_id: int | None, ids: Collection[int]) -> frozenset[int]:
    if user_id is None or not ids:
        return frozenset()
    query = select(GalleryLike.work_id).where(GalleryLike.user_id == user_id, GalleryLike.work_id.in_(ids))
    return frozenset(db.session.scalars(query))


def _numbers_of_likes(ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    query = select(GalleryLike.work_id, func.count()).where(GalleryLike.work_id.in_(ids))
    return {work_id: number for work_id, number in db.session.execute(query.group_by(GalleryLike.work_id))}
