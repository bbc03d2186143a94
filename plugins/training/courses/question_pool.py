"""The pool of questions of a lesson's quiz: added, changed, moved, removed. No Flask."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from libhub.api import LibHubError, db, quizzes, writing
from libhub.api import gettext as _
from plugins.training.courses import lessons
from plugins.training.courses.rules import MAX_LESSONS
from plugins.training.models import StoredQuestion

MAX_QUESTIONS: Final = MAX_LESSONS


def pool(lesson_id: int) -> list[tuple[StoredQuestion, quizzes.Question]]:
    """Return the questions of a lesson's pool in order."""
    query = select(StoredQuestion).where(StoredQuestion.lesson_id == lesson_id)
    rows = db.session.scalars(query.order_by(StoredQuestion.position, StoredQuestion.id))
    return [(row, quizzes.from_dict(row.data)) for row in rows]


def get_question(lesson_id: int, question_id: int) -> StoredQuestion:
    """Return a question of a lesson.

    :raises LibHubError: there is no such question.
    """
    row = db.session.get(StoredQuestion, question_id)
    if row is None or row.lesson_id != lesson_id:
        raise LibHubError(_("There is no such question."))
    return row


def add_questions(lesson_id: int, some: Sequence[quizzes.Question]) -> None:
    """Add questions at the end of a pool.

    :raises LibHubError: there would be too many.
    """
    with writing():
        lesson = lessons.get_lesson(lesson_id)
        present = len(lesson.questions)
        if present + len(some) > MAX_QUESTIONS:
            raise LibHubError(_("A quiz has at most %(most)d questions.", most=MAX_QUESTIONS))
        lesson.questions.extend(
            StoredQuestion(position=present + place, data=quizzes.to_dict(question))
            for place, question in enumerate(some)
        )


def change_question(lesson_id: int, question_id: int, question: quizzes.Question) -> None:
    """Change a question; attempts that are under way keep the old one."""
    with writing():
        get_question(lesson_id, question_id).data = quizzes.to_dict(question)


def remove_question(lesson_id: int, question_id: int) -> None:
    """Remove a question; attempts at it stay as they were."""
    with writing():
        lesson = lessons.get_lesson(lesson_id)
        lesson.questions.remove(get_question(lesson_id, question_id))


def move_question(lesson_id: int, question_id: int, step: int) -> None:
    """Move a question up (-1) or down (1)."""
    with writing():
        rows = list(lessons.get_lesson(lesson_id).questions)
        place = rows.index(get_question(lesson_id, question_id))
        if 0 <= place + step < len(rows):
            rows.insert(place + step, rows.pop(place))
        for position, row in enumerate(rows):
            row.position = position
