"""What was typed before the hub kept drafts by itself: it is handed over to its writer where the lesson is opened. No Flask."""

from collections.abc import Callable

from libhub.api import Form, adopt_draft, db, writing
from plugins.training.models import LessonDraft


def hand_over(lesson_id: int, user_id: int, page: str, form: Callable[[], Form]) -> None:
    """Make an old draft of a lesson's text one of its editor's page.

    :param form: makes the lesson's form; what the old draft does not say is as it is stored.
    """
    row = db.session.get(LessonDraft, (lesson_id, user_id))
    if row is None:
        return
    stored = {name: _sent(value) for name, value in form().stored_values().items()}
    with writing():
        adopt_draft(user_id, page, {**stored, "text": [row.text]})
        db.session.delete(row)


def _sent(value: object) -> list[str]:
    """Return the texts that a browser sends for a value."""
    if isinstance(value, list):
        return list(map(str, value))
    return ["y"] if value is True else [str(value)] if value != "" else []
