"""Works: sent, seen by whom they may be, taken back, kept of a person. No Flask."""

from dataclasses import dataclass
from typing import IO, Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, true
from sqlalchemy.orm import joinedload, lazyload

from libhub.api import ItemRef, LibHubError, Viewer, attach, db, detach_all, one_line, receive, writing
from libhub.api import gettext as _
from plugins.crafts import rules
from plugins.crafts.models import Activity, GalleryLike, GalleryWork
from plugins.crafts.vocabulary import WORK_STATES

KIND: Final = "work"
APPROVE: Final = "crafts.approve"
LONGEST_CAPTION: Final = 300
LONGEST_NAME: Final = 40
MOST_WAITING: Final = 10
"""Works of one person that may wait at once: the librarian looks at every one."""


@dataclass(frozen=True)
class NewWork:
    """What somebody sends: a photo, what they say of it and how they sign it."""

    photo_name: str
    photo: IO[bytes] | None
    caption: str
    first_name: str
    consent: bool


def ref(work_id: int) -> ItemRef:
    """Return the address of a work, by which its photo is kept."""
    return ItemRef(rules.PLUGIN, KIND, str(work_id))


def add(activity: Activity, viewer: Viewer, new: NewWork) -> int:
    """Send a work to the librarian; nobody else sees it before it is approved.

    :raises LibHubError: something is missing, the file is no picture, or too many works wait already.
    """
    assert viewer.user_id is not None
    caption = one_line(new.caption)
    name = one_line(new.first_name)
    if new.photo is None or not new.photo_name:
        raise LibHubError(_("Choose a photo first."))
    if not new.consent:
        raise LibHubError(_("Without the consent the work cannot be shown. Ask at home and tick the box."))
    if len(caption) > LONGEST_CAPTION:
        raise LibHubError(_("The caption has at most %(most)d characters.", most=LONGEST_CAPTION))
    if len(name) > LONGEST_NAME or len(name.split()) > 1:
        raise LibHubError(_("Only the first name, please: others need not know the surname."))
    with receive(new.photo_name, new.photo) as photo, writing():
        if not photo.is_image:
            raise LibHubError(_("This file is no picture. Take a photo: JPEG, PNG or WebP."))
        waiting = select(func.count()).where(
            GalleryWork.user_id == viewer.user_id, GalleryWork.state == "waiting"
        )
        if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
            raise LibHubError(
                _(
                    "%(most)d of your works are waiting already. Let the librarian look first.",
                    most=MOST_WAITING,
                )
            )
        work = GalleryWork(
            activity_id=activity.id,
            user_id=viewer.user_id,
            caption=caption,
            first_name=name,
            school_class=viewer.school_class,
            state="waiting",
        )
        db.session.add(work)
        db.session.flush()
        attach(ref(work.id), photo)
        return work.id


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on works (joined with their activities) that this viewer may see."""
    shown = and_(GalleryWork.state == "approved", Activity.visible_to(viewer))
    if viewer.can(APPROVE):
        return true()
    return or_(shown, GalleryWork.user_id == viewer.user_id) if viewer.signed_in else shown


def works_with_activities() -> Select[GalleryWork]:
    together = joinedload(GalleryWork.activity).options(lazyload("*"))
    return select(GalleryWork).join(Activity, Activity.id == GalleryWork.activity_id).options(together)


def of_activity(activity_id: int, viewer: Viewer) -> Select[GalleryWork]:
    """Return the query of the approved works of an activity, the newest first."""
    query = works_with_activities().where(
        GalleryWork.activity_id == activity_id, GalleryWork.state == "approved"
    )
    return query.where(Activity.visible_to(viewer)).order_by(GalleryWork.id.desc())


def mine(user_id: int) -> Select[GalleryWork]:
    """Return the query of somebody's own works in whatever state, the newest first."""
    return works_with_activities().where(GalleryWork.user_id == user_id).order_by(GalleryWork.id.desc())


def signature(work: GalleryWork) -> str:
    """Return how a work is signed: «Маша, 5А»."""
    return ", ".join(part for part in (work.first_name, work.school_class) if part)


def remove(work_id: int, viewer: Viewer) -> None:
    """Take a work back with its photo: one's own, or any as the librarian.

    :raises LibHubError: there is no such work, or it is somebody else's.
    """
    with writing():
        work = db.session.get(GalleryWork, work_id)
        if work is None or not (work.user_id == viewer.user_id or viewer.can(APPROVE)):
            raise LibHubError(_("There is no such work of yours."))
        detach_all([ref(work_id)])
        db.session.delete(work)


def kept_works(user_id: int) -> list[dict[str, Any]]:
    """Return the works of a person as plain values."""
    works = db.session.scalars(select(GalleryWork).where(GalleryWork.user_id == user_id))
    return [
        {"caption": work.caption, "signed": signature(work), "state": str(WORK_STATES[work.state])}
        for work in works
    ]


def kept_likes(user_id: int) -> list[str]:
    """Return the captions of the works that a person likes."""
    likes = select(GalleryWork.caption).join(GalleryLike).where(GalleryLike.user_id == user_id)
    return list(db.session.scalars(likes))


def erase(user_id: int) -> None:
    """Delete the works of a person with their photos, and their likes."""
    with writing():
        ids = list(db.session.scalars(select(GalleryWork.id).where(GalleryWork.user_id == user_id)))
        detach_all([ref(number) for number in ids])
        db.session.execute(delete(GalleryLike).where(GalleryLike.user_id == user_id))
        db.session.execute(delete(GalleryWork).where(GalleryWork.id.in_(ids)))
