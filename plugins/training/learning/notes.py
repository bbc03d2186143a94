"""What a person writes down for themselves beside a lesson. No Flask."""

from libhub.api import db, remember, writing
from plugins.training.learning.models import PersonalNote


def note_of(user_id: int, lesson_id: int) -> str:
    """Return what a person wrote down for themselves beside a lesson."""

    def read() -> str:
        row = db.session.get(PersonalNote, (user_id, lesson_id))
        return row.text if row else ""

    return remember(("training note", user_id, lesson_id), read, lambda text: 2 * len(text))


def keep_note(user_id: int, lesson_id: int, text: str) -> None:
    """Keep what a person writes down for themselves; an empty note is none."""
    with writing():
        row = db.session.get(PersonalNote, (user_id, lesson_id))
        if row is not None and not text.strip():
            db.session.delete(row)
        elif row is not None:
            row.text = text.strip()
        elif text.strip():
            db.session.add(PersonalNote(user_id=user_id, lesson_id=lesson_id, text=text.strip()))
