"""What the corner keeps of a person: told to them, and deleted. No Flask here."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from libhub.api import KeptData, db, writing
from libhub.api import lazy_gettext as _l
from plugins.crafts import activity_quizzes
from plugins.crafts.gallery import gallery_works
from plugins.crafts.models import Activity, ActivityDraft


def personal_data(user_id: int) -> Mapping[str, KeptData]:
    """Return what is kept of a person."""
    drafts = select(Activity.title).join(ActivityDraft).where(ActivityDraft.user_id == user_id)
    deleted = _l("until the account is deleted")
    return {
        "works": KeptData(
            _l("Own works in the gallery"),
            gallery_works.kept_works(user_id),
            _l("to show the works with first name and class, once they are approved"),
            _l("until the person or the librarian takes them back, or the account is deleted"),
            {"caption": _l("Caption"), "signed": _l("Signed"), "state": _l("State")},
        ),
        "likes": KeptData(
            _l("Works that the person likes"),
            gallery_works.kept_likes(user_id),
            _l("so that nobody is counted twice; who it was is told to nobody"),
            _l("until the person takes it back, or the account is deleted"),
            private=True,
        ),
        "quiz_results": KeptData(
            _l("Results of quizzes"),
            activity_quizzes.kept_results(user_id),
            _l("so that the person sees the results"),
            deleted,
        ),
        "drafts": KeptData(
            _l("Drafts of activities"),
            list(db.session.scalars(drafts)),
            _l("so that nothing typed is lost"),
            _l("until it is saved, or the account is deleted"),
        ),
    }


def erase(user_id: int) -> None:
    """Delete what is kept of a person."""
    with writing():
        gallery_works.erase(user_id)
        activity_quizzes.erase(user_id)
        db.session.execute(delete(ActivityDraft).where(ActivityDraft.user_id == user_id))
