"""What the corner keeps of a person: told to them, and deleted. No Flask here."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from libhub.api import db, writing
from plugins.crafts import activity_quizzes
from plugins.crafts.gallery import gallery_works
from plugins.crafts.models import ActivityDraft


def personal_data(user_id: int) -> Mapping[str, Any]:
    """Return what is kept of a person."""
    drafts = select(ActivityDraft.activity_id).where(ActivityDraft.user_id == user_id)
    return {
        **gallery_works.personal_data(user_id),
        **activity_quizzes.personal_data(user_id),
        "drafts": list(db.session.scalars(drafts)),
    }


def erase(user_id: int) -> None:
    """Delete what is kept of a person."""
    with writing():
        gallery_works.erase(user_id)
        activity_quizzes.erase(user_id)
        db.session.execute(delete(ActivityDraft).where(ActivityDraft.user_id == user_id))
