"""Tasks: an answer with files, sent to the librarian, accepted or given back. No Flask."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from libhub.api import Actor, LibHubError, Person, db, find_row, notify, now, people, tidy, writing
from libhub.api import gettext as _
from libhub.api import lazy_gettext as _l
from plugins.training.courses import lessons
from plugins.training.courses.rules import PLUGIN
from plugins.training.learning import progress
from plugins.training.learning.models import ANSWER_STATES, TaskAnswer
from plugins.training.models import Course, Lesson, Section

STATES: Final = ANSWER_STATES
MAX_TEXT: Final = 20_000
MAX_REMARK: Final = 5_000


def find_answer(lesson_id: int, user_id: int) -> TaskAnswer | None:
    """Return a person's answer to the task of a lesson."""
    query = select(TaskAnswer).where(TaskAnswer.lesson_id == lesson_id, TaskAnswer.user_id == user_id)
    return db.session.scalar(query)


def begin_answer(lesson_id: int, user_id: int) -> TaskAnswer:
    """Return a person's answer, made if there is none: files need something to be attached to."""
    with writing():
        answer = find_answer(lesson_id, user_id)
        if answer is None:
            answer = TaskAnswer(lesson_id=lesson_id, user_id=user_id)
            db.session.add(answer)
            db.session.flush()
        return answer


def keep_answer(lesson_id: int, user_id: int, text: str, *, send: bool) -> None:
    """Keep what somebody answers, and maybe send it.

    :raises LibHubError: it was accepted already, or is too long.
    """
    if len(text) > MAX_TEXT:
        raise LibHubError(_("At most %(most)d characters. Attach a longer text as a file.", most=MAX_TEXT))
    with writing():
        answer = begin_answer(lesson_id, user_id)
        if answer.state == "accepted":
            raise LibHubError(_("This answer was accepted already; it stays as it is."))
        answer.text = tidy(text).strip()
        if send:
            answer.state, answer.sent_at = "sent", now()


def decide(answer_id: int, reviewer: Actor, *, accepted: bool, remark: str) -> None:
    """Accept an answer, or give it back with a remark; its author is told.

    :raises LibHubError: there is no such answer, or it was not sent, or nothing is said of what is missing.
    """
    if not accepted and not remark.strip():
        raise LibHubError(_("Write what is missing, so that the person knows what to do."))
    with writing():
        answer = get_answer(answer_id)
        if answer.state != "sent":
            raise LibHubError(_("This answer does not wait for a decision any more."))
        answer.state = "accepted" if accepted else "returned"
        answer.remark, answer.reviewer_id, answer.decided_at = (
            tidy(remark).strip()[:MAX_REMARK],
            reviewer.user_id,
            now(),
        )
        lesson = lessons.get_lesson(answer.lesson_id)
        if accepted and lesson.completion == "answer":
            progress.complete(lesson, answer.user_id)
        told = (
            _l("Your answer to “%(title)s” was accepted.", title=lesson.title)
            if accepted
            else _l("Your answer to “%(title)s” was given back: see the remark.", title=lesson.title)
        )
        notify([answer.user_id], told, f"/{PLUGIN}/lessons/{lesson.id}", plugin=PLUGIN)


def get_answer(answer_id: int) -> TaskAnswer:
    """Return an answer by its number.

    :raises LibHubError: there is none.
    """
    return find_row(TaskAnswer, answer_id, _l("There is no such answer."))


@dataclass(frozen=True)
class Waiting:
    """An answer in the librarian's list."""

    answer: TaskAnswer
    lesson: Lesson
    person: Person


def waiting() -> list[Waiting]:
    """Return the answers that wait for a decision, the oldest first."""
    query = (
        select(TaskAnswer, Lesson)
        .join(Lesson, Lesson.id == TaskAnswer.lesson_id)
        .join(Section, Section.id == Lesson.section_id)
        .join(Course, Course.id == Section.course_id)
        .where(TaskAnswer.state == "sent")
        .order_by(TaskAnswer.sent_at)
    )
    rows = db.session.execute(query).all()
    names = {person.id: person for person in people({answer.user_id for answer, _lesson in rows})}
    return [Waiting(answer, lesson, names[answer.user_id]) for answer, lesson in rows]
