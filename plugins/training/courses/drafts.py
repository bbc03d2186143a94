"""Drafts of lessons: what somebody typed and did not save yet. No Flask."""

from datetime import datetime

from libhub.api import db, markdown, now, writing
from plugins.training.models import Lesson, LessonDraft


def keep_draft(lesson_id: int, user_id: int, text: str) -> datetime:
    """Keep what somebody is typing; return when."""
    with writing():
        draft = db.session.get(LessonDraft, (lesson_id, user_id))
        if draft is None:
            draft = LessonDraft(lesson_id=lesson_id, user_id=user_id)
            db.session.add(draft)
        draft.text, draft.saved_at = text[: markdown.MAX_TEXT], now()
        return draft.saved_at


def find_draft(lesson: Lesson, user_id: int) -> LessonDraft | None:
    """Return what somebody typed and did not save; None where that is the lesson's text."""
    draft = db.session.get(LessonDraft, (lesson.id, user_id))
    return None if draft is None or draft.text.strip() == lesson.text else draft


def drop_draft(lesson_id: int, user_id: int | None) -> None:
    """Forget what somebody typed."""
    with writing():
        draft = db.session.get(LessonDraft, (lesson_id, user_id))
        if draft is not None:
            db.session.delete(draft)
