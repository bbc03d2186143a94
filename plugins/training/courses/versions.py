"""What a lesson said before, and what somebody is typing and has not saved. No Flask."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from libhub.api import Actor, LibHubError, db, now, writing
from libhub.api import gettext as _
from plugins.training.courses.markdown import MAX_TEXT
from plugins.training.models import Lesson, LessonDraft, LessonVersion

# -- drafts -------------------------------------------------------------------------------------------


def keep_draft(lesson_id: int, user_id: int, text: str) -> datetime:
    """Keep what somebody is typing; return when."""
    with writing():
        draft = db.session.get(LessonDraft, (lesson_id, user_id))
        if draft is None:
            draft = LessonDraft(lesson_id=lesson_id, user_id=user_id)
            db.session.add(draft)
        draft.text, draft.saved_at = text[:MAX_TEXT], now()
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


# -- versions -----------------------------------------------------------------------------------------


def keep(lesson: Lesson, author: Actor) -> None:
    """Keep the present text of a lesson as its newest version."""
    last = db.session.scalar(
        select(func.max(LessonVersion.number)).where(LessonVersion.lesson_id == lesson.id)
    )
    db.session.add(
        LessonVersion(
            lesson_id=lesson.id,
            number=(last or 0) + 1,
            title=lesson.title,
            text=lesson.text,
            author_id=author.user_id,
            author_name=author.name,
        )
    )


def versions(lesson_id: int) -> Sequence[LessonVersion]:
    """Return every version of a lesson, the newest first."""
    query = select(LessonVersion).where(LessonVersion.lesson_id == lesson_id)
    return db.session.scalars(query.order_by(LessonVersion.number.desc())).all()


def get_version(lesson_id: int, number: int) -> LessonVersion:
    """Return a version by its number.

    :raises LibHubError: there is none.
    """
    query = select(LessonVersion).where(LessonVersion.lesson_id == lesson_id, LessonVersion.number == number)
    version: LessonVersion | None = db.session.scalar(query)
    if version is None:
        raise LibHubError(_("There is no such version."))
    return version


@dataclass(frozen=True)
class Change:
    """A line of a comparison: ``kind`` is ``same``, ``added`` or ``removed``."""

    kind: str
    text: str


def compare(before: str, after: str) -> Iterator[Change]:
    """Yield what a text has lost and gained, line by line, with a little of what stayed around it."""
    signs = {" ": "same", "+": "added", "-": "removed"}
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=3)
    for line in list(lines)[2:]:
        if line[0] in signs:
            yield Change(signs[line[0]], line[1:])
        else:
            yield Change("same", "…")
