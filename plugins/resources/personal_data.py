"""What the directory keeps of a person: told to them, and erased. No Flask."""

from sqlalchemy import delete, select, update

from libhub.api import KeptData, db, writing
from libhub.api import lazy_gettext as _l
from plugins.resources.models import BrokenLinkReport, Favourite, Resource

_UNTIL_DELETED = _l("until the account is deleted")


def personal_data(user_id: int) -> dict[str, KeptData]:
    """Return what the directory keeps of a person."""
    kept = select(Resource.title).join(Favourite).where(Favourite.user_id == user_id)
    reported = select(BrokenLinkReport.note).where(BrokenLinkReport.user_id == user_id)
    return {
        "favourites": KeptData(
            _l("Favourites"),
            list(db.session.scalars(kept)),
            _l("to find again what one chose"),
            _l("until the person takes them out, or the account is deleted"),
        ),
        "broken_link_reports": KeptData(
            _l("Reports of broken links"),
            list(db.session.scalars(reported)),
            _l("to mend the link"),
            _UNTIL_DELETED,
        ),
    }


def erase_personal_data(user_id: int) -> None:
    """Delete what the directory keeps of a person; that a link was reported stays, without the name and what was written."""
    with writing():
        db.session.execute(delete(Favourite).where(Favourite.user_id == user_id))
        db.session.execute(
            update(BrokenLinkReport).where(BrokenLinkReport.user_id == user_id).values(user_id=None, note="")
        )
