"""Works of pupils and teachers: added, approved, liked, taken back. No Flask here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, true
from sqlalchemy.orm import joinedload, lazyload

from libhub.api import (
    Attachment,
    Document,
    ItemRef,
    LibHubError,
    Summary,
    Viewer,
    attach,
    attachments,
    db,
    detach_all,
    get_setting,
    notify,
    one_line,
    writing,
)
from libhub.api import gettext as _
from plugins.crafts import rules
from plugins.crafts.models import Activity, GalleryLike, GalleryWork

KIND: Final = "work"
APPROVE: Final = "crafts.approve"
LONGEST_CAPTION: Final = 300
LONGEST_NAME: Final = 40
LONGEST_REASON: Final = 300
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
    with writing():
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
        file = attach(ref(work.id), new.photo_name, new.photo)
        if not file.is_image:
            raise LibHubError(_("This file is no picture. Take a photo: JPEG, PNG or WebP."))
        return work.id


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition on works (joined with their activities) that this viewer may see."""
    shown = and_(GalleryWork.state == "approved", rules.visible_to(viewer))
    if viewer.can(APPROVE):
        return true()
    return or_(shown, GalleryWork.user_id == viewer.user_id) if viewer.signed_in else shown


def _works() -> Select[GalleryWork]:
    together = joinedload(GalleryWork.activity).options(lazyload("*"))
    return select(GalleryWork).join(Activity, Activity.id == GalleryWork.activity_id).options(together)


def of_activity(activity_id: int, viewer: Viewer) -> Select[GalleryWork]:
    """Return the query of the approved works of an activity, the newest first."""
    query = _works().where(GalleryWork.activity_id == activity_id, GalleryWork.state == "approved")
    return query.where(rules.visible_to(viewer)).order_by(GalleryWork.id.desc())


def mine(user_id: int) -> Select[GalleryWork]:
    """Return the query of somebody's own works in whatever state, the newest first."""
    return _works().where(GalleryWork.user_id == user_id).order_by(GalleryWork.id.desc())


def queue() -> Select[GalleryWork]:
    """Return the query of the works that wait for approval, the oldest first."""
    return _works().where(GalleryWork.state == "waiting").order_by(GalleryWork.id)


def shown(works: Sequence[GalleryWork], viewer: Viewer) -> list[Shown]:
    """Return works as pages show them: photos, signatures, likes; three queries however many there are."""
    photos = attachments([ref(work.id) for work in works])
    ids = [work.id for work in works]
    named = get_setting(rules.PLUGIN, "gallery_names") == "names" or viewer.can(APPROVE)
    liked = _liked_by(viewer.user_id, ids)
    likes = _likes([work.id for work in works if work.user_id == viewer.user_id])
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


def signature(work: GalleryWork) -> str:
    """Return how a work is signed: «Маша, 5А»."""
    return ", ".join(part for part in (work.first_name, work.school_class) if part)


def _liked_by(user_id: int | None, ids: Collection[int]) -> frozenset[int]:
    if user_id is None or not ids:
        return frozenset()
    query = select(GalleryLike.work_id).where(GalleryLike.user_id == user_id, GalleryLike.work_id.in_(ids))
    return frozenset(db.session.scalars(query))


def _likes(ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    query = select(GalleryLike.work_id, func.count()).where(GalleryLike.work_id.in_(ids))
    return {work_id: number for work_id, number in db.session.execute(query.group_by(GalleryLike.work_id))}


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
        work = db.session.scalar(_works().where(GalleryWork.id == work_id))
        if work is None or work.state != "waiting":
            raise LibHubError(_("This work was decided already, or its author took it back."))
        work.state, work.reason = ("approved", "") if approve else ("declined", why)
        title = work.activity.title
        if approve:
            text = _("Your work “%(title)s” is in the gallery now.", title=title)
        else:
            text = _("Your work “%(title)s” is not shown: %(reason)s", title=title, reason=why)
        notify([work.user_id], text, "/crafts/works/mine", plugin=rules.PLUGIN)


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


def personal_data(user_id: int) -> dict[str, Any]:
    """Return what the gallery keeps of a person."""
    works = db.session.scalars(select(GalleryWork).where(GalleryWork.user_id == user_id))
    likes = select(GalleryLike.work_id).where(GalleryLike.user_id == user_id)
    return {
        "works": [
            {"caption": work.caption, "signed": signature(work), "state": work.state} for work in works
        ],
        "likes": list(db.session.scalars(likes)),
    }


def erase(user_id: int) -> None:
    """Delete the works of a person with their photos, and their likes."""
    with writing():
        ids = list(db.session.scalars(select(GalleryWork.id).where(GalleryWork.user_id == user_id)))
        detach_all([ref(number) for number in ids])
        db.session.execute(delete(GalleryLike).where(GalleryLike.user_id == user_id))
        db.session.execute(delete(GalleryWork).where(GalleryWork.id.in_(ids)))
