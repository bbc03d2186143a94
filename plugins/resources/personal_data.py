"""What the directory keeps of a person: told to them, and erased. No Flask."""

from typing import Any

from sqlalchemy import delete, select, update

from libhub.api import db, writing
from plugins.resources.models import BrokenLinkReport, Favourite


def personal_data(user_id: int) -> dict[str, Any]:
    """Return what the directory keeps of a person."""
    kept = select(Favourite.resource_id).where(Favourite.user_id == user_id)
    reported = select(BrokenLinkReport.note).where(BrokenLinkReport.user_id == user_id)
    return {
        "favourites": list(db.session.scalars(kept)),
        "broken_link_reports": list(db.session.scalars(reported)),
    }


def erase_personal_data(user_id: int) -> None:
    """Delete what the directory keeps of a person; that a link was reported stays, without the name and what was written."""
    with writing():
        db.session.execute(delete(Favourite).where(Favourite.user_id == user_id))
        db.session.execute(
            update(BrokenLinkReport).where(BrokenLinkReport.user_id == user_id).values(user_id=None, note="")
        )
