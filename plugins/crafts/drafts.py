"""What was typed before the hub kept drafts by itself: it is handed over to its writer where the activity is opened."""

from libhub.api import adopt_draft, db, writing
from plugins.crafts.models import ActivityDraft


def hand_over(activity_id: int, page: str) -> None:
    """Make an old draft of an activity one of its editor's page; one that is nobody's any more is dropped."""
    row = db.session.get(ActivityDraft, activity_id)
    if row is None:
        return
    with writing():
        if row.user_id is not None:
            adopt_draft(row.user_id, page, row.typed)
        db.session.delete(row)
