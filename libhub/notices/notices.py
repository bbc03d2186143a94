"""What the hub has to tell one person: “you moved up from the waiting list”, “due tomorrow”. No e-mail, no polling."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update

from libhub.base.db import db, writing
from libhub.base.i18n import LazyString, keep, read_kept
from libhub.base.moments import now
from libhub.notices.models import Notice

MAX_TEXT: Final = 500
KEPT_READ: Final = timedelta(days=90)
KEPT: Final = timedelta(days=365)


def notify(user_ids: Iterable[int], text: str | LazyString, url: str = "", *, plugin: str = "") -> None:
    """Tell something to people, in the transaction that made it true.

    What ``lazy_gettext`` or ``lazy_ngettext`` made is read by each in their own language, with the days and moments
    among its values; any other text is read as it is.

    ``url`` is a path of the hub where more is to be seen. ``plugin`` is whose notice it is: while that section
    is off, nobody sees it. Longer texts are cut at ``MAX_TEXT`` characters.

    :raises ValueError: the address leads out of the hub.
    """
    if url and (not url.startswith("/") or url.startswith(("//", "/\\"))):
        raise ValueError(f"a notice leads out of the hub: {url}")
    with writing():
        told, message = keep(text)
        db.session.add_all(
            Notice(user_id=user_id, text=told[:MAX_TEXT], message=message, url=url, plugin_id=plugin)
            for user_id in dict.fromkeys(user_ids)
        )


def said(notice: Notice) -> str:
    """Return what a notice says in the reader's language."""
    return read_kept(notice.text, notice.message)[:MAX_TEXT]


def _shown(user_id: int, plugins: Collection[str]) -> ColumnElement[bool]:
    return and_(Notice.user_id == user_id, Notice.plugin_id.in_(["", *plugins]))


def count_unread(user_id: int, plugins: Collection[str]) -> int:
    """Return how many notices wait for a person; ``plugins`` are the sections that are on."""
    query = select(func.count()).where(_shown(user_id, plugins), Notice.read_at.is_(None))
    return db.session.scalar(query) or 0


def listing(user_id: int, plugins: Collection[str]) -> Select[Notice]:
    """Return the query for a person's notices, the newest first."""
    return select(Notice).where(_shown(user_id, plugins)).order_by(Notice.id.desc())


def open_notice(user_id: int, notice_id: int, plugins: Collection[str]) -> Notice | None:
    """Return a person's notice and mark it as read; None where there is no such notice."""
    with writing():
        notice = db.session.scalar(listing(user_id, plugins).where(Notice.id == notice_id))
        if notice is not None and notice.read_at is None:
            notice.read_at = now()
    return notice


def mark_all_read(user_id: int, *, until: int) -> None:
    """Mark as read what a person was told up to the notice with this number, the newest that was seen."""
    with writing():
        unread = update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None), Notice.id <= until)
        db.session.execute(unread.values(read_at=now()))


def personal_data(user_id: int) -> list[dict[str, Any]]:
    """Return what a person was told. It goes with the account: the rows are deleted together."""
    notices = db.session.scalars(select(Notice).where(Notice.user_id == user_id).order_by(Notice.id))
    return [{"at": notice.created_at.isoformat(), "text": said(notice)} for notice in notices]


def forget_old() -> None:
    """Delete notices that were read long ago, and those that nobody came to read for a year."""
    with writing():
        old = or_(Notice.read_at < now() - KEPT_READ, Notice.created_at < now() - KEPT)
        db.session.execute(delete(Notice).where(old))
