"""Versions of a lesson: what it said before, and what was changed. No Flask."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from libhub.api import Actor, LibHubError, db
from libhub.api import gettext as _
from plugins.training.models import Lesson, LessonVersion


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
